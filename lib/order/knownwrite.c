/* SPDX-License-Identifier: MIT
 *
 * knownwrite: an array for each column, one statement for each table.
 */
#include "order/knownwrite.h"

#include "order/reduce.h"
#include "sql.h"
#include "store/array.h"

static void add_micros(struct array *a, int64_t us)
{
	if (us == ORDER_NEVER)
		array_null(a);
	else
		array_int8(a, us);
}

/* Arrays of types[n], then their parameters. */
static void arrays_init(struct array *a, const uint32_t *types, int n)
{
	for (int i = 0; i < n; i++)
		array_init(&a[i], types[i]);
}

static void arrays_send(struct db *db, const struct db_query *q, struct array *a, int n)
{
	struct db_param p[24];

	for (int i = 0; i < n; i++)
		p[i] = array_param(&a[i]);
	pipeline_send(db, q, p);
	for (int i = 0; i < n; i++)
		array_release(&a[i]);
}

static void send_orders(struct taking *k)
{
	enum { ID, NEWER, NAME, CUSTOMER, EMAIL, TOTAL, CURRENCY, TEST, NOTES, STATUS, AWAITED,
	       RUN, DUE, SETTLED, ERROR, VERSION, TRIGGERED, FIRST, SHIPPED, HISTORY, UNPAID,
	       COLUMNS };
	static const uint32_t types[COLUMNS] = {
		[ID] = ARRAY_INT8,	 [NEWER] = ARRAY_BOOL,	   [NAME] = ARRAY_TEXT,
		[CUSTOMER] = ARRAY_TEXT, [EMAIL] = ARRAY_TEXT,	   [TOTAL] = ARRAY_TEXT,
		[CURRENCY] = ARRAY_TEXT, [TEST] = ARRAY_BOOL,	   [NOTES] = ARRAY_TEXT,
		[STATUS] = ARRAY_TEXT,	 [AWAITED] = ARRAY_BOOL,   [RUN] = ARRAY_INT4,
		[DUE] = ARRAY_BOOL,	 [SETTLED] = ARRAY_BOOL,   [ERROR] = ARRAY_TEXT,
		[VERSION] = ARRAY_INT8,	 [TRIGGERED] = ARRAY_INT8, [FIRST] = ARRAY_INT8,
		[SHIPPED] = ARRAY_BOOL,	 [HISTORY] = ARRAY_INT8,   [UNPAID] = ARRAY_BOOL};
	static const struct order none = {0};
	struct array a[COLUMNS];

	arrays_init(a, types, COLUMNS);
	for (size_t i = 0; i < k->norders; i++) {
		const struct known *o = &k->orders[i];
		const struct order *v = o->newest ? &o->newest->order : &none;

		if (!o->touched)
			continue;
		array_int8(&a[ID], o->id);
		array_bool(&a[NEWER], o->newest != NULL);
		array_text(&a[NAME], v->name);
		array_text(&a[CUSTOMER], v->customer_name);
		array_text(&a[EMAIL], v->customer_email);
		array_text(&a[TOTAL], v->total);
		array_text(&a[CURRENCY], v->currency);
		array_bool(&a[TEST], v->test);
		array_text(&a[NOTES], v->notes.data);
		array_text(&a[STATUS], o->status);
		array_bool(&a[AWAITED], o->awaited);
		array_int4(&a[RUN], o->run);
		array_bool(&a[DUE], o->due);
		array_bool(&a[SETTLED], o->settled);
		array_text(&a[ERROR], o->error);
		add_micros(&a[VERSION], o->t.whole ? o->t.version_us : ORDER_NEVER);
		add_micros(&a[TRIGGERED], o->t.whole ? o->t.triggered_us : ORDER_NEVER);
		add_micros(&a[FIRST], o->t.whole ? o->t.first_us : ORDER_NEVER);
		array_bool(&a[SHIPPED], o->t.shipped);
		add_micros(&a[HISTORY], o->t.history_us ? o->t.history_us : ORDER_NEVER);
		if (o->t.gated)
			array_bool(&a[UNPAID], target_is_unpaid(&o->t));
		else
			array_null(&a[UNPAID]);
	}
	arrays_send(k->db, &SQL_UPDATE_KNOWN_ORDERS, a, COLUMNS);
}

static void add_item(struct array *a, int64_t order_id, const struct target_line *l)
{
	enum { ORDER, LINE, EXTERNAL, SKU, NAME, QUANTITY, CURRENT, TARGET, PRICE, SKIP, KEPT,
	       BASE, LEAST, SHIPPED, SEEN, CAUSE, CAUSE_ID, PRODUCT };

	array_int8(&a[ORDER], order_id);
	array_int4(&a[LINE], l->line_no);
	if (l->id > 0)
		array_int8(&a[EXTERNAL], l->id);
	else
		array_null(&a[EXTERNAL]);
	array_text(&a[SKU], l->sku);
	array_text(&a[NAME], l->name);
	if (l->quantity >= 0)
		array_int4(&a[QUANTITY], l->quantity);
	else
		array_null(&a[QUANTITY]);
	array_int4(&a[CURRENT], l->current);
	array_int4(&a[TARGET], l->target);
	array_text(&a[PRICE], l->price);
	array_text(&a[SKIP], l->skip);
	array_int4(&a[KEPT], l->kept);
	array_int4(&a[BASE], l->base);
	array_int4(&a[LEAST], l->least);
	array_int4(&a[SHIPPED], l->shipped);
	array_bool(&a[SEEN], l->seen);
	array_text(&a[CAUSE], l->cause);
	array_int8(&a[CAUSE_ID], l->cause_id);
	array_int8(&a[PRODUCT], l->product);
}

