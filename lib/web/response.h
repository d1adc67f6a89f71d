/* SPDX-License-Identifier: MIT
 *
 * response: what a request is answered: status, header fields, a body that is
 * kept until the end or goes out in pieces, or a problem in its place
 * (application/problem+json, RFC 9457). Programs only.
 */
#ifndef RESPONSE_H
#define RESPONSE_H

#include "base/buf.h"
#include "base/err.h"
#include "web/gateway.h"

#include <stdbool.h>

enum { RESPONSE_ERRORS = 16 << 10 };

struct response {
	int status;	  /* 200 unless set */
	const char *type; /* borrowed; application/json unless set */
	struct buf body;
	struct buf headers, errors; /* response_header, response_error */
	struct buf current;	    /* JSON: what there is, for a problem that says so */
	bool flushed;		    /* the head has gone */
};

/* Empties it, before the first request and after each; ordinary buffers keep their
 * memory. */
void response_reset(struct response *a);
void response_release(struct response *a);

/* Values with control characters are not sent. */
void response_header(struct response *a, const char *name, const char *value);

/* Adds one entry to the `errors` that response_problem sends. Past RESPONSE_ERRORS
 * bytes no more are added, since the client chooses how many there are. */
void response_error(struct response *a, const char *kind, const char *name, const char *detail);

/* Blanks what people are called in a JSON body: the members customer_name and customer_email
 * become null, at any depth. For a client that may not know them. */
void response_hide_people(struct response *a);

/* Replaces the body by a problem. The cause of a 500 is not in it, so log it. */
void response_problem(struct response *a, const struct err *e);

/* Sends all of it, with its length. */
void response_send(struct response *a, struct gateway *g);

/* Sends the body so far and empties it; the first call sends the head before it,
 * without a length. False if the client has gone. */
bool response_flush(struct response *a, struct gateway *g);

#endif
