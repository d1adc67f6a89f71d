/* SPDX-License-Identifier: MIT
 *
 * privacy: what Shopify asks about people's data (customers/data_request,
 * customers/redact, shop/redact), as a record to be carried out by report/forget.h. The
 * body is not kept: it names the very people that are to be forgotten. Names are
 * removed from the orders at once; the next scan removes the rest, and covers other orders.
 */
#ifndef PRIVACY_H
#define PRIVACY_H

#include "base/err.h"
#include "order/payload.h"
#include "store/array.h"
#include "store/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True for one of these topics, in any spelling. */
bool privacy_topic(const char *topic);

/* ERR_SEMANTIC: the body is about another shop than it came for. Neither is touched then: a shop's
 * own secret signs for that shop alone, and a captured body may come under any header. */
ERR_CHECK int privacy_check(const struct payload *it, struct err *e);

/* Sends the statement that records the request; it returns a row unless the same bytes wait to
 * be done, or asked for data before. `it` has a privacy topic, and privacy_check passed it. */
void privacy_send(struct db *db, const struct payload *it);

/* Takes the names of people from the orders `ids` (ARRAY_INT8) and from what was told of them,
 * and marks their payloads for reduce.h; in a transaction of the caller's. Adds to *fresh how
 * many had not been redacted before. */
ERR_CHECK int privacy_redact(struct db *db, struct array *ids, int64_t *fresh,
			     struct err *e);

/* The same for the orders that the redactions among n stored payloads name or, where none of those
 * is here, that have the customer's address; in a transaction of its own, so that nobody waits for
 * the scan. Of one that names many it takes some. The result of each, which intake.h set, says how
 * many. */
ERR_CHECK int privacy_begin(struct db *db, const struct payload *items, size_t n,
			    struct intake_result *results, struct err *e);

#endif
