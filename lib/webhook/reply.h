/* SPDX-License-Identifier: MIT
 *
 * reply: what an endpoint answers, as it comes in: a head, which alone decides,
 * and the start of a body. Bounded, whatever comes. No I/O.
 */
#ifndef REPLY_H
#define REPLY_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { REPLY_HEAD = 16 << 10, REPLY_BODY = 64 << 10, REPLY_KEPT = 4 << 10 };

/* Zeroed is empty; the bufs are text once it was reset. */
struct reply {
	struct buf head, body, location; /* body: its first REPLY_KEPT bytes */
	size_t head_len, body_len;       /* what came */
	int status;
	bool complete;                   /* the head is */
	bool flooded, garbled;           /* it is too long, it is not HTTP */
	long retry_after_s;              /* -1: none, or unusable */
};

void reply_reset(struct reply *r);
void reply_release(struct reply *r);

/* Takes a line of the head, with its end, or bytes of the body; false once no
 * more is wanted. An informational head (1xx) is followed by another. */
bool reply_line(struct reply *r, const char *line, size_t n);
bool reply_body(struct reply *r, const char *p, size_t n);

#endif
