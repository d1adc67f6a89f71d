/* SPDX-License-Identifier: MIT
 *
 * http: names and deadlines. A request first waits for the addresses of its host
 * (resolve.h), then it is a transfer (transfer.h); what is left until its deadline
 * is the transfer's timeout.
 * Invariant: a request is in `active`, and there once, until its answer was passed
 * on; `nwaiting` of these wait for addresses.
 */
#include "webhook/http.h"

#include "base/clock.h"
#include "base/xalloc.h"
#include "webhook/resolve.h"
#include "webhook/transfer.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

enum { FILES = 4096 };

struct request {
	struct http *http;
	struct request *next, *prev;
	struct transfer *transfer;
	bool waiting;       /* for the addresses of its host */
	int64_t started_ms; /* clock_ms() */
	long timeout_s;
	int lookup_ms;
	void *tag;
};

struct http {
	struct transfer_loop *transfers;
	struct resolve *resolve;
	int epoll;
	struct request *active;
	size_t nactive, nwaiting;
	http_done_fn *fn;
	void *ctx;
};

static void attach(struct request *r)
{
	struct http *h = r->http;

	r->next = h->active;
	if (r->next)
		r->next->prev = r;
	h->active = r;
	h->nactive++;
	h->nwaiting++;
}

static void detach(struct request *r)
{
	struct http *h = r->http;

	if (r->prev)
		r->prev->next = r->next;
	else
		h->active = r->next;
	if (r->next)
		r->next->prev = r->prev;
	h->nactive--;
	h->nwaiting -= r->waiting;
	free(r);
}

/* --- the end of a request --- */

static void explain(const struct transfer_result *t, long timeout_s, char why[HTTP_WHY])
{
	/* "OpenSSL/3…: error:0A…:SSL routines::what" */
	const char *last = strstr(t->detail, "::");

	switch (t->end) {
	case TRANSFER_ANSWERED:
		*why = '\0';
		break;
	case TRANSFER_FLOODED:
		snprintf(why, HTTP_WHY, "bad answer: its head is longer than %d bytes", REPLY_HEAD);
		break;
	case TRANSFER_GARBLED:
		snprintf(why, HTTP_WHY, "bad answer: not HTTP");
		break;
	case TRANSFER_CUT:
		snprintf(why, HTTP_WHY, "the answer is not complete");
		break;
	case TRANSFER_CLOSED:
		snprintf(why, HTTP_WHY, "the connection was closed without an answer");
		break;
	case TRANSFER_LATE_CONNECT:
		snprintf(why, HTTP_WHY, "no connection within %ld s", timeout_s);
		break;
	case TRANSFER_LATE_TLS:
		snprintf(why, HTTP_WHY, "no TLS connection within %ld s", timeout_s);
		break;
	case TRANSFER_LATE_ANSWER:
		snprintf(why, HTTP_WHY, "no answer within %ld s", timeout_s);
		break;
	case TRANSFER_NO_TLS:
		snprintf(why, HTTP_WHY, "no TLS connection: %.170s", last ? last + 2 : t->detail);
		break;
	case TRANSFER_REFUSED:
	case TRANSFER_LOCAL:
	case TRANSFER_FAILED:
		snprintf(why, HTTP_WHY, "%.190s", t->detail);
		break;
	}
}

static struct http_answer no_answer(const struct request *r)
{
	return (struct http_answer){.head = "", .body = "", .location = "", .retry_after_s = -1,
				    .lookup_ms = -1, .connect_ms = -1, .first_byte_ms = -1,
				    .duration_ms = (int)(clock_ms() - r->started_ms)};
}

static int after(int ms, int from_ms)
{
	return from_ms < 0 ? -1 : ms + from_ms;
}

static void on_transfer(void *ctx, void *tag, const struct transfer_result *t)
{
	struct http *h = ctx;
	struct request *r = tag;
	struct http_answer a = no_answer(r);
	void *caller = r->tag;

	a.status = t->end == TRANSFER_ANSWERED ? t->reply->status : 0;
	a.forbidden = t->end == TRANSFER_REFUSED;
	a.local = t->end == TRANSFER_LOCAL;
	a.head = t->reply->head.data;
	a.body = t->reply->body.data;
	a.len = t->reply->body.len;
	a.location = t->reply->location.data;
	a.retry_after_s = t->reply->retry_after_s;
	a.lookup_ms = r->lookup_ms;
	a.connect_ms = after(r->lookup_ms, t->connect_ms);
	a.first_byte_ms = after(r->lookup_ms, t->first_byte_ms);
	explain(t, r->timeout_s, a.why);
	detach(r);
	h->fn(h->ctx, caller, &a);
}

/* Ends a request that is no transfer yet. */
static void fail(struct request *r, const char *why, bool forbidden)
{
	struct http *h = r->http;
	struct http_answer a = no_answer(r);
	void *tag = r->tag;

	a.forbidden = forbidden;
	a.lookup_ms = r->waiting ? -1 : r->lookup_ms;
	snprintf(a.why, sizeof a.why, "%s", why);
	transfer_cancel(r->transfer);
	detach(r);
	h->fn(h->ctx, tag, &a);
}

/* --- its start --- */

static int64_t deadline_ms(const struct request *r)
{
	return r->started_ms + r->timeout_s * 1000;
}

