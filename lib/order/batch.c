/* SPDX-License-Identifier: MIT
 *
 * batch: rows into what allot() reads, and what it decided into arrays.
 */
#include "order/batch.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/xalloc.h"
#include "order/remade.h"
#include "sql.h"
#include "store/array.h"

#include <stdlib.h>

void batch_release(struct batch *b)
{
	for (size_t i = 0; i < b->norders; i++) {
		buf_release(&b->orders[i].error);
		buf_release(&b->orders[i].shorts);
	}
	free(b->orders);
	free(b->wants);
	free(b->stock);
	free(b->moves);
	free(b->ahead);
	db_rows_free(b->demand);
	db_rows_free(b->taken);
}

static int by_order_id(const void *pa, const void *pb)
{
	int64_t a = ((const struct allot_order *)pa)->id, b = ((const struct allot_order *)pb)->id;

	return a < b ? -1 : a > b;
}

int batch_claim(struct batch *b, const struct db_query *q, const struct db_param *p,
		const char *trouble, struct err *e)
{
	struct db_rows *rows = NULL;
	int rc;

	if (pipeline_begin(b->db, e) != 0)
		return -1;
	pipeline_send(b->db, &QUERY_BEGIN, NULL);
	pipeline_send(b->db, q, p);
	pipeline_sync(b->db);
	rc = pipeline_take(b->db, NULL, e);
	if (rc == 0)
		rc = pipeline_take(b->db, &rows, e);
	pipeline_end(b->db);
	if (rc != 0)
		return -1;
	b->norders = (size_t)db_count(rows);
	b->orders = xalloc_zero(b->norders, sizeof *b->orders);
	for (size_t i = 0; i < b->norders; i++) {
		int row = (int)i;

		b->orders[i] = (struct allot_order){
			.id = db_int(rows, row, 0), .external_id = db_int(rows, row, 1),
			.status = allot_status_of(db_text(rows, row, 2)),
			.before = allot_status_of(db_text(rows, row, 2)),
			.run = (int)db_int(rows, row, 3), .retries = (int)db_int(rows, row, 4),
			.crashes = (int)db_int(rows, row, 5), .had_waited = db_bool(rows, row, 6),
			.waited = db_bool(rows, row, 6), .trouble = trouble};
	}
	db_rows_free(rows);
	qsort(b->orders, b->norders, sizeof *b->orders, by_order_id);
	return 0;
}

static size_t index_of(const struct batch *b, int64_t id)
{
	struct allot_order key = {.id = id};
	struct allot_order *o = bsearch(&key, b->orders, b->norders, sizeof key, by_order_id);

	return (size_t)(o - b->orders);
}

static bool is_in(const struct batch *b, int64_t id)
{
	struct allot_order key = {.id = id};

	return bsearch(&key, b->orders, b->norders, sizeof key, by_order_id) != NULL;
}

static int by_order_and_product(const void *pa, const void *pb)
{
	const struct allot_want *a = pa, *b = pb;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return a->product < b->product ? -1 : a->product > b->product;
}

/* Wants and takings of one order and product become one entry. */
static void merge_wants(struct batch *b)
{
	size_t kept = 0;

	qsort(b->wants, b->nwants, sizeof *b->wants, by_order_and_product);
	for (size_t i = 0; i < b->nwants; i++) {
		struct allot_want *last = kept ? &b->wants[kept - 1] : NULL;

		if (last && last->product && by_order_and_product(last, &b->wants[i]) == 0) {
			last->units += b->wants[i].units;
			last->kept += b->wants[i].kept;
			last->taken += b->wants[i].taken;
			if (last->cause == NULL) {
				last->cause = b->wants[i].cause;
				last->cause_id = b->wants[i].cause_id;
			}
		} else {
			b->wants[kept++] = b->wants[i];
		}
	}
	b->nwants = kept;
}

/* Columns of read-demand. */
enum { D_ORDER, D_PRODUCT, D_SKU, D_UNITS, D_KEPT, D_CAUSE, D_CAUSE_ID, D_NEWS, D_STOCKED, D_HEIR };

