/* SPDX-License-Identifier: MIT
 *
 * work: one batch in four round trips
 *   1. begin, claim: lock the due orders
 *   2. read what they want, and what earlier runs took
 *   3. lock the stock they want, by ascending product
 *   4. write everything, commit
 * Stock is locked from 3 to 4 only. The status that claim checks and the
 * unique keys of ledger and sync_logs each forbid a second deduction.
 */
#include "work.h"

#include "array.h"
#include "clock.h"
#include "fault.h"
#include "sql.h"
#include "xalloc.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TRIES = 8 };

struct work {
	struct db *db;
	const char *worker;
	struct work_in_hand *in_hand;
	work_result_fn *fn;
	void *ctx;
	struct backoff delays;
	long threshold;
};

/* What a batch consists of while it is in hand. */
struct batch {
	struct allot_order *orders;
	size_t norders;
	struct allot_want *wants;
	size_t nwants;
	struct allot_stock *stock;
	size_t nstock;
	struct allot_move *moves;
	size_t nmoves;
	struct db_rows *demand, *taken; /* hold the SKUs that wants borrow */
	int64_t started;
	int duration_ms;
};

int work_new(struct work **out, struct db *db, const struct conf *conf, const char *worker,
	     struct work_in_hand *in_hand, work_result_fn *fn, void *ctx, struct err *e)
{
	struct work *w = xalloc_zero(1, sizeof *w);

	*out = w;
	w->db = db;
	w->worker = worker;
	w->in_hand = in_hand;
	w->fn = fn;
	w->ctx = ctx;
	if (conf_int(conf, "LOW_STOCK_THRESHOLD", 0, 1000000000, &w->threshold, e) == 0 &&
	    backoff_parse(&w->delays, conf_get(conf, "RETRY_DELAYS"), e) == 0)
		return 0;
	work_free(w);
	*out = NULL;
	return -1;
}

void work_free(struct work *w)
{
	free(w);
}

static void batch_release(struct batch *b)
{
	for (size_t i = 0; i < b->norders; i++) {
		buf_release(&b->orders[i].error);
		buf_release(&b->orders[i].shorts);
	}
	free(b->orders);
	free(b->wants);
	free(b->stock);
	free(b->moves);
	db_rows_free(b->demand);
	db_rows_free(b->taken);
}

static enum allot_status status_of(const char *s)
{
	return s[0] == 'p' ? ALLOT_PENDING : s[1] == 'o' ? ALLOT_COMPLETED
	       : s[0] == 'f' ? ALLOT_FAILED : ALLOT_CANCELLED;
}

static int by_order_id(const void *pa, const void *pb)
{
	int64_t a = ((const struct allot_order *)pa)->id, b = ((const struct allot_order *)pb)->id;

	return a < b ? -1 : a > b;
}

/* Round trip 1. */
static int claim(struct work *w, const struct db_query *q, const struct db_param *p,
		 struct batch *b, struct err *e)
{
	struct db_rows *rows = NULL;
	int rc;

	if (db_pipeline(w->db, e) != 0)
		return -1;
	db_send(w->db, &DB_BEGIN, NULL);
	db_send(w->db, q, p);
	db_sync(w->db);
	rc = db_take(w->db, NULL, e);
	if (rc == 0)
		rc = db_take(w->db, &rows, e);
	db_done(w->db);
	if (rc != 0)
		return -1;
	b->norders = (size_t)db_count(rows);
	b->orders = xalloc_zero(b->norders, sizeof *b->orders);
	for (size_t i = 0; i < b->norders; i++) {
		int row = (int)i;

		b->orders[i] = (struct allot_order){
			.id = db_int(rows, row, 0), .external_id = db_int(rows, row, 1),
			.status = status_of(db_text(rows, row, 2)), .run = (int)db_int(rows, row, 3),
			.retries = (int)db_int(rows, row, 4), .crashes = (int)db_int(rows, row, 5)};
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
			last->taken += b->wants[i].taken;
		} else {
			b->wants[kept++] = b->wants[i];
		}
	}
	b->nwants = kept;
}

