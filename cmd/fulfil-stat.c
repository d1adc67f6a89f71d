/* SPDX-License-Identifier: MIT
 *
 * fulfil-stat: health and figures, once or every few seconds, as records, as
 * a table, or for Prometheus; or the settings.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/words.h"
#include "filter/log.h"
#include "filter/ndjson.h"
#include "filter/opt.h"
#include "filter/program.h"
#include "report/demo.h"
#include "report/display.h"
#include "report/figures.h"
#include "report/preflight.h"
#include "report/prometheus.h"
#include "store/db.h"
#include "store/doorbell.h"

#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum { MOST_MS = 86400 * 1000 };

struct options {
	const char *format, *settings;
	long watch; /* seconds; 0: once */
	bool demo;
	unsigned parts;
};

struct servers {
	struct conf *conf; /* NULL with --demo */
	struct db *db;     /* NULL while it could not be opened */
	struct doorbell *queue;
	struct figures_tallies tallies;
	bool complained;
};

static const char what[] = "health,metrics,orders,queue,workers,products,deliveries";

/* The part of a name of the list above, or 0. */
static unsigned part_of(const char *name)
{
	int i = words_find(what, name, strlen(name));

	return i < 0 ? 0 : (unsigned)FIGURES_HEALTH << i;
}

static void say_finding(void *ctx, enum preflight_grade grade, const char *text)
{
	(void)ctx;
	log_say(grade == PREFLIGHT_WRONG ? LOG_ERROR : LOG_WARN, "%s", text);
}

/* The settings as one kind of program takes them, once they were found good. */
static int show_settings(const char *reader)
{
	enum conf_reader as = strcmp(reader, "cgi") == 0 ? CONF_CGI
			    : strcmp(reader, "run") == 0 ? CONF_RUN : CONF_COMMAND;
	struct conf *conf;
	struct buf b = BUF_INIT;
	struct err e = {0};
	bool good;

	if (conf_load(&conf, as, &e) != 0)
		log_die(&e);
	good = preflight_check(conf, as, say_finding, NULL);
	conf_add_lines(conf, &b);
	ndjson_put(&b);
	buf_release(&b);
	conf_free(conf);
	return ndjson_close(good ? 0 : EX_CONFIG);
}

/* Settings that are wrong end the program; a server that is away is news. */
static void open_servers(struct servers *s)
{
	struct err e = {0};
	const char *url;

	if (program_start(&s->conf, CONF_COMMAND, &e) != 0 ||
	    doorbell_open(&s->queue, conf_get(s->conf, "REDIS_URL"), &e) != 0 ||
	    conf_need(s->conf, "DATABASE_URL", &url, &e) != 0)
		log_die(&e);
}

/* Returns the exit status of this one look. */
static int look(struct servers *s, const struct options *o, struct figures_report *r)
{
	struct err e = {0}, why = {0};
	int rc = 0;

	if (o->demo) {
		struct timespec t;

		clock_gettime(CLOCK_REALTIME, &t);
		demo_report(r, o->parts, (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000);
		return 0;
	}
	if (s->db == NULL && db_open(&s->db, s->conf, "fulfil-stat", &why) != 0)
		rc = -1;
	if (figures_report(r, o->parts, s->db, s->queue, &s->tallies, rc ? &why : NULL, &e) != 0)
		rc = -1;
	if (rc == 0) {
		s->complained = false;
		return 0;
	}
	r->parts |= FIGURES_HEALTH; /* says what is wrong, asked for or not */
	if (!s->complained)
		log_say(LOG_ERROR, "%s", e.msg);
	s->complained = true;
	return err_exit_status(e.code);
}

/* While watching, completed orders since the last look tell the speed. */
static void set_speed(struct figures_report *r, int64_t completed, int64_t ms)
{
	if ((r->parts & FIGURES_ORDERS) == 0 || completed < 0 || ms <= 0)
		return;
	r->per_second = (double)(r->orders.completed - completed) * 1000 / (double)ms;
	if (r->per_second < 0)
		r->per_second = 0;
}

static void show(const struct figures_report *r, const struct options *o)
{
	struct buf b = BUF_INIT;

	if (o->watch && strcmp(o->format, "table") == 0 && isatty(STDOUT_FILENO))
		buf_addstr(&b, "\033[H\033[2J"); /* drawn anew, not scrolled */
	if (strcmp(o->format, "table") == 0)
		display_table(&b, r);
	else if (strcmp(o->format, "prometheus") == 0)
		prometheus_add(&b, r);
	else
		display_ndjson(&b, r);
	ndjson_put(&b);
	ndjson_flush();
	buf_release(&b);
}

static int run(struct servers *s, const struct options *o)
{
	int64_t next = clock_ms(), then = 0, completed = -1;
	struct figures_report r;
	int status;

	for (;;) {
		int64_t now = clock_ms();

		s->tallies.window_ms = then == 0 || now - then > MOST_MS ? 0 : now - then;
		status = look(s, o, &r);
		set_speed(&r, completed, now - then);
		then = now;
		completed = r.parts & FIGURES_ORDERS ? r.orders.completed : -1;
		show(&r, o);
		/* What is away may come back; what is set wrong will not. */
		if (o->watch == 0 || ndjson_status() != 0 || status == EX_CONFIG ||
		    status == EX_SOFTWARE)
			return status;
		next += o->watch * 1000;
		if (next < clock_ms())
			next = clock_ms();
		ndjson_wait(-1, (int)(next - clock_ms()));
		if (ndjson_stopping())
			return 0;
	}
}

int main(int argc, char **argv)
{
	struct options o = {.format = isatty(STDOUT_FILENO) ? "table" : "ndjson"};
	const struct opt options[] = {
		{"watch", 'w', OPT_INT, &o.watch, "SECONDS",
		 "again and again, this often", 1, 86400},
		{"format", 'f', OPT_CHOICE, &o.format, "ndjson,json,table,prometheus",
		 "how to show it", 0, 0},
		{"demo", 0, OPT_FLAG, &o.demo, NULL,
		 "sample figures that move; needs no servers", 0, 0},
		{"settings", 0, OPT_CHOICE, &o.settings, "command,cgi,run",
		 "check and show the settings of these, for sh", 0, 0},
		{0}};
	const struct opt_command cmd = {
		"fulfil-stat", "[options] [what ...]",
		"Shows health, metrics, orders, queue, workers, products and deliveries, all or\n"
		"those named.",
		"fulfil-stat --watch 1 orders | jq -c '[.pending, .per_second]'", options};
	struct servers s = {0};
	int status, at = opt_parse(&cmd, argc, argv);

	for (; at < argc; at++) {
		unsigned part = part_of(argv[at]);

		if (part == 0)
			opt_usage(&cmd, "\"%s\" is not one of %s", argv[at], what);
		o.parts |= part;
	}
	if (o.settings)
		return show_settings(o.settings);
	if (o.parts == 0)
		o.parts = FIGURES_ALL;
	if (!o.demo)
		open_servers(&s);

	ndjson_catch_signals();
	status = run(&s, &o);

	db_close(s.db);
	doorbell_close(s.queue);
	conf_free(s.conf);
	return ndjson_close(status);
}
