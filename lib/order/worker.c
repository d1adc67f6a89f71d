/* SPDX-License-Identifier: MIT
 *
 * worker: a round of the loop does what the doorbell rang for, and once a
 * second what PostgreSQL says is due: that is crash recovery, retry timer, the
 * turn of those who wait for stock, and life without Redis. What a datagram gave
 * is kept in shared memory until its records are out, so that the next worker in
 * its place continues with it.
 */
#include "order/worker.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/record.h"
#include "filter/log.h"
#include "filter/ndjson.h"
#include "filter/program.h"
#include "store/db.h"
#include "store/doorbell.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SCAN_MS = 1000 };

struct worker {
	const struct worker_options *opt;
	struct work *work;
	struct db *db;
	struct doorbell *queue;
	struct worker_hand *hand;
	int64_t ids[WORK_MOST]; /* those given, 0 once processed */
	size_t n;
	bool no_database, no_redis; /* and it was said */
};

static void put_result(void *ctx, const struct allot_order *o, int duration_ms)
{
	struct worker *w = ctx;
	struct buf b = BUF_INIT;

	record_begin(&b, "result");
	record_int(&b, "order_id", o->id);
	record_id_text(&b, "external_order_id", o->external_id);
	record_text(&b, "status", allot_status_name(o->status));
	record_int(&b, "attempt", o->wait >= 0 ? o->retries : o->retries + 1);
	record_int(&b, "duration_ms", duration_ms);
	if (o->shorts.len) {
		record_open(&b, "short", '[');
		record_json(&b, NULL, o->shorts.data);
		record_close(&b, ']');
	}
	if (o->error.len)
		record_text(&b, "error", o->error.data);
	if (o->wait >= 0)
		record_int(&b, "retry_in", o->wait);
	ndjson_put_record(&b);
	for (size_t i = 0; i < w->n; i++)
		if (w->ids[i] == o->id) {
			w->ids[i] = 0;
			break;
		}
}

static void put_skipped(const struct worker *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->ids[i]) {
			struct buf b = BUF_INIT;

			record_begin(&b, "result");
			record_int(&b, "order_id", w->ids[i]);
			record_text(&b, "status", "skipped");
			record_text(&b, "why", "not due, or held by another worker");
			ndjson_put_record(&b);
		}
}

/* True if the worker waits for a server that is away, which a daemon does; with
 * --drain, or fed from stdin, that is an error. */
static bool endure(struct worker *w, const struct err *e)
{
	if (w->opt->feed >= 0 || w->opt->drain || !err_is_temporary(e->code))
		return false;
	if (!w->no_database)
		log_say(LOG_WARN, "%s; trying again every second", e->msg);
	w->no_database = true;
	w->hand->rounds++; /* it does not hang */
	ndjson_wait(-1, SCAN_MS);
	return true;
}

/* What PostgreSQL says is due, until it says no more. */
static int do_due(struct worker *w, size_t *total, struct err *e)
{
	size_t done;

	if (work_wake(w->work, e) != 0)
		return -1;
	do {
		if (work_due(w->work, (size_t)w->opt->batch, &done, e) != 0)
			return -1;
		*total += done;
		w->hand->rounds++;
		ndjson_flush();
	} while (done == (size_t)w->opt->batch && !ndjson_stopping());
	do {
		if (work_crashed(w->work, &done, e) != 0)
			return -1;
		*total += done;
		w->hand->rounds++;
		ndjson_flush();
	} while (done > 0 && !ndjson_stopping());
	w->no_database = false;
	return 0;
}