static void read_wants(struct batch *b)
{
	size_t nd = b->demand ? (size_t)db_count(b->demand) : 0;
	size_t nt = b->taken ? (size_t)db_count(b->taken) : 0;

	b->wants = xalloc_zero(nd + nt, sizeof *b->wants);
	for (size_t i = 0; i < nd; i++) {
		int row = (int)i;

		b->wants[b->nwants++] = (struct allot_want){
			index_of(b, db_int(b->demand, row, 0)), db_int(b->demand, row, 1),
			db_is_null(b->demand, row, 2) ? NULL : db_text(b->demand, row, 2),
			db_int(b->demand, row, 3), 0};
	}
	for (size_t i = 0; i < nt; i++) {
		int row = (int)i;

		b->wants[b->nwants++] = (struct allot_want){
			index_of(b, db_int(b->taken, row, 0)), db_int(b->taken, row, 1),
			db_text(b->taken, row, 2), 0, db_int(b->taken, row, 3)};
	}
	merge_wants(b);
}

/* An order that is given up comes alone, and nothing of it is looked at that
 * may have been what the workers died of. */
static bool given_up(const struct batch *b)
{
	return b->norders == 1 && b->orders[0].crashes >= ALLOT_MOST_CRASHES;
}

/* Round trip 2. Only an order past its first run can have taken anything. */
static int read_batch(struct work *w, struct batch *b, struct err *e)
{
	struct array ids;
	struct db_param p;
	bool wanted = !given_up(b), again = !wanted;
	int rc;

	array_init(&ids, ARRAY_INT8);
	for (size_t i = 0; i < b->norders; i++) {
		array_int8(&ids, b->orders[i].id);
		again |= b->orders[i].run > 1;
	}
	p = array_param(&ids);
	rc = db_pipeline(w->db, e);
	if (rc == 0) {
		if (wanted)
			db_send(w->db, &SQL_READ_DEMAND, &p);
		if (again)
			db_send(w->db, &SQL_READ_TAKEN, &p);
		db_sync(w->db);
		if (wanted)
			rc = db_take(w->db, &b->demand, e);
		if (rc == 0 && again)
			rc = db_take(w->db, &b->taken, e);
		db_done(w->db);
	}
	array_release(&ids);
	if (rc == 0)
		read_wants(b);
	return rc;
}

/* Round trip 3. */
static int lock_stock(struct work *w, struct batch *b, struct err *e)
{
	struct array ids;
	struct db_param p;
	struct db_rows *rows = NULL;
	int rc;

	array_init(&ids, ARRAY_INT8);
	for (size_t i = 0; i < b->nwants; i++)
		if (b->wants[i].product)
			array_int8(&ids, b->wants[i].product);
	if (ids.n == 0) {
		array_release(&ids);
		return 0;
	}
	p = array_param(&ids);
	rc = db_exec(w->db, &SQL_LOCK_STOCK, &p, &rows, e);
	array_release(&ids);
	if (rc != 0)
		return -1;
	b->nstock = (size_t)db_count(rows);
	b->stock = xalloc_zero(b->nstock, sizeof *b->stock);
	for (size_t i = 0; i < b->nstock; i++)
		b->stock[i] = (struct allot_stock){db_int(rows, (int)i, 0), db_int(rows, (int)i, 1), 0};
	db_rows_free(rows);
	return 0;
}

static void send_stock(struct work *w, const struct batch *b)
{
	struct array product, delta;
	char room[DB_INT_TEXT];

	array_init(&product, ARRAY_INT8);
	array_init(&delta, ARRAY_INT4);
	for (size_t i = 0; i < b->nstock; i++)
		if (b->stock[i].delta) {
			array_int8(&product, b->stock[i].product);
			array_int4(&delta, (int32_t)b->stock[i].delta);
		}
	struct db_param p[] = {array_param(&product), array_param(&delta),
			       db_param_int(w->threshold, room)};
	db_send(w->db, &SQL_UPDATE_STOCK, p);
	array_release(&product);
	array_release(&delta);
}

