/* SPDX-License-Identifier: MIT
 *
 * scan: in this order
 *   1. levels are mended, which may make products cross
 *   2. crossings are told: their stock rows are locked, told, noted as told,
 *      committed; a crash in between tells them again and loses none
 *   3. what orders wait for is told
 *   4. names of people go where that was asked
 *   5. logs, payloads, uploads, events and traceparents are pruned, a bounded number in one
 *      statement
 *   6. what became of orders is folded, by the minute and the hour
 *   7. one row of sync_logs says what was done
 */
#include "report/scan.h"

#include "base/clock.h"
#include "base/record.h"
#include "catalogue/upload.h"
#include "sql.h"
#include "store/array.h"

#include <unistd.h>

enum { ALERTS = 100, LEVELS = 1000, ROWS = 10000, EVENTS = 100, PATIENCE = 20,
       PATIENCE_US = 50000 };

struct scan {
	struct db *db;
	const struct scan_ops *ops;
	void *ctx;
	struct scan_result *r;
	long threshold, log_days, payload_days, event_days, personal_days;
	long silence, late; /* minutes, seconds */
};

/* The first row of a statement as numbers; null is -1. */
static int read_numbers(struct db *db, const struct db_query *q, const struct db_param *p,
			int64_t *out, int n, struct err *e)
{
	struct db_rows *rows;

	if (db_exec(db, q, p, &rows, e) != 0)
		return -1;
	for (int i = 0; i < n; i++)
		out[i] = db_is_null(rows, 0, i) ? -1 : db_int(rows, 0, i);
	db_rows_free(rows);
	return 0;
}

static int mend(struct scan *s, struct err *e)
{
	struct db_param p[] = {db_param_int(s->threshold), db_param_int(LEVELS),
			       db_param_int(0)};
	int64_t count[2], done[2];

	if (read_numbers(s->db, &SQL_COUNT_STOCK, p, count, 2, e) != 0)
		return -1;
	s->r->scanned = count[0];
	if (count[1] == 0)
		return 0;
	do {
		if (read_numbers(s->db, &SQL_MEND_STOCK, p, done, 2, e) != 0)
			return -1;
		s->r->mended += done[0];
		p[2] = db_param_int(done[1]);
	} while (done[0] > 0);
	return 0;
}

static void tell(struct scan *s, const struct db_rows *rows)
{
	enum { PRODUCT, SKU, NAME, LEVEL, QUANTITY, REORDER_LEVEL, HIDDEN };

	for (int i = 0; i < db_count(rows); i++) {
		struct scan_alert a = {
			.product_id = db_int(rows, i, PRODUCT),
			.sku = db_text(rows, i, SKU),
			.name = db_text(rows, i, NAME),
			.level = db_text(rows, i, LEVEL),
			.quantity = db_int(rows, i, QUANTITY),
			.reorder_level = db_int(rows, i, REORDER_LEVEL)};

		if (db_bool(rows, i, HIDDEN))
			continue;
		s->ops->alert(s->ctx, &a);
		s->r->alerts++;
	}
}

static int clear(struct scan *s, const struct db_rows *rows, struct err *e)
{
	struct array ids;
	struct db_param p;
	int rc;

	array_init(&ids, ARRAY_INT8);
	for (int i = 0; i < db_count(rows); i++)
		array_int8(&ids, db_int(rows, i, 0));
	p = array_param(&ids);
	rc = db_exec(s->db, &SQL_CLEAR_ALERTS, &p, NULL, e);
	array_release(&ids);
	return rc;
}

/* One transaction; *n is how many it dealt with. */
static int tell_some(struct scan *s, int64_t *n, struct err *e)
{
	struct db_param p[] = {db_param_int(ALERTS), db_param_int(s->threshold)};
	struct db_rows *rows = NULL;
	int64_t before = s->r->alerts;
	int rc = db_exec(s->db, &QUERY_BEGIN, NULL, NULL, e);

	if (rc == 0)
		rc = db_exec(s->db, &SQL_CLAIM_ALERTS, p, &rows, e);
	if (rc == 0) {
		*n = db_count(rows);
		tell(s, rows);
		if (s->r->alerts > before)
			rc = s->ops->told(s->ctx, e);
	}
	if (rc == 0 && *n > 0)
		rc = clear(s, rows, e);
	if (rc == 0)
		rc = db_exec(s->db, &QUERY_COMMIT, NULL, NULL, e);
	db_rows_free(rows);
	if (rc != 0)
		db_rollback(s->db);
	return rc;
}