/* What the order of a row of the demand has of its product. */
static int64_t taken_of(const struct batch *b, int row)
{
	for (int i = 0; b->taken && i < db_count(b->taken); i++)
		if (db_int(b->taken, i, 0) == db_int(b->demand, row, D_ORDER) &&
		    db_int(b->taken, i, 1) == db_int(b->demand, row, D_PRODUCT))
			return db_int(b->taken, i, 3);
	return 0;
}

static void read_demand(struct batch *b)
{
	for (int i = 0; b->demand && i < db_count(b->demand); i++) {
		struct allot_want *w = &b->wants[b->nwants];

		if (!db_bool(b->demand, i, D_STOCKED))
			continue;
		*w = (struct allot_want){
			.order = index_of(b, db_int(b->demand, i, D_ORDER)),
			.product = db_int(b->demand, i, D_PRODUCT),
			.sku = db_text_or_null(b->demand, i, D_SKU),
			.units = db_int(b->demand, i, D_UNITS),
			.kept = db_int(b->demand, i, D_KEPT),
			.cause = db_text_or_null(b->demand, i, D_CAUSE),
			.cause_id = db_int(b->demand, i, D_CAUSE_ID)};
		b->nwants++;
		if (!db_is_null(b->demand, i, D_HEIR) &&
		    remade_split(w, taken_of(b, i), db_int(b->demand, i, D_HEIR), w + 1))
			b->nwants++;
	}
}

static void read_taken(struct batch *b)
{
	for (int i = 0; b->taken && i < db_count(b->taken); i++)
		b->wants[b->nwants++] = (struct allot_want){
			.order = index_of(b, db_int(b->taken, i, 0)),
			.product = db_int(b->taken, i, 1), .sku = db_text(b->taken, i, 2),
			.taken = db_int(b->taken, i, 3)};
}

static void read_wants(struct batch *b)
{
	size_t n = (b->demand ? 2 * (size_t)db_count(b->demand) : 0) +
		   (b->taken ? (size_t)db_count(b->taken) : 0);

	b->wants = xalloc_zero(n, sizeof *b->wants);
	read_demand(b);
	read_taken(b);
	merge_wants(b);
}

bool batch_given_up(const struct batch *b)
{
	return b->norders == 1 &&
	       (b->orders[0].trouble || b->orders[0].crashes >= ALLOT_MOST_CRASHES);
}

/* Only an order past its first run can have taken anything. */
int batch_read(struct batch *b, struct err *e)
{
	struct array ids;
	struct db_param p;
	bool again = false;
	int rc;

	if (batch_given_up(b))
		return 0;
	array_init(&ids, ARRAY_INT8);
	for (size_t i = 0; i < b->norders; i++) {
		array_int8(&ids, b->orders[i].id);
		again |= b->orders[i].run > 1;
	}
	p = array_param(&ids);
	rc = pipeline_begin(b->db, e);
	if (rc == 0) {
		pipeline_send(b->db, &SQL_READ_DEMAND, &p);
		if (again)
			pipeline_send(b->db, &SQL_READ_TAKEN, &p);
		pipeline_sync(b->db);
		rc = pipeline_take(b->db, &b->demand, e);
		if (rc == 0 && again)
			rc = pipeline_take(b->db, &b->taken, e);
		pipeline_end(b->db);
	}
	array_release(&ids);
	if (rc == 0)
		read_wants(b);
	return rc;
}

static void read_stock(struct batch *b, const struct db_rows *rows)
{
	b->nstock = (size_t)db_count(rows);
	b->stock = xalloc_zero(b->nstock, sizeof *b->stock);
	for (size_t i = 0; i < b->nstock; i++)
		b->stock[i] = (struct allot_stock){.product = db_int(rows, (int)i, 0),
						   .on_hand = db_int(rows, (int)i, 1)};
}