static void send_ledger(struct work *w, const struct batch *b)
{
	struct array a[6];
	struct db_param p[7];

	for (int i = 0; i < 6; i++)
		array_init(&a[i], i < 2 ? ARRAY_INT8 : i < 5 ? ARRAY_INT4 : ARRAY_TEXT);
	for (size_t i = 0; i < b->nmoves; i++) {
		const struct allot_move *m = &b->moves[i];

		array_int8(&a[0], m->product);
		array_int8(&a[1], b->orders[m->order].id);
		array_int4(&a[2], b->orders[m->order].run);
		array_int4(&a[3], (int32_t)m->delta);
		array_int4(&a[4], (int32_t)m->balance);
		array_text(&a[5], m->reason);
	}
	for (int i = 0; i < 6; i++)
		p[i] = array_param(&a[i]);
	p[6] = db_param_text(w->worker);
	db_send(w->db, &SQL_INSERT_LEDGER, p);
	for (int i = 0; i < 6; i++)
		array_release(&a[i]);
}

static void send_orders(struct work *w, const struct batch *b)
{
	struct array a[6];
	struct db_param p[6];

	array_init(&a[0], ARRAY_INT8);
	array_init(&a[1], ARRAY_TEXT);
	array_init(&a[2], ARRAY_INT4);
	array_init(&a[3], ARRAY_TEXT);
	array_init(&a[4], ARRAY_INT4);
	array_init(&a[5], ARRAY_BOOL);
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
	}
	for (int i = 0; i < 6; i++)
		p[i] = array_param(&a[i]);
	db_send(w->db, &SQL_UPDATE_ORDERS, p);
	for (int i = 0; i < 6; i++)
		array_release(&a[i]);
}

static void send_logs(struct work *w, const struct batch *b)
{
	struct array a[5];
	struct db_param p[7];
	char room[DB_INT_TEXT];

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
	p[5] = db_param_int(b->duration_ms, room);
	p[6] = db_param_text(w->worker);
	db_send(w->db, &SQL_INSERT_SYNC_LOGS, p);
	for (int i = 0; i < 5; i++)
		array_release(&a[i]);
}

/* Round trip 4. */
static int write_batch(struct work *w, struct batch *b, struct err *e)
{
	int rc = 0, n = b->nmoves ? 5 : 3;

	b->duration_ms = (int)(clock_ms() - b->started);
	if (db_pipeline(w->db, e) != 0)
		return -1;
	if (b->nmoves) {
		send_stock(w, b);
		send_ledger(w, b);
	}
	send_orders(w, b);
	send_logs(w, b);
	fault_point("before-commit");
	db_send(w->db, &DB_COMMIT, NULL);
	db_sync(w->db);
	for (; rc == 0 && n > 0; n--)
		rc = db_take(w->db, NULL, e);
	db_done(w->db);
	fault_point("after-commit");
	return rc;
}

static void hold(struct work *w, const struct batch *b)
{
	if (w->in_hand == NULL)
		return;
	for (size_t i = 0; i < b->norders && i < WORK_MOST; i++)
		w->in_hand->ids[i] = b->orders[i].id;
	w->in_hand->n = b->norders;
}

static void roll_back(struct work *w)
{
	if (db_alive(w->db) && db_exec(w->db, &DB_ROLLBACK, NULL, NULL, NULL) != 0)
		return; /* the next statement finds the connection gone */
}

static int process(struct work *w, const struct db_query *q, const struct db_param *p,
		   size_t *done, struct err *e)
{
	struct batch b = {.started = clock_ms()};
	int rc = claim(w, q, p, &b, e);

	*done = 0;
	if (rc == 0 && b.norders > 0) {
		hold(w, &b);
		if (!given_up(&b))
			fault_orders(b.orders, b.norders);
		rc = read_batch(w, &b, e);
		if (rc == 0)
			rc = lock_stock(w, &b, e);
		if (rc == 0) {
			b.nmoves = allot(b.orders, b.norders, b.wants, b.nwants, b.stock, b.nstock,
					 &w->delays, &b.moves);
			rc = write_batch(w, &b, e);
		}
	}
	if (rc != 0 || b.norders == 0)
		roll_back(w);
	if (w->in_hand)
		w->in_hand->n = 0;
	if (rc == 0) {
		*done = b.norders;
		for (size_t i = 0; i < b.norders; i++)
			w->fn(w->ctx, &b.orders[i], b.duration_ms);
	}
	batch_release(&b);
	return rc;
}

