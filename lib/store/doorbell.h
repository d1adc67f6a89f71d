/* SPDX-License-Identifier: MIT
 *
 * doorbell: a Redis list of order ids that wakes the workers; the only module
 * that uses hiredis. Entries may get lost, doubled or reordered: PostgreSQL knows
 * which orders are due, and workers look there as well. So a failure here delays
 * an order and never loses one.
 */
#ifndef DOORBELL_H
#define DOORBELL_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct doorbell; /* one connection, which reconnects by itself */

/* Reads the URL and does not connect yet; ERR_CONFIG if it is not supported, as
 * rediss:// is not. The caller owns *out: doorbell_close. */
ERR_CHECK int doorbell_open(struct doorbell **out, const char *url, struct err *e);
void doorbell_close(struct doorbell *q);

/* Puts ids at the end of the list, all or none. */
ERR_CHECK int doorbell_push(struct doorbell *q, const int64_t *ids, size_t n, struct err *e);

/* The same for one id, without waiting for the reply of Redis: a later call
 * reports the failure. */
ERR_CHECK int doorbell_ring(struct doorbell *q, int64_t id, struct err *e);

/* Takes up to `most` ids from the start of the list, and waits up to `ms`
 * milliseconds for the first. *n is how many, 0 if none came. Entries that are
 * not ids are dropped. */
ERR_CHECK int doorbell_pop(struct doorbell *q, int64_t *ids, size_t most, int ms, size_t *n,
			struct err *e);

/* The length of the list. */
ERR_CHECK int doorbell_length(struct doorbell *q, int64_t *n, struct err *e);

#endif
