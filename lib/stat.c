/* SPDX-License-Identifier: MIT
 *
 * stat: a few counting statements a figure, sent as one pipeline. A lost
 * connection is made again and asked once more: a server that came back is up.
 */
#include "stat.h"

#include "clock.h"
#include "sql.h"

#include <stdio.h>
#include <string.h>

enum { MOST_QUERIES = 8 };

/* The first row's column as a number; -1 for null. */
static int64_t number(const struct db_rows *rows, int col)
{
	return db_count(rows) == 0 || db_is_null(rows, 0, col) ? -1 : db_int(rows, 0, col);
}

static void free_all(struct db_rows *rows[], int n)
{
	for (int i = 0; i < n; i++)
		db_rows_free(rows[i]);
}

static int run_once(struct db *db, const struct db_query *const q[], int n, struct db_rows *rows[],
		    struct err *e)
{
	char room[DB_INT_TEXT];
	struct db_param most = db_param_int(STAT_WORKERS_MOST, room);
	int rc = 0;

	for (int i = 0; i < n; i++)
		rows[i] = NULL;
	if ((!db_alive(db) && db_reopen(db, e) != 0) || db_pipeline(db, e) != 0)
		return -1;
	for (int i = 0; i < n; i++)
		db_send(db, q[i], &most);
	db_sync(db);
	for (int i = 0; rc == 0 && i < n; i++)
		rc = db_take(db, &rows[i], e);
	db_done(db);
	if (rc != 0) {
		free_all(rows, n);
		for (int i = 0; i < n; i++)
			rows[i] = NULL;
	}
	return rc;
}

/* Runs n statements in one round trip; the caller frees the rows. */
static int run(struct db *db, const struct db_query *const q[], int n, struct db_rows *rows[],
	       struct err *e)
{
	int rc = run_once(db, q, n, rows, e);

	return rc != 0 && !db_alive(db) ? run_once(db, q, n, rows, e) : rc;
}

static void ask_redis(struct stat_health *h, struct queue *queue)
{
	int64_t started = clock_us();
	struct err e = {0};

	h->queue_length = -1;
	h->redis_up = queue && queue_length(queue, &h->queue_length, &e) == 0;
	h->redis_us = clock_us() - started;
	if (!h->redis_up)
		snprintf(h->redis_error, sizeof h->redis_error, "%.199s",
			 queue ? e.msg : "Redis: not asked");
}

static void ask_database(struct stat_health *h, struct db *db, const struct err *why)
{
	const struct db_query *const q[] = {&SQL_COUNT_DUE, &SQL_LIST_WORKERS};
	int64_t started = clock_us();
	struct db_rows *rows[2] = {NULL, NULL};
	struct err e = {0};

	h->workers = h->due = h->oldest_due_seconds = -1;
	h->database_up = db && run(db, q, 2, rows, &e) == 0;
	h->database_us = clock_us() - started;
	if (h->database_up) {
		h->due = number(rows[0], 0);
		h->oldest_due_seconds = number(rows[0], 1);
		h->workers = db_count(rows[1]) ? number(rows[1], 3) : 0;
	} else {
		snprintf(h->database_error, sizeof h->database_error, "%.199s",
			 db ? e.msg : why ? why->msg : "PostgreSQL: not asked");
	}
	free_all(rows, 2);
}

void stat_health(struct stat_health *h, struct db *db, struct queue *queue, const struct err *why)
{
	*h = (struct stat_health){0};
	ask_redis(h, queue);
	ask_database(h, db, why);
	h->healthy = h->database_up && h->redis_up && h->workers > 0 &&
		     h->oldest_due_seconds <= STAT_OVERDUE_SECONDS;
}

int stat_queue(struct stat_queue *s, struct db *db, struct queue *queue, struct err *e)
{
	const struct db_query *const q[] = {&SQL_COUNT_DUE};
	struct db_rows *rows[1];

	*s = (struct stat_queue){.length = -1};
	if (run(db, q, 1, rows, e) != 0)
		return -1;
	s->due = number(rows[0], 0);
	s->oldest_due_seconds = number(rows[0], 1);
	s->waiting = number(rows[0], 2);
	free_all(rows, 1);
	if (queue && queue_length(queue, &s->length, NULL) != 0)
		s->length = -1;
	return 0;
}