/* Makes one attempt after another while the trouble is of the passing kind. */
static int process_again(struct work *w, const struct db_query *q, const struct db_param *p,
			 size_t *done, struct err *e)
{
	int rc = -1;

	for (int i = 0; i < TRIES; i++) {
		if (i > 0)
			usleep((useconds_t)(1000 * (1 << i) + (clock_us() ^ getpid()) % 5000));
		if (!db_alive(w->db) && db_reopen(w->db, e) != 0)
			continue;
		rc = process(w, q, p, done, e);
		if (rc == 0 || (!err_is_temporary(e->code) && db_alive(w->db)))
			break;
	}
	return rc;
}

/* The database refuses this order's data: an attempt that failed. */
static int fail_alone(struct work *w, int64_t id, size_t *done, struct err *e)
{
	struct batch b = {.started = clock_ms()};
	struct array ids;
	struct db_param p;
	int rc;

	array_init(&ids, ARRAY_INT8);
	array_int8(&ids, id);
	p = array_param(&ids);
	struct err why = *e;
	rc = claim(w, &SQL_CLAIM_ORDERS, &p, &b, e);
	array_release(&ids);
	if (rc == 0 && b.norders == 1) {
		struct allot_order *o = &b.orders[0];

		buf_addstr(&o->error, why.msg);
		o->wait = backoff_seconds(&w->delays, o->retries + 1);
		if (o->wait >= 0)
			o->retries++;
		else if (o->status == ALLOT_PENDING)
			o->status = ALLOT_FAILED;
		rc = write_batch(w, &b, e);
	}
	if (rc != 0 || b.norders != 1)
		roll_back(w);
	*done = rc == 0 ? b.norders : 0;
	if (*done)
		w->fn(w->ctx, &b.orders[0], b.duration_ms);
	batch_release(&b);
	return rc;
}

int work_ids(struct work *w, const int64_t *ids, size_t n, size_t *done, struct err *e)
{
	struct array a;
	struct db_param p;
	size_t first, second;
	int rc;

	*done = 0;
	if (n == 0)
		return 0;
	array_init(&a, ARRAY_INT8);
	for (size_t i = 0; i < n; i++)
		array_int8(&a, ids[i]);
	p = array_param(&a);
	rc = process_again(w, &SQL_CLAIM_ORDERS, &p, done, e);
	array_release(&a);
	if (rc == 0 || (e->code != ERR_DATA && e->code != ERR_BUG))
		return rc;
	if (n == 1)
		return fail_alone(w, ids[0], done, e);
	rc = work_ids(w, ids, n / 2, &first, e);
	if (rc == 0)
		rc = work_ids(w, ids + n / 2, n - n / 2, &second, e);
	*done = rc == 0 ? first + second : 0;
	return rc;
}

/* Which ids are due is asked first where a batch was refused, to halve it. */
static int halve_due(struct work *w, size_t most, size_t *done, struct err *e)
{
	char room[DB_INT_TEXT];
	struct db_param p = db_param_int((int64_t)most, room);
	int64_t ids[WORK_MOST];
	struct db_rows *rows;
	size_t n;

	if (db_exec(w->db, &SQL_LIST_DUE, &p, &rows, e) != 0)
		return -1;
	n = (size_t)db_count(rows);
	for (size_t i = 0; i < n; i++)
		ids[i] = db_int(rows, (int)i, 0);
	db_rows_free(rows);
	return work_ids(w, ids, n, done, e);
}

int work_due(struct work *w, size_t most, size_t *done, struct err *e)
{
	char room[DB_INT_TEXT];
	struct db_param p = db_param_int((int64_t)most, room);
	int rc = process_again(w, &SQL_CLAIM_DUE, &p, done, e);

	if (rc != 0 && (e->code == ERR_DATA || e->code == ERR_BUG))
		rc = halve_due(w, most, done, e);
	return rc;
}

int work_crashed(struct work *w, size_t *done, struct err *e)
{
	return process_again(w, &SQL_CLAIM_CRASHED, NULL, done, e);
}

int work_count_crash(struct db *db, const int64_t *ids, size_t n, struct err *e)
{
	struct array a;
	struct db_param p;
	int rc;

	array_init(&a, ARRAY_INT8);
	for (size_t i = 0; i < n; i++)
		array_int8(&a, ids[i]);
	p = array_param(&a);
	rc = db_exec(db, &SQL_COUNT_CRASH, &p, NULL, e);
	array_release(&a);
	return rc;
}