/* Of those who wait, the orders in the batch get their turn in it. */
static void read_ahead(struct batch *b, const struct db_rows *rows)
{
	size_t n = 0;

	b->ahead = xalloc_zero((size_t)db_count(rows), sizeof *b->ahead);
	for (int i = 0; i < db_count(rows); i++)
		if (!is_in(b, db_int(rows, i, 1)))
			b->ahead[n++] = (struct allot_ahead){
				db_int(rows, i, 0), db_int(rows, i, 1), db_int(rows, i, 2)};
	b->terms.ahead = b->ahead;
	b->terms.nahead = n;
}

/* Something goes back, and may be enough for one who waits. */
static bool gives_back(const struct batch *b)
{
	for (size_t i = 0; i < b->nwants; i++)
		if (b->wants[i].units < b->wants[i].taken)
			return true;
	return false;
}

/* Adds the products to lock: of those that were deleted, too, the ones that have their SKUs now,
 * which *heirs gets as well. */
static void add_products(const struct batch *b, struct array *ids, struct array *heirs)
{
	for (size_t i = 0; i < b->nwants; i++)
		if (b->wants[i].product)
			array_int8(ids, b->wants[i].product);
	for (int i = 0; b->demand && i < db_count(b->demand); i++)
		if (db_int(b->demand, i, D_HEIR)) {
			array_int8(ids, db_int(b->demand, i, D_HEIR));
			array_int8(heirs, db_int(b->demand, i, D_HEIR));
		}
}

/* What hold-products says: if a product is gone, the batch is decided anew. */
static int take_heirs(struct batch *b, struct err *e)
{
	struct db_rows *rows = NULL;
	bool all;

	if (pipeline_take(b->db, &rows, e) != 0)
		return -1;
	all = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return all ? 0 : err_set(e, ERR_AGAIN, "a product was deleted meanwhile");
}

/* Products before stock, as everything does that locks both. */
int batch_lock(struct batch *b, struct err *e)
{
	struct array ids, heirs;
	struct db_rows *stock = NULL, *ahead = NULL;
	int rc;

	array_init(&ids, ARRAY_INT8);
	array_init(&heirs, ARRAY_INT8);
	add_products(b, &ids, &heirs);
	rc = ids.n ? pipeline_begin(b->db, e) : 0;
	if (rc == 0 && ids.n) {
		struct db_param held = array_param(&heirs);
		struct db_param p[] = {array_param(&ids),
				       db_param_int(b->orders[b->norders - 1].id),
				       db_param_bool(b->terms.hold || gives_back(b))};

		if (heirs.n)
			pipeline_send(b->db, &SQL_HOLD_PRODUCTS, &held);
		pipeline_send(b->db, &SQL_LOCK_STOCK, p);
		pipeline_send(b->db, &SQL_READ_BACKORDERS, p);
		pipeline_sync(b->db);
		if (heirs.n)
			rc = take_heirs(b, e);
		if (rc == 0)
			rc = pipeline_take(b->db, &stock, e);
		if (rc == 0)
			rc = pipeline_take(b->db, &ahead, e);
		pipeline_end(b->db);
		if (rc == 0) {
			read_stock(b, stock);
			read_ahead(b, ahead);
		}
	}
	db_rows_free(stock);
	db_rows_free(ahead);
	array_release(&ids);
	array_release(&heirs);
	return rc;
}

void batch_allot(struct batch *b)
{
	b->nmoves = allot(b->orders, b->norders, b->wants, b->nwants, b->stock, b->nstock,
			  &b->terms, &b->moves);
}

static void send_stock(const struct batch *b)
{
	struct array product, delta;

	array_init(&product, ARRAY_INT8);
	array_init(&delta, ARRAY_INT4);
	for (size_t i = 0; i < b->nstock; i++)
		if (b->stock[i].delta) {
			array_int8(&product, b->stock[i].product);
			array_int4(&delta, (int32_t)b->stock[i].delta);
		}
	struct db_param p[] = {array_param(&product), array_param(&delta),
			       db_param_int(b->threshold)};
	pipeline_send(b->db, &SQL_UPDATE_STOCK, p);
	array_release(&product);
	array_release(&delta);
}

/* Lines learn which product they take from; most knew it when they came. Returns
 * how many results are owed. */
