/* SPDX-License-Identifier: MIT
 *
 * http: libcurl's multi interface on epoll. Its one timer is set several times
 * for each request, so that it is a number here and no timerfd.
 *   - transfers are kept with their easy handles and used again
 *   - the head of an answer is read here line by line, since what is delivered
 *     depends on it alone
 */
#include "http.h"

#include "address.h"
#include "clock.h"
#include "xalloc.h"

#include <curl/curl.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ADDRESSES = 8, EVENTS = 64, CONNECTIONS = 512 };

struct transfer {
	struct http *http;
	struct transfer *next; /* unused ones; those under way have prev too */
	struct transfer *prev;
	CURL *easy;
	struct curl_slist *headers;
	struct buf body, head, answer, location;
	char error[CURL_ERROR_SIZE], refused[ADDRESS_TEXT];
	size_t head_len, answer_len;
	int status, addresses;
	bool complete, flooded, garbled;
	long timeout, retry_after;
	void *tag;
};

struct http {
	CURLM *multi;
	int epoll;
	int64_t due; /* clock_ms of libcurl's timer, -1: none */
	bool private;
	char *ca_file;
	struct transfer *unused, *active;
	size_t nactive;
	http_done_fn *fn;
	void *ctx;
};

/* --- the answer, as it comes in --- */

static bool starts_with(const char *line, size_t n, const char *name)
{
	size_t k = strlen(name);

	return n >= k && strncasecmp(line, name, k) == 0;
}

/* "HTTP/1.1 200 OK", "HTTP/2 200": the status, or -1. */
static int status_of(const char *s, size_t n)
{
	size_t i = 5;
	int v = 0;

	while (i < n && (s[i] == '.' || (s[i] >= '0' && s[i] <= '9')))
		i++;
	if (i == 5 || i + 4 > n || s[i] != ' ')
		return -1;
	for (int k = 1; k <= 3; k++) {
		if (s[i + (size_t)k] < '0' || s[i + (size_t)k] > '9')
			return -1;
		v = v * 10 + s[i + (size_t)k] - '0';
	}
	i += 4;
	return v >= 100 && v < 600 && (i == n || strchr(" \r\n", s[i])) ? v : -1;
}

/* Seconds, or an HTTP-date; what is neither counts as none. */
static long seconds_of(const char *s, size_t n)
{
	char text[64];
	time_t at;

	while (n > 0 && strchr(" \t", *s)) {
		s++;
		n--;
	}
	while (n > 0 && strchr(" \t\r\n", s[n - 1]))
		n--;
	if (n == 0 || n >= sizeof text)
		return -1;
	memcpy(text, s, n);
	text[n] = '\0';
	if (strspn(text, "0123456789") == n)
		return n > 9 ? 1000000000 : strtol(text, NULL, 10);
	at = strlen(text) == n && strchr(text, ':') ? curl_getdate(text, NULL) : -1;
	return at < 0 ? -1 : at > time(NULL) ? (long)(at - time(NULL)) : 0;
}

static void take_location(struct transfer *t, const char *line, size_t n)
{
	size_t from = strcspn(line, ":") + 1;

	while (from < n && strchr(" \t", line[from]))
		from++;
	while (n > from && strchr(" \t\r\n", line[n - 1]))
		n--;
	buf_reset(&t->location);
	buf_add(&t->location, line + from, n - from);
}

static size_t on_header(char *line, size_t one, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	(void)one;
	t->head_len += n;
	t->flooded = t->head_len > HTTP_HEAD;
	if (t->flooded)
		return 0;
	if (t->complete)
		return n; /* a trailer */
	if (starts_with(line, n, "HTTP/")) {
		t->status = status_of(line, n);
		t->garbled = t->status < 0;
		if (t->garbled)
			return 0;
		buf_reset(&t->head);
	} else if (n <= 2 && strspn(line, "\r\n") >= n) {
		t->complete = t->status >= 200;
		return n;
	} else if (starts_with(line, n, "location:")) {
		take_location(t, line, n);
	} else if (starts_with(line, n, "retry-after:")) {
		t->retry_after = seconds_of(line + strlen("retry-after:"), n - strlen("retry-after:"));
	}
	buf_add(&t->head, line, n);
	return n;
}

static size_t on_body(char *p, size_t one, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	size_t room = HTTP_KEPT - t->answer.len;

	(void)one;
	t->answer_len += n;
	buf_add(&t->answer, p, n < room ? n : room);
	return t->answer_len > HTTP_BODY ? 0 : n;
}

/* --- connecting --- */

