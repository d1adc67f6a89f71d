/* SPDX-License-Identifier: MIT
 *
 * importer: two connections, for an import is one long transaction:
 *   - one claims uploads, reads their pieces, tells how far it is, and keeps
 *     rejected rows; it holds the claim, and is all there is between uploads
 *   - the other imports, and completes the upload in the same transaction
 * What fails for good ends the upload; what may go well another time puts it
 * back, and counts as one of its three tries unless we were asked to stop.
 */
#include "catalogue/importer.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/record.h"
#include "base/supervisor.h"
#include "catalogue/feedfile.h"
#include "catalogue/import.h"
#include "catalogue/importrecord.h"
#include "catalogue/options.h"
#include "catalogue/upload.h"
#include "filter/log.h"
#include "filter/ndjson.h"
#include "store/db.h"

#include <string.h>
#include <sysexits.h>

enum { NOTE_MS = 250, POLL_MS = 1000, PARSED = 80, MERGED = 95, /* percent */
       FIRST_CHANGES = 100 };

struct importer {
	const struct conf *conf;
	const char *worker;
	struct db *control, *db;
	struct upload_job *job;
	struct import *im;
	const struct options *options; /* of the job */
	struct feedfile kept;  /* if they name a feed */
	struct buf report;
	int64_t started, noted; /* clock_ms */
	struct err trouble;     /* of the control connection, while the other works */
	int64_t seen;           /* what was done of the file when progress was told last */
	bool cancelled, away;   /* away: the database is, and it was said */
	bool holds;             /* the connection may hold a claim that is over */
};

/* --- how far it is --- */

static int percent(const struct importer *w, const struct import_counts *n)
{
	const char *phase = import_phase(w->im);

	if (strcmp(phase, "parse") == 0 || strcmp(phase, "wait") == 0)
		return w->job->bytes ? (int)(n->bytes * PARSED / w->job->bytes) : 0;
	return strcmp(phase, "merge") == 0 ? PARSED : MERGED;
}

/* {"reject_counts":…, "warning_counts":…, "warnings":[…]} */
static void make_report(struct importer *w)
{
	buf_reset(&w->report);
	record_open(&w->report, NULL, '{');
	import_add_codes(&w->report, w->im);
	notices_add_first(import_warnings(w->im), &w->report, "warnings");
	record_open(&w->report, "change_counts", '{');
	import_add_changes(&w->report, w->im);
	record_close(&w->report, '}');
	record_open(&w->report, "changes", '[');
	if (*import_first_changes(w->im))
		record_json(&w->report, NULL, import_first_changes(w->im));
	record_close(&w->report, ']');
	record_close(&w->report, '}');
}

static struct upload_progress progress(struct importer *w)
{
	struct import_counts n = import_counts(w->im);
	int64_t ms = clock_ms() - w->started;

	make_report(w);
	return (struct upload_progress){
		.phase = import_phase(w->im), .percent = percent(w, &n), .processed = n.read,
		.total = strcmp(import_phase(w->im), "parse") == 0 ? -1 : n.read,
		.rows_per_second = ms > 0 ? n.read * 1000 / ms : 0, .created = n.created,
		.updated = n.updated, .unchanged = n.unchanged, .superseded = n.superseded,
		.rejected = n.rejected, .report = w->report.data};
}

/* To the supervisor, if it went on. */
static void tell_progress(struct importer *w)
{
	struct import_counts n = import_counts(w->im);
	int64_t done = n.bytes + n.read + n.created + n.updated + n.unchanged;

	if (done != w->seen)
		supervisor_progress();
	w->seen = done;
}

/* Tells it, four times a second. True: stop. */
static bool tick(void *ctx)
{
	struct importer *w = ctx;
	struct upload_progress p;

	if (w->trouble.code == ERR_NONE && clock_ms() - w->noted >= NOTE_MS) {
		w->noted = clock_ms();
		p = progress(w);
		tell_progress(w);
		if (upload_note(w->control, w->job, &p, &w->cancelled, &w->trouble) == 0)
			w->trouble = (struct err){0};
	}
	return w->cancelled || w->trouble.code != ERR_NONE || ndjson_stopping();
}

static int give_back(void *ctx, const char *text, size_t n, struct err *e)
{
	struct importer *w = ctx;

	return upload_reject(w->control, w->job, text, n, e);
}

static int complete(struct importer *w, struct db *db, struct err *e)
{
	struct upload_progress p = progress(w);

	if (upload_flush_rejects(w->control, w->job, e) != 0)
		return -1;
	return upload_complete(db, w->job, &p, e);
}

/* Whether a feed is whole. */
static int check(void *ctx, struct err *e)
{
	struct importer *w = ctx;

	return w->options->feed == NULL ? 0
	       : feedfile_check(&w->kept, import_counts(w->im).read, import_columns(w->im),
				w->options->opt.stock, e);
}

/* In the transaction of the import, so that all is done or nothing. */
static int before_commit(void *ctx, struct err *e)
{
	struct importer *w = ctx;
	int rc;

	if (w->options->feed && feedfile_save(&w->kept, w->db, e) != 0)
		return -1;
	fault_point("before-completion");
	rc = complete(w, w->db, e);
	fault_point("before-commit");
	return rc;
}

/* --- one upload --- */

