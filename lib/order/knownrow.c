/* SPDX-License-Identifier: MIT
 *
 * knownrow: rows into struct known. They come by order, so the order of the row
 * before is mostly the row's own.
 */
#include "order/knownrow.h"

#include "base/xalloc.h"
#include "sql.h"
#include "store/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void knownrow_note(struct intake_result *r, const struct known *k, const char *status,
		   const char *why)
{
	*r = (struct intake_result){.order_id = k->id, .external_id = k->external_id,
				    .status = status, .run = k->run};
	snprintf(r->why, sizeof r->why, "%s", why ? why : "");
}

/* --- 1: what is stored already --- */

/* The payloads that are not known to be stored, as find-known-payloads takes them. */
struct keys {
	struct array shop, id, digest;
	size_t *places; /* owned: which payload each is */
};

static void keys_init(struct keys *w, const struct taking *k)
{
	size_t n = 0;

	array_init(&w->shop, ARRAY_TEXT);
	array_init(&w->id, ARRAY_INT8);
	array_init(&w->digest, ARRAY_BYTEA);
	w->places = xalloc_zero(k->n, sizeof *w->places);
	for (size_t i = 0; i < k->n; i++) {
		struct db_param digest = db_param_bytes(k->payloads[i]->digest, SIGN_BYTES);

		if (k->stored[i])
			continue;
		array_text(&w->shop, k->payloads[i]->shop);
		array_int8(&w->id, k->payloads[i]->order.external_id);
		array_value(&w->digest, &digest);
		w->places[n++] = i;
	}
}

static void keys_release(struct keys *w)
{
	array_release(&w->shop);
	array_release(&w->id);
	array_release(&w->digest);
	free(w->places);
}

static void mark_stored(struct taking *k, const struct keys *w, const struct db_rows *rows)
{
	for (int i = 0; i < db_count(rows); i++) {
		size_t at = w->places[db_int(rows, i, 0) - 1];
		struct known order = {.id = db_int(rows, i, 1),
				      .external_id = k->payloads[at]->order.external_id};

		k->stored[at] = true;
		knownrow_note(k->results[at], &order, "duplicate",
			      "this payload was stored before");
		k->results[at]->run = 0;
	}
}

int knownrow_find_stored(struct taking *k, struct err *e)
{
	struct db_rows *rows = NULL;
	struct keys w;

	keys_init(&w, k);
	struct db_param p[] = {array_param(&w.shop), array_param(&w.id), array_param(&w.digest)};
	int rc = db_exec(k->db, &SQL_FIND_KNOWN_PAYLOADS, p, &rows, e);

	if (rc == 0)
		mark_stored(k, &w, rows);
	db_rows_free(rows);
	keys_release(&w);
	return rc;
}

/* --- 2: what is known --- */

static int64_t micros(const struct db_rows *r, int row, int col)
{
	return db_is_null(r, row, col) ? ORDER_NEVER : db_int(r, row, col);
}

static void read_orders(struct taking *k)
{
	enum { ID, SHOP, EXTERNAL, STATUS, AWAITED, RUN, STARTED, VERSION, TRIGGERED, FIRST,
	       SHIPPED, HISTORY, UNPAID };
	const struct db_rows *r = k->order_rows;

	k->norders = (size_t)db_count(r);
	k->orders = xalloc_zero(k->norders, sizeof *k->orders);
	for (size_t i = 0; i < k->norders; i++) {
		int row = (int)i;

		k->orders[i] = (struct known){
			.id = db_int(r, row, ID), .external_id = db_int(r, row, EXTERNAL),
			.shop = db_text(r, row, SHOP), .status = db_text(r, row, STATUS),
			.awaited = db_bool(r, row, AWAITED), .run = (int)db_int(r, row, RUN),
			.started = db_bool(r, row, STARTED)};
		k->orders[i].t = (struct target){
			.whole = !k->orders[i].awaited,
			.cancelled = strcmp(k->orders[i].status, "cancelled") == 0,
			.shipped = db_bool(r, row, SHIPPED),
			.gated = !db_is_null(r, row, UNPAID),
			.paid = !db_is_null(r, row, UNPAID) && !db_bool(r, row, UNPAID),
			.version_us = micros(r, row, VERSION),
			.triggered_us = micros(r, row, TRIGGERED),
			.first_us = micros(r, row, FIRST),
			.history_us = db_is_null(r, row, HISTORY) ? 0 : db_int(r, row, HISTORY)};
	}
}

