/* SPDX-License-Identifier: MIT
 *
 * worker: one process of fulfil-work, which writes a `result` record for each
 * attempt. It takes ids from the doorbell and from PostgreSQL, or from a socket
 * that it shares with others: each datagram goes to one of them. Programs only.
 */
#ifndef WORKER_H
#define WORKER_H

#include "base/conf.h"
#include "base/err.h"
#include "order/work.h"

#include <stdbool.h>
#include <stdint.h>

struct worker_options {
	long batch; /* orders in one transaction */
	bool drain; /* end when nothing is due */
	int feed;   /* the socket to take ids from; -1: the doorbell */
};

/* The orders that a worker holds, in memory that it shares with the process that
 * watches it; all zeros at first. */
struct worker_hand {
	struct work_in_hand claimed;
	int64_t given[WORK_MOST]; /* by a datagram, until its records are out; else 0 */
	unsigned rounds; /* grows with each commit, and each look that found nothing due */
};

/* All of a worker's life, to the end of what it is fed, or of what is due, or
 * until SIGTERM; says what went wrong, and returns the exit status. */
int worker_run(const struct worker_options *opt, const struct conf *conf,
	       struct worker_hand *hand);

/* In the process that watches, when a worker has crashed: counts that against
 * the orders it held, which are tried alone from then on, and empties the hand
 * of them. If it cannot be counted, the next worker continues with all. */
ERR_CHECK int worker_crashed(const struct conf *conf, struct worker_hand *hand, struct err *e);

#endif
