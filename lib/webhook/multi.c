/* SPDX-License-Identifier: MIT
 *
 * multi: libcurl's multi interface on epoll. Its one timer is set several times for
 * each request, so that it is a number here and no timerfd.
 */
#include "webhook/multi.h"

#include "base/clock.h"
#include "base/xalloc.h"

#include <curl/multi.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS = 64, CONNECTIONS = 512 };

struct multi {
	CURLM *curl;
	int epoll;
	int64_t due_ms; /* clock_ms() of libcurl's timer; -1: none */
	CURL *refused;  /* handle whose last connect() was refused; go_on() wakes it */
	multi_done_fn *done;
	void *ctx;
};

/* --- callbacks --- */

static int watch(CURL *easy, curl_socket_t fd, int what, void *ctx, void *known)
{
	struct multi *m = ctx;
	struct epoll_event ev = {.data.fd = fd};
	static char mark;
	curl_off_t us;

	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(m->epoll, EPOLL_CTL_DEL, fd, NULL);
		if (curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &us) == CURLE_OK && us == 0)
			m->refused = easy;
		return 0;
	}
	ev.events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
	if (epoll_ctl(m->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &ev) != 0 &&
	    errno == ENOENT)
		epoll_ctl(m->epoll, EPOLL_CTL_ADD, fd, &ev);
	curl_multi_assign(m->curl, fd, &mark);
	return 0;
}

static int set_timer(CURLM *curl, long ms, void *ctx)
{
	struct multi *m = ctx;

	(void)curl;
	m->due_ms = ms < 0 ? -1 : clock_ms() + ms;
	return 0;
}

/* --- handles --- */

int multi_new(struct multi **out, multi_done_fn *done, void *ctx, struct err *e)
{
	struct multi *m = xalloc_zero(1, sizeof *m);

	*out = m;
	m->due_ms = -1;
	m->done = done;
	m->ctx = ctx;
	m->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		m->curl = curl_multi_init();
	if (m->curl && m->epoll >= 0) {
		curl_multi_setopt(m->curl, CURLMOPT_SOCKETFUNCTION, watch);
		curl_multi_setopt(m->curl, CURLMOPT_SOCKETDATA, m);
		curl_multi_setopt(m->curl, CURLMOPT_TIMERFUNCTION, set_timer);
		curl_multi_setopt(m->curl, CURLMOPT_TIMERDATA, m);
		curl_multi_setopt(m->curl, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS);
		return 0;
	}
	multi_free(m);
	*out = NULL;
	return err_set(e, ERR_BUG, "libcurl cannot be set up: %s", strerror(errno));
}

void multi_free(struct multi *m)
{
	if (m == NULL)
		return;
	curl_multi_cleanup(m->curl);
	if (m->epoll >= 0)
		close(m->epoll);
	free(m);
	curl_global_cleanup();
}

bool multi_add(struct multi *m, void *easy)
{
	return curl_multi_add_handle(m->curl, easy) == CURLM_OK;
}

void multi_remove(struct multi *m, void *easy)
{
	curl_multi_remove_handle(m->curl, easy);
	if (m->refused == easy)
		m->refused = NULL;
}

/* --- a step --- */

int multi_fd(const struct multi *m)
{
	return m->epoll;
}

int multi_wait_ms(const struct multi *m)
{
	int64_t left = m->due_ms - clock_ms();

	return m->due_ms < 0 ? -1 : left < 0 ? 0 : left < INT_MAX ? (int)left : INT_MAX;
}

static void finish_all(struct multi *m)
{
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(m->curl, &left)) != NULL) {
		CURLcode code = msg->data.result;
		char *tag;

		if (msg->msg == CURLMSG_DONE &&
		    curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &tag) == CURLE_OK)
			m->done(m->ctx, tag, (int)code);
	}
}

/* libcurl 7.88 tries the next address only at its next timer, unless it is woken. */
static void go_on(struct multi *m)
{
	if (m->refused) {
		curl_easy_pause(m->refused, CURLPAUSE_ALL);
		curl_easy_pause(m->refused, CURLPAUSE_CONT);
	}
	m->refused = NULL;
}

void multi_step(struct multi *m)
{
	struct epoll_event ev[EVENTS];
	int n = epoll_wait(m->epoll, ev, EVENTS, 0), running;

	for (int i = 0; i < n; i++) {
		int what = (ev[i].events & (EPOLLIN | EPOLLHUP) ? CURL_CSELECT_IN : 0) |
			   (ev[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
			   (ev[i].events & EPOLLERR ? CURL_CSELECT_ERR : 0);

		curl_multi_socket_action(m->curl, ev[i].data.fd, what, &running);
		go_on(m);
	}
	if (m->due_ms >= 0 && clock_ms() >= m->due_ms) {
		m->due_ms = -1;
		curl_multi_socket_action(m->curl, CURL_SOCKET_TIMEOUT, 0, &running);
		go_on(m);
	}
	finish_all(m);
}
