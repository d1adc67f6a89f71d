/* SPDX-License-Identifier: MIT
 *
 * http: libcurl's multi interface on epoll. Its one timer is set several times
 * for each request, so that it is a number here and no timerfd.
 *   - transfers are kept with their easy handles and used again
 *   - a name is looked up first, and libcurl told its addresses: it never looks
 *     up one itself
 *   - a connection that was closed while idle is replaced before anything is
 *     sent; from then on no request is sent twice
 */
#include "webhook/http.h"

#include "base/clock.h"
#include "base/xalloc.h"
#include "webhook/reply.h"
#include "webhook/resolve.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* IDLE_SECONDS: many servers close a connection after five. */
enum { EVENTS = 64, CONNECTIONS = 512, IDLE_SECONDS = 4, FILES = 4096 };

struct transfer {
	struct http *http;
	struct transfer *next; /* unused ones; those under way have prev too */
	struct transfer *prev;
	CURL *easy;
	CURLU *url;
	struct curl_slist *headers, *addresses;
	struct buf body;
	struct reply reply;
	char *host, *port;  /* host: NULL for an address */
	char error[CURL_ERROR_SIZE], refused[ADDRESS_TEXT];
	const char *objection; /* to the address `refused` */
	bool waiting;       /* for its name */
	bool asked, again;  /* a request was about to go out; and then a second one */
	int64_t started;    /* clock_ms */
	int lookup_ms;
	long timeout;
	void *tag;
};

struct http {
	CURLM *multi;
	int epoll;
	int64_t due; /* clock_ms of libcurl's timer, -1: none */
	struct resolve *resolve;
	char *ca_file;
	struct transfer *unused, *active;
	size_t nactive, nwaiting;
	CURL *refused; /* its last connection was, before it was one */
	http_done_fn *fn;
	void *ctx;
};

/* --- callbacks --- */

static size_t on_header(char *line, size_t one, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	(void)one;
	return reply_line(&t->reply, line, n) ? n : 0;
}

static size_t on_body(char *p, size_t one, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	(void)one;
	return reply_body(&t->reply, p, n) ? n : 0;
}

static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct transfer *t = ctx;

	(void)purpose;
	if (t->objection)
		return CURL_SOCKET_BAD;
	t->objection = resolve_objection(t->http->resolve, &a->addr);
	if (t->objection) {
		address_text(&a->addr, t->refused);
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

/* libcurl asks here before each request it sends. One that went out on a
 * connection that then died may have been read: libcurl would send it once more. */
static int on_request(void *ctx, char *ip, char *own_ip, int port, int own_port)
{
	struct transfer *t = ctx;

	(void)ip;
	(void)own_ip;
	(void)port;
	(void)own_port;
	t->again = t->asked;
	t->asked = true;
	return t->again ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static int watch(CURL *easy, curl_socket_t fd, int what, void *ctx, void *known)
{
	struct http *h = ctx;
	struct epoll_event ev = {.data.fd = fd};
	static char mark;
	curl_off_t connected;

	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(h->epoll, EPOLL_CTL_DEL, fd, NULL);
		if (curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected) == CURLE_OK &&
		    connected == 0)
			h->refused = easy;
		return 0;
	}
	ev.events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
	if (epoll_ctl(h->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &ev) != 0 &&
	    errno == ENOENT)
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
	bad |= curl_easy_setopt(c, CURLOPT_PREREQFUNCTION, on_request);
	bad |= curl_easy_setopt(c, CURLOPT_PREREQDATA, t);
	bad |= curl_easy_setopt(c, CURLOPT_MAXAGE_CONN, (long)IDLE_SECONDS);
	if (*h->ca_file)
		bad |= curl_easy_setopt(c, CURLOPT_CAINFO, h->ca_file);
	return bad == 0;
}

