/* SPDX-License-Identifier: MIT
 *
 * payload: one payload that waits to be stored, as the statements take it:
 *   $1-$19   PAYLOAD_FIELDS of the payload and its order: a value each, or in
 *            insert-orders an array each
 *   $20-$27  PAYLOAD_ITEM_FIELDS, an array each: an entry for each line item
 * in that order everywhere. Further parameters of a statement follow these.
 */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include "base/sign.h"
#include "base/traceparent.h"
#include "order/order.h"
#include "store/array.h"
#include "store/db.h"

#include <stdbool.h>

enum { PAYLOAD_FIELDS = 19, PAYLOAD_ITEM_FIELDS = 8,
       PAYLOAD_PARAMS = PAYLOAD_FIELDS + PAYLOAD_ITEM_FIELDS };

struct payload {
	struct order order;
	char *body, *shop;                      /* owned, as are the next ones: NULL if not given */
	char *topic, *webhook_id, *triggered_at, *api_version, *event_id;
	bool history;                           /* what was shipped before now moves nothing */
	size_t len;                             /* of body */
	unsigned char digest[SIGN_BYTES];       /* of body */
	char trace[TRACEPARENT];                /* "": it came with none */
	bool unsigned_shop;                     /* as in intake.h */
	bool stored;
};

/* What became of a payload: intake.h. */
struct intake_result {
	int64_t order_id;    /* 0: none */
	int64_t external_id; /* 0: none */
	const char *status;  /* accepted, duplicate, updated, cancelled, refunded, ignored */
	char why[400];       /* "" where status says it all */
	int run;             /* for the task id of a due order */
	bool due;            /* its id belongs on the doorbell */
};

void payload_release(struct payload *p);

/* Line items: an array for each of their fields. */
struct payload_items {
	struct array a[PAYLOAD_ITEM_FIELDS];
};
void payload_items_release(struct payload_items *items);

/* $1-$27 of one payload, borrowed from both; the caller releases the items. */
void payload_params(const struct payload *p, struct payload_items *items,
		    struct db_param out[PAYLOAD_PARAMS]);

/* The same of several payloads; $28 is to each item its order's place. */
struct payload_arrays {
	struct array fields[PAYLOAD_FIELDS];
	struct payload_items items;
	struct array places;
};
void payload_arrays_init(struct payload_arrays *a);
void payload_arrays_add(struct payload_arrays *a, const struct payload *p, int place);
void payload_arrays_params(struct payload_arrays *a, struct db_param out[PAYLOAD_PARAMS + 1]);
void payload_arrays_release(struct payload_arrays *a);

#endif
