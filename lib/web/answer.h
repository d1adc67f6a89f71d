/* SPDX-License-Identifier: MIT
 *
 * answer: what a request is answered: status, header fields, a body that is
 * kept until the end or goes out in pieces, or a problem in its place
 * (application/problem+json, RFC 9457). Programs only.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include "base/buf.h"
#include "base/err.h"
#include "web/gateway.h"

#include <stdbool.h>

enum { ANSWER_FAULTS = 16 << 10 };

struct answer {
	int status;	  /* 200 unless set */
	const char *type; /* borrowed; application/json unless set */
	struct buf body;
	struct buf headers, faults; /* answer_header, answer_fault */
	bool flushed;		    /* the head has gone */
};

/* Makes it empty, before the first request and after each; the memory that
 * ordinary ones need is kept. */
void answer_reset(struct answer *a);
void answer_release(struct answer *a);

/* Values with control characters are not sent. */
void answer_header(struct answer *a, const char *name, const char *value);

/* Adds one entry to the `errors` of a problem, if it comes to one; after this many
 * bytes of them no more, since it is the client who chooses how many. */
void answer_fault(struct answer *a, const char *kind, const char *name, const char *detail);

/* Puts a problem in the place of the body. What went wrong with us it does not
 * tell, so log it. */
void answer_problem(struct answer *a, const struct err *e);

/* Sends all of it, with its length. */
void answer_send(struct answer *a, struct gateway *g);

/* Sends the body so far, which is empty then, and before the first piece the
 * head, without a length. False if the client has gone. */
bool answer_flush(struct answer *a, struct gateway *g);

#endif