static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct transfer *t = ctx;

	(void)purpose;
	if (*t->refused || ++t->addresses > ADDRESSES)
		return CURL_SOCKET_BAD;
	if (!address_ok(&a->addr, t->http->private)) {
		address_text(&a->addr, t->refused);
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static int watch(CURL *easy, curl_socket_t fd, int what, void *ctx, void *known)
{
	struct http *h = ctx;
	struct epoll_event ev = {.data.fd = fd};
	static char mark;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(h->epoll, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	ev.events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
	if (epoll_ctl(h->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &ev) != 0 && errno == ENOENT)
		epoll_ctl(h->epoll, EPOLL_CTL_ADD, fd, &ev);
	curl_multi_assign(h->multi, fd, &mark);
	return 0;
}

static int set_timer(CURLM *multi, long ms, void *ctx)
{
	struct http *h = ctx;

	(void)multi;
	h->due = ms < 0 ? -1 : clock_ms() + ms;
	return 0;
}

/* --- one transfer --- */

static bool set_options(struct transfer *t)
{
	CURL *c = t->easy;
	const struct http *h = t->http;
	int bad = 0;

	bad |= curl_easy_setopt(c, CURLOPT_PRIVATE, t);
	bad |= curl_easy_setopt(c, CURLOPT_POST, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L); /* a stalled resolver holds nobody up */
	bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	bad |= curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	bad |= curl_easy_setopt(c, CURLOPT_PROXY, "");
	bad |= curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	bad |= curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	bad |= curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	bad |= curl_easy_setopt(c, CURLOPT_TCP_NODELAY, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->error);
	bad |= curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	bad |= curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
	bad |= curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	bad |= curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	bad |= curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	bad |= curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t);
	if (*h->ca_file)
		bad |= curl_easy_setopt(c, CURLOPT_CAINFO, h->ca_file);
	return bad == 0;
}

static void free_transfer(struct transfer *t)
{
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	buf_release(&t->body);
	buf_release(&t->head);
	buf_release(&t->answer);
	buf_release(&t->location);
	free(t);
}

static struct transfer *new_transfer(struct http *h)
{
	struct transfer *t = h->unused;

	if (t) {
		h->unused = t->next;
		return t;
	}
	t = xalloc_zero(1, sizeof *t);
	t->http = h;
	t->easy = curl_easy_init();
	if (t->easy == NULL || !set_options(t)) {
		free_transfer(t);
		return NULL;
	}
	return t;
}

static void reset(struct transfer *t)
{
	curl_slist_free_all(t->headers);
	t->headers = NULL;
	buf_reset(&t->body);
	buf_reset(&t->head);
	buf_reset(&t->answer);
	buf_reset(&t->location);
	buf_add(&t->head, "", 0);
	buf_add(&t->answer, "", 0);
	buf_add(&t->location, "", 0);
	t->error[0] = t->refused[0] = '\0';
	t->head_len = t->answer_len = 0;
	t->status = t->addresses = 0;
	t->complete = t->flooded = t->garbled = false;
	t->retry_after = -1;
}

static void add_headers(struct transfer *t, const struct buf *lines)
{
	static const char *const own[] = {"Accept:", "Expect:", "Accept-Encoding: identity"};
	const char *s = lines->data;
	struct buf line = BUF_INIT;

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		t->headers = curl_slist_append(t->headers, own[i]);
	while (s && *s) {
		size_t n = strcspn(s, "\n");

		buf_reset(&line);
		buf_add(&line, s, n);
		/* To libcurl "Name: " is a header to leave out, "Name;" an empty one. */
		if (n > 2 && memcmp(s + n - 2, ": ", 2) == 0)
			memcpy(line.data + n - 2, ";", 2);
		t->headers = curl_slist_append(t->headers, line.data);
		s += n + (s[n] == '\n');
	}
	buf_release(&line);
}

static void detach(struct transfer *t)
{
	struct http *h = t->http;

	curl_multi_remove_handle(h->multi, t->easy);
	if (t->prev)
		t->prev->next = t->next;
	else
		h->active = t->next;
	if (t->next)
		t->next->prev = t->prev;
	t->prev = NULL;
	t->next = h->unused;
	h->unused = t;
	h->nactive--;
}

/* --- the end of one --- */

static int ms_of(CURL *c, CURLINFO what)
{
	curl_off_t us = 0;

	if (curl_easy_getinfo(c, what, &us) != CURLE_OK || us <= 0)
		return -1;
	return (int)((us + 500) / 1000);
}

static void explain(const struct transfer *t, CURLcode rc, char why[HTTP_WHY])
{
	if (*t->refused)
		snprintf(why, HTTP_WHY, "the address %s is private or reserved", t->refused);
	else if (t->flooded)
		snprintf(why, HTTP_WHY, "bad answer: its head is longer than %d bytes", HTTP_HEAD);
	else if (t->garbled || rc == CURLE_UNSUPPORTED_PROTOCOL || rc == CURLE_WEIRD_SERVER_REPLY)
		snprintf(why, HTTP_WHY, "bad answer: not HTTP");
	else if (rc == CURLE_OPERATION_TIMEDOUT)
		snprintf(why, HTTP_WHY, "no answer within %ld s", t->timeout);
	else if (rc == CURLE_GOT_NOTHING)
		snprintf(why, HTTP_WHY, "the connection was closed without an answer");
	else if (rc == CURLE_OK)
		snprintf(why, HTTP_WHY, "the answer is not complete");
	else
		snprintf(why, HTTP_WHY, "%.190s", *t->error ? t->error : curl_easy_strerror(rc));
}

static void finish(struct transfer *t, CURLcode rc)
{
	struct http *h = t->http;
	struct http_answer a = {.status = t->complete ? t->status : 0,
				.forbidden = *t->refused != '\0',
				.head = t->head.data, .body = t->answer.data, .len = t->answer.len,
				.location = t->location.data, .retry_after = t->retry_after,
				.lookup_ms = ms_of(t->easy, CURLINFO_NAMELOOKUP_TIME_T),
				.connect_ms = ms_of(t->easy, CURLINFO_CONNECT_TIME_T),
				.first_byte_ms = ms_of(t->easy, CURLINFO_STARTTRANSFER_TIME_T),
				.duration_ms = ms_of(t->easy, CURLINFO_TOTAL_TIME_T)};
	int tls = ms_of(t->easy, CURLINFO_APPCONNECT_TIME_T);

	if (tls > a.connect_ms)
		a.connect_ms = tls;
	if (a.duration_ms < 0)
		a.duration_ms = 0;
	if (a.status == 0)
		explain(t, rc, a.why);
	detach(t);
	h->fn(h->ctx, t->tag, &a);
}

static void finish_all(struct http *h)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		struct transfer *t;
		CURLcode rc = m->data.result;

		if (m->msg == CURLMSG_DONE &&
		    curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t) == CURLE_OK)
			finish(t, rc);
	}
}

