/* SPDX-License-Identifier: MIT
 *
 * intake: a batch is stored in one transaction:
 *   1. insert-orders takes what may be new: whole orders without refunds, the
 *      first of each id in the batch
 *   2. what it did not take (known already), and refunds, edits and orders
 *      that list refunds or are from before HISTORY_BEFORE, go through known.h;
 *      what was shipped of them is stored before, so that a repetition mends a loss
 * Batches take turns, so that two with the same orders do not deadlock; a
 * single payload locks one order only, and waits for none.
 * A batch of one takes insert-order in the place of insert-orders.
 */
#include "order/intake.h"

#include "base/clock.h"
#include "base/jtext.h"
#include "base/xalloc.h"
#include "order/known.h"
#include "order/parse.h"
#include "order/payload.h"
#include "order/privacy.h"
#include "order/reduce.h"
#include "order/returns.h"
#include "order/shipment.h"
#include "order/traced.h"
#include "sql.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_BYTES = 4 << 20, TRIES = 5 };

struct intake {
	struct db *db;
	const struct conf *conf;
	struct payload items[INTAKE_MOST];
	size_t n, bytes;
	bool when_paid;     /* TAKE_STOCK */
	int64_t history_us; /* HISTORY_BEFORE; 0: not asked for yet */
	struct err later;   /* see intake_trouble() */
};

struct intake *intake_new(struct db *db, const struct conf *conf)
{
	struct intake *in = xalloc_zero(1, sizeof *in);

	in->db = db;
	in->conf = conf;
	in->when_paid = strcmp(conf_get(conf, "TAKE_STOCK"), "paid") == 0;
	return in;
}

