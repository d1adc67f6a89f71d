/* SPDX-License-Identifier: MIT
 *
 * gateway: one request after another from a web server, over FastCGI or as plain CGI, or a
 * call of this very process in place of one; its variables, its body, and the way for the
 * answer. Request variables come only from the request at hand, never from the environment
 * of the process that started the pool. The one place that knows libfcgi. Programs only.
 */
#ifndef GATEWAY_H
#define GATEWAY_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct gateway; /* one request; valid during its call */

/* Serves one request; false if the answer was broken off, so that the client
 * must not take what it has for the whole. */
typedef bool gateway_fn(void *ctx, struct gateway *g);

/* A request of this very process: no web server brought it. */
struct gateway_call {
	const char *method, *path, *query;
	const char *body; /* JSON; NULL: none */
	bool (*write)(void *to, const char *p, size_t n); /* takes the answer; false: no more */
	void *to;
};

/* Serves that one request; returns what fn returns. */
bool gateway_call(gateway_fn *fn, void *ctx, const struct gateway_call *call);

/* Serves until SIGTERM, or the one request of plain CGI. Returns the exit status
 * for main(). FastCGI calls `after`, if it is not NULL, when an answer has gone:
 * nobody waits then, and the other processes take what comes. */
int gateway_serve(gateway_fn *fn, void (*after)(void *ctx), void *ctx);

bool gateway_is_plain(void); /* CGI: there is one request, of this process */

/* A CGI variable; "" if there is none. Borrowed. */
const char *gateway_var(const struct gateway *g, const char *name);

/* How long the body says it is. ERR_LENGTH, ERR_DATA, ERR_LARGE. */
ERR_CHECK int gateway_length(const struct gateway *g, int64_t *len, struct err *e);

/* Reads the whole body, which must not be longer than `most`, with a NUL after
 * it. Besides those of gateway_length: ERR_TIMEOUT (5 s, or as
 * below while others wait), ERR_DATA (cut). */
ERR_CHECK int gateway_body(struct gateway *g, size_t most, struct buf *body, struct err *e);

/* Reads the next bytes of a body of any length, at most n; *got is 0 at its
 * end. Besides the errors of gateway_length: ERR_TIMEOUT (nothing for 20 s, or
 * after a minute of waiting less than 1 KiB a second, or after a second less than
 * PATIENCE_RATE while somebody waits for a process), ERR_DATA (cut). */
ERR_CHECK int gateway_read(struct gateway *g, void *to, size_t n, size_t *got, struct err *e);

/* True if the web server hung up, as it does when its client has gone. */
bool gateway_gone(struct gateway *g);

/* False if the client has gone. */
bool gateway_write(struct gateway *g, const char *p, size_t n);

#endif