/* A row that a worker has locked is free again in a moment; one that another
 * scan has locked is then told of. */
static int tell_all(struct scan *s, struct err *e)
{
	int64_t n, left;

	for (int i = 0; i < PATIENCE; i++) {
		do {
			if (tell_some(s, &n, e) != 0)
				return -1;
		} while (n > 0);
		if (read_numbers(s->db, &SQL_COUNT_ALERTS, NULL, &left, 1, e) != 0)
			return -1;
		if (left == 0)
			break;
		usleep(PATIENCE_US);
	}
	return 0;
}

static int tell_shortages(struct scan *s, struct err *e)
{
	struct db_param all = db_param_text(NULL);
	struct db_rows *rows;

	if (db_exec(s->db, &SQL_READ_SHORTAGES, &all, &rows, e) != 0)
		return -1;
	s->r->short_of = db_count(rows);
	for (int i = 0; i < db_count(rows); i++)
		s->ops->shortage(s->ctx, db_text(rows, i, 0));
	db_rows_free(rows);
	return 0;
}

/* One transaction, as tell_some. */
static int tell_alarms(struct scan *s, struct err *e)
{
	struct db_param p[] = {db_param_int(s->silence), db_param_int(s->late)};
	struct db_rows *rows = NULL;
	int rc = db_exec(s->db, &SQL_NOTE_INTAKE, NULL, NULL, e);

	if (rc == 0)
		rc = db_exec(s->db, &QUERY_BEGIN, NULL, NULL, e);
	if (rc != 0)
		return rc;
	rc = db_exec(s->db, &SQL_CLAIM_ALARMS, p, &rows, e);
	for (int i = 0; rc == 0 && i < db_count(rows); i++) {
		struct scan_alarm a = {db_text(rows, i, 0), db_text(rows, i, 1),
				       db_int(rows, i, 2),
				       db_is_null(rows, i, 3) ? 0 : db_int(rows, i, 3)};

		s->ops->alarm(s->ctx, &a);
		s->r->alarms++;
	}
	if (rc == 0)
		rc = s->ops->told(s->ctx, e);
	if (rc == 0)
		rc = db_exec(s->db, &QUERY_COMMIT, NULL, NULL, e);
	if (rc != 0)
		db_rollback(s->db);
	db_rows_free(rows);
	return rc;
}

static int prune_logs(struct scan *s, struct err *e)
{
	struct db_param p[] = {db_param_int(s->log_days), db_param_int(ROWS),
			       db_param_int(0)};
	int64_t done[2];

	do {
		if (read_numbers(s->db, &SQL_PRUNE_SYNC_LOGS, p, done, 2, e) != 0)
			return -1;
		s->r->pruned += done[0];
		p[2] = db_param_int(done[1]);
	} while (done[0] == ROWS);
	return 0;
}

static int prune_traces(struct scan *s, struct err *e)
{
	struct db_param p[] = {db_param_int(s->log_days), db_param_int(ROWS), db_param_int(0)};
	int64_t done[2];

	do {
		if (read_numbers(s->db, &SQL_PRUNE_ORDER_TRACES, p, done, 2, e) != 0)
			return -1;
		s->r->pruned += done[0];
		p[2] = db_param_int(done[1]);
	} while (done[1] > 0);
	return 0;
}

static int fold_rollups(struct scan *s, struct err *e)
{
	int64_t more = 1;

	while (more)
		if (read_numbers(s->db, &SQL_FOLD_ROLLUPS, NULL, &more, 1, e) != 0)
			return -1;
	return db_exec(s->db, &SQL_PRUNE_ROLLUPS, NULL, NULL, e);
}

static int prune_payloads(struct scan *s, struct err *e)
{
	struct db_param p[] = {db_param_int(s->payload_days), db_param_int(ROWS),
			       db_param_int(0)};
	struct db_rows *rows;
	int64_t done[2];
	bool wanted;

	if (db_exec(s->db, &SQL_CHECK_PAYLOADS, p, &rows, e) != 0)
		return -1;
	wanted = db_bool(rows, 0, 0);
	db_rows_free(rows);
	if (!wanted)
		return 0;
	do {
		if (read_numbers(s->db, &SQL_PRUNE_PAYLOADS, p, done, 2, e) != 0)
			return -1;
		s->r->pruned += done[0];
		p[2] = db_param_int(done[1]);
	} while (done[1] > 0);
	return db_exec(s->db, &SQL_NOTE_PAYLOADS, p, NULL, e);
}

