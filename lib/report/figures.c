/* SPDX-License-Identifier: MIT
 *
 * figures: a few counting statements a figure, sent as one pipeline. A lost
 * connection is made again and asked once more: a server that came back is up.
 */
#include "report/figures.h"

#include "base/clock.h"
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

/* A statement and what it takes. */
struct question {
	const struct db_query *query;
	int64_t number;
};

static int run_once(struct db *db, const struct question q[], int n, struct db_rows *rows[],
		    struct err *e)
{
	int rc = 0;

	for (int i = 0; i < n; i++)
		rows[i] = NULL;
	if ((!db_alive(db) && db_reopen(db, e) != 0) || pipeline_begin(db, e) != 0)
		return -1;
	for (int i = 0; i < n; i++) {
		struct db_param p = db_param_int(q[i].number);

		pipeline_send(db, q[i].query, &p);
	}
	pipeline_sync(db);
	for (int i = 0; rc == 0 && i < n; i++)
		rc = pipeline_take(db, &rows[i], e);
	pipeline_end(db);
	if (rc != 0) {
		free_all(rows, n);
		for (int i = 0; i < n; i++)
			rows[i] = NULL;
	}
	return rc;
}

/* Runs n statements in one round trip; the caller frees the rows. */
static int run(struct db *db, const struct question q[], int n, struct db_rows *rows[],
	       struct err *e)
{
	int rc = run_once(db, q, n, rows, e);

	return rc != 0 && !db_alive(db) ? run_once(db, q, n, rows, e) : rc;
}

static void ask_redis(struct figures_health *h, struct doorbell *queue)
{
	int64_t started = clock_us();
	struct err e = {0};

	h->queue_length = -1;
	h->redis_up = queue && doorbell_length(queue, &h->queue_length, &e) == 0;
	h->redis_us = clock_us() - started;
	if (!h->redis_up)
		snprintf(h->redis_error, sizeof h->redis_error, "%.199s",
			 queue ? e.msg : "Redis: not asked");
}

static void ask_database(struct figures_health *h, struct db *db, const struct err *why)
{
	enum { DUE, WORKERS, SENDERS, IMPORTERS, ALL };
	const struct question q[] = {{&SQL_COUNT_DUE, 0}, {&SQL_LIST_WORKERS, 1},
				     {&SQL_CHECK_SENDERS, FIGURES_OVERDUE_SECONDS},
				     {&SQL_CHECK_IMPORTERS, FIGURES_OVERDUE_SECONDS}};
	int64_t started = clock_us();
	struct db_rows *rows[ALL] = {NULL};
	struct err e = {0};

	h->workers = h->due = h->oldest_due_seconds = h->senders = h->oldest_delivery_seconds = -1;
	h->importers = h->uploads = h->oldest_upload_seconds = -1;
	h->database_up = db && run(db, q, ALL, rows, &e) == 0;
	h->database_us = clock_us() - started;
	if (h->database_up) {
		h->due = number(rows[DUE], 0);
		h->oldest_due_seconds = number(rows[DUE], 1);
		h->workers = db_count(rows[WORKERS]) ? number(rows[WORKERS], 3) : 0;
		h->senders = number(rows[SENDERS], 0);
		h->webhooks = number(rows[SENDERS], 1);
		h->oldest_delivery_seconds = number(rows[SENDERS], 2);
		h->left_lying = db_bool(rows[SENDERS], 0, 3);
		h->importers = number(rows[IMPORTERS], 0);
		h->uploads = number(rows[IMPORTERS], 1);
		h->oldest_upload_seconds = number(rows[IMPORTERS], 2);
	} else {
		snprintf(h->database_error, sizeof h->database_error, "%.199s",
			 db ? e.msg : why ? why->msg : "PostgreSQL: not asked");
	}
	free_all(rows, ALL);
}

const char *figures_sending(const struct figures_health *h)
{
	if (h->senders < 0)
		return "unknown";
	if (h->senders == 0 && h->webhooks > 0)
		return "down";
	return h->left_lying ? "overdue" : "up";
}

const char *figures_importing(const struct figures_health *h)
{
	if (h->importers < 0)
		return "unknown";
	if (h->importers > 0)
		return "up";
	return h->oldest_upload_seconds > FIGURES_QUEUED_SECONDS ? "down" : "idle";
}