static int feed(struct importer *w, struct err *e)
{
	struct buf piece = BUF_INIT;
	int rc = 0;

	for (int64_t n = 0; rc == 0 && n < w->job->pieces; n++) {
		buf_reset(&piece);
		rc = tick(w) ? err_set(e, ERR_AGAIN, "stopped")
		   : upload_read(w->control, w->job, n, &piece, e);
		if (rc == 0)
			rc = import_feed(w->im, piece.data, piece.len, e);
	}
	buf_release(&piece);
	return rc;
}

static int import(struct importer *w, struct options *o, struct err *e)
{
	static const struct import_ops ops = {.give_back = give_back, .tick = tick, .check = check,
					      .before_commit = before_commit};

	w->options = o;
	if (db_open(&w->db, w->conf, "fulfil-import", e) != 0 ||
	    (o->feed && feedfile_begin(&w->kept, w->db, o->feed, &o->opt, e) != 0) ||
	    import_new(&w->im, w->db, &o->opt, &ops, w, e) != 0)
		return -1;
	if (feed(w, e) == 0 && import_finish(w->im, e) == 0) {
		fault_point("after-commit");
		return o->opt.dry_run ? complete(w, w->control, e) : 0;
	}
	if (w->cancelled)
		err_set(e, ERR_CONFLICT, "it was cancelled");
	else if (ndjson_stopping())
		err_set(e, ERR_AGAIN, "stopped, and nothing was imported; it waits for another "
			"importer");
	else if (w->trouble.code != ERR_NONE)
		*e = w->trouble;
	import_fail(w->im, e);
	return -1;
}

static void put_summary(const struct importer *w, const char *status, const struct options *o)
{
	importrecord_put_summary(w->im, (double)(clock_ms() - w->started) / 1000, status,
				 o->opt.dry_run, w->job);
	ndjson_flush();
}

/* What becomes of an upload that was not imported. */
static int give_up(struct importer *w, const struct options *o, const struct err *why,
		   struct err *e)
{
	struct upload_progress p = {.phase = "", .report = "{}"};

	log_say(LOG_WARN, "upload %lld, %s: %s", (long long)w->job->id, w->job->filename, why->msg);
	if (w->im)
		p = progress(w);
	if (!db_alive(w->control))
		return 0; /* the claim is gone, so somebody takes it up again */
	if (!w->cancelled && (err_is_temporary(why->code) || ndjson_stopping()))
		return upload_return(w->control, w->job, ndjson_stopping() ? NULL : why->msg, e);
	if (upload_flush_rejects(w->control, w->job, e) != 0 ||
	    upload_fail(w->control, w->job, why->msg, &p, &w->cancelled, e) != 0)
		return -1;
	if (o->feed && !o->opt.dry_run && !w->cancelled &&
	    feedfile_refuse(o->feed, w->control, why, e) != 0)
		return -1;
	put_summary(w, w->cancelled ? "cancelled" : "failed", o);
	return 0;
}

/* Returns the exit status that a stop at this moment has. */
static int run_job(struct importer *w)
{
	struct err e = {0}, after = {0};
	struct options o;
	int rc;

	w->started = w->noted = clock_ms();
	w->cancelled = false;
	w->trouble = (struct err){0};
	fault_point("claimed");
	rc = options_read(&o, w->job->options, conf_get(w->conf, "IMPORT_ACTIVE"), &e);
	o.opt.first_changes = FIRST_CHANGES;
	o.opt.task_id = w->job->task;
	o.opt.worker = w->worker;
	o.opt.attempt = w->job->tries;
	o.opt.threshold = conf_get(w->conf, "LOW_STOCK_THRESHOLD");
	if (rc == 0)
		rc = import(w, &o, &e);
	if (rc == 0)
		put_summary(w, import_counts(w->im).rejected ? "partial" : "ok", &o);
	else if (give_up(w, &o, &e, &after) != 0)
		log_say(LOG_WARN, "upload %lld: %s", (long long)w->job->id, after.msg);
	import_free(w->im);
	w->im = NULL;
	db_close(w->db);
	w->db = NULL;
	feedfile_release(&w->kept);
	options_release(&o);
	w->holds = db_alive(w->control) && upload_unlock(w->control, w->job, &after) != 0;
	return rc != 0 && ndjson_stopping() ? EX_TEMPFAIL : 0;
}

/* --- one after another --- */

/* Makes sure of the connection that claims, and claims. */
static int claim(struct importer *w, struct err *e)
{
	if ((w->holds || !db_alive(w->control)) && db_reopen(w->control, e) != 0)
		return -1;
	w->holds = false;
	return upload_claim(w->control, w->worker, &w->job, e);
}

int importer_run(struct db *db, const struct conf *conf, const char *worker)
{
	struct importer w = {.conf = conf, .worker = worker, .control = db};
	struct err e = {0};
	int status = 0;

	while (status == 0 && !ndjson_stopping()) {
		if (claim(&w, &e) != 0) {
			if (!err_is_temporary(e.code))
				status = log_err(&e);
			else if (!w.away)
				log_say(LOG_WARN, "%s; trying again every second", e.msg);
			w.away = true;
		} else {
			w.away = false;
		}
		supervisor_progress();
		if (w.job)
			status = run_job(&w);
		else if (status == 0)
			ndjson_wait(-1, POLL_MS);
		upload_job_free(w.job);
		w.job = NULL;
	}
	supervisor_stopping();
	buf_release(&w.report);
	return status;
}