static int send_products(const struct batch *b)
{
	struct array order, product, sku, stocked;
	int n;

	array_init(&order, ARRAY_INT8);
	array_init(&product, ARRAY_INT8);
	array_init(&sku, ARRAY_TEXT);
	array_init(&stocked, ARRAY_BOOL);
	for (int i = 0; b->demand && i < db_count(b->demand); i++) {
		if (!db_bool(b->demand, i, D_NEWS))
			continue;
		array_int8(&order, db_int(b->demand, i, D_ORDER));
		if (db_is_null(b->demand, i, D_PRODUCT))
			array_null(&product);
		else
			array_int8(&product, db_int(b->demand, i, D_PRODUCT));
		array_text(&sku, db_text(b->demand, i, D_SKU));
		array_bool(&stocked, db_bool(b->demand, i, D_STOCKED));
	}
	struct db_param p[] = {array_param(&order), array_param(&product), array_param(&sku),
			       array_param(&stocked)};
	n = order.n > 0;
	if (n)
		pipeline_send(b->db, &SQL_REMEMBER_PRODUCTS, p);
	array_release(&order);
	array_release(&product);
	array_release(&sku);
	array_release(&stocked);
	return n;
}

static void send_ledger(const struct batch *b)
{
	enum { COLUMNS = 7 };
	struct array a[COLUMNS];
	struct db_param p[COLUMNS + 1];

	for (int i = 0; i < COLUMNS; i++)
		array_init(&a[i], i < 2 || i == 6 ? ARRAY_INT8 : i < 5 ? ARRAY_INT4 : ARRAY_TEXT);
	for (size_t i = 0; i < b->nmoves; i++) {
		const struct allot_move *m = &b->moves[i];

		array_int8(&a[0], m->product);
		array_int8(&a[1], b->orders[m->order].id);
		array_int4(&a[2], b->orders[m->order].run);
		array_int4(&a[3], (int32_t)m->delta);
		array_int4(&a[4], (int32_t)m->balance);
		array_text(&a[5], m->reason);
		array_int8(&a[6], m->source_id);
	}
	for (int i = 0; i < COLUMNS; i++)
		p[i] = array_param(&a[i]);
	p[COLUMNS] = db_param_text(b->worker);
	pipeline_send(b->db, &SQL_INSERT_LEDGER, p);
	for (int i = 0; i < COLUMNS; i++)
		array_release(&a[i]);
}

static void send_orders(const struct batch *b)
{
	struct array a[7];
	struct db_param p[7];

	array_init(&a[0], ARRAY_INT8);
	array_init(&a[1], ARRAY_TEXT);
	array_init(&a[2], ARRAY_INT4);
	array_init(&a[3], ARRAY_TEXT);
	array_init(&a[4], ARRAY_INT4);
	array_init(&a[5], ARRAY_BOOL);
	array_init(&a[6], ARRAY_BOOL);
	for (size_t i = 0; i < b->norders; i++) {
		const struct allot_order *o = &b->orders[i];

		array_int8(&a[0], o->id);
		array_text(&a[1], allot_status_name(o->status));
		array_int4(&a[2], o->retries);
		array_text(&a[3], o->error.data);
		if (o->wait >= 0)
			array_int4(&a[4], o->wait);
		else
			array_null(&a[4]);
		array_bool(&a[5], o->ok);
		array_bool(&a[6], o->waited);
	}
	for (int i = 0; i < 7; i++)
		p[i] = array_param(&a[i]);
	pipeline_send(b->db, &SQL_UPDATE_ORDERS, p);
	for (int i = 0; i < 7; i++)
		array_release(&a[i]);
}

