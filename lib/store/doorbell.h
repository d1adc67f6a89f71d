/* SPDX-License-Identifier: MIT
 *
 * doorbell: the doorbell, a plain Redis list of order ids; the only place that
 * knows hiredis. Entries may be lost, doubled or reordered: PostgreSQL knows
 * what is due. So every failure here is one of latency, never of an order.
 */
#ifndef DOORBELL_H
#define DOORBELL_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct doorbell; /* one connection; made again by itself after it was lost */

/* Reads the URL; ERR_CONFIG if it is none that we support (rediss:// is not).
 * Does not connect yet. */
ERR_CHECK int doorbell_open(struct doorbell **out, const char *url, struct err *e);
void doorbell_close(struct doorbell *q);

/* Puts ids at the end of the list, all or none. */
ERR_CHECK int doorbell_push(struct doorbell *q, const int64_t *ids, size_t n, struct err *e);

/* The same for one id, without waiting for Redis to answer: a failure shows
 * at a later call, which is early enough for a doorbell. */
ERR_CHECK int doorbell_ring(struct doorbell *q, int64_t id, struct err *e);

/* Takes up to `most` ids from the front; waits at most `ms` for the first.
 * *n is 0 if none came. Entries that are no ids are dropped. */
ERR_CHECK int doorbell_pop(struct doorbell *q, int64_t *ids, size_t most, int ms, size_t *n,
			struct err *e);

/* How many entries wait. */
ERR_CHECK int doorbell_length(struct doorbell *q, int64_t *n, struct err *e);

#endif