int stat_orders(struct stat_orders *s, struct db *db, struct stat_tallies *t, struct err *e)
{
	enum { PENDING = TALLY_COLUMNS, FAILED, CANCELLED };
	const struct db_query *const q[] = {&SQL_COUNT_LAST_MINUTE};
	struct db_rows *rows;

	if (run(db, q, 1, &rows, e) != 0)
		return -1;
	s->minute = number(rows, 0);
	db_rows_free(rows);
	if (tally_count(&t->orders, db, &SQL_COUNT_ORDERS, &s->total, &rows, e) != 0)
		return -1;
	s->pending = number(rows, PENDING);
	s->failed = number(rows, FAILED);
	s->cancelled = number(rows, CANCELLED);
	s->completed = s->total - s->pending - s->failed - s->cancelled;
	db_rows_free(rows);
	return 0;
}

int stat_metrics(struct stat_metrics *s, struct db *db, struct stat_tallies *t, struct err *e)
{
	const struct db_query *const q[] = {&SQL_COUNT_LAST_HOUR, &SQL_COUNT_LOGS,
					    &SQL_COUNT_LOW_STOCK};
	struct db_rows *rows[3];

	if (stat_orders(&s->orders, db, t, e) != 0 || run(db, q, 3, rows, e) != 0)
		return -1;
	s->last_hour = number(rows[0], 0);
	s->avg_us = number(rows[1], 0);
	s->sync_logs = number(rows[1], 1);
	s->low = number(rows[2], 0);
	s->out = number(rows[2], 1);
	free_all(rows, 3);
	return 0;
}

int stat_workers(struct stat_workers *s, struct db *db, struct err *e)
{
	const struct db_query *const q[] = {&SQL_LIST_WORKERS};
	struct db_rows *rows[1];

	*s = (struct stat_workers){0};
	if (run(db, q, 1, rows, e) != 0)
		return -1;
	s->nsome = db_count(rows[0]);
	if (s->nsome > 0) {
		s->count = number(rows[0], 3);
		s->busy = number(rows[0], 4);
	}
	for (int i = 0; i < s->nsome && i < STAT_WORKERS_MOST; i++) {
		struct stat_worker *w = &s->some[i];

		snprintf(w->name, sizeof w->name, "%.63s", db_text(rows[0], i, 0));
		w->busy = db_bool(rows[0], i, 1);
		w->seconds = db_int(rows[0], i, 2);
	}
	free_all(rows, 1);
	return 0;
}

int stat_products(struct stat_products *s, struct db *db, struct stat_tallies *t, struct err *e)
{
	const struct db_query *const q[] = {&SQL_COUNT_LOW_STOCK};
	struct db_rows *rows[1];

	if (run(db, q, 1, rows, e) != 0)
		return -1;
	s->low = number(rows[0], 0);
	s->out = number(rows[0], 1);
	free_all(rows, 1);
	return tally_count(&t->products, db, &SQL_TALLY_PRODUCTS, &s->total, NULL, e);
}

int stat_success_permille(const struct stat_orders *s)
{
	int64_t finished = s->completed + s->failed;

	return finished > 0 ? (int)((s->completed * 1000 + finished / 2) / finished) : -1;
}

/* What another part counted a moment ago is not counted again. */
static int read_part(struct stat_report *r, enum stat_part part, struct db *db, struct queue *queue,
		     struct stat_tallies *t, struct err *e)
{
	bool known = r->parts & STAT_METRICS;

