/* SPDX-License-Identifier: MIT
 *
 * intake: payloads into the database, once and only once. The CGI program
 * stores one at a time, fulfil-recv a batch in one transaction; the code is
 * the same. insert-orders takes orders that are new; everything else about an
 * order goes through known.h.
 */
#ifndef INTAKE_H
#define INTAKE_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"
#include "order/payload.h"
#include "store/db.h"

#include <jansson.h>
#include <stdint.h>

enum { INTAKE_MOST = 512 }; /* payloads in one batch */

struct intake; /* a batch being filled; intake_free */

struct intake_payload { /* all borrowed for the call */
	const char *body;
	size_t len;
	json_t *json;           /* the body, parsed */
	const char *shop;
	const char *topic;      /* NULL: what the body looks like */
	const char *webhook_id; /* or NULL, as the next three: Shopify's headers */
	const char *triggered_at, *api_version, *event_id;
	const char *traceparent; /* or NULL; what is none is left out */
	bool test;
	bool unsigned_shop;     /* the shop is only said by a header: the same bytes for a
				   second one are ERR_CONFLICT when they are stored */
	bool history;           /* units that were shipped before now move nothing */
};

/* Borrows db and conf for its life. */
struct intake *intake_new(struct db *db, const struct conf *conf);
void intake_free(struct intake *in);

/* Adds a payload to the batch, which must have room. ERR_SEMANTIC: it has no
 * usable id, and is not in the batch. */
ERR_CHECK int intake_add(struct intake *in, const struct intake_payload *p, struct err *e);
/* The same for a payload that the database has: the row has an id, the shop, the topic,
 * Shopify's webhook id, trigger time, API version and event id, whether it is history, and the
 * body in hex. */
ERR_CHECK int intake_add_row(struct intake *in, const struct db_rows *rows, int row,
			     struct err *e);
size_t intake_count(const struct intake *in);
bool intake_is_full(const struct intake *in); /* in number or bytes */

/* Stores the batch, all or nothing, and empties it. results[i] is that of the
 * i-th payload added. Deadlocks and a lost connection are tried again. */
ERR_CHECK int intake_store(struct intake *in, struct intake_result *results, struct err *e);

/* What could not be done after the last batch was stored, which fulfil-scan will do: a sentence,
 * for the log; NULL: nothing. */
const char *intake_trouble(const struct intake *in);

/* Stores the payloads of returns whose order is known by now with that order; each once, also if
 * it is killed in between and called again. intake_store() calls it where a payload tells of
 * which order line something is; fulfil-scan does, for what came at the same moment. */
ERR_CHECK int intake_place(struct db *db, const struct conf *conf, struct err *e);

/* The secrets of SHOPIFY_WEBHOOK_SECRET that may have signed for `shop`: those that the list gives
 * to it, as SHOP=SECRET, or, if there are none such, those without a shop. `out` is emptied first,
 * and "" if there is no secret. */
void intake_secrets(const char *list, const char *shop, struct buf *out);

/* True if `shop` is a Shopify domain that SHOPIFY_SHOPS does not exclude. */
bool intake_shop_ok(const struct conf *conf, const char *shop);

/* Keeps a signed body that is no order; tried again as intake_store is. */
ERR_CHECK int intake_quarantine(struct db *db, const struct intake_payload *p, const char *remote,
				const char *reason, struct err *e);

#endif