static void send_items(struct taking *k)
{
	static const uint32_t types[] = {
		ARRAY_INT8, ARRAY_INT4, ARRAY_INT8, ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT4, ARRAY_INT4,
		ARRAY_INT4, ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT4, ARRAY_INT4, ARRAY_INT4, ARRAY_INT4,
		ARRAY_BOOL, ARRAY_TEXT, ARRAY_INT8, ARRAY_INT8};
	enum { COLUMNS = sizeof types / sizeof *types };
	struct array a[COLUMNS];

	arrays_init(a, types, COLUMNS);
	for (size_t i = 0; i < k->norders; i++)
		for (size_t j = 0; k->orders[i].touched && j < k->orders[i].t.nlines; j++)
			add_item(a, k->orders[i].id, &k->orders[i].t.lines[j]);
	arrays_send(k->db, &SQL_UPSERT_ITEMS, a, COLUMNS);
}

static void send_changes(struct taking *k)
{
	enum { ORDER, KIND, EXTERNAL, LINE, SOURCE, REMOVED, RESTOCKED, AT, RETURNED, UNSHIPPED,
	       LISTED, FIRST, RETURN, COLUMNS };
	static const uint32_t types[COLUMNS] = {
		ARRAY_INT8, ARRAY_TEXT, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT4, ARRAY_INT4,
		ARRAY_INT8, ARRAY_BOOL, ARRAY_BOOL, ARRAY_BOOL, ARRAY_BOOL, ARRAY_INT8};
	struct array a[COLUMNS];

	arrays_init(a, types, COLUMNS);
	for (size_t i = 0; i < k->norders; i++) {
		const struct known *o = &k->orders[i];

		for (size_t j = 0; o->touched && j < o->t.nchanges; j++) {
			const struct target_change *c = &o->t.changes[j];

			array_int8(&a[ORDER], o->id);
			array_text(&a[KIND], c->said.kind);
			array_int8(&a[EXTERNAL], c->said.external_id);
			array_int8(&a[LINE], c->said.line_id);
			array_int8(&a[SOURCE], c->said.source_id);
			array_int4(&a[REMOVED], c->said.removed);
			array_int4(&a[RESTOCKED], c->said.restocked);
			add_micros(&a[AT], c->said.at_us);
			array_bool(&a[RETURNED], c->said.returned);
			array_bool(&a[UNSHIPPED], c->said.unshipped);
			array_bool(&a[LISTED], c->listed);
			array_bool(&a[FIRST], c->first);
			array_int8(&a[RETURN], c->said.return_id);
		}
	}
	arrays_send(k->db, &SQL_UPSERT_CHANGES, a, COLUMNS);
}

static void send_payloads(struct taking *k)
{
	enum { ORDER, SHOP, TOPIC, WEBHOOK, TRIGGERED, VERSION, EVENT, HISTORY, DIGEST, BODY,
	       COLUMNS };
	static const uint32_t types[COLUMNS] = {
		ARRAY_INT8, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT,
		ARRAY_BOOL, ARRAY_BYTEA, ARRAY_BYTEA};
	struct buf reduced = BUF_INIT;
	struct array a[COLUMNS];
	size_t at = 0;

	arrays_init(a, types, COLUMNS);
	for (size_t i = 0; i < k->n; i++) {
		const struct payload *p = k->payloads[i];
		struct db_param digest = db_param_bytes(p->digest, SIGN_BYTES);
		struct db_param body = db_param_bytes(p->body, p->len);

		if (k->stored[i])
			continue;
		while (at + 1 < k->norders && k->orders[at].id != k->results[i]->order_id)
			at++;
		if (k->orders[at].redacted) {
			buf_reset(&reduced);
			reduce_text(p->body, p->len, &reduced);
			body = db_param_bytes(reduced.data, reduced.len);
		}
		array_int8(&a[ORDER], k->results[i]->order_id);
		array_text(&a[SHOP], p->shop);
		array_text(&a[TOPIC], p->topic);
		array_text(&a[WEBHOOK], p->webhook_id);
		array_text(&a[TRIGGERED], p->triggered_at);
		array_text(&a[VERSION], p->api_version);
		array_text(&a[EVENT], p->event_id);
		if (p->history)
			array_bool(&a[HISTORY], true);
		else
			array_null(&a[HISTORY]);
		array_value(&a[DIGEST], &digest);
		array_value(&a[BODY], &body);
	}
	arrays_send(k->db, &SQL_INSERT_PAYLOADS, a, COLUMNS);
	buf_release(&reduced);
}

int knownwrite_all(struct taking *k, bool alone, struct err *e)
{
	int rc = pipeline_begin(k->db, e), n = alone ? 5 : 4;

	if (rc != 0)
		return -1;
	send_items(k); /* first: the event of a cancellation shows the order's lines */
	send_changes(k);
	send_orders(k);
	send_payloads(k);
	if (alone)
		pipeline_send(k->db, &QUERY_COMMIT, NULL);
	pipeline_sync(k->db);
	for (int i = 0; rc == 0 && i < n; i++)
		rc = pipeline_take(k->db, NULL, e);
	pipeline_end(k->db);
	return rc;
}