static void send_logs(const struct batch *b)
{
	struct array a[5];
	struct db_param p[7];

	for (int i = 0; i < 5; i++)
		array_init(&a[i], i == 0 ? ARRAY_INT8 : i < 3 ? ARRAY_INT4 : ARRAY_TEXT);
	for (size_t i = 0; i < b->norders; i++) {
		const struct allot_order *o = &b->orders[i];

		array_int8(&a[0], o->id);
		array_int4(&a[1], o->run);
		array_int4(&a[2], o->wait >= 0 ? o->retries : o->retries + 1);
		array_text(&a[3], o->ok ? "success" : o->wait >= 0 ? "retry" : "failure");
		array_text(&a[4], o->error.data);
	}
	for (int i = 0; i < 5; i++)
		p[i] = array_param(&a[i]);
	p[5] = db_param_int(b->duration_ms);
	p[6] = db_param_text(b->worker);
	pipeline_send(b->db, &SQL_INSERT_SYNC_LOGS, p);
	for (int i = 0; i < 5; i++)
		array_release(&a[i]);
}

/* An order keeps its place while an attempt fails for another reason than stock. */
static bool leaves_line(const struct allot_order *o)
{
	return o->ok || o->wait < 0 || o->shorts.len;
}

/* Who waits for what from now on, of the orders that wait or did. Returns how
 * many results are owed. */
static int send_backorders(const struct batch *b)
{
	struct array orders, order, sku, product, units;
	int n;

	array_init(&orders, ARRAY_INT8);
	array_init(&order, ARRAY_INT8);
	array_init(&sku, ARRAY_TEXT);
	array_init(&product, ARRAY_INT8);
	array_init(&units, ARRAY_INT8);
	for (size_t i = 0; i < b->norders; i++)
		if ((b->orders[i].waited || b->orders[i].had_waited) && leaves_line(&b->orders[i]))
			array_int8(&orders, b->orders[i].id);
	for (size_t i = 0; i < b->nwants; i++) {
		const struct allot_want *w = &b->wants[i];

		if (!w->missing || !b->orders[w->order].waited)
			continue;
		array_int8(&order, b->orders[w->order].id);
		array_text(&sku, w->sku);
		array_int8(&product, w->product);
		array_int8(&units, allot_needs(w));
	}
	struct db_param p[] = {array_param(&orders), array_param(&order), array_param(&sku),
			       array_param(&product), array_param(&units)};
	n = orders.n > 0;
	if (n)
		pipeline_send(b->db, &SQL_SET_BACKORDERS, p);
	array_release(&orders);
	array_release(&order);
	array_release(&sku);
	array_release(&product);
	array_release(&units);
	return n;
}

/* Queues the events of orders that completed or failed; that of a cancelled one was
 * queued when it was cancelled. Returns how many results are owed. */
static int send_events(const struct batch *b)
{
	struct array types, ids;
	int n;

	array_init(&types, ARRAY_TEXT);
	array_init(&ids, ARRAY_INT8);
	for (size_t i = 0; i < b->norders; i++) {
		const struct allot_order *o = &b->orders[i];

		if (o->status == o->before ||
		    (o->status != ALLOT_COMPLETED && o->status != ALLOT_FAILED))
			continue;
		array_text(&types, o->status == ALLOT_FAILED ? "order.failed" : "order.completed");
		array_int8(&ids, o->id);
	}
	struct db_param p[] = {array_param(&types), array_param(&ids)};
	n = ids.n > 0;
	if (n)
		pipeline_send(b->db, &SQL_TELL_ORDERS, p);
	array_release(&types);
	array_release(&ids);
	return n;
}

int batch_write(struct batch *b, struct err *e)
{
	int rc = 0, n = b->nmoves ? 5 : 3;

	b->duration_ms = (int)(clock_ms() - b->started);
	if (pipeline_begin(b->db, e) != 0)
		return -1;
	if (b->nmoves) {
		send_stock(b);
		send_ledger(b);
		n += remade_send(b->db, b->moves, b->nmoves, b->worker, b->threshold);
	}
	send_orders(b);
	send_logs(b);
	n += send_products(b);
	n += send_backorders(b);
	n += send_events(b);
	fault_point("before-commit");
	pipeline_send(b->db, &QUERY_COMMIT, NULL);
	pipeline_sync(b->db);
	for (; rc == 0 && n > 0; n--)
		rc = pipeline_take(b->db, NULL, e);
	pipeline_end(b->db);
	fault_point("after-commit");
	return rc;
}
