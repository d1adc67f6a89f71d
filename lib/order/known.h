/* SPDX-License-Identifier: MIT
 *
 * known: payloads about orders that are stored already, or that the payload itself introduces:
 * a second version, a refund, an edit, a cancellation. What is stored of each order is locked
 * and read, target.h adds the payloads one by one, and all of it is written back: three round
 * trips, however many there are.
 */
#ifndef KNOWN_H
#define KNOWN_H

#include "base/err.h"
#include "order/payload.h"
#include "store/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes in n payloads of topics that are followed, sorted by order. results[i] is
 * that of payloads[i]. `alone`: in a transaction of its own, which the caller rolls
 * back if this fails; else in the caller's. history_us as for target_add(). `when_paid`:
 * orders that are first seen unpaid take nothing until they are paid. */
ERR_CHECK int known_take_in(struct db *db, struct payload *const *payloads, size_t n, bool alone,
			    int64_t history_us, bool when_paid,
			    struct intake_result *const *results, struct err *e);

#endif