static void reset(struct transfer *t)
{
	curl_slist_free_all(t->headers);
	curl_slist_free_all(t->addresses);
	curl_free(t->host);
	curl_free(t->port);
	t->headers = t->addresses = NULL;
	t->host = t->port = NULL;
	buf_reset(&t->body);
	reply_reset(&t->reply);
	t->error[0] = t->refused[0] = '\0';
	t->objection = NULL;
	t->asked = t->again = false;
	t->lookup_ms = 0;
	t->started = clock_ms();
}

static void free_transfer(struct transfer *t)
{
	curl_easy_cleanup(t->easy);
	reset(t);
	curl_url_cleanup(t->url);
	buf_release(&t->body);
	reply_release(&t->reply);
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
	t->url = curl_url();
	if (t->easy == NULL || t->url == NULL || !set_options(t)) {
		free_transfer(t);
		return NULL;
	}
	return t;
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

/* The URL as libcurl reads it, so that what is looked up is what it connects to. */
static bool take_url(struct transfer *t, const char *url)
{
	struct in_addr v4;

	if (curl_url_set(t->url, CURLUPART_URL, url, 0) != CURLUE_OK ||
	    curl_url_get(t->url, CURLUPART_HOST, &t->host, 0) != CURLUE_OK ||
	    curl_url_get(t->url, CURLUPART_PORT, &t->port, CURLU_DEFAULT_PORT) != CURLUE_OK)
		return false;
	if (*t->host == '[' || inet_pton(AF_INET, t->host, &v4) == 1) {
		curl_free(t->host);
		t->host = NULL;
	}
	return curl_easy_setopt(t->easy, CURLOPT_CURLU, t->url) == CURLE_OK;
}

static void attach(struct transfer *t)
{
	struct http *h = t->http;

	t->waiting = true;
	h->nwaiting++;
	t->prev = NULL;
	t->next = h->active;
	if (t->next)
		t->next->prev = t;
	h->active = t;
	h->nactive++;
}

static void detach(struct transfer *t)
{
	struct http *h = t->http;

	if (t->waiting)
		h->nwaiting--;
	else
		curl_multi_remove_handle(h->multi, t->easy);
	if (h->refused == t->easy)
		h->refused = NULL;
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

static void explain_delay(const struct transfer *t, char why[HTTP_WHY])
{
	const char *what = "no answer";
	char *scheme = NULL;

	if (t->waiting)
		what = "its name could not be looked up";
	else if (curl_easy_getinfo(t->easy, CURLINFO_SCHEME, &scheme) == CURLE_OK && scheme &&
		 strcasecmp(scheme, "https") == 0 && ms_of(t->easy, CURLINFO_APPCONNECT_TIME_T) < 0)
		what = "no TLS connection";
	else if (ms_of(t->easy, CURLINFO_CONNECT_TIME_T) < 0)
		what = "no connection";
	snprintf(why, HTTP_WHY, "%s within %ld s", what, t->timeout);
}

static void explain(const struct transfer *t, CURLcode rc, char why[HTTP_WHY])
{
	const char *said = *t->error ? t->error : curl_easy_strerror(rc), *last;

	if (t->objection)
		snprintf(why, HTTP_WHY, "the address %s is %s", t->refused, t->objection);
	else if (t->reply.flooded)
		snprintf(why, HTTP_WHY, "bad answer: its head is longer than %d bytes", REPLY_HEAD);
	else if (t->reply.garbled || rc == CURLE_UNSUPPORTED_PROTOCOL ||
		 rc == CURLE_WEIRD_SERVER_REPLY)
		snprintf(why, HTTP_WHY, "bad answer: not HTTP");
	else if (rc == CURLE_OPERATION_TIMEDOUT)
		explain_delay(t, why);
	else if (rc == CURLE_GOT_NOTHING || rc == CURLE_SEND_ERROR || t->again)
		snprintf(why, HTTP_WHY, "the connection was closed without an answer");
	else if (rc == CURLE_OK)
		snprintf(why, HTTP_WHY, "the answer is not complete");
	else if (rc == CURLE_SSL_CONNECT_ERROR) /* "OpenSSL/3…: error:0A…:SSL routines::what" */
		snprintf(why, HTTP_WHY, "no TLS connection: %.170s",
			 (last = strstr(said, "::")) != NULL ? last + 2 : said);
	else
		snprintf(why, HTTP_WHY, "%.190s", said);
}

/* `no`: why there is no address to connect to. */
static void finish(struct transfer *t, CURLcode rc, const struct resolve_answer *no)
{
	struct http *h = t->http;
	const struct reply *r = &t->reply;
	struct http_answer a = {.status = r->complete ? r->status : 0,
				.forbidden = no ? no->forbidden : t->objection != NULL,
				.head = r->head.data, .body = r->body.data, .len = r->body.len,
				.location = r->location.data, .retry_after = r->retry_after,
				.lookup_ms = t->waiting ? -1 : t->lookup_ms, .connect_ms = -1,
				.first_byte_ms = -1, .duration_ms = (int)(clock_ms() - t->started)};
	int tls = -1;

	if (!t->waiting) {
		a.connect_ms = ms_of(t->easy, CURLINFO_CONNECT_TIME_T);
		a.first_byte_ms = ms_of(t->easy, CURLINFO_STARTTRANSFER_TIME_T);
		tls = ms_of(t->easy, CURLINFO_APPCONNECT_TIME_T);
	}
	a.connect_ms = tls > a.connect_ms ? tls : a.connect_ms;
	a.connect_ms += a.connect_ms < 0 ? 0 : t->lookup_ms;
	a.first_byte_ms += a.first_byte_ms < 0 ? 0 : t->lookup_ms;
	if (no)
		snprintf(a.why, sizeof a.why, "%s", no->why);
	else if (a.status == 0)
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
			finish(t, rc, NULL);
	}
}

/* --- the start of one --- */

static int64_t deadline(const struct transfer *t)
{
	return t->started + t->timeout * 1000;
}

static bool set_addresses(struct transfer *t, const char *list)
{
	struct buf line = BUF_INIT;

	/* Its "+" lets libcurl forget them after a while. */
	buf_addf(&line, "+%s:%s:%s", t->host, t->port, list);
	t->addresses = curl_slist_append(NULL, line.data);
	buf_release(&line);
	return curl_easy_setopt(t->easy, CURLOPT_RESOLVE, t->addresses) == CURLE_OK;
}

/* Goes on with one that waits for its name, as far as can be. */
static void proceed(struct transfer *t)
{
	struct http *h = t->http;
	const struct resolve_answer *a = NULL;
	int64_t now = clock_ms();
	bool good = true;

	if (t->host && (a = resolve_ask(h->resolve, t->host, t->started)) == NULL) {
		if (now >= deadline(t))
			finish(t, CURLE_OPERATION_TIMEDOUT, NULL);
		return;
	}
	if (a && a->list[0] == '\0') {
		finish(t, CURLE_COULDNT_RESOLVE_HOST, a);
		return;
	}
	t->lookup_ms = (int)(now - t->started);
	if (a)
		good = set_addresses(t, a->list);
	now = deadline(t) - now;
	good = good && curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS,
					now > 1 ? (long)now : 1L) == CURLE_OK &&
	       curl_multi_add_handle(h->multi, t->easy) == CURLM_OK;
	if (!good) {
		finish(t, CURLE_FAILED_INIT, NULL);
		return;
	}
	t->waiting = false;
	h->nwaiting--;
}