static struct known *find_id(struct taking *k, int64_t id)
{
	for (size_t i = 0; i < k->norders; i++)
		if (k->orders[i].id == id)
			return &k->orders[i];
	return NULL;
}

static struct target_line read_item(const struct db_rows *r, int row)
{
	enum { ORDER, ID, LINE, SEEN, SKU, NAME, PRICE, SKIP, QUANTITY, CURRENT, LEAST, SHIPPED,
	       PRODUCT, TARGET, KEPT, BASE, CAUSE, CAUSE_ID };

	return (struct target_line){.id = db_int(r, row, ID),
				    .line_no = (int32_t)db_int(r, row, LINE),
				    .seen = db_bool(r, row, SEEN),
				    .sku = db_text_or_null(r, row, SKU),
				    .name = db_text_or_null(r, row, NAME),
				    .price = db_text_or_null(r, row, PRICE),
				    .skip = db_text_or_null(r, row, SKIP),
				    .quantity = (int32_t)db_int(r, row, QUANTITY),
				    .current = (int32_t)db_int(r, row, CURRENT),
				    .least = (int32_t)db_int(r, row, LEAST),
				    .shipped = (int32_t)db_int(r, row, SHIPPED),
				    .product = db_int(r, row, PRODUCT),
				    .target = (int32_t)db_int(r, row, TARGET),
				    .kept = (int32_t)db_int(r, row, KEPT),
				    .base = (int32_t)db_int(r, row, BASE),
				    .cause = db_text_or_null(r, row, CAUSE),
				    .cause_id = db_int(r, row, CAUSE_ID)};
}

/* Rows come by order, so the last order found is mostly the next one's. */
static void read_items(struct taking *k)
{
	const struct db_rows *r = k->item_rows;
	struct known *o = NULL;

	for (int i = 0; i < db_count(r); i++) {
		if (o == NULL || o->id != db_int(r, i, 0))
			o = find_id(k, db_int(r, i, 0));
		if (o == NULL)
			continue;
		o->t.lines = xalloc_grow(o->t.lines, o->t.nlines + 1, sizeof *o->t.lines);
		o->t.lines[o->t.nlines++] = read_item(r, i);
	}
}

static void read_changes(struct taking *k)
{
	enum { ORDER, KIND, EXTERNAL, LINE, SOURCE, REMOVED, RESTOCKED, AT, RETURNED, UNSHIPPED,
	       LISTED, FIRST, RETURN };
	const struct db_rows *r = k->change_rows;
	struct known *o = NULL;

	for (int i = 0; i < db_count(r); i++) {
		if (o == NULL || o->id != db_int(r, i, ORDER))
			o = find_id(k, db_int(r, i, ORDER));
		if (o == NULL)
			continue;
		o->t.changes = xalloc_grow(o->t.changes, o->t.nchanges + 1, sizeof *o->t.changes);
		o->t.changes[o->t.nchanges++] = (struct target_change){
			.said = {db_text(r, i, KIND), db_int(r, i, EXTERNAL), db_int(r, i, LINE),
				 db_int(r, i, SOURCE), (int32_t)db_int(r, i, REMOVED),
				 (int32_t)db_int(r, i, RESTOCKED), micros(r, i, AT),
				 db_bool(r, i, RETURNED), db_bool(r, i, UNSHIPPED),
				 db_int(r, i, RETURN)},
			.listed = db_bool(r, i, LISTED), .first = db_bool(r, i, FIRST)};
	}
}

/* A line counts if a product has its SKU, whatever else the payload says of it,
 * unless that product is not kept in stock. */
