/* SPDX-License-Identifier: MIT
 *
 * patience: how long a process of a pool waits for what a client sends. It ends a read of libfcgi
 * that takes too long, and one from a slow sender while somebody else waits for a process of
 * the pool. libfcgi forgets what it has of a record when a read of it is cut short, so there is no
 * trying again: the reading side of the connection is shut, and the answer may still be written.
 */
#ifndef PATIENCE_H
#define PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

/* Bytes a second: who sends less makes way, once a second was spent on waiting for it. */
enum { PATIENCE_RATE = 128 * 1024 };

enum patience_end {
	PATIENCE_MORE,
	PATIENCE_LATE, /* the time was over */
	PATIENCE_WAY   /* the sender was slow, and somebody waited */
};

/* Of one request. */
struct patience {
	int connection, door;  /* its socket, and the one that listens */
	int64_t taken, waited; /* counted by the caller: bytes, and ms of waiting for them */
	int64_t since;         /* somebody waits since then; 0: nobody */
	int64_t began, deadline;
	volatile enum patience_end end;
};

/* A request begins. */
void patience_start(struct patience *p, int connection, int door);

/* Around a read. In between the handler of SIGALRM, which this sets, looks at `p`. The connection
 * must have no SO_RCVTIMEO, with which a signal would end the read. */
void patience_begin(struct patience *p, int64_t deadline_ms);
void patience_stop(void);

#endif
