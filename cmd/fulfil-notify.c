/* SPDX-License-Identifier: MIT
 *
 * fulfil-notify: delivers webhooks, a `delivery` record for each try.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/jtext.h"
#include "base/record.h"
#include "base/supervisor.h"
#include "filter/log.h"
#include "filter/ndjson.h"
#include "filter/opt.h"
#include "filter/program.h"
#include "sql.h"
#include "store/array.h"
#include "store/db.h"
#include "webhook/address.h"
#include "webhook/checker.h"
#include "webhook/event.h"
#include "webhook/exporter.h"
#include "webhook/feed.h"
#include "webhook/notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* A request may outlast us; its lease sends it again. */
enum { PAUSE_MS = 1000, PATIENCE_MS = 15000, BATCH = 500 };

struct options {
	bool drain, from_stdin, failed, export;
	long resend;
	const char *since, *check;
};

struct sender {
	const struct options *opt;
	struct notify *notify;
	struct db *db;
	const struct conf *conf;
	struct array types, subjects, data; /* of records that were read */
	bool no_database;                   /* and it was said */
};

static void put_result(void *ctx, const struct notify_result *r)
{
	struct buf b = BUF_INIT;

	(void)ctx;
	record_begin(&b, "delivery");
	record_int(&b, "delivery_id", r->delivery_id);
	record_int(&b, "webhook_id", r->webhook_id);
	record_text(&b, "event_id", r->event_id);
	record_text(&b, "event", r->type);
	record_int(&b, "subject", r->subject);
	record_int(&b, "attempt", r->attempt);
	record_text(&b, "status", r->status);
	record_id(&b, "http_status", r->http_status);
	record_int(&b, "duration_ms", r->duration_ms);
	if (*r->error)
		record_text(&b, "error", r->error);
	if (r->retry_in_s >= 0)
		record_int(&b, "retry_in", r->retry_in_s);
	ndjson_put_record(&b);
}

static void put_unwanted(const char *type, int64_t subject)
{
	struct buf b = BUF_INIT;

	record_begin(&b, "delivery");
	record_null(&b, "delivery_id");
	record_text(&b, "event", type);
	record_int(&b, "subject", subject);
	record_text(&b, "status", "unwanted");
	ndjson_put_record(&b);
}

static void say_disabled(void *ctx, int64_t webhook_id, const char *why)
{
	(void)ctx;
	log_say(LOG_WARN, "webhook %lld was disabled: %s", (long long)webhook_id, why);
}

/* A daemon outlives its database. */
static bool endure(struct sender *s, const struct err *e)
{
	if (!err_is_temporary(e->code))
		return false;
	if (!s->no_database)
		log_say(LOG_WARN, "%s; trying again every second", e->msg);
	s->no_database = true;
	return true;
}

/* Steps until nothing is due, or for ever; ends early when told to. */
static int run(struct sender *s, bool until_idle, struct err *e)
{
	int64_t end = 0, told = 0;

	for (;;) {
		int rc = notify_step(s->notify, e), ms = notify_wait_ms(s->notify);

		if (rc != 0 && (until_idle || !endure(s, e)))
			return -1;
		s->no_database = rc != 0;
		if (rc != 0 || notify_exchanges(s->notify) != told)
			supervisor_progress();
		told = notify_exchanges(s->notify);
		if (rc != 0)
			ms = PAUSE_MS;
		if (ndjson_stopping() && end == 0) {
			notify_stop(s->notify);
			supervisor_stopping();
			end = clock_ms() + PATIENCE_MS;
		}
		if (end && (notify_idle(s->notify) || clock_ms() > end))
			return 0;
		if (until_idle && rc == 0 && notify_idle(s->notify))
			return 0;
		if (ms > 0) {
			ndjson_flush();
			ndjson_wait(notify_fd(s->notify), ms);
		}
	}
}

/* --- once more --- */

/* This one alone. */
static int resend(struct sender *s, struct err *e)
{
	bool found;

	if (notify_resend(s->notify, s->opt->resend, &found, e) != 0)
		return -1;
	if (!found)
		return err_set(e, ERR_DATA, "there is no delivery %ld that has ended and whose "
			       "webhook is enabled", s->opt->resend);
	return run(s, true, e);
}

/* What has failed by now becomes due, each once; from there it goes the way of all. */
static int resend_failed(struct sender *s, struct err *e)
{
	const char *since = s->opt->since ? s->opt->since : "-infinity";
	struct db_param p[] = {db_param_text(NULL), db_param_text(since)};

	if (db_exec(s->db, &SQL_REPLAY_DELIVERIES, p, NULL, e) != 0)
		return -1;
	return run(s, true, e);
}

/* --- records from stdin --- */

static void empty(struct sender *s)
{
	array_init(&s->types, ARRAY_TEXT);
	array_init(&s->subjects, ARRAY_INT8);
	array_init(&s->data, ARRAY_TEXT);
}

static void release(struct sender *s)
{
	array_release(&s->types);
	array_release(&s->subjects);
	array_release(&s->data);
}

/* The events that were read go the way of all others, and are sent from here. */
static int send_records(void *ctx, struct err *e)
{
	struct sender *s = ctx;
	struct db_param p[] = {array_param(&s->types), array_param(&s->subjects),
			       array_param(&s->data)};
	struct db_rows *rows;
	bool wanted = false;

	if (s->types.n == 0)
		return 0;
	if (db_exec(s->db, &SQL_INSERT_EVENTS, p, &rows, e) != 0)
		return -1;
	release(s);
	empty(s);
	for (int i = 0; i < db_count(rows); i++)
		if (db_bool(rows, i, 0))
			wanted = true;
		else
			put_unwanted(db_text(rows, i, 1), db_int(rows, i, 2));
	db_rows_free(rows);
	return wanted ? run(s, true, e) : 0;
}