	switch (part) {
	case STAT_METRICS:
		return stat_metrics(&r->metrics, db, t, e);
	case STAT_ORDERS:
		r->orders = r->metrics.orders;
		return known ? 0 : stat_orders(&r->orders, db, t, e);
	case STAT_QUEUE:
		return stat_queue(&r->queue, db, queue, e);
	case STAT_WORKERS:
		return stat_workers(&r->workers, db, e);
	case STAT_PRODUCTS:
		r->products = (struct stat_products){0, r->metrics.low, r->metrics.out};
		return known ? tally_count(&t->products, db, &SQL_TALLY_PRODUCTS, &r->products.total,
					   NULL, e)
			     : stat_products(&r->products, db, t, e);
	default:
		return 0;
	}
}

int stat_report(struct stat_report *r, unsigned parts, struct db *db, struct queue *queue,
		struct stat_tallies *t, const struct err *why, struct err *e)
{
	*r = (struct stat_report){.parts = parts & STAT_HEALTH};
	clock_now_text(r->time);
	stat_health(&r->health, db, queue, why);
	if (!r->health.database_up)
		return err_set(e, why ? why->code : ERR_AWAY, "%s", r->health.database_error);
	for (unsigned part = STAT_METRICS; part < STAT_ALL; part <<= 1) {
		if ((parts & part) == 0)
			continue;
		if (read_part(r, (enum stat_part)part, db, queue, t, e) != 0)
			return -1;
		r->parts |= part;
	}
	r->per_second = (double)r->orders.minute / 60;
	return 0;
}

/* Up and down in a straight line between 0 and `height`. */
static int64_t wave(int64_t ms, int64_t period, int64_t height)
{
	int64_t at = ms % period;

	return (at < period / 2 ? at : period - at) * height * 2 / period;
}

static void demo_orders(struct stat_orders *o, int64_t ms)
{
	/* 4.5 a second, faster and slower by 2 with each wave. */
	o->completed = 182340 + ms * 9 / 2000 + wave(ms, 60000, 60);
	o->failed = o->completed / 83;
	o->cancelled = o->completed / 61;
	o->pending = 3 + wave(ms, 7000, 9) + wave(ms + 400, 90000, 14);
	o->total = o->completed + o->failed + o->cancelled + o->pending;
	o->minute = 270;
}

static void demo_workers(struct stat_workers *w, int64_t ms)
{
	*w = (struct stat_workers){.count = 4, .nsome = 4};
	for (int i = 0; i < 4; i++) {
		snprintf(w->some[i].name, sizeof w->some[i].name, "fulfil-work shop%d %d", i / 2 + 1,
			 4711 + i * 13);
		w->some[i].busy = ms / 700 % (i + 2) == 0;
		w->some[i].seconds = ms / 1000 % (3 + i);
		w->busy += w->some[i].busy;
	}
}

void stat_demo(struct stat_report *r, unsigned parts, int64_t ms)
{
	struct stat_orders *o = &r->orders;

	ms %= (int64_t)7 * 86400 * 1000;
	*r = (struct stat_report){.parts = parts};
	clock_now_text(r->time);
	demo_orders(o, ms);
	demo_workers(&r->workers, ms);
	r->per_second = ms % 60000 < 30000 ? 6.5 : 2.5;
	r->queue = (struct stat_queue){.length = o->pending / 2, .due = o->pending - 3,
				       .oldest_due_seconds = o->pending > 12, .waiting = 3};
	r->products = (struct stat_products){1250, 17 + wave(ms, 300000, 6), 4 + wave(ms, 500000, 3)};
	r->metrics = (struct stat_metrics){.orders = *o, .avg_us = 3800 + wave(ms, 45000, 2900),
					   .last_hour = 16200 + wave(ms, 900000, 700),
					   .low = r->products.low, .out = r->products.out,
					   .sync_logs = o->completed + o->failed * 4 + 2016};
	r->health = (struct stat_health){.healthy = true, .database_up = true, .redis_up = true,
					 .database_us = 310 + wave(ms, 9000, 240),
					 .redis_us = 70 + wave(ms, 5000, 60),
					 .queue_length = r->queue.length, .workers = 4,
					 .due = r->queue.due,
					 .oldest_due_seconds = r->queue.oldest_due_seconds};
}
