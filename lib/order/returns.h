/* SPDX-License-Identifier: MIT
 *
 * returns: payloads of returns that do not name their order. Another payload may name their
 * order line. If it came before, the order is found now; if it comes later, the return is
 * placed then.
 */
#ifndef RETURNS_H
#define RETURNS_H

#include "base/err.h"
#include "order/payload.h"
#include "store/array.h"
#include "store/db.h"

#include <stdbool.h>
#include <stddef.h>

/* Sets the order's external id of each ORDER_RETURN among the payloads that has none; one whose
 * order is not known becomes an ORDER_OTHER. Asks nothing of the database if there is none. */
ERR_CHECK int returns_place(struct db *db, struct payload *items, size_t n, struct err *e);

/* True if the payload says which order line something that came back is of. */
bool returns_tell(const struct payload *it);

/* The lines of reverse fulfillment orders that a payload names without an order; into an array
 * of ARRAY_INT8. */
void returns_lines(const struct payload *it, struct array *out);

/* Payloads that returns_place() could not place and now could, some at a time, as
 * find-placed-returns has them; the caller's. */
ERR_CHECK int returns_next(struct db *db, struct db_rows **rows, struct err *e);

#endif