static int take_record(void *ctx, const struct ndjson_record *r, struct err *e)
{
	struct sender *s = ctx;
	const char *type = json_string_value(json_object_get(r->json, "event"));
	struct buf text = BUF_INIT;
	json_t *all, *data;
	int64_t id;

	if (type == NULL || !event_known(type, false))
		return err_set(e, ERR_DATA, "\"event\" must be one of %s", event_types);
	if (!json_is_object(json_object_get(r->json, "data")))
		return err_set(e, ERR_DATA, "\"data\" must be an object");
	if (jtext_parse_exact(r->text, r->len, &all, e) != 0)
		return -1;
	data = json_object_get(all, "data");
	id = json_integer_value(json_object_get(data, "id"));
	jtext_add_json(&text, data, JSON_COMPACT);
	array_text(&s->types, type);
	array_int8(&s->subjects, id);
	array_text(&s->data, text.data);
	buf_release(&text);
	json_decref(all);
	return s->types.n == BATCH ? send_records(s, e) : 0;
}

static int go(struct sender *s)
{
	const struct ndjson_ops ops = {take_record, NULL, send_records};
	const struct options *o = s->opt;
	struct err e = {0};
	int rc;

	if (o->from_stdin) {
		empty(s);
		rc = ndjson_each(STDIN_FILENO, &ops, s);
		release(s);
		return rc;
	}
	if (!o->resend && !o->failed && !o->drain && !o->export && !o->check &&
	    isatty(STDERR_FILENO))
		log_say(LOG_INFO, "waiting for events to deliver; Ctrl-C ends");
	rc = o->check ? checker_run(s->db, s->conf, o->check, &e)
	     : o->export ? exporter_run(s->db, o->since, &e)
	     : o->resend ? resend(s, &e) : o->failed ? resend_failed(s, &e) : run(s, o->drain, &e);
	return rc == 0 ? 0 : log_err(&e);
}

static void check_options(const struct opt_command *cmd, const struct options *o)
{
	struct feed_from ignored;
	struct err e;

	if (o->since && o->export && feed_since(&ignored, o->since, &e) != 0)
		opt_usage(cmd, "--since %s", e.msg);
	if (o->since && !o->export && !clock_is_rfc3339(o->since))
		opt_usage(cmd, "--since takes a time such as 2026-01-31T12:00:00Z, not \"%s\"",
			  o->since);
	if (o->since && !o->failed && !o->export)
		opt_usage(cmd, "--since belongs to --resend-failed and --export");
	if (o->check && address_check_url(o->check, true, &e) != 0)
		opt_usage(cmd, "--check %s", e.msg);
	if (o->drain + o->from_stdin + o->failed + o->export + (o->resend > 0) +
	    (o->check != NULL) > 1)
		opt_usage(cmd, "--drain, --resend, --resend-failed, --export, --check and - do not "
			  "go together");
}

/* What is kept to be fetched, as the setting says. */
static int keep_types(struct db *db, const struct conf *conf, struct err *e)
{
	struct db_param p = db_param_text(conf_get(conf, "EVENTS_KEPT"));
	struct err why;

	if (feed_check_types(p.value, &why) != 0)
		return err_set(e, ERR_CONFIG, "EVENTS_KEPT %s", why.msg);
	return db_exec(db, &SQL_KEEP_TYPES, &p, NULL, e);
}

int main(int argc, char **argv)
{
	struct options o = {0};
	const struct opt options[] = {
		{"drain", 0, OPT_FLAG, &o.drain, NULL, "end when nothing is due", 0, 0},
		{"resend", 0, OPT_INT, &o.resend, "ID",
		 "send this delivery again, and nothing else", 1, 1L << 62},
		{"resend-failed", 0, OPT_FLAG, &o.failed, NULL,
		 "send again what was given up or skipped", 0, 0},
		{"export", 0, OPT_FLAG, &o.export, NULL,
		 "write the events that are kept, and send nothing", 0, 0},
		{"check", 0, OPT_TEXT, &o.check, "URL",
		 "try whether the receiver there does right", 0, 0},
		{"since", 0, OPT_TEXT, &o.since, "TIME",
		 "of these, from then on, or after that event", 0, 0},
		{0}};
	const struct opt_command cmd = {
		"fulfil-notify", "[options] [-]",
		"Delivers webhooks, or with - the events that are read on stdin.",
		"fulfil-notify --drain | jq 'select(.status == \"given_up\")'", options};
	struct sender s = {.opt = &o};
	char name[PROGRAM_WORKER];
	struct conf *conf;
	struct err e = {0};
	int at = opt_parse(&cmd, argc, argv), status;

	o.from_stdin = at < argc && strcmp(argv[at], "-") == 0;
	if (argc - at > o.from_stdin)
		opt_usage(&cmd, "there is no operand \"%s\"", argv[argc - 1]);
	check_options(&cmd, &o);
	program_worker(name, "fulfil-notify");
	if (program_start(&conf, CONF_COMMAND, &e) != 0 ||
	    db_open_by_key(&s.db, conf, name, &e) != 0 ||
	    (!o.export && !o.from_stdin && !o.resend && !o.check &&
	     keep_types(s.db, conf, &e) != 0) ||
	    notify_new(&s.notify, s.db, conf, name, put_result, say_disabled, &s, &e) != 0)
		log_die(&e);

	s.conf = conf;
	ndjson_catch_signals();
	status = go(&s);

	notify_free(s.notify);
	db_close(s.db);
	conf_free(conf);
	return ndjson_close(status);
}