static void proceed_all(struct http *h)
{
	for (struct transfer *t = h->active, *next; t; t = next) {
		next = t->next;
		if (t->waiting)
			proceed(t);
	}
}

static int64_t next_deadline(const struct http *h)
{
	int64_t first = INT64_MAX;

	for (const struct transfer *t = h->nwaiting ? h->active : NULL; t; t = t->next)
		if (t->waiting && deadline(t) < first)
			first = deadline(t);
	return first;
}

void http_post(struct http *h, const struct http_request *r, void *tag)
{
	struct http_answer none = {.why = "libcurl refuses the request", .head = "", .body = "",
				   .location = "", .retry_after = -1, .lookup_ms = -1,
				   .connect_ms = -1, .first_byte_ms = -1};
	struct transfer *t = new_transfer(h);
	int bad = t == NULL;

	if (t) {
		reset(t);
		t->tag = tag;
		t->timeout = r->timeout;
		add_headers(t, r->headers);
		buf_add(&t->body, r->body->data, r->body->len);
		bad |= !take_url(t, r->url);
		bad |= curl_easy_setopt(t->easy, CURLOPT_RESOLVE, NULL);
		bad |= curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
		bad |= curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, t->body.data);
		bad |= curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE,
					(curl_off_t)t->body.len);
		attach(t);
		if (bad)
			detach(t);
	}
	if (bad)
		h->fn(h->ctx, tag, &none);
	else
		proceed(t);
}

