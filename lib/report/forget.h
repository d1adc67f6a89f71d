/* SPDX-License-Identifier: MIT
 *
 * forget: carries out what was asked about people's data, and what PERSONAL_DAYS says. Names
 * and addresses go from orders, from what was told of them, and from the bytes of payloads and
 * quarantine, of which order/reduce.h leaves what the stock follows from; so the audit recomputes
 * a redacted order as any other. Works in short transactions, and continues where a killed one was.
 */
#ifndef FORGET_H
#define FORGET_H

#include "base/err.h"
#include "store/db.h"

#include <stdint.h>

/* A request that was carried out, or that found an order which had not come before. */
struct forget_done {
	int64_t request_id;
	const char *kind, *shop; /* borrowed for the call */
	int64_t orders, bodies;
};

struct forget_ops {
	void (*done)(void *ctx, const struct forget_done *d);
};

/* days: PERSONAL_DAYS; 0: no clock. Adds what was reduced to *bodies and *orders. */
ERR_CHECK int forget_run(struct db *db, long days, const struct forget_ops *ops, void *ctx,
			 int64_t *orders, int64_t *bodies, struct err *e);

#endif