/* Starts the transfer once the addresses of the host are known, or ends the request. */
static void proceed(struct request *r)
{
	const char *host = transfer_host(r->transfer);
	const struct resolve_answer *a = NULL;
	int64_t now_ms = clock_ms(), left_ms;
	char why[HTTP_WHY];

	if (host && (a = resolve_ask(r->http->resolve, host, r->started_ms)) == NULL) {
		snprintf(why, sizeof why, "its name could not be looked up within %ld s",
			 r->timeout_s);
		if (now_ms >= deadline_ms(r))
			fail(r, why, false);
		return;
	}
	if (a && a->list[0] == '\0') {
		fail(r, a->why, a->forbidden);
		return;
	}
	if (transfer_refused(r->transfer, why)) {
		fail(r, why, true);
		return;
	}
	r->lookup_ms = (int)(now_ms - r->started_ms);
	r->waiting = false;
	r->http->nwaiting--;
	left_ms = deadline_ms(r) - now_ms;
	if (!transfer_start(r->transfer, a ? a->list : NULL, left_ms > 1 ? (long)left_ms : 1))
		fail(r, "libcurl refuses the request", false);
}

static void proceed_all(struct http *h)
{
	for (struct request *r = h->active, *next; r; r = next) {
		next = r->next;
		if (r->waiting)
			proceed(r);
	}
}

void http_post(struct http *h, const struct http_request *request, void *tag)
{
	struct request *r = xalloc_zero(1, sizeof *r);

	r->http = h;
	r->tag = tag;
	r->waiting = true;
	r->started_ms = clock_ms();
	r->timeout_s = request->timeout_s;
	r->transfer = transfer_prepare(h->transfers, request->url, request->headers,
				       request->body, r);
	attach(r);
	if (r->transfer) {
		proceed(r);
	} else {
		struct http_answer a = no_answer(r);

		snprintf(a.why, sizeof a.why, "libcurl refuses the request");
		detach(r);
		h->fn(h->ctx, tag, &a);
	}
}

/* --- all of them --- */

static bool objects(void *ctx, const struct sockaddr *sa, char why[TRANSFER_OBJECTION])
{
	const struct http *h = ctx;
	const char *what = resolve_objection(h->resolve, sa);
	char address[ADDRESS_TEXT];

	if (what == NULL)
		return false;
	address_text(sa, address);
	snprintf(why, TRANSFER_OBJECTION, "the address %s is %s", address, what);
	return true;
}

/* Each request in flight has a socket. */
static void raise_limit(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= FILES)
		return;
	files.rlim_cur = files.rlim_max < FILES ? files.rlim_max : FILES;
	setrlimit(RLIMIT_NOFILE, &files);
}

static bool watch(const struct http *h, int fd)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = fd};

	return epoll_ctl(h->epoll, EPOLL_CTL_ADD, fd, &ev) == 0;
}

int http_new(struct http **out, const struct conf *conf, http_done_fn *fn, void *ctx,
	     struct err *e)
{
	struct http *h = xalloc_zero(1, sizeof *h);
	int rc;

	*out = h;
	raise_limit();
	h->fn = fn;
	h->ctx = ctx;
	h->epoll = epoll_create1(EPOLL_CLOEXEC);
	rc = resolve_new(&h->resolve, conf_bool(conf, "WEBHOOK_ALLOW_PRIVATE"), e);
	if (rc == 0)
		rc = transfer_loop_new(&h->transfers, conf_get(conf, "WEBHOOK_CA_FILE"),
				       conf_get(conf, "WEBHOOK_PROXY"), objects, on_transfer,
				       h, e);
	if (rc == 0 && !(watch(h, resolve_fd(h->resolve)) &&
			 watch(h, multi_fd(transfer_multi(h->transfers)))))
		rc = err_set(e, ERR_BUG, "epoll cannot be set up");
	if (rc == 0)
		return 0;
	http_free(h);
	*out = NULL;
	return rc;
}

void http_free(struct http *h)
{
	if (h == NULL)
		return;
	while (h->active) {
		transfer_cancel(h->active->transfer);
		detach(h->active);
	}
	transfer_loop_free(h->transfers);
	resolve_free(h->resolve);
	if (h->epoll >= 0)
		close(h->epoll);
	free(h);
}

size_t http_active(const struct http *h)
{
	return h->nactive;
}

int http_fd(const struct http *h)
{
	return h->epoll;
}

/* The first deadline of a request that waits for addresses; INT64_MAX: there is none. */
static int64_t next_deadline_ms(const struct http *h)
{
	int64_t first = INT64_MAX;

	for (const struct request *r = h->nwaiting ? h->active : NULL; r; r = r->next)
		if (r->waiting && deadline_ms(r) < first)
			first = deadline_ms(r);
	return first;
}

int http_wait_ms(const struct http *h)
{
	int64_t due_ms = next_deadline_ms(h), left_ms = due_ms - clock_ms();
	int wait_ms = multi_wait_ms(transfer_multi(h->transfers));

	if (due_ms == INT64_MAX)
		return wait_ms;
	left_ms = left_ms < 0 ? 0 : left_ms < INT_MAX ? left_ms : INT_MAX;
	return wait_ms >= 0 && wait_ms < left_ms ? wait_ms : (int)left_ms;
}

void http_step(struct http *h)
{
	if (h->nwaiting > 0 && (resolve_seen(h->resolve) || next_deadline_ms(h) <= clock_ms()))
		proceed_all(h);
	multi_step(transfer_multi(h->transfers));
}