static int do_rung(struct worker *w, int ms, size_t *total, struct err *e)
{
	int64_t ids[WORK_MOST];
	size_t n, done;

	if (doorbell_pop(w->queue, ids, (size_t)w->opt->batch, ms, &n, e) != 0) {
		if (!w->no_redis)
			log_say(LOG_WARN, "%s; asking PostgreSQL once a second instead", e->msg);
		w->no_redis = true;
		ndjson_wait(-1, ms);
		return 0;
	}
	w->no_redis = false;
	if (work_ids(w->work, ids, n, &done, e) != 0)
		return -1;
	w->hand->rounds += n > 0;
	*total += n;
	ndjson_flush();
	return 0;
}

static int run_queue(struct worker *w, struct err *e)
{
	int64_t next_scan = 0;

	while (!ndjson_stopping()) {
		int64_t now = clock_ms();
		size_t total = 0;
		int rc = 0;

		if (now >= next_scan || w->opt->drain) {
			rc = do_due(w, &total, e);
			next_scan = now + SCAN_MS;
		}
		if (rc == 0 && !ndjson_stopping()) {
			int64_t left = next_scan - clock_ms();

			rc = do_rung(w, w->opt->drain ? 1 : left > 0 ? (int)left : 1, &total, e);
		}
		if (rc != 0 && !endure(w, e))
			return -1;
		if (w->opt->drain && rc == 0 && total == 0)
			return 0;
	}
	return 0;
}

/* How much the worker before this one in its place left unfinished; zeros
 * among it are ids of nothing. */
static size_t left_over(const struct worker_hand *h)
{
	size_t n = WORK_MOST;

	while (n > 0 && h->given[n - 1] == 0)
		n--;
	return n;
}

static int run_fed(struct worker *w, struct err *e)
{
	int64_t *given = w->hand->given;
	size_t done;

	/* Not ended by SIGTERM: what was read from stdin is processed first. */
	while ((w->n = left_over(w->hand)) > 0 ||
	       recv(w->opt->feed, given, sizeof w->hand->given, 0) > 0) {
		w->n = left_over(w->hand);
		memcpy(w->ids, given, w->n * sizeof *given);
		if (work_ids(w->work, given, w->n, &done, e) != 0)
			return -1;
		put_skipped(w);
		w->n = 0;
		ndjson_flush();
		memset(given, 0, sizeof w->hand->given);
	}
	do {
		if (work_crashed(w->work, &done, e) != 0)
			return -1;
	} while (done > 0);
	return 0;
}

int worker_run(const struct worker_options *opt, const struct conf *conf,
	       struct worker_hand *hand)
{
	struct worker w = {.opt = opt, .hand = hand};
	struct err e = {0};
	char name[PROGRAM_WORKER];
	int rc;

	program_worker(name, "fulfil-work");
	rc = db_open_by_key(&w.db, conf, name, &e);
	if (rc == 0)
		w.work = work_new(w.db, conf, name, &hand->claimed, put_result, &w);
	if (rc == 0 && opt->feed < 0)
		rc = doorbell_open(&w.queue, conf_get(conf, "REDIS_URL"), &e);
	if (rc == 0)
		rc = opt->feed >= 0 ? run_fed(&w, &e) : run_queue(&w, &e);
	rc = rc == 0 ? 0 : log_err(&e);
	work_free(w.work);
	doorbell_close(w.queue);
	db_close(w.db);
	return ndjson_close(rc);
}

/* In a connection of its own: crashes are rare, and an idle watcher should
 * cost nothing. */
int worker_crashed(const struct conf *conf, struct worker_hand *h, struct err *e)
{
	size_t n = h->claimed.n;
	struct db *db = NULL;
	int rc = 0;

	if (n > 0)
		rc = db_open(&db, conf, "fulfil-work watch", e);
	if (rc == 0 && n > 0)
		rc = work_count_crash(db, h->claimed.ids, n, e);
	db_close(db);
	for (size_t i = 0; rc == 0 && i < n; i++)
		for (size_t k = 0; k < WORK_MOST; k++)
			if (h->given[k] == h->claimed.ids[i])
				h->given[k] = 0; /* work_crashed finds it */
	h->claimed.n = 0;
	return rc;
}