static void clear(struct intake *in)
{
	for (size_t i = 0; i < in->n; i++)
		payload_release(&in->items[i]);
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
	struct payload *it = &in->items[in->n];

	if (parse_order(&it->order, p->json, p->topic, p->test, in->conf, e) != 0)
		return -1;
	it->len = p->len;
	it->body = xalloc_zero(p->len + 1, 1);
	memcpy(it->body, p->body, p->len);
	it->shop = xalloc_strdup(p->shop);
	for (char *c = it->shop; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	it->topic = xalloc_strdup(p->topic);
	it->webhook_id = xalloc_strdup(p->webhook_id);
	it->triggered_at = p->triggered_at && clock_is_rfc3339(p->triggered_at)
				   ? xalloc_strdup(p->triggered_at) : NULL;
	if (it->triggered_at && !clock_parse_rfc3339(it->triggered_at, &it->order.triggered_us))
		it->order.triggered_us = ORDER_NEVER;
	it->api_version = xalloc_strdup(p->api_version);
	it->event_id = xalloc_strdup(p->event_id);
	traceparent_read(p->traceparent, it->trace);
	it->history = it->order.history = p->history;
	it->unsigned_shop = p->unsigned_shop;
	if (privacy_topic(it->topic) && privacy_check(it, e) != 0) {
		payload_release(it);
		return -1;
	}
	sign_digest(p->body, p->len, it->digest);
	in->bytes += p->len;
	in->n++;
	return 0;
}

/* Some of it was shipped before we heard of it, perhaps from another shelf. */
static bool may_be_history(const struct order *o)
{
	if (o->closed || o->fulfilled)
		return true;
	for (size_t i = 0; i < o->nlines; i++)
		if (o->lines[i].fulfillable >= 0 && o->lines[i].fulfillable < o->lines[i].current)
			return true;
	return false;
}

static bool may_be_new(const struct intake *in, const struct payload *it)
{
	return it->order.kind == ORDER_WHOLE && it->order.nchanges == 0 &&
	       !(in->when_paid && it->order.unpaid) && !may_be_history(&it->order) &&
	       !shipment_listed(it);
}

/* By id and shop; equal ones as they came. */
static int by_id(const void *pa, const void *pb)
{
	const struct payload *a = *(struct payload *const *)pa, *b = *(struct payload *const *)pb;
	int shops = strcmp(a->shop, b->shop);

	if (a->order.external_id != b->order.external_id)
		return a->order.external_id < b->order.external_id ? -1 : 1;
	return shops ? shops : a < b ? -1 : a > b;
}

static bool same_order(const struct payload *a, const struct payload *b)
{
	return a->order.external_id == b->order.external_id && strcmp(a->shop, b->shop) == 0;
}

static void note_result(struct intake_result *r, const struct payload *it, int64_t id,
			const char *status, const char *why, bool due)
{
	*r = (struct intake_result){.order_id = id, .external_id = it->order.external_id,
				    .status = status, .run = 1, .due = due};
	snprintf(r->why, sizeof r->why, "%s", why);
}

/* An order stored as a new one. */
static void note_new(struct intake_result *r, struct payload *it, int64_t id)
{
	bool cancelled = it->order.cancelled;

	it->stored = true;
	note_result(r, it, id, cancelled ? "cancelled" : "accepted", "", !cancelled);
}

/* Step 1. `sorted` holds all items by id. */
static int insert_new(struct intake *in, struct payload *const *sorted, size_t m,
		      struct intake_result *results, struct err *e)
{
	struct db_param p[PAYLOAD_PARAMS + 1];
	struct payload *placed[INTAKE_MOST];
	struct payload_arrays arrays;
	struct db_rows *rows = NULL;
	int n = 0, rc = 0;

	payload_arrays_init(&arrays);
	for (size_t i = 0; i < m; i++)
		if (may_be_new(in, sorted[i]) &&
		    (i == 0 || !same_order(sorted[i - 1], sorted[i]))) {
			placed[n++] = sorted[i];
			payload_arrays_add(&arrays, sorted[i], n);
		}
	payload_arrays_params(&arrays, p);
	if (n > 0)
		rc = db_exec(in->db, &SQL_INSERT_ORDERS, p, &rows, e);
	for (int i = 0; rc == 0 && n > 0 && i < db_count(rows); i++) {
		struct payload *it = placed[db_int(rows, i, 0) - 1];

		note_new(&results[it - in->items], it, db_int(rows, i, 1));
	}
	db_rows_free(rows);
	payload_arrays_release(&arrays);
	return rc;
}

/* Step 1 for a batch of one: scalars cost less than arrays of one. */
static int insert_one(struct intake *in, struct payload *it, struct intake_result *r,
		      struct err *e)
{
	struct db_param p[PAYLOAD_PARAMS];
	struct payload_items items;
	struct db_rows *rows;
	int rc;

	payload_params(it, &items, p);
	rc = db_exec(in->db, &SQL_INSERT_ORDER, p, &rows, e);
	payload_items_release(&items);
	if (rc == 0 && db_count(rows) == 1)
		note_new(r, it, db_int(rows, 0, 0));
	db_rows_free(rows);
	return rc;
}

static void send_other(struct db *db, const struct payload *it)
{
	int64_t order = shipment_topic(it->topic) ? shipment_order(it) : 0;
	struct buf reduced = BUF_INIT;
	struct array lines;

	array_init(&lines, ARRAY_INT8);
	returns_lines(it, &lines);
	if (order)
		reduce_text(it->body, it->len, &reduced);
	struct db_param p[] = {db_param_text(it->shop), db_param_text(it->topic),
			       db_param_text(it->webhook_id), db_param_text(it->triggered_at),
			       db_param_text(it->api_version), db_param_text(it->event_id),
			       db_param_bytes(it->digest, SIGN_BYTES),
			       db_param_bytes(it->body, it->len), array_param(&lines),
			       order ? db_param_int(order) : db_param_text(NULL),
			       order ? db_param_bytes(reduced.data, reduced.len)
				     : db_param_text(NULL)};

	pipeline_send(db, &SQL_INSERT_OTHER, p);
	array_release(&lines);
	buf_release(&reduced);
}

static const char *why_other(const struct payload *it)
{
	if (privacy_topic(it->topic))
		return "it is recorded as a request about people's data; fulfil-scan does it";
	if (shipment_topic(it->topic))
		return "";
	return it->order.notes.data ? it->order.notes.data : "the topic is not one we follow";
}

static void note_other(struct intake_result *r, const struct payload *it, bool fresh)
{
	bool shipped = shipment_topic(it->topic);

	note_result(r, it, 0, !fresh ? "duplicate" : shipped ? "updated"
			      : privacy_topic(it->topic) ? "accepted" : "ignored",
		    why_other(it), false);
	if (shipped)
		r->external_id = shipment_order(it);
}

/* Topics that change no order. */
static int store_others(struct intake *in, struct payload *const *items, size_t m,
			struct intake_result *results, struct err *e)
{
	struct db_rows *rows;
	int rc;

	if (m == 0)
		return 0;
	if (pipeline_begin(in->db, e) != 0)
		return -1;
	for (size_t i = 0; i < m; i++) {
		if (privacy_topic(items[i]->topic))
			privacy_send(in->db, items[i]);
		else
			send_other(in->db, items[i]);
	}
	pipeline_sync(in->db);
	rc = 0;
	for (size_t i = 0; rc == 0 && i < m; i++) {
		rc = pipeline_take(in->db, &rows, e);
		if (rc != 0)
			break;
		note_other(&results[items[i] - in->items], items[i], db_count(rows) > 0);
		db_rows_free(rows);
	}
	pipeline_end(in->db);
	return rc;
}

/* HISTORY_BEFORE; by default when the database was made. */
static int read_history(struct intake *in, struct err *e)
{
	const char *s = conf_get(in->conf, "HISTORY_BEFORE");
	struct db_rows *rows;

	if (in->history_us != 0 || (*s && clock_parse_rfc3339(s, &in->history_us)))
		return 0;
	if (db_exec(in->db, &SQL_READ_INSTALLED, NULL, &rows, e) != 0)
		return -1;
	in->history_us = db_int(rows, 0, 0);
	db_rows_free(rows);
	return 0;
}

/* Step 2, for all items that step 1 did not store. */
static int take_in_rest(struct intake *in, struct payload *const *sorted, size_t m, bool alone,
			struct intake_result *results, struct err *e)
{
	struct payload *known[INTAKE_MOST], *others[INTAKE_MOST];
	struct intake_result *told[INTAKE_MOST];
	size_t nknown = 0, nothers = 0;

	for (size_t i = 0; i < m; i++) {
		if (sorted[i]->stored)
			continue;
		if (sorted[i]->order.kind == ORDER_OTHER) {
			others[nothers++] = sorted[i];
		} else {
			told[nknown] = &results[sorted[i] - in->items];
			known[nknown++] = sorted[i];
		}
	}
	if (shipment_store(in->db, sorted, m, e) != 0)
		return -1;
	if (store_others(in, others, nothers, results, e) != 0)
		return -1;
	if (nknown == 0)
		return 0;
	if (read_history(in, e) != 0)
		return -1;
	return known_take_in(in->db, known, nknown, alone, in->history_us, in->when_paid, told,
			     e);
}

/* A signature covers neither shop nor topic, so a body that was captured could be sent
 * for any shop, and take stock for each. */
static int check_replay(struct intake *in, const struct payload *it, struct err *e)
{
	struct db_param p[] = {db_param_int(it->order.external_id), db_param_text(it->shop),
			       db_param_bytes(it->digest, SIGN_BYTES)};
	struct db_rows *rows;
	bool replayed;

	if (db_exec(in->db, &SQL_FIND_REPLAY, p, &rows, e) != 0)
		return -1;
	replayed = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return replayed ? err_set(e, ERR_CONFLICT, "this body came before, for another shop") : 0;
}

/* Stores payload i: as a new order by one statement, else by the few of known.h. */
static int store_alone(struct intake *in, size_t i, struct intake_result *results, struct err *e)
{
	struct payload *it = &in->items[i];
	int rc;

	it->stored = false;
	if (may_be_new(in, it) && insert_one(in, it, &results[i], e) != 0)
		return -1;
	if (it->stored)
		return 0;
	if (it->unsigned_shop && it->order.kind != ORDER_OTHER && check_replay(in, it, e) != 0)
		return -1;
	rc = take_in_rest(in, &it, 1, true, results, e);
	if (rc != 0)
		db_rollback(in->db);
	return rc;
}

/* Stores the m payloads from `first` on, all or nothing. */
static int store_together(struct intake *in, size_t first, size_t m, struct intake_result *results,
			  struct err *e)
{
	struct payload *sorted[INTAKE_MOST];
	bool all = true;
	int rc;

	for (size_t i = 0; i < m; i++) {
		sorted[i] = &in->items[first + i];
		sorted[i]->stored = false;
	}
	qsort(sorted, m, sizeof *sorted, by_id);
	rc = db_exec(in->db, &QUERY_BEGIN, NULL, NULL, e);
	if (rc == 0)
		rc = db_exec(in->db, &SQL_LOCK_INTAKE, NULL, NULL, e);
	if (rc == 0)
		rc = insert_new(in, sorted, m, results, e);
	for (size_t i = 0; i < m; i++)
		all = all && sorted[i]->stored;
	if (rc == 0 && !all)
		rc = take_in_rest(in, sorted, m, false, results, e);
	if (rc == 0)
		return db_exec(in->db, &QUERY_COMMIT, NULL, NULL, e);
	db_rollback(in->db);
	return rc;
}

/* Worth one retry: a temporary error, or a lost connection, which a new one may mend. */
static bool may_go_well(const struct db *db, const struct err *e)
{
	return e->code == ERR_AGAIN || !db_alive(db);
}

static int store_some(struct intake *in, size_t first, size_t m, struct intake_result *results,
		      struct err *e)
{
	int rc = 0;

	for (int i = 0; i < TRIES; i++) {
		if (!db_alive(in->db) && db_reopen(in->db, e) != 0)
			return -1;
		rc = returns_place(in->db, in->items + first, m, e);
		if (rc == 0)
			rc = m == 1 ? store_alone(in, first, results, e)
				    : store_together(in, first, m, results, e);
		if (rc == 0 || !may_go_well(in->db, e))
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

static int store_all(struct intake *in, struct intake_result *results, struct err *e)
{
	int rc = 0;

	if (in->n > 0)
		rc = store_some(in, 0, in->n, results, e);
	if (rc != 0 && in->n > 1 && (e->code == ERR_DATA || e->code == ERR_BUG))
		rc = store_each(in, results, e);
	return rc;
}

/* What the batch, which is stored, has for a consequence: a trace is no part of an order, and to
 * redactions and returns fulfil-scan comes back. */
static int follow_up(struct intake *in, struct intake_result *results, bool told,
		     struct err *e)
{
	if (traced_keep(in->db, in->items, results, in->n, e) != 0)
		return -1;
	if (privacy_begin(in->db, in->items, in->n, results, e) != 0)
		return -1;
	return told ? intake_place(in->db, in->conf, e) : 0;
}

int intake_store(struct intake *in, struct intake_result *results, struct err *e)
{
	bool told = false;
	int rc = store_all(in, results, e);

	in->later.code = ERR_NONE;
	for (size_t i = 0; i < in->n; i++)
		told = told || returns_tell(&in->items[i]);
	if (rc == 0 && follow_up(in, results, told, &in->later) == 0)
		in->later.code = ERR_NONE;
	clear(in);
	return rc;
}

const char *intake_trouble(const struct intake *in)
{
	return in->later.code == ERR_NONE ? NULL : in->later.msg;
}

int intake_add_row(struct intake *in, const struct db_rows *rows, int row, struct err *e)
{
	enum { ID, SHOP, TOPIC, WEBHOOK, TRIGGERED, VERSION, EVENT, HISTORY, BODY };
	struct intake_payload p = {.shop = db_text(rows, row, SHOP),
				   .topic = db_text_or_null(rows, row, TOPIC),
				   .webhook_id = db_text_or_null(rows, row, WEBHOOK),
				   .triggered_at = db_text_or_null(rows, row, TRIGGERED),
				   .api_version = db_text_or_null(rows, row, VERSION),
				   .event_id = db_text_or_null(rows, row, EVENT),
				   .history = db_bool(rows, row, HISTORY)};
	struct buf body = BUF_INIT;
	int rc;

	buf_add(&body, "", 0);
	buf_add_hex(&body, db_text(rows, row, BODY), (size_t)db_length(rows, row, BODY));
	p.body = body.data;
	p.len = body.len;
	rc = jtext_parse(p.body, p.len, &p.json, e);
	if (rc == 0) {
		rc = intake_add(in, &p, e);
		json_decref(p.json);
	}
	buf_release(&body);
	return rc;
}

static int place_one(struct intake *in, const struct db_rows *rows, int row, struct err *e)
{
	struct db_param id = db_param_int(db_int(rows, row, 0));
	struct intake_result result;

	if (intake_add_row(in, rows, row, e) != 0 || store_all(in, &result, e) != 0)
		return -1;
	clear(in);
	return db_exec(in->db, &SQL_DELETE_PLACED_RETURN, &id, NULL, e);
}

int intake_place(struct db *db, const struct conf *conf, struct err *e)
{
	struct intake *in = intake_new(db, conf);
	struct db_rows *rows;
	int rc, n;

	do {
		rc = returns_next(db, &rows, e);
		n = rc == 0 ? db_count(rows) : 0;
		for (int i = 0; rc == 0 && i < n; i++)
			rc = place_one(in, rows, i, e);
		if (n > 0 || rc == 0)
			db_rows_free(rows);
	} while (rc == 0 && n > 0);
	intake_free(in);
	return rc;
}

/* How many of the n bytes at s are a shop and the = after it; 0: it is a secret for any shop. */
static size_t shop_of(const char *s, size_t n)
{
	const char *equals = memchr(s, '=', n);
	size_t shop = equals ? (size_t)(equals - s) : 0;

	return shop && conftype_is_shop(s, shop) ? shop + 1 : 0;
}

void intake_secrets(const char *list, const char *shop, struct buf *out)
{
	static const char gaps[] = ", \t\n";
	struct buf any = BUF_INIT;
	size_t n;

	buf_reset(out);
	buf_addstr(out, "");
	buf_addstr(&any, "");
	for (const char *s = list + strspn(list, gaps); *s; s += n, s += strspn(s, gaps)) {
		size_t skip;

		n = strcspn(s, gaps);
		skip = shop_of(s, n);
		if (skip == 0)
			buf_addf(&any, "%.*s ", (int)n, s);
		else if (skip == strlen(shop) + 1 && strncasecmp(s, shop, skip - 1) == 0)
			buf_addf(out, "%.*s ", (int)(n - skip), s + skip);
	}
	if (out->len == 0)
		buf_addstr(out, any.data);
	explicit_bzero(any.data, any.len);
	buf_release(&any);
}

/* The rest of the domain is letters, digits and hyphens. */
bool intake_shop_ok(const struct conf *conf, const char *shop)
{
	return conftype_is_shop(shop, strlen(shop)) &&
	       (*conf_get(conf, "SHOPIFY_SHOPS") == '\0' ||
		conf_lists(conf, "SHOPIFY_SHOPS", shop));
}

int intake_quarantine(struct db *db, const struct intake_payload *p, const char *remote,
		      const char *reason, struct err *e)
{
	struct db_param params[] = {db_param_text(p->shop), db_param_text(p->topic),
				    db_param_text(p->webhook_id), db_param_text(remote),
				    db_param_text(reason), db_param_bytes(p->body, p->len)};
	int rc = 0;

	for (int i = 0; i < TRIES; i++) {
		if (!db_alive(db) && db_reopen(db, e) != 0)
			return -1;
		rc = db_exec(db, &SQL_INSERT_QUARANTINE, params, NULL, e);
		if (rc == 0 || !may_go_well(db, e))
			break;
	}
	return rc;
}