/* --- all of them --- */

int http_new(struct http **out, bool private, const char *ca_file, http_done_fn *fn, void *ctx,
	     struct err *e)
{
	struct http *h = xalloc_zero(1, sizeof *h);

	*out = h;
	h->due = -1;
	h->private = private;
	h->ca_file = xalloc_strdup(ca_file);
	h->fn = fn;
	h->ctx = ctx;
	h->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		h->multi = curl_multi_init();
	if (h->multi && h->epoll >= 0) {
		curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, watch);
		curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
		curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, set_timer);
		curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
		curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS);
		return 0;
	}
	http_free(h);
	*out = NULL;
	return err_set(e, ERR_BUG, "libcurl cannot be set up: %s", strerror(errno));
}

void http_free(struct http *h)
{
	struct transfer *t;

	if (h == NULL)
		return;
	while (h->active)
		detach(h->active);
	while ((t = h->unused) != NULL) {
		h->unused = t->next;
		free_transfer(t);
	}
	curl_multi_cleanup(h->multi);
	if (h->epoll >= 0)
		close(h->epoll);
	free(h->ca_file);
	free(h);
	curl_global_cleanup();
}

void http_post(struct http *h, const struct http_request *r, void *tag)
{
	struct http_answer none = {.head = "", .body = "", .location = "", .retry_after = -1,
				   .lookup_ms = -1, .connect_ms = -1, .first_byte_ms = -1};
	struct transfer *t = new_transfer(h);
	int bad = t == NULL;

	if (t) {
		reset(t);
		t->tag = tag;
		t->timeout = r->timeout;
		add_headers(t, r->headers);
		buf_add(&t->body, r->body->data, r->body->len);
		bad |= curl_easy_setopt(t->easy, CURLOPT_URL, r->url);
		bad |= curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
		bad |= curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, t->body.data);
		bad |= curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body.len);
		bad |= curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, r->timeout * 1000);
		t->prev = NULL;
		t->next = h->active;
		if (t->next)
			t->next->prev = t;
		h->active = t;
		h->nactive++;
		bad |= curl_multi_add_handle(h->multi, t->easy) != CURLM_OK;
		if (bad)
			detach(t);
	}
	if (bad) {
		snprintf(none.why, sizeof none.why, "libcurl refuses the request");
		h->fn(h->ctx, tag, &none);
	}
}

size_t http_active(const struct http *h)
{
	return h->nactive;
}

int http_fd(const struct http *h)
{
	return h->epoll;
}

int http_wait_ms(const struct http *h)
{
	int64_t left = h->due - clock_ms();

	return h->due < 0 ? -1 : left < 0 ? 0 : left < INT_MAX ? (int)left : INT_MAX;
}

void http_step(struct http *h)
{
	struct epoll_event ev[EVENTS];
	int n = epoll_wait(h->epoll, ev, EVENTS, 0), running;

	for (int i = 0; i < n; i++) {
		int what = (ev[i].events & (EPOLLIN | EPOLLHUP) ? CURL_CSELECT_IN : 0) |
			   (ev[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
			   (ev[i].events & EPOLLERR ? CURL_CSELECT_ERR : 0);

		curl_multi_socket_action(h->multi, ev[i].data.fd, what, &running);
	}
	if (h->due >= 0 && clock_ms() >= h->due) {
		h->due = -1;
		curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	finish_all(h);
}
