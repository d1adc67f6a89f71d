/* SPDX-License-Identifier: MIT
 *
 * http: POST requests to addresses that strangers chose, many at once. Each has one
 * deadline for everything: name, connection, TLS, sending and the answer. Each is
 * sent once at most. No redirect is followed, and no cookie, .netrc or compression
 * used, nor a proxy that the environment names; an answer is read up to a cap, and
 * counts once its head is complete (reply.h). All addresses of a name are checked
 * (resolve.h), and only an address that was checked is connected to. Through a proxy
 * (WEBHOOK_PROXY) it is a tunnel to that address, not to a name that the proxy would
 * look up.
 *
 *	http_new(&h, conf, fn, ctx, e);
 *	http_post(h, &request, tag);
 *	for (;;) { wait until http_fd(h) can be read, or http_wait_ms(h); http_step(h); }
 */
#ifndef HTTP_H
#define HTTP_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { HTTP_WHY = 200 };

struct http;

struct http_request { /* all borrowed for the call */
	const char *url;
	const struct buf *headers; /* "Name: value\n" each */
	const struct buf *body;
	long timeout_s;
};

struct http_answer { /* all borrowed for the call */
	int status;                /* 0: none that is complete */
	bool forbidden;            /* refused by policy; retrying cannot help */
	bool local;                /* this machine is at fault, not the receiver */
	char why[HTTP_WHY];        /* reason for a status of 0; "" otherwise */
	const char *head;          /* status line and headers */
	const char *body;          /* its start, NUL-terminated */
	size_t len;
	const char *location;      /* "" if it names none */
	long retry_after_s;        /* -1: none, or unusable */
	int lookup_ms, connect_ms, first_byte_ms; /* from the start; -1: not reached */
	int duration_ms;
};

/* Called once for each http_post(), with its tag. */
typedef void http_done_fn(void *ctx, void *tag, const struct http_answer *a);

/* As the settings WEBHOOK_ALLOW_PRIVATE, WEBHOOK_CA_FILE and WEBHOOK_PROXY say. */
ERR_CHECK int http_new(struct http **out, const struct conf *conf, http_done_fn *fn, void *ctx,
		       struct err *e);
/* Aborts all requests; the function is not called for them. */
void http_free(struct http *h);

/* Starts a request. Its answer is passed to the function, during http_step() or
 * before this call returns. */
void http_post(struct http *h, const struct http_request *r, void *tag);

/* How many requests have not been answered. */
size_t http_active(const struct http *h);

/* http_step() has work once the descriptor can be read or this many milliseconds
 * have passed (-1: never). */
int http_fd(const struct http *h);
int http_wait_ms(const struct http *h);

/* Does what can be done without waiting. */
void http_step(struct http *h);

#endif
