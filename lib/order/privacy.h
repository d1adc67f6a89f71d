/* SPDX-License-Identifier: MIT
 *
 * privacy: what Shopify asks about people's data (customers/data_request,
 * customers/redact, shop/redact), as a record to be carried out by report/forget.h. The
 * body is not kept: it names the very people that are to be forgotten.
 */
#ifndef PRIVACY_H
#define PRIVACY_H

#include "base/err.h"
#include "order/payload.h"
#include "store/db.h"

#include <stdbool.h>

/* True for one of these topics, in any spelling. */
bool privacy_topic(const char *topic);

/* ERR_SEMANTIC: the body is about another shop than it came for. Neither is touched then: a shop's
 * own secret signs for that shop alone, and a captured body may come under any header. */
ERR_CHECK int privacy_check(const struct payload *it, struct err *e);

/* Sends the statement that records the request; it returns a row unless the same bytes wait to
 * be done, or asked for data before. `it` has a privacy topic, and privacy_check passed it. */
void privacy_send(struct db *db, const struct payload *it);

#endif
