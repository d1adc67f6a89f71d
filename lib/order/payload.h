/* SPDX-License-Identifier: MIT
 *
 * payload: one payload that waits to be stored, as the statements take it:
 *   $1-$15   PAYLOAD_FIELDS of the payload and its order: a value each, or in
 *            insert-orders an array each
 *   $16-$23  PAYLOAD_ITEM_FIELDS, an array each: an entry for each line item
 * in that order everywhere. What a statement wants besides comes after these.
 */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include "base/buf.h"
#include "base/sign.h"
#include "order/order.h"
#include "store/array.h"
#include "store/db.h"

#include <stdbool.h>

enum { PAYLOAD_FIELDS = 15, PAYLOAD_ITEM_FIELDS = 8,
       PAYLOAD_PARAMS = PAYLOAD_FIELDS + PAYLOAD_ITEM_FIELDS };

struct payload {
	struct order order;
	char *body, *shop, *topic, *webhook_id; /* owned; the last two may be NULL */
	size_t len;                             /* of body */
	unsigned char digest[SIGN_BYTES];       /* of body */
	bool stored;
};

void payload_release(struct payload *p);

/* Line items: an array for each of their fields. */
struct payload_items {
	struct array a[PAYLOAD_ITEM_FIELDS];
};
void payload_items_release(struct payload_items *items);

/* $1-$23 of one payload, borrowed from both; the caller releases the items. */
void payload_params(const struct payload *p, struct payload_items *items,
		    struct db_param out[PAYLOAD_PARAMS]);

/* The same of several payloads; $24 is to each item its order's place. */
struct payload_arrays {
	struct array fields[PAYLOAD_FIELDS];
	struct payload_items items;
	struct array places;
};
void payload_arrays_init(struct payload_arrays *a);
void payload_arrays_add(struct payload_arrays *a, const struct payload *p, int place);
void payload_arrays_params(struct payload_arrays *a, struct db_param out[PAYLOAD_PARAMS + 1]);
void payload_arrays_release(struct payload_arrays *a);

/* Adds the refunds and edits as order_take_in reads them: a JSON array each. */
void payload_changes(const struct payload *p, struct buf *json);

#endif
