/* SPDX-License-Identifier: MIT
 *
 * traced: the trace that an order belongs to, as the request that brought it named it.
 */
#ifndef TRACED_H
#define TRACED_H

#include "base/err.h"
#include "order/payload.h"
#include "store/db.h"

#include <stddef.h>

/* Keeps the trace of each new order among the n payloads that came with one; asks nothing of the
 * database if there is none. The payloads are stored by now. */
ERR_CHECK int traced_keep(struct db *db, const struct payload *items,
			  const struct intake_result *results, size_t n, struct err *e);

#endif