void figures_health(struct figures_health *h, struct db *db, struct doorbell *queue,
		    const struct err *why)
{
	*h = (struct figures_health){0};
	ask_redis(h, queue);
	ask_database(h, db, why);
	h->serves = h->database_up && h->workers > 0 &&
		    h->oldest_due_seconds <= FIGURES_OVERDUE_SECONDS &&
		    strcmp(figures_sending(h), "up") == 0 &&
		    strcmp(figures_importing(h), "down") != 0;
	h->healthy = h->serves && h->redis_up;
}

int figures_queue(struct figures_queue *s, struct db *db, struct doorbell *queue, struct err *e)
{
	const struct question q[] = {{&SQL_COUNT_DUE, 0}};
	struct db_rows *rows[1];

	*s = (struct figures_queue){.length = -1};
	if (run(db, q, 1, rows, e) != 0)
		return -1;
	s->due = number(rows[0], 0);
	s->oldest_due_seconds = number(rows[0], 1);
	s->waiting = number(rows[0], 2);
	free_all(rows, 1);
	if (queue && doorbell_length(queue, &s->length, NULL) != 0)
		s->length = -1;
	return 0;
}

int figures_orders(struct figures_orders *s, struct db *db, struct figures_tallies *t,
		   struct err *e)
{
	enum { PENDING = TALLY_COLUMNS, FAILED, CANCELLED, RETRYING };
	const struct question q[] = {{&SQL_COUNT_LAST_MINUTE, 0}};
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
	s->retrying = number(rows, RETRYING);
	s->completed = s->total - s->pending - s->failed - s->cancelled;
	db_rows_free(rows);
	return 0;
}

int figures_metrics(struct figures_metrics *s, struct db *db, struct figures_tallies *t,
		    struct err *e)
{
	const struct question q[] = {{&SQL_COUNT_LAST_HOUR, 0}, {&SQL_COUNT_LOGS, 0},
				     {&SQL_COUNT_LOW_STOCK, 0}, {&SQL_COUNT_INTAKE, 0}};
	struct db_rows *rows[4];

	if (figures_orders(&s->orders, db, t, e) != 0 || run(db, q, 4, rows, e) != 0)
		return -1;
	s->last_hour = number(rows[0], 0);
	s->avg_us = number(rows[1], 0);
	s->sync_logs = number(rows[1], 1);
	s->low = number(rows[2], 0);
	s->out = number(rows[2], 1);
	s->quarantined = number(rows[3], 0);
	s->intake_seconds = number(rows[3], 1);
	s->intake_lag_seconds = number(rows[3], 2);
	s->alarms = number(rows[3], 3);
	free_all(rows, 4);
	return 0;
}

int figures_workers(struct figures_workers *s, struct db *db, struct err *e)
{
	const struct question q[] = {{&SQL_LIST_WORKERS, FIGURES_WORKERS_MOST}};
	struct db_rows *rows[1];

	*s = (struct figures_workers){0};
	if (run(db, q, 1, rows, e) != 0)
		return -1;
	s->nsome = db_count(rows[0]);
	if (s->nsome > 0) {
		s->count = number(rows[0], 3);
		s->busy = number(rows[0], 4);
	}
	for (int i = 0; i < s->nsome && i < FIGURES_WORKERS_MOST; i++) {
		struct figures_worker *w = &s->some[i];

		snprintf(w->name, sizeof w->name, "%.63s", db_text(rows[0], i, 0));
		w->busy = db_bool(rows[0], i, 1);
		w->seconds = db_int(rows[0], i, 2);
	}
	free_all(rows, 1);
	return 0;
}

int figures_products(struct figures_products *s, struct db *db, struct figures_tallies *t,
		     struct err *e)
{
	const struct question q[] = {{&SQL_COUNT_LOW_STOCK, 0}};
	struct db_rows *rows[1];

	if (run(db, q, 1, rows, e) != 0)
		return -1;
	s->low = number(rows[0], 0);
	s->out = number(rows[0], 1);
	free_all(rows, 1);
	return tally_count(&t->products, db, &SQL_TALLY_PRODUCTS, &s->total, NULL, e);
}

static void read_line(struct figures_line *l, const struct db_rows *rows, int i)
{
	l->webhook = db_int(rows, i, 0);
	snprintf(l->state, sizeof l->state, "%.15s", db_text(rows, i, 1));
	l->queued = db_int(rows, i, 2);
	l->oldest_due_seconds = db_int(rows, i, 3);
	l->failures = db_int(rows, i, 4);
}

