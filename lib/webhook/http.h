/* SPDX-License-Identifier: MIT
 *
 * http: POST requests to addresses that strangers chose, many at once; the
 * only place that knows libcurl. Each has one deadline for everything: name,
 * connection, TLS, sending and the answer. Each is sent once at most. No
 * redirect is followed, no proxy, cookie, .netrc or compression used; an answer
 * is read up to a cap, and counts once its head is complete (reply.h). All
 * addresses of a name are checked (resolve.h), connected to is one of those
 * that were, and no other.
 *
 *	http_new(&h, false, "", fn, ctx, e);
 *	http_post(h, &request, job);
 *	for (;;) { wait until http_fd(h) can be read, or http_wait_ms(h); http_step(h); }
 */
#ifndef HTTP_H
#define HTTP_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { HTTP_WHY = 200 };

struct http;

struct http_request { /* all borrowed for the call */
	const char *url;
	const struct buf *headers; /* "Name: value\n" each */
	const struct buf *body;
	long timeout;              /* seconds */
};

struct http_answer { /* all borrowed for the call */
	int status;                /* 0: none that is complete */
	bool forbidden;            /* by us: another try would be refused as well */
	char why[HTTP_WHY];        /* there is none; "" otherwise */
	const char *head;          /* status line and headers */
	const char *body;          /* its start, NUL-terminated */
	size_t len;
	const char *location;      /* "" if it names none */
	long retry_after;          /* seconds; -1: none, or unusable */
	int lookup_ms, connect_ms, first_byte_ms; /* from the start; -1: not reached */
	int duration_ms;
};

/* `tag` is what http_post was given. */
typedef void http_done_fn(void *ctx, void *tag, const struct http_answer *a);

/* `ca_file` "" takes the system's certificates. */
ERR_CHECK int http_new(struct http **out, bool private, const char *ca_file, http_done_fn *fn,
		       void *ctx, struct err *e);
/* Ends what is under way, without a word. */
void http_free(struct http *h);

/* Starts one; it ends in a call of the function, during http_step or at once. */
void http_post(struct http *h, const struct http_request *r, void *tag);

/* How many are under way. */
size_t http_active(const struct http *h);

/* Can be read when http_step has something to do; it has, besides, after so many
 * milliseconds, -1 for never. */
int http_fd(const struct http *h);
int http_wait_ms(const struct http *h);

/* Does what can be done without waiting. */
void http_step(struct http *h);

#endif
