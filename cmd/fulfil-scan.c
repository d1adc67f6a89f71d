/* SPDX-License-Identifier: MIT
 *
 * fulfil-scan: from cron, an `alert` record for each product that ran low, a
 * `shortage` for each SKU that orders wait for, and a `scan` summary; with
 * --audit a `breach` record for each row that breaks what must always hold, and
 * an `audit` summary; with --rebuild also for each order that its payloads make otherwise.
 */
#include "base/backoff.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/jtext.h"
#include "base/record.h"
#include "filter/log.h"
#include "filter/ndjson.h"
#include "filter/opt.h"
#include "filter/program.h"
#include "order/intake.h"
#include "report/audit.h"
#include "report/rebuild.h"
#include "report/recount.h"
#include "report/scan.h"
#include "store/db.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static void put_alert(void *ctx, const struct scan_alert *a)
{
	struct buf b = BUF_INIT;

	(void)ctx;
	record_begin(&b, "alert");
	record_int(&b, "product_id", a->product_id);
	record_text(&b, "sku", a->sku);
	record_text(&b, "name", a->name);
	record_text(&b, "level", a->level);
	record_int(&b, "quantity", a->quantity);
	record_int(&b, "reorder_level", a->reorder_level);
	ndjson_put_record(&b);
}

static void put_shortage(void *ctx, const char *object)
{
	struct buf b = BUF_INIT;

	(void)ctx;
	record_begin(&b, "shortage");
	record_join(&b, object);
	ndjson_put_record(&b);
}

static void put_alarm(void *ctx, const struct scan_alarm *a)
{
	struct buf b = BUF_INIT;

	(void)ctx;
	record_begin(&b, "alarm");
	record_text(&b, "kind", a->kind);
	record_text(&b, "shop", *a->shop ? a->shop : NULL);
	record_int(&b, "seconds", a->seconds);
	if (a->webhook)
		record_int(&b, "webhook_id", a->webhook);
	else
		record_null(&b, "webhook_id");
	ndjson_put_record(&b);
}

static void put_privacy(void *ctx, const struct forget_done *d)
{
	struct buf b = BUF_INIT;

	(void)ctx;
	record_begin(&b, "privacy");
	record_int(&b, "request_id", d->request_id);
	record_text(&b, "kind", d->kind);
	record_text(&b, "shop", d->shop);
	record_int(&b, "orders", d->orders);
	record_int(&b, "bodies", d->bodies);
	ndjson_put_record(&b);
}

static int flush_alerts(void *ctx, struct err *e)
{
	(void)ctx;
	ndjson_flush();
	return ndjson_status() == 0 ? 0 : err_set(e, ERR_IO, "the alerts could not be written");
}

static int scan(struct db *db, const struct conf *conf, struct err *e)
{
	const struct scan_ops ops = {put_alert, put_alarm, put_privacy, put_shortage, flush_alerts};
	struct buf b = BUF_INIT;
	struct scan_result r;
	char worker[PROGRAM_WORKER];

	program_worker(worker, "fulfil-scan");
	if (intake_place(db, conf, e) != 0 ||
	    scan_run(db, conf, worker, &ops, NULL, &r, e) != 0)
		return log_err(e);
	record_begin(&b, "scan");
	record_int(&b, "scanned", r.scanned);
	record_int(&b, "alerts", r.alerts);
	record_int(&b, "low", r.low);
	record_int(&b, "out", r.out);
	record_int(&b, "short", r.short_of);
	record_int(&b, "mended", r.mended);
	record_int(&b, "redacted", r.redacted);
	record_int(&b, "reduced", r.reduced);
	record_int(&b, "pruned", r.pruned);
	record_real(&b, "seconds", (double)r.us / 1e6, 3);
	ndjson_put_record(&b);
	return 0;
}