static void read_counts(struct figures_counts *c, const struct db_rows *rows, int i)
{
	c->webhook = db_int(rows, i, 0);
	c->delivered = db_int(rows, i, 1);
	c->retried = db_int(rows, i, 2);
	c->given_up = db_int(rows, i, 3);
	c->ms = db_int(rows, i, 4);
}

int figures_deliveries(struct figures_deliveries *s, struct db *db, const struct figures_tallies *t,
		    struct err *e)
{
	enum { COUNTS, QUEUES, SENDERS, ENDS, ALL };
	int64_t window = t->window_ms > 0 ? t->window_ms : 60000;
	const struct question q[] = {{&SQL_COUNT_DELIVERIES, window},
				     {&SQL_LIST_QUEUES, FIGURES_QUEUES_MOST},
				     {&SQL_CHECK_SENDERS, FIGURES_OVERDUE_SECONDS},
				     {&SQL_LIST_WEBHOOK_COUNTS, FIGURES_COUNTS_MOST}};
	struct db_rows *rows[ALL];
	int64_t *const counts[] = {&s->enabled, &s->paused, &s->disabled, &s->outbox,
				   &s->outbox_events, &s->due, &s->sending, &s->waiting, &s->made,
				   &s->given_up};
	enum { N = sizeof counts / sizeof *counts };

	*s = (struct figures_deliveries){0};
	if (run(db, q, ALL, rows, e) != 0)
		return -1;
	for (int i = 0; i < N; i++)
		*counts[i] = number(rows[COUNTS], i);
	s->per_second = (double)number(rows[COUNTS], N) * 1000 / (double)window;
	s->senders = number(rows[SENDERS], 0);
	s->oldest_due_seconds = number(rows[SENDERS], 2);
	for (; s->nsome < db_count(rows[QUEUES]) && s->nsome < FIGURES_QUEUES_MOST; s->nsome++)
		read_line(&s->some[s->nsome], rows[QUEUES], s->nsome);
	for (; s->ncounts < db_count(rows[ENDS]) && s->ncounts < FIGURES_COUNTS_MOST; s->ncounts++)
		read_counts(&s->counts[s->ncounts], rows[ENDS], s->ncounts);
	free_all(rows, ALL);
	return 0;
}

int figures_success_permille(const struct figures_orders *s)
{
	int64_t finished = s->completed + s->failed;

	return finished > 0 ? (int)((s->completed * 1000 + finished / 2) / finished) : -1;
}

/* What another part counted a moment ago is not counted again. */
static int read_part(struct figures_report *r, enum figures_part part, struct db *db,
		     struct doorbell *queue, struct figures_tallies *t, struct err *e)
{
	bool known = r->parts & FIGURES_METRICS;

	switch (part) {
	case FIGURES_METRICS:
		return figures_metrics(&r->metrics, db, t, e);
	case FIGURES_ORDERS:
		r->orders = r->metrics.orders;
		return known ? 0 : figures_orders(&r->orders, db, t, e);
	case FIGURES_QUEUE:
		return figures_queue(&r->queue, db, queue, e);
	case FIGURES_WORKERS:
		return figures_workers(&r->workers, db, e);
	case FIGURES_PRODUCTS:
		r->products = (struct figures_products){0, r->metrics.low, r->metrics.out};
		return known ? tally_count(&t->products, db, &SQL_TALLY_PRODUCTS,
					   &r->products.total, NULL, e)
			     : figures_products(&r->products, db, t, e);
	case FIGURES_DELIVERIES:
		return figures_deliveries(&r->deliveries, db, t, e);
	default:
		return 0;
	}
}

int figures_report(struct figures_report *r, unsigned parts, struct db *db, struct doorbell *queue,
		struct figures_tallies *t, const struct err *why, struct err *e)
{
	*r = (struct figures_report){.parts = parts & FIGURES_HEALTH};
	clock_now_text(r->time);
	figures_health(&r->health, db, queue, why);
	if (!r->health.database_up)
		return err_set(e, why ? why->code : ERR_AWAY, "%s", r->health.database_error);
	for (unsigned part = FIGURES_METRICS; part < FIGURES_ALL; part <<= 1) {
		if ((parts & part) == 0)
			continue;
		if (read_part(r, (enum figures_part)part, db, queue, t, e) != 0)
			return -1;
		r->parts |= part;
	}
	r->per_second = (double)r->orders.minute / 60;
	return 0;
}
