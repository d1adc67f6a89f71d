/* SPDX-License-Identifier: MIT
 *
 * intake: a batch is stored in one transaction:
 *   1. insert-orders takes what may be new: whole orders without refunds, the
 *      first of each id in the batch
 *   2. what it did not take (known already), and refunds, edits and orders
 *      that list refunds, go through take-in-order, pipelined
 * Batches take turns, so that two with the same orders do not deadlock; a
 * single payload locks one order only, and waits for none.
 * A batch of one takes insert-order in the place of insert-orders.
 */
#include "intake.h"

#include "array.h"
#include "clock.h"
#include "jtext.h"
#include "order.h"
#include "sign.h"
#include "sql.h"
#include "xalloc.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_BYTES = 4 << 20, TRIES = 5 };

struct item {
	struct order order;
	char *body, *shop, *topic, *webhook_id; /* owned */
	size_t len;
	unsigned char digest[SIGN_BYTES];
	bool stored;
};

struct intake {
	struct db *db;
	const struct conf *conf;
	struct item items[INTAKE_MOST];
	size_t n, bytes;
};

struct intake *intake_new(struct db *db, const struct conf *conf)
{
	struct intake *in = xalloc_zero(1, sizeof *in);

	in->db = db;
	in->conf = conf;
	return in;
}

static void clear(struct intake *in)
{
	for (size_t i = 0; i < in->n; i++) {
		struct item *it = &in->items[i];

		order_release(&it->order);
		free(it->body);
		free(it->shop);
		free(it->topic);
		free(it->webhook_id);
	}
	in->n = in->bytes = 0;
}

void intake_free(struct intake *in)
{
	if (in == NULL)
		return;
	clear(in);
	free(in);
}

size_t intake_count(const struct intake *in)
{
	return in->n;
}

bool intake_is_full(const struct intake *in)
{
	return in->n == INTAKE_MOST || in->bytes >= MOST_BYTES;
}