static void put_breach(void *ctx, const struct audit_breach *breach)
{
	struct buf b = BUF_INIT;

	(void)ctx;
	record_begin(&b, "breach");
	record_text(&b, "check", breach->check);
	record_id(&b, "order_id", breach->order_id);
	record_id(&b, "product_id", breach->product_id);
	record_text(&b, "external_order_id", breach->external_order_id);
	record_text(&b, "found", breach->found);
	record_text(&b, "expected", breach->expected);
	ndjson_put_record(&b);
	ndjson_flush();
}

static void put_more(void *ctx, const char *check, int64_t n)
{
	struct buf b = BUF_INIT;

	(void)ctx;
	record_begin(&b, "more");
	record_text(&b, "check", check);
	record_int(&b, "breaches", n);
	ndjson_put_record(&b);
}

/* ctx is the exit status of the journal. */
static void tell_ambiguous(void *ctx, int64_t line, int64_t external_id)
{
	log_say(LOG_ERROR, "journal, line %lld: several shops have an order %lld, and the line "
		"does not name its shop", (long long)line, (long long)external_id);
	*(int *)ctx = EX_DATAERR;
}

static const struct audit_ops audit_ops = {put_breach, put_more, tell_ambiguous};

static int64_t external_id(const char *s)
{
	size_t n = strspn(s, "0123456789");
	int64_t id;

	errno = 0;
	id = n > 0 && s[n] == '\0' ? strtoll(s, NULL, 10) : 0;
	return errno == 0 ? id : 0;
}

/* A line of the journal: an id, or a record. *id is 0 for a record of nothing
 * that was stored. The caller owns *record, which holds *shop. */
static int read_entry(const char *line, size_t len, json_t **record, int64_t *id,
		      const char **shop, struct err *e)
{
	const json_t *field;

	*record = NULL;
	*shop = NULL;
	*id = external_id(line);
	if (*id > 0)
		return 0;
	if (*line == '{' && jtext_parse(line, len, record, e) != 0)
		return -1;
	field = json_object_get(*record, "external_order_id");
	if (json_is_null(field) ||
	    (field && strcmp(json_string_value(json_object_get(*record, "status")) ?: "",
			     "rejected") == 0))
		return 0;
	*id = json_is_string(field) ? external_id(json_string_value(field))
				    : json_integer_value(field);
	*shop = json_string_value(json_object_get(*record, "shop"));
	return *id > 0 ? 0 : err_set(e, ERR_DATA,
				     "neither an id nor a record with external_order_id");
}

/* Bad lines are reported and the good ones are used: that is *status. Returns 0, or the
 * exit status of what ended it. */
static int read_journal(FILE *f, struct audit_journal *j, int *status, struct err *e)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int64_t id;

	for (long n = 1; (len = getline(&line, &size, f)) >= 0; n++) {
		const char *shop;
		json_t *record;
		int rc;

		while (len > 0 && strchr(" \t\r\n", line[len - 1]))
			line[--len] = '\0';
		if (len == 0)
			continue;
		if (read_entry(line, (size_t)len, &record, &id, &shop, e) != 0) {
			log_say(LOG_ERROR, "journal, line %ld: %s", n, e->msg);
			*status = EX_DATAERR;
		}
		rc = id > 0 ? audit_journal_add(j, id, shop, n, e) : 0;
		json_decref(record);
		if (rc != 0) {
			free(line);
			return log_err(e);
		}
	}
	free(line);
	if (ferror(f)) {
		log_say(LOG_ERROR, "cannot read the journal: %s", strerror(errno));
		*status = EX_IOERR;
	}
	return audit_journal_end(j, e) == 0 ? 0 : log_err(e);
}

static int audit_journal(struct db *db, const char *path, struct audit_result *r, struct err *e)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	struct audit_journal *j;
	int status = 0, rest;

	if (f == NULL) {
		log_say(LOG_ERROR, "cannot read the journal %s: %s", path, strerror(errno));
		return EX_IOERR;
	}
	j = audit_journal_new(db, &audit_ops, &status, r);
	rest = read_journal(f, j, &status, e);
	audit_journal_free(j);
	if (f != stdin)
		fclose(f);
	return err_worse(status, rest);
}