static void name_product(struct order_line *l, int64_t product, bool stocked)
{
	l->product = product;
	if (l->skip == NULL || order_skip_asks(l->skip))
		l->skip = stocked ? NULL : "not_stocked";
}

/* The lines whose SKUs find-line-products is asked for. */
struct named {
	struct array sku;
	struct order_line **lines; /* owned */
	size_t n;
};

static void named_init(struct named *w, const struct taking *k)
{
	*w = (struct named){.lines = NULL};
	array_init(&w->sku, ARRAY_TEXT);
	for (size_t i = 0; i < k->n; i++) {
		struct order *o = &k->payloads[i]->order;

		for (size_t j = 0; !k->stored[i] && j < o->nlines; j++) {
			if (o->lines[j].sku == NULL)
				continue;
			array_text(&w->sku, o->lines[j].sku);
			w->lines = xalloc_grow(w->lines, w->n + 1, sizeof *w->lines);
			w->lines[w->n++] = &o->lines[j];
		}
	}
}

static void name_products(const struct named *w, const struct db_rows *r)
{
	for (int i = 0; i < db_count(r); i++)
		name_product(w->lines[db_int(r, i, 0) - 1], db_int(r, i, 1), db_bool(r, i, 2));
}

static void send_reads(struct taking *k, bool alone, struct keys *keys, struct named *named)
{
	struct db_param p[] = {array_param(&keys->shop), array_param(&keys->id),
			       array_param(&keys->digest)};
	struct db_param skus = array_param(&named->sku);

	if (alone)
		pipeline_send(k->db, &QUERY_BEGIN, NULL);
	pipeline_send(k->db, &SQL_INSERT_AWAITED, p);
	pipeline_send(k->db, &SQL_LOCK_KNOWN, p);
	pipeline_send(k->db, &SQL_FIND_KNOWN_PAYLOADS, p);
	pipeline_send(k->db, &SQL_FIND_MOVED, p);
	pipeline_send(k->db, &SQL_READ_KNOWN_ITEMS, p);
	pipeline_send(k->db, &SQL_READ_KNOWN_CHANGES, p);
	pipeline_send(k->db, &SQL_FIND_LINE_PRODUCTS, &skus);
	pipeline_sync(k->db);
}

int knownrow_lock(struct taking *k, bool alone, struct err *e)
{
	struct db_rows *products = NULL, *stored = NULL, *moved = NULL;
	struct keys keys;
	struct named named;
	int rc;

	keys_init(&keys, k);
	named_init(&named, k);
	rc = pipeline_begin(k->db, e);
	if (rc == 0) {
		send_reads(k, alone, &keys, &named);
		if ((alone && pipeline_take(k->db, NULL, e) != 0) ||
		    pipeline_take(k->db, NULL, e) != 0 ||
		    pipeline_take(k->db, &k->order_rows, e) != 0 ||
		    pipeline_take(k->db, &stored, e) != 0 ||
		    pipeline_take(k->db, &moved, e) != 0 ||
		    pipeline_take(k->db, &k->item_rows, e) != 0 ||
		    pipeline_take(k->db, &k->change_rows, e) != 0 ||
		    pipeline_take(k->db, &products, e) != 0)
			rc = -1;
		pipeline_end(k->db);
	}
	if (rc == 0) {
		name_products(&named, products);
		mark_stored(k, &keys, stored);
		read_orders(k);
		for (int i = 0; i < db_count(moved); i++) {
			struct known *o = find_id(k, db_int(moved, i, 0));

			o->moved = db_bool(moved, i, 1);
			o->redacted = db_bool(moved, i, 2);
		}
		read_items(k);
		read_changes(k);
	}
	db_rows_free(products);
	db_rows_free(stored);
	db_rows_free(moved);
	keys_release(&keys);
	array_release(&named.sku);
	free(named.lines);
	return rc;
}

void knownrow_release(struct taking *k)
{
	for (size_t i = 0; i < k->norders; i++)
		target_release(&k->orders[i].t);
	free(k->orders);
	free(k->stored);
	db_rows_free(k->order_rows);
	db_rows_free(k->item_rows);
	db_rows_free(k->change_rows);
}
