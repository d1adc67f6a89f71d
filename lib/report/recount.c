/* SPDX-License-Identifier: MIT
 *
 * recount: target.h and decide.h over the stored bytes of one order after another.
 */
#include "report/recount.h"

#include "base/idmap.h"
#include "base/jtext.h"
#include "base/xalloc.h"
#include "order/decide.h"
#include "order/parse.h"
#include "order/target.h"
#include "sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 100 };

/* Columns of read-audit-payloads and read-audit-items. */
enum { P_ORDER, P_EXTERNAL, P_STATUS, P_HISTORY, P_TOPIC, P_IS_HISTORY, P_TRIGGERED, P_BODY,
       P_GATED };
enum { I_ORDER, I_ID, I_LINE, I_SKIP, I_TARGET, I_KEPT, I_BASE };

struct recount {
	const struct conf *conf;
	const struct audit_ops *ops;
	void *ctx;
	struct audit_result *result;
	struct db_rows *payloads, *items;
	int payload, item; /* the next row of each */
	int64_t breaches;
};

/* The rows of one order. */
struct rows {
	int from, to;
};

static struct rows rows_of(const struct db_rows *r, int *next, int64_t order)
{
	struct rows w = {*next, *next};

	while (w.to < db_count(r) && db_int(r, w.to, 0) == order)
		w.to++;
	*next = w.to;
	return w;
}

static bool is_whole(const struct recount *c, struct rows w)
{
	for (int i = w.from; i < w.to; i++)
		if (db_is_null(c->payloads, i, P_BODY))
			return false;
	return true;
}

/* What a line is was decided when it came, with the settings and products of then. */
static void remember_skips(const struct recount *c, const struct idmap *items, struct order *o)
{
	for (size_t k = 0; k < o->nlines; k++) {
		struct order_line *l = &o->lines[k];
		int64_t id = l->external_id ? l->external_id : -(int64_t)(k + 1);
		size_t at = IDMAP_START, row;

		if (idmap_next(items, id, &at, &row))
			l->skip = db_is_null(c->items, (int)row, I_SKIP)
					  ? NULL
					  : db_text(c->items, (int)row, I_SKIP);
	}
}

/* Reads one payload; false for one that is no order's any more, which others report. */
static bool read_payload(const struct recount *c, int row, const struct idmap *items,
			 struct order *o)
{
	const struct db_rows *r = c->payloads;
	const char *body = db_text(r, row, P_BODY);
	struct err e = {0};
	json_t *json;
	bool ok;

	if (jtext_parse(body, (size_t)db_length(r, row, P_BODY), &json, &e) != 0)
		return false;
	ok = parse_order(o, json, db_is_null(r, row, P_TOPIC) ? NULL : db_text(r, row, P_TOPIC),
			 false, c->conf, &e) == 0;
	json_decref(json);
	if (!ok)
		return false;
	o->history = db_bool(r, row, P_IS_HISTORY);
	if (!db_is_null(r, row, P_TRIGGERED))
		o->triggered_us = db_int(r, row, P_TRIGGERED);
	remember_skips(c, items, o);
	return true;
}

static void compare(struct recount *c, struct rows payloads, int row, const struct target_line *l)
{
	int64_t target = db_int(c->items, row, I_TARGET), kept = db_int(c->items, row, I_KEPT);
	int64_t base = db_int(c->items, row, I_BASE);
	char found[160], expected[160];

	if (l && l->target == target && l->kept == kept && l->base == base)
		return;
	if (c->breaches++ >= AUDIT_MOST_TOLD)
		return;
	snprintf(found, sizeof found, "line %lld: %lld units, %lld of them kept, %lld from before",
		 (long long)db_int(c->items, row, I_LINE), (long long)target, (long long)kept,
		 (long long)base);
	if (l)
		snprintf(expected, sizeof expected, "%d, %d, %d by its payloads", (int)l->target,
			 (int)l->kept, (int)l->base);
	else
		snprintf(expected, sizeof expected, "no such line by its payloads");
	struct audit_breach b = {.check = "order-target",
				 .order_id = db_int(c->items, row, I_ORDER),
				 .external_order_id =
					 db_text(c->payloads, payloads.from, P_EXTERNAL),
				 .found = found,
				 .expected = expected};

	c->ops->breach(c->ctx, &b);
}

static void recount_order(struct recount *c, struct rows payloads, struct rows items)
{
	size_t n = 0, most = (size_t)(payloads.to - payloads.from);
	struct order *orders = xalloc_zero(most, sizeof *orders);
	struct idmap stored = {0}, lines = {0};
	struct target t = {.gated = db_bool(c->payloads, payloads.from, P_GATED)};

	for (int i = items.from; i < items.to; i++)
		idmap_put(&stored, db_int(c->items, i, I_ID), (size_t)i);
	for (int i = payloads.from; i < payloads.to; i++)
		if (read_payload(c, i, &stored, &orders[n])) {
			if (orders[n].kind != ORDER_STUB && orders[n].kind != ORDER_OTHER)
				target_add(&t, &orders[n], db_int(c->payloads, i, P_HISTORY));
			n++;
		}
	t.cancelled |= strcmp(db_text(c->payloads, payloads.from, P_STATUS), "cancelled") == 0;
	decide_units(&t);
	for (size_t i = 0; i < t.nlines; i++)
		idmap_put(&lines, t.lines[i].id, i);
	for (int i = items.from; i < items.to; i++) {
		size_t at = IDMAP_START, place;
		bool there = idmap_next(&lines, db_int(c->items, i, I_ID), &at, &place);

		compare(c, payloads, i, there ? &t.lines[place] : NULL);
	}
	idmap_release(&stored);
	idmap_release(&lines);
	target_release(&t);
	for (size_t i = 0; i < n; i++)
		order_release(&orders[i]);
	free(orders);
}

/* Recounts the orders of the next piece; *after is the last one's id, or stays. */
static int recount_piece(struct recount *c, struct db *db, int64_t *after, struct err *e)
{
	struct db_param p[] = {db_param_int(*after), db_param_int(PIECE)};
	int rc = db_exec(db, &SQL_READ_AUDIT_PAYLOADS, p, &c->payloads, e);

	c->items = NULL;
	c->payload = c->item = 0;
	if (rc == 0)
		rc = db_exec(db, &SQL_READ_AUDIT_ITEMS, p, &c->items, e);
	while (rc == 0 && c->payload < db_count(c->payloads)) {
		struct rows payloads, items;

		*after = db_int(c->payloads, c->payload, P_ORDER);
		payloads = rows_of(c->payloads, &c->payload, *after);
		items = rows_of(c->items, &c->item, *after);
		if (is_whole(c, payloads))
			recount_order(c, payloads, items);
	}
	db_rows_free(c->payloads);
	db_rows_free(c->items);
	return rc;
}

int recount_run(struct db *db, const struct conf *conf, const struct audit_ops *ops, void *ctx,
		struct audit_result *r, struct err *e)
{
	struct recount c = {.conf = conf, .ops = ops, .ctx = ctx, .result = r};
	int64_t after = 0, before = -1;
	int rc = audit_begin(db, e);

	while (rc == 0 && after != before) {
		before = after;
		c.payloads = NULL;
		rc = recount_piece(&c, db, &after, e);
	}
	db_rollback(db);
	if (c.breaches > AUDIT_MOST_TOLD)
		ops->more(ctx, "order-target", c.breaches - AUDIT_MOST_TOLD);
	r->checks++;
	r->breaches += c.breaches;
	return rc;
}