static int rebuild(struct db *db, const struct conf *conf, const char *into,
		   struct audit_result *audit, struct err *e)
{
	struct rebuild_result r = {0};
	struct buf b = BUF_INIT;
	char worker[PROGRAM_WORKER];

	program_worker(worker, "fulfil-scan");
	if (rebuild_run(db, conf, into, worker, &audit_ops, NULL, audit, &r, e) != 0)
		return -1;
	record_begin(&b, "rebuild");
	record_int(&b, "orders", r.orders);
	record_int(&b, "payloads", r.payloads);
	record_int(&b, "left_out", r.left_out);
	ndjson_put_record(&b);
	return 0;
}

static int audit(struct db *db, const struct conf *conf, long grace, const char *journal,
		 const char *into, bool rebuilding, struct err *e)
{
	int64_t started = clock_us();
	struct audit_result r = {0};
	struct backoff delays = conf_backoff(conf, "RETRY_DELAYS");
	struct buf b = BUF_INIT;
	int status = 0;

	if (journal)
		status = audit_journal(db, journal, &r, e);
	if (status != 0 && status != EX_DATAERR)
		return status;
	if (audit_run(db, &delays, grace, &audit_ops, NULL, &r, e) != 0 ||
	    recount_run(db, conf, &audit_ops, NULL, &r, e) != 0 ||
	    (rebuilding && rebuild(db, conf, into, &r, e) != 0))
		return log_err(e);
	record_begin(&b, "audit");
	record_int(&b, "checks", r.checks);
	record_int(&b, "breaches", r.breaches);
	record_real(&b, "seconds", (double)(clock_us() - started) / 1e6, 3);
	ndjson_put_record(&b);
	return err_worse(status, r.breaches > 0);
}

int main(int argc, char **argv)
{
	bool auditing = false, rebuilding = false;
	long grace = 60;
	const char *journal = NULL, *into = NULL;
	const struct opt options[] = {
		{"audit", 0, OPT_FLAG, &auditing, NULL,
		 "check what must always hold; 1 if it does not", 0, 0},
		{"rebuild", 0, OPT_FLAG, &rebuilding, NULL,
		 "audit, and play all payloads anew", 0, 0},
		{"into", 0, OPT_TEXT, &into, "URL",
		 "rebuild: in this empty database", 0, 0},
		{"grace", 0, OPT_INT, &grace, "SECONDS", "audit: how long an order may be due, 60",
		 0, 1000000000},
		{"journal", 0, OPT_TEXT, &journal, "FILE",
		 "audit: ids that must be there, - for stdin", 0, 0},
		{0}};
	const struct opt_command cmd = {
		"fulfil-scan", "[options]",
		"Tells what ran low, mends stock levels, prunes logs; or audits all of it.",
		"fulfil-scan | jq -r 'select(.type == \"alert\") | .sku'", options};
	struct conf *conf;
	struct db *db;
	struct err e = {0};
	int status;

	if (opt_parse(&cmd, argc, argv) < argc)
		opt_usage(&cmd, "there are no operands");
	auditing |= rebuilding;
	if (!auditing && (journal || grace != 60))
		opt_usage(&cmd, "--journal and --grace belong to --audit");
	if (into && !rebuilding)
		opt_usage(&cmd, "--into belongs to --rebuild");
	if (program_start(&conf, CONF_COMMAND, &e) != 0 ||
	    db_open(&db, conf, cmd.name, &e) != 0)
		log_die(&e);

	/* A scan is short and finishes; half an audit would say nothing. */
	if (!auditing)
		ndjson_catch_signals();
	status = auditing ? audit(db, conf, grace, journal, into, rebuilding, &e)
			  : scan(db, conf, &e);

	db_close(db);
	conf_free(conf);
	return ndjson_close(status);
}