int intake_add(struct intake *in, const struct intake_payload *p, struct err *e)
{
	struct item *it = &in->items[in->n];

	if (order_parse(&it->order, p->json, p->topic, p->test, in->conf, e) != 0)
		return -1;
	it->len = p->len;
	it->body = xalloc_zero(p->len + 1, 1);
	memcpy(it->body, p->body, p->len);
	it->shop = xalloc_strdup(p->shop);
	for (char *c = it->shop; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	it->topic = xalloc_strdup(p->topic);
	it->webhook_id = xalloc_strdup(p->webhook_id);
	it->stored = false;
	sign_digest(p->body, p->len, it->digest);
	in->bytes += p->len;
	in->n++;
	return 0;
}

/* Arrays of insert-orders.sql, in the order of its parameters. */
enum { SHOP, EXTERNAL_ID, NAME, CUSTOMER, EMAIL, TOTAL, CURRENCY, TEST, CANCELLED, UPDATED_AT, NOTES,
       TOPIC, WEBHOOK_ID, DIGEST, BODY, ITEM_PLACE, ITEM_LINE, ITEM_ID, ITEM_SKU, ITEM_NAME,
       ITEM_QUANTITY, ITEM_CURRENT, ITEM_PRICE, ITEM_SKIP, ARRAYS };

static void init_arrays(struct array a[ARRAYS])
{
	for (int i = 0; i < ARRAYS; i++)
		array_init(&a[i], ARRAY_TEXT);
	a[EXTERNAL_ID].oid = a[ITEM_ID].oid = ARRAY_INT8;
	a[TEST].oid = a[CANCELLED].oid = ARRAY_BOOL;
	a[DIGEST].oid = a[BODY].oid = ARRAY_BYTEA;
	a[ITEM_PLACE].oid = a[ITEM_LINE].oid = ARRAY_INT4;
	a[ITEM_QUANTITY].oid = a[ITEM_CURRENT].oid = ARRAY_INT4;
}

static void add_lines(struct array a[ARRAYS], const struct order *o, int place)
{
	for (size_t i = 0; i < o->nlines; i++) {
		const struct order_line *l = &o->lines[i];

		array_int4(&a[ITEM_PLACE], place);
		array_int4(&a[ITEM_LINE], (int32_t)i + 1);
		if (l->external_id)
			array_int8(&a[ITEM_ID], l->external_id);
		else
			array_null(&a[ITEM_ID]);
		array_text(&a[ITEM_SKU], l->sku);
		array_text(&a[ITEM_NAME], l->name);
		if (l->quantity >= 0)
			array_int4(&a[ITEM_QUANTITY], l->quantity);
		else
			array_null(&a[ITEM_QUANTITY]);
		array_int4(&a[ITEM_CURRENT], l->current);
		array_text(&a[ITEM_PRICE], l->price);
		array_text(&a[ITEM_SKIP], l->skip);
	}
}

static void add_order(struct array a[ARRAYS], const struct item *it, int place)
{
	const struct order *o = &it->order;

	array_text(&a[SHOP], it->shop);
	array_int8(&a[EXTERNAL_ID], o->external_id);
	array_text(&a[NAME], o->name);
	array_text(&a[CUSTOMER], o->customer_name);
	array_text(&a[EMAIL], o->customer_email);
	array_text(&a[TOTAL], o->total);
	array_text(&a[CURRENCY], o->currency);
	array_bool(&a[TEST], o->test);
	array_bool(&a[CANCELLED], o->cancelled_at != NULL);
	array_text(&a[UPDATED_AT], o->updated_at);
	array_text(&a[NOTES], o->notes.data);
	array_text(&a[TOPIC], it->topic);
	array_text(&a[WEBHOOK_ID], it->webhook_id);
	array_bytes(&a[DIGEST], it->digest, SIGN_BYTES);
	array_bytes(&a[BODY], it->body, it->len);
	add_lines(a, o, place);
}

static bool may_be_new(const struct item *it)
{
	return it->order.kind == ORDER_WHOLE && it->order.nchanges == 0;
}

/* By id and shop; equal ones as they came. */
static int by_id(const void *pa, const void *pb)
{
	const struct item *a = *(struct item *const *)pa, *b = *(struct item *const *)pb;
	int shops = strcmp(a->shop, b->shop);

	if (a->order.external_id != b->order.external_id)
		return a->order.external_id < b->order.external_id ? -1 : 1;
	return shops ? shops : a < b ? -1 : a > b;
}

static bool same_order(const struct item *a, const struct item *b)
{
	return a->order.external_id == b->order.external_id && strcmp(a->shop, b->shop) == 0;
}

static void note_result(struct intake_result *r, const struct item *it, int64_t id,
			const char *status, const char *why, bool due)
{
	*r = (struct intake_result){.order_id = id, .external_id = it->order.external_id,
				    .status = status, .run = 1, .due = due};
	snprintf(r->why, sizeof r->why, "%s", why);
}

/* Step 1. `sorted` holds all items by id. */
static int insert_new(struct intake *in, struct item *const *sorted, size_t m,
		      struct intake_result *results, struct err *e)
{
	struct array a[ARRAYS];
	struct db_param p[ARRAYS];
	struct item *placed[INTAKE_MOST];
	struct db_rows *rows = NULL;
	int n = 0, rc = 0;

	init_arrays(a);
	for (size_t i = 0; i < m; i++)
		if (may_be_new(sorted[i]) && (i == 0 || !same_order(sorted[i - 1], sorted[i]))) {
			placed[n++] = sorted[i];
			add_order(a, sorted[i], n);
		}
	for (int i = 0; i < ARRAYS; i++)
		p[i] = array_param(&a[i]);
	if (n > 0)
		rc = db_exec(in->db, &SQL_INSERT_ORDERS, p, &rows, e);
	for (int i = 0; rc == 0 && n > 0 && i < db_count(rows); i++) {
		struct item *it = placed[db_int(rows, i, 0) - 1];
		bool cancelled = it->order.cancelled_at != NULL;

		it->stored = true;
		note_result(&results[it - in->items], it, db_int(rows, i, 1),
			    cancelled ? "cancelled" : "accepted", "", !cancelled);
	}
	db_rows_free(rows);
	for (int i = 0; i < ARRAYS; i++)
		array_release(&a[i]);
	return rc;
}

/* Step 1 for a batch of one: scalars cost less than arrays of one. */
static int insert_one(struct intake *in, const struct item *it, struct intake_result *r,
		      struct err *e)
{
	const struct order *o = &it->order;
	bool cancelled = o->cancelled_at != NULL;
	struct array a[ARRAYS];
	struct db_rows *rows;
	char room[DB_INT_TEXT];
	int rc;
	struct db_param p[ARRAYS - 1] = {
		db_param_text(it->shop), db_param_int(o->external_id, room), db_param_text(o->name),
		db_param_text(o->customer_name), db_param_text(o->customer_email),
		db_param_text(o->total), db_param_text(o->currency),
		db_param_text(o->test ? "t" : "f"), db_param_text(cancelled ? "t" : "f"),
		db_param_text(o->updated_at), db_param_text(o->notes.data), db_param_text(it->topic),
		db_param_text(it->webhook_id), db_param_bytes(it->digest, SIGN_BYTES),
		db_param_bytes(it->body, it->len)};

	init_arrays(a);
	add_lines(a, o, 1);
	for (int i = ITEM_LINE; i < ARRAYS; i++)
		p[i - 1] = array_param(&a[i]);
	rc = db_exec(in->db, &SQL_INSERT_ORDER, p, &rows, e);
	for (int i = 0; i < ARRAYS; i++)
		array_release(&a[i]);
	if (rc == 0 && db_count(rows) == 1)
		note_result(r, it, db_int(rows, 0, 0), cancelled ? "cancelled" : "accepted", "",
			    !cancelled);
	if (rc == 0)
		rc = db_count(rows);
	db_rows_free(rows);
	return rc;
}

static void json_int_or_null(struct buf *b, int64_t v, bool null)
{
	if (null)
		buf_addstr(b, "null,");
	else
		buf_addf(b, "%lld,", (long long)v);
}

/* The lines as order_take_in reads them: arrays in a fixed order of fields. */
static void lines_json(struct buf *b, const struct order *o)
{
	buf_addstr(b, "[");
	for (size_t i = 0; i < o->nlines; i++) {
		const struct order_line *l = &o->lines[i];

		buf_addstr(b, i ? ",[" : "[");
		json_int_or_null(b, l->external_id, l->external_id == 0);
		jtext_add(b, l->sku);
		buf_addstr(b, ",");
		jtext_add(b, l->name);
		buf_addstr(b, ",");
		json_int_or_null(b, l->quantity, l->quantity < 0);
		json_int_or_null(b, l->current, false);
		jtext_add(b, l->price);
		buf_addstr(b, ",");
		jtext_add(b, l->skip);
		buf_addstr(b, "]");
	}
	buf_addstr(b, "]");
}

static void changes_json(struct buf *b, const struct order *o)
{
	buf_addstr(b, "[");
	for (size_t i = 0; i < o->nchanges; i++) {
		const struct order_change *c = &o->changes[i];

		buf_addf(b, "%s[\"%s\",%lld,%lld,%d,%d,", i ? "," : "", c->kind,
			 (long long)c->external_id, (long long)c->line_id, (int)c->removed,
			 (int)c->restocked);
		jtext_add(b, c->at);
		buf_addstr(b, "]");
	}
	buf_addstr(b, "]");
}

static void send_take_in(struct db *db, const struct item *it, char room[DB_INT_TEXT])
{
	const struct order *o = &it->order;
	struct buf lines = BUF_INIT, changes = BUF_INIT;

	lines_json(&lines, o);
	changes_json(&changes, o);
	struct db_param p[] = {
		db_param_text(it->shop), db_param_int(o->external_id, room),
		db_param_text(order_kind_name(o->kind)), db_param_text(o->name),
		db_param_text(o->customer_name), db_param_text(o->customer_email),
		db_param_text(o->total), db_param_text(o->currency),
		db_param_text(o->test ? "t" : "f"), db_param_text(o->cancelled_at ? "t" : "f"),
		db_param_text(o->updated_at), db_param_text(o->notes.data),
		db_param_text(lines.data), db_param_text(changes.data), db_param_text(it->topic),
		db_param_text(it->webhook_id), db_param_bytes(it->digest, SIGN_BYTES),
		db_param_bytes(it->body, it->len)};
	db_send(db, &SQL_TAKE_IN_ORDER, p);
	buf_release(&lines);
	buf_release(&changes);
}

static void send_other(struct db *db, const struct item *it)
{
	struct db_param p[] = {db_param_text(it->shop), db_param_text(it->topic),
			       db_param_text(it->webhook_id),
			       db_param_bytes(it->digest, SIGN_BYTES),
			       db_param_bytes(it->body, it->len)};

	db_send(db, &SQL_INSERT_OTHER, p);
}

static const char *status_word(const char *s)
{
	static const char *const words[] = {"accepted", "duplicate", "updated", "cancelled",
					    "refunded", "ignored"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(s, words[i]) == 0)
			return words[i];
	return "ignored";
}

static int take_result(struct intake *in, const struct item *it, struct intake_result *r,
		       struct err *e)
{
	struct db_rows *rows;

	if (db_take(in->db, &rows, e) != 0)
		return -1;
	if (it->order.kind == ORDER_OTHER)
		note_result(r, it, 0, db_count(rows) ? "ignored" : "duplicate",
			    "the topic is not one we follow", false);
	else
		note_result(r, it, db_int(rows, 0, 0), status_word(db_text(rows, 0, 1)),
			    db_text(rows, 0, 2), db_bool(rows, 0, 3));
	if (it->order.kind != ORDER_OTHER)
		r->run = (int)db_int(rows, 0, 4);
	db_rows_free(rows);
	return 0;
}

/* Step 2, for all items that step 1 did not store. */
static int take_in_rest(struct intake *in, struct item *const *sorted, size_t m,
			struct intake_result *results, struct err *e)
{
	char room[DB_INT_TEXT];
	int rc = 0;

	if (db_pipeline(in->db, e) != 0)
		return -1;
	for (size_t i = 0; i < m; i++)
		if (!sorted[i]->stored && sorted[i]->order.kind == ORDER_OTHER)
			send_other(in->db, sorted[i]);
		else if (!sorted[i]->stored)
			send_take_in(in->db, sorted[i], room);
	db_sync(in->db);
	for (size_t i = 0; rc == 0 && i < m; i++)
		if (!sorted[i]->stored)
			rc = take_result(in, sorted[i], &results[sorted[i] - in->items], e);
	db_done(in->db);
	return rc;
}

/* Stores payload i, which needs no begin and commit: each statement is a
 * transaction, and the second one runs only if the first changed nothing. */
static int store_alone(struct intake *in, size_t i, struct intake_result *results, struct err *e)
{
	struct item *it = &in->items[i];
	int stored = 0;

	it->stored = false;
	if (may_be_new(it))
		stored = insert_one(in, it, &results[i], e);
	if (stored != 0)
		return stored > 0 ? 0 : -1;
	return take_in_rest(in, &it, 1, results, e);
}

/* Stores the m payloads from `first` on, all or nothing. */
static int store_together(struct intake *in, size_t first, size_t m, struct intake_result *results,
			  struct err *e)
{
	struct item *sorted[INTAKE_MOST];
	bool all = true;
	int rc;

	for (size_t i = 0; i < m; i++) {
		sorted[i] = &in->items[first + i];
		sorted[i]->stored = false;
	}
	qsort(sorted, m, sizeof *sorted, by_id);
	rc = db_exec(in->db, &DB_BEGIN, NULL, NULL, e);
	if (rc == 0)
		rc = db_exec(in->db, &SQL_LOCK_INTAKE, NULL, NULL, e);
	if (rc == 0)
		rc = insert_new(in, sorted, m, results, e);
	for (size_t i = 0; i < m; i++)
		all = all && sorted[i]->stored;
	if (rc == 0 && !all)
		rc = take_in_rest(in, sorted, m, results, e);
	if (rc == 0)
		return db_exec(in->db, &DB_COMMIT, NULL, NULL, e);
	if (db_alive(in->db) && db_exec(in->db, &DB_ROLLBACK, NULL, NULL, NULL) != 0)
		return -1; /* the next statement finds the connection gone */
	return rc;
}

static int store_some(struct intake *in, size_t first, size_t m, struct intake_result *results,
		      struct err *e)
{
	int rc = 0;

	for (int i = 0; i < TRIES; i++) {
		if (!db_alive(in->db) && db_reopen(in->db, e) != 0)
			return -1;
		rc = m == 1 ? store_alone(in, first, results, e)
			    : store_together(in, first, m, results, e);
		if (rc == 0 || (e->code != ERR_AGAIN && db_alive(in->db)))
			break;
	}
	return rc;
}

/* A payload that the database refuses must not hold up the others. */
static int store_each(struct intake *in, struct intake_result *results, struct err *e)
{
	for (size_t i = 0; i < in->n; i++) {
		if (store_some(in, i, 1, results, e) == 0)
			continue;
		if (e->code != ERR_DATA && e->code != ERR_BUG)
			return -1;
		note_result(&results[i], &in->items[i], 0, "rejected", e->msg, false);
	}
	return 0;
}

int intake_store(struct intake *in, struct intake_result *results, struct err *e)
{
	int rc = 0;

	if (in->n > 0)
		rc = store_some(in, 0, in->n, results, e);
	if (rc != 0 && in->n > 1 && (e->code == ERR_DATA || e->code == ERR_BUG))
		rc = store_each(in, results, e);
	clear(in);
	return rc;
}

/* The rest of the domain is letters, digits and hyphens. */
bool intake_shop_ok(const struct conf *conf, const char *shop)
{
	static const char suffix[] = ".myshopify.com";
	size_t n = strlen(shop), tail = sizeof suffix - 1;
	size_t name = strspn(shop, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	return n > tail && n <= 253 && name == n - tail && shop[0] != '-' &&
	       strcasecmp(shop + name, suffix) == 0 &&
	       (*conf_get(conf, "SHOPIFY_SHOPS") == '\0' || conf_lists(conf, "SHOPIFY_SHOPS", shop));
}

int intake_quarantine(struct db *db, const struct intake_payload *p, const char *remote,
		      const char *reason, struct err *e)
{
	struct db_param params[] = {db_param_text(p->shop), db_param_text(p->topic),
				    db_param_text(p->webhook_id), db_param_text(remote),
				    db_param_text(reason), db_param_bytes(p->body, p->len)};

	if (!db_alive(db) && db_reopen(db, e) != 0)
		return -1;
	return db_exec(db, &SQL_INSERT_QUARANTINE, params, NULL, e);
}
