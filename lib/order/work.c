/* SPDX-License-Identifier: MIT
 *
 * work: takes batches through, and knows what to do with one that fails:
 * again, in halves, or, when a single order is at fault, as an attempt of it
 * that failed.
 */
#include "order/work.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/xalloc.h"
#include "order/batch.h"
#include "sql.h"
#include "store/array.h"

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
	struct allot_terms terms;
	long threshold, wait_days;
	int64_t alone; /* the order that was claimed last, if it was one by itself; else 0 */
};

struct work *work_new(struct db *db, const struct conf *conf, const char *worker,
		      struct work_in_hand *in_hand, work_result_fn *fn, void *ctx)
{
	struct work *w = xalloc_zero(1, sizeof *w);

	w->db = db;
	w->worker = worker;
	w->in_hand = in_hand;
	w->fn = fn;
	w->ctx = ctx;
	w->threshold = conf_int(conf, "LOW_STOCK_THRESHOLD");
	w->wait_days = conf_int(conf, "WAIT_DAYS");
	w->terms = (struct allot_terms){
		.delays = conf_backoff(conf, "RETRY_DELAYS"), .hold = conf_bool(conf, "HOLD_LINE"),
		.keep_pending = strcmp(conf_get(conf, "BACKORDER"), "wait") == 0};
	return w;
}

void work_free(struct work *w)
{
	free(w);
}

static struct batch new_batch(const struct work *w)
{
	return (struct batch){.db = w->db, .worker = w->worker, .threshold = w->threshold,
			      .terms = w->terms, .started = clock_ms()};
}

static void hold(struct work *w, const struct batch *b)
{
	if (w->in_hand == NULL)
		return;
	for (size_t i = 0; i < b->norders && i < WORK_MOST; i++)
		w->in_hand->ids[i] = b->orders[i].id;
	w->in_hand->n = b->norders;
}

/* What to process: the orders that q locks. With `trouble` it is one that the
 * database refused, and why. */
struct task {
	const struct db_query *q;
	const struct db_param *p;
	const char *trouble;
};

static int process(struct work *w, const struct task *t, size_t *done, struct err *e)
{
	struct batch b = new_batch(w);
	int rc = batch_claim(&b, t->q, t->p, t->trouble, e);

	*done = 0;
	w->alone = b.norders == 1 ? b.orders[0].id : 0;
	if (rc == 0 && b.norders > 0) {
		hold(w, &b);
		if (!batch_given_up(&b))
			for (size_t j = 0; j < b.norders; j++)
				fault_poison(b.orders[j].external_id);
		rc = batch_read(&b, e);
		if (rc == 0)
			rc = batch_lock(&b, e);
		if (rc == 0) {
			batch_allot(&b);
			rc = batch_write(&b, e);
		}
	}
	if (rc != 0 || b.norders == 0)
		db_rollback(w->db);
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
static int process_again(struct work *w, const struct task *t, size_t *done, struct err *e)
{
	int rc = -1;

	for (int i = 0; i < TRIES; i++) {
		if (i > 0)
			usleep((useconds_t)(1000 * (1 << i) + (clock_us() ^ getpid()) % 5000));
		if (!db_alive(w->db) && db_reopen(w->db, e) != 0)
			continue;
		rc = process(w, t, done, e);
		if (rc == 0 || (!err_is_temporary(e->code) && db_alive(w->db)))
			break;
	}
	return rc;
}

/* The database will not take this, now or later. */
static bool is_refusal(const struct err *e)
{
	return e->code == ERR_DATA || e->code == ERR_BUG;
}

/* An attempt that failed, at an order that was refused for the reason in e. */
static int fail_alone(struct work *w, int64_t id, size_t *done, struct err *e)
{
	struct db_param p = db_param_int(id);
	struct err why = *e;
	struct task t = {.q = &SQL_CLAIM_REFUSED, .p = &p, .trouble = why.msg};

	return process_again(w, &t, done, e);
}

int work_ids(struct work *w, const int64_t *ids, size_t n, size_t *done, struct err *e)
{
	struct array a;
	struct db_param p;
	struct task t = {.q = &SQL_CLAIM_ORDERS, .p = &p};
	size_t first, second;
	int rc;

	*done = 0;
	if (n == 0)
		return 0;
	array_init(&a, ARRAY_INT8);
	for (size_t i = 0; i < n; i++)
		array_int8(&a, ids[i]);
	p = array_param(&a);
	rc = process_again(w, &t, done, e);
	array_release(&a);
	if (rc == 0 || !is_refusal(e))
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
	struct db_param p = db_param_int((int64_t)most);
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
	struct db_param p = db_param_int((int64_t)most);
	struct task t = {.q = &SQL_CLAIM_DUE, .p = &p};
	int rc = process_again(w, &t, done, e);

	if (rc != 0 && is_refusal(e))
		rc = halve_due(w, most, done, e);
	return rc;
}

int work_wake(struct work *w, struct err *e)
{
	struct db_param p[] = {db_param_bool(w->terms.hold), db_param_int(w->wait_days)};
	int rc = -1;

	for (int i = 0; i < TRIES; i++) {
		if (!db_alive(w->db) && db_reopen(w->db, e) != 0)
			continue;
		rc = db_exec(w->db, &SQL_WAKE_BACKORDERS, p, NULL, e);
		if (rc == 0 || (!err_is_temporary(e->code) && db_alive(w->db)))
			break;
	}
	return rc;
}

int work_crashed(struct work *w, size_t *done, struct err *e)
{
	struct task t = {.q = &SQL_CLAIM_CRASHED};
	int rc = process_again(w, &t, done, e);

	if (rc != 0 && is_refusal(e) && w->alone)
		rc = fail_alone(w, w->alone, done, e);
	return rc;
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