static int write_log(struct scan *s, const char *worker, const char *error, struct err *e)
{
	const struct scan_result *r = s->r;
	struct buf details = BUF_INIT;
	int rc;

	record_open(&details, NULL, '{');
	record_int(&details, "scanned", r->scanned);
	record_int(&details, "alerts", r->alerts);
	record_int(&details, "low", r->low);
	record_int(&details, "out", r->out);
	record_int(&details, "mended", r->mended);
	record_int(&details, "pruned", r->pruned);
	record_close(&details, '}');
	struct db_param p[] = {db_param_text(error ? "failure" : "success"),
			       db_param_text(details.data), db_param_text(error),
			       db_param_int(r->us / 1000), db_param_text(worker)};
	rc = db_exec(s->db, &SQL_INSERT_SCAN_LOG, p, NULL, e);
	buf_release(&details);
	return rc;
}

/* As many events as will have ROWS rows of their own, deliveries and attempts,
 * if they are like those before. */
static int64_t next_batch(int64_t events, int64_t gone)
{
	int64_t next = gone > 0 ? events * ROWS / gone : ROWS;

	next = next < events * 2 ? next : events * 2;
	return next < 1 ? 1 : next < ROWS ? next : ROWS;
}

static int prune_events(struct scan *s, struct err *e)
{
	struct db_param p[] = {db_param_int(s->event_days), db_param_int(EVENTS),
			       db_param_int(0)};
	int64_t batch = EVENTS, asked, done[3];

	do {
		if (read_numbers(s->db, &SQL_PRUNE_EVENTS, p, done, 3, e) != 0)
			return -1;
		s->r->pruned += done[2];
		asked = batch;
		batch = next_batch(batch, done[2]);
		p[1] = db_param_int(batch);
		p[2] = db_param_int(done[1]);
	} while (done[0] == asked);
	return 0;
}

static int prune_uploads(struct scan *s, struct err *e)
{
	int64_t n;

	if (upload_prune(s->db, s->log_days, &n, e) != 0)
		return -1;
	s->r->pruned += n;
	return 0;
}

static int forget(struct scan *s, struct err *e)
{
	const struct forget_ops ops = {s->ops->forgot};

	return forget_run(s->db, s->personal_days, &ops, s->ctx, &s->r->redacted,
			  &s->r->reduced, e);
}

static int scan_all(struct scan *s, struct err *e)
{
	int64_t levels[2];

	if (mend(s, e) != 0 || tell_all(s, e) != 0 || tell_shortages(s, e) != 0 ||
	    tell_alarms(s, e) != 0 || forget(s, e) != 0 ||
	    (s->log_days > 0 && prune_logs(s, e) != 0) ||
	    (s->payload_days > 0 && prune_payloads(s, e) != 0) || prune_uploads(s, e) != 0 ||
	    (s->event_days > 0 && prune_events(s, e) != 0) ||
	    (s->log_days > 0 && prune_traces(s, e) != 0) || fold_rollups(s, e) != 0 ||
	    read_numbers(s->db, &SQL_COUNT_LOW_STOCK, NULL, levels, 2, e) != 0)
		return -1;
	s->r->low = levels[0];
	s->r->out = levels[1];
	return 0;
}

int scan_run(struct db *db, const struct conf *conf, const char *worker,
	     const struct scan_ops *ops, void *ctx, struct scan_result *r, struct err *e)
{
	struct scan s = {.db = db, .ops = ops, .ctx = ctx, .r = r,
			 .threshold = conf_int(conf, "LOW_STOCK_THRESHOLD"),
			 .log_days = conf_int(conf, "LOG_RETENTION_DAYS"),
			 .silence = conf_int(conf, "SILENCE_MINUTES"),
			 .late = conf_int(conf, "LATE_SECONDS"),
			 .personal_days = conf_int(conf, "PERSONAL_DAYS"),
			 .payload_days = conf_int(conf, "PAYLOAD_RETENTION_DAYS"),
			 .event_days = conf_int(conf, "WEBHOOK_RETENTION_DAYS")};
	int64_t started = clock_us();
	int rc;

	*r = (struct scan_result){0};
	rc = scan_all(&s, e);
	r->us = clock_us() - started;
	if (rc == 0)
		return write_log(&s, worker, NULL, e);
	if (db_alive(db) && write_log(&s, worker, e->msg, NULL) != 0)
		return -1; /* the first trouble is the one to tell */
	return -1;
}