/* --- all of them --- */

/* A thousand that do not answer keep as many sockets. */
static void raise_limit(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= FILES)
		return;
	files.rlim_cur = files.rlim_max < FILES ? files.rlim_max : FILES;
	setrlimit(RLIMIT_NOFILE, &files);
}

static bool watch_names(struct http *h)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = resolve_fd(h->resolve)};

	return epoll_ctl(h->epoll, EPOLL_CTL_ADD, ev.data.fd, &ev) == 0;
}

int http_new(struct http **out, bool private, const char *ca_file, http_done_fn *fn, void *ctx,
	     struct err *e)
{
	struct http *h = xalloc_zero(1, sizeof *h);
	int rc = resolve_new(&h->resolve, private, e);

	*out = h;
	h->due = -1;
	raise_limit();
	h->ca_file = xalloc_strdup(ca_file);
	h->fn = fn;
	h->ctx = ctx;
	h->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		h->multi = curl_multi_init();
	if (rc == 0 && h->multi && h->epoll >= 0 && watch_names(h)) {
		curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, watch);
		curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
		curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, set_timer);
		curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
		curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS);
		return 0;
	}
	http_free(h);
	*out = NULL;
	return rc ? rc : err_set(e, ERR_BUG, "libcurl cannot be set up: %s", strerror(errno));
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
	resolve_free(h->resolve);
	if (h->epoll >= 0)
		close(h->epoll);
	free(h->ca_file);
	free(h);
	curl_global_cleanup();
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
	int64_t due = next_deadline(h), left;

	if (h->due >= 0 && h->due < due)
		due = h->due;
	left = due - clock_ms();
	return due == INT64_MAX ? -1 : left < 0 ? 0 : left < INT_MAX ? (int)left : INT_MAX;
}

/* libcurl 7.88 tries the next address only at its next timer, unless it is woken. */
static void go_on(struct http *h)
{
	if (h->refused) {
		curl_easy_pause(h->refused, CURLPAUSE_ALL);
		curl_easy_pause(h->refused, CURLPAUSE_CONT);
	}
	h->refused = NULL;
}

void http_step(struct http *h)
{
	struct epoll_event ev[EVENTS];
	int n = epoll_wait(h->epoll, ev, EVENTS, 0), running;
	bool named = next_deadline(h) <= clock_ms();

	for (int i = 0; i < n; i++) {
		int what = (ev[i].events & (EPOLLIN | EPOLLHUP) ? CURL_CSELECT_IN : 0) |
			   (ev[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
			   (ev[i].events & EPOLLERR ? CURL_CSELECT_ERR : 0);

		if (ev[i].data.fd == resolve_fd(h->resolve))
			named = true;
		else
			curl_multi_socket_action(h->multi, ev[i].data.fd, what, &running);
		go_on(h);
	}
	if (named) {
		resolve_seen(h->resolve);
		proceed_all(h);
	}
	if (h->due >= 0 && clock_ms() >= h->due) {
		h->due = -1;
		curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
		go_on(h);
	}
	finish_all(h);
}
