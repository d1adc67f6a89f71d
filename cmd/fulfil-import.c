/* SPDX-License-Identifier: MIT
 *
 * fulfil-import: a CSV file of products, all accepted rows or nothing.
 *   - reads standard input in pieces and feeds them to the import
 *   - rejected rows go to --rejects as a file that can be mended and fed back,
 *     and a record each says why
 *   - how far it is shows on a terminal as a bar, else as records
 *   - with --work it imports uploads instead: see lib/catalogue/importer.h
 */
#include "base/clock.h"
#include "base/conf.h"
#include "catalogue/explain.h"
#include "catalogue/feedfile.h"
#include "catalogue/import.h"
#include "catalogue/importer.h"
#include "catalogue/importrecord.h"
#include "catalogue/options.h"
#include "catalogue/rejectfile.h"
#include "catalogue/undoer.h"
#include "filter/log.h"
#include "filter/ndjson.h"
#include "filter/opt.h"
#include "filter/program.h"
#include "store/db.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

enum { PIECE = 1 << 16, SHOW_MS = 250 };

struct command {
	const char *active, *max_errors, *delimiter, *rejects, *decimal, *missing, *max_shrink;
	struct opt_list maps;
	struct import_options opt;
	const char *name;      /* of a feed, or NULL */
	struct feedfile kept;      /* of it */
	struct db *db;
	struct import *im;
	struct rejectfile back;
	bool rejected;         /* a row was */
	bool done;             /* all is committed */
	struct buf again;      /* the options that rejected rows need */
	long undo;             /* an import */
	long min_rows;
	long patience;         /* seconds */
	int64_t size;          /* bytes of the file; 0: not known */
	int64_t started, shown;
	bool explain, update_only, create_only;
	bool bar, work, no_progress;
};

/* --- what is said on the way --- */

static void draw_bar(const struct command *c, const struct import_counts *n, double seconds)
{
	int percent = c->size ? (int)(n->bytes * 100 / c->size) : -1;
	double rate = seconds > 0 ? (double)n->read / seconds : 0;

	fprintf(stderr, "\r%s", import_phase(c->im));
	if (percent >= 0)
		fprintf(stderr, " %3d %%", percent > 100 ? 100 : percent);
	fprintf(stderr, "  %lld rows  %.0f/s", (long long)n->read, rate);
	if (percent > 0 && percent < 100)
		fprintf(stderr, "  %.0f s left", seconds * (100 - percent) / percent);
	fputs("\033[K", stderr);
}

/* Shows how far it is, at most four times a second. True: stop. */
static bool tick(void *ctx)
{
	struct command *c = ctx;
	int64_t now = clock_ms();
	struct import_counts n = import_counts(c->im);

	if (now - c->shown >= SHOW_MS) {
		c->shown = now;
		if (c->no_progress)
			return ndjson_stopping();
		if (c->bar)
			draw_bar(c, &n, (double)(now - c->started) / 1000);
		else
			importrecord_put_progress(c->im, c->size,
						  (double)(now - c->started) / 1000);
	}
	return ndjson_stopping();
}

/* On standard error, if it is among the first of its code. */
static void say(const struct command *c, bool first, long line, const char *code, const char *text)
{
	if (!first)
		return;
	if (c->bar)
		fputs("\r\033[K", stderr);
	if (line > 0)
		log_say(LOG_WARN, "line %ld: %s: %s", line, code, text);
	else
		log_say(LOG_WARN, "%s: %s", code, text);
}

static void say_more(const struct notices *n)
{
	for (int i = 0; i < n->n; i++)
		if (n->code[i].count > NOTICES_FIRST)
			log_say(LOG_WARN, "%s: and %lld more of these", n->code[i].code,
				(long long)(n->code[i].count - NOTICES_FIRST));
}

static void warn(void *ctx, long line, const char *code, const char *text, bool first)
{
	importrecord_put_warning(line, code, text);
	say(ctx, first, line, code, text);
}

static void superseded(void *ctx, long line, long by, bool first)
{
	char text[80];

	importrecord_put_superseded(line, by);
	snprintf(text, sizeof text, by ? "line %ld has the same sku"
		 : "a later line has the same sku", by);
	say(ctx, first, line, "superseded", text);
}

static void reject(void *ctx, const struct csvfile_reject *r, bool first)
{
	const struct product_fault *why = &r->faults->at[0].why;

	importrecord_put_reject(r);
	say(ctx, first, r->row->line, why->code, why->detail);
}

static void change(void *ctx, const char *object)
{
	(void)ctx;
	importrecord_put_change(object);
}

static int give_back(void *ctx, const char *text, size_t n, struct err *e)
{
	return rejectfile_write(&((struct command *)ctx)->back, text, n, e);
}

/* Whether a feed is whole. */
static int check(void *ctx, struct err *e)
{
	struct command *c = ctx;

	return c->name == NULL ? 0
	       : feedfile_check(&c->kept, import_counts(c->im).read, import_columns(c->im),
			    c->opt.stock, e);
}

static int before_commit(void *ctx, struct err *e)
{
	struct command *c = ctx;

	return c->name == NULL ? 0 : feedfile_save(&c->kept, c->db, e);
}

static void put_summary(const struct command *c, const char *status)
{
	importrecord_put_summary(c->im, (double)(clock_ms() - c->started) / 1000, status,
				 c->opt.dry_run, NULL);
}

/* --- the run --- */

static int feed(struct command *c, struct err *e)
{
	static char piece[PIECE];
	ssize_t n;

	int64_t last = clock_ms();

	ndjson_say_typed(STDIN_FILENO, "a CSV file");
	for (;;) {
		bool ready = ndjson_wait(STDIN_FILENO, SHOW_MS);

		if (tick(c))
			return err_set(e, ERR_AGAIN, "stopped");
		if (!ready && import_holds(c->im) && clock_ms() - last > c->patience * 1000)
			return err_set(e, ERR_AGAIN, "nothing came for %ld seconds, so nothing was "
				       "imported, and other imports can go ahead", c->patience);
		if (!ready)
			continue;
		last = clock_ms();
		n = read(STDIN_FILENO, piece, sizeof piece);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return err_set(e, ERR_IO, "cannot read standard input: %s",
				       strerror(errno));
		if (n == 0)
			return 0;
		if (n > 0 && import_feed(c->im, piece, (size_t)n, e) != 0)
			return -1;
	}
}

/* Imports, writes the summary, and returns the exit status. */
static int run(struct command *c, struct db *db)
{
	const struct import_ops ops = {reject, c->back.fd >= 0 ? give_back : NULL, warn, superseded,
				       change, tick, check, before_commit};
	struct err e = {0}, after = {0};
	int status = 0;

	c->db = db;
	c->started = c->shown = clock_ms();
	if (c->name && feedfile_begin(&c->kept, db, c->name, &c->opt, &e) != 0)
		return log_err(&e);
	if (import_new(&c->im, db, &c->opt, &ops, c, &e) != 0)
		return log_err(&e);
	if (feed(c, &e) != 0 || import_finish(c->im, &e) != 0) {
		if (ndjson_stopping())
			err_set(&e, ERR_AGAIN, "stopped, and nothing was imported");
		import_fail(c->im, &e);
		if (c->name && !c->opt.dry_run &&
		    feedfile_refuse(c->name, db, &e, &after) != 0)
			log_say(LOG_WARN, "feed %s: %s", c->name, after.msg);
	}
	c->done = e.code == ERR_NONE && !c->opt.dry_run;
	c->rejected = import_counts(c->im).rejected > 0;
	options_again(&c->again, &c->opt, import_decimal(c->im));
	if (c->bar)
		fputs("\r\033[K", stderr);
	say_more(import_rejects(c->im));
	say_more(import_warnings(c->im));
	if (e.code != ERR_NONE) {
		status = log_err(&e);
		put_summary(c, "failed");
	} else if (import_counts(c->im).rejected > 0) {
		status = EX_DATAERR;
		put_summary(c, "partial");
	} else {
		put_summary(c, "ok");
	}
	import_free(c->im);
	feedfile_release(&c->kept);
	return status;
}

/* --- options --- */

static void read_options(const struct opt_command *cmd, struct command *c)
{
	struct err e = {0};

	if (c->work && (c->rejects || c->max_errors || c->maps.n || c->delimiter || c->active ||
			c->opt.csv.encoding || c->opt.csv.spreadsheet || c->opt.dry_run ||
				c->opt.stock || c->opt.csv.like || c->opt.csv.location ||
				c->opt.csv.names || c->opt.csv.header_line || c->decimal ||
				c->opt.csv.no_details || c->explain ||
				c->update_only || c->create_only ||
				c->opt.changes || c->undo || c->min_rows || c->missing ||
				c->max_shrink || c->name))
		opt_usage(cmd, "--work takes no other options: each upload has its own");
	if (c->undo && (c->opt.dry_run || c->rejects || c->explain))
		opt_usage(cmd, "--undo takes no other options");
	if (c->name && options_feed(c->name, &e) != 0)
		opt_usage(cmd, "--feed %s", e.msg);
	if (c->name && (c->explain || c->undo))
		opt_usage(cmd, "--feed is for imports");
	if (options_limit(&c->opt, c->max_errors, &e) != 0)
		opt_usage(cmd, "--max-errors %s", e.msg);
	c->opt.least_rows = c->min_rows;
	if (options_missing(&c->opt, c->missing, c->max_shrink, &e) != 0)
		opt_usage(cmd, "--max-shrink %s", e.msg);
	if (c->delimiter && options_delimiter(&c->opt, c->delimiter, &e) != 0)
		opt_usage(cmd, "--delimiter %s", e.msg);
	if (c->decimal && options_decimal(&c->opt, c->decimal, &e) != 0)
		opt_usage(cmd, "--decimal %s", e.msg);
	if (c->update_only && c->create_only)
		opt_usage(cmd, "--update-only and --create-only leave nothing to do");
	c->opt.mode = c->update_only ? BULK_UPDATE_ONLY : c->create_only ? BULK_CREATE_ONLY
		: BULK_ALL;
	c->opt.csv.update_only = c->update_only;
	c->opt.csv.maps = c->maps.words;
	c->opt.csv.nmaps = c->maps.n;
}

static int open_files(struct command *c, struct err *e)
{
	struct stat st;

	if (fstat(STDIN_FILENO, &st) == 0 && S_ISREG(st.st_mode))
		c->size = st.st_size - lseek(STDIN_FILENO, 0, SEEK_CUR);
	return rejectfile_open(&c->back, c->rejects, e);
}

/* Returns `status` or 74. */
static int close_files(struct command *c, int status)
{
	enum rejectfile_end end = c->done ? REJECTFILE_REPLACE
				  : c->rejected ? REJECTFILE_BESIDE : REJECTFILE_DROP;
	struct err e = {0};
	bool left;

	if (rejectfile_close(&c->back, end, &left, &e) != 0)
		return err_worse(status, log_err(&e));
	if (left)
		log_say(LOG_WARN, "nothing was imported, so %s stays as it was; the rejected "
			"rows are in %s",
			c->rejects, c->back.beside);
	else if (c->rejects && c->rejected && c->again.len > 0)
		log_say(LOG_WARN, "import the mended rows as these were: fulfil-import%s < %s",
			c->again.data, c->rejects);
	buf_release(&c->again);
	return status;
}

static void read_settings(struct command *c, const struct conf *conf)
{
	c->opt.active = options_active(c->active ? c->active : conf_get(conf, "IMPORT_ACTIVE"));
	c->opt.threshold = conf_get(conf, "LOW_STOCK_THRESHOLD");
}

/* Everything between the options and the end; returns the exit status. */
static int work(struct command *c, const char *name)
{
	struct conf *conf;
	struct db *db;
	struct err e = {0};
	char worker[PROGRAM_WORKER];
	int status;

	program_worker(worker, name);
	c->opt.worker = worker;
	c->bar = isatty(STDERR_FILENO);
	if (program_start(&conf, CONF_COMMAND, &e) != 0)
		log_die(&e);
	read_settings(c, conf);
	if (db_open(&db, conf, c->work ? worker : name, &e) != 0 || open_files(c, &e) != 0)
		log_die(&e);
	ndjson_catch_signals();
	status = c->undo > 0 ? undoer_run(db, conf, worker, c->undo)
		 : c->work ? importer_run(db, conf, worker) : run(c, db);
	db_close(db);
	conf_free(conf);
	status = ndjson_close(close_files(c, status));
	if (status == EX_IOERR && c->done)
		log_say(LOG_WARN, "the products are in all the same");
	return status;
}

int main(int argc, char **argv)
{
	struct command c = {.back = {.fd = -1}, .patience = 60};
	const struct opt options[] = {
		{"dry-run", 'n', OPT_FLAG, &c.opt.dry_run, NULL, "say what would happen", 0, 0},
		{"rejects", 0, OPT_TEXT, &c.rejects, "FILE", "write rejected rows there, to mend "
		 "them", 0, 0},
		{"max-errors", 0, OPT_TEXT, &c.max_errors, "N", "import nothing if more rows, or "
		 "N%, are bad", 0, 0},
		{"min-rows", 0, OPT_INT, &c.min_rows, "N",
		 "import nothing if the file has fewer rows", 1, 2147483647},
		{"missing", 0, OPT_CHOICE, &c.missing, "keep,deactivate,zero,delete",
		 "what becomes of products that the file lacks", 0, 0},
		{"max-shrink", 0, OPT_TEXT, &c.max_shrink, "PERCENT",
		 "import nothing if it lacks more of the products", 0, 0},
		{"feed", 0, OPT_TEXT, &c.name, "NAME", "refuse it if it shrank", 0, 0},
		{"map", 'm', OPT_LIST, &c.maps, "NAME=COLUMN", "what the file calls NAME is our "
		 "COLUMN", 0, 0},
		{"delimiter", 'd', OPT_TEXT, &c.delimiter, "CHARACTER",
		 "between fields; the header tells it", 0, 0},
		{"encoding", 0, OPT_TEXT, &c.opt.csv.encoding, "NAME", "if not UTF-8", 0, 0},
		{"active", 0, OPT_CHOICE, &c.active, "yes,no,random", "new products that do not "
		 "say it are", 0, 0},
		{"stock", 0, OPT_FLAG, &c.opt.stock, NULL, "set stock to the quantity", 0, 0},
		{"like", 0, OPT_TEXT, &c.opt.csv.like, "NAME",
		 "the export of another system; the header tells", 0, 0},
		{"location", 0, OPT_TEXT, &c.opt.csv.location, "NAME",
		 "take only its quantities; without it their sum", 0, 0},
		{"decimal", 0, OPT_TEXT, &c.decimal, "MARK", ", or .; the file tells it", 0, 0},
		{"header-line", 0, OPT_INT, &c.opt.csv.header_line, "N",
		 "the header is on this line", 1, 1000000},
		{"columns", 0, OPT_TEXT, &c.opt.csv.names, "NAMES",
		 "the file has no header: sku,price,-", 0, 0},
		{"update-only", 0, OPT_FLAG, &c.update_only, NULL,
		 "pass over rows whose SKU is not known", 0, 0},
		{"create-only", 0, OPT_FLAG, &c.create_only, NULL,
		 "change no product that is there", 0, 0},
		{"no-details", 0, OPT_FLAG, &c.opt.csv.no_details, NULL, "keep no details", 0, 0},
		{"patience", 0, OPT_INT, &c.patience, "SECONDS",
		 "give way to others if no input comes", 1, 86400},
		{"explain", 0, OPT_FLAG, &c.explain, NULL,
		 "say what each column will be, and import nothing", 0, 0},
		{"changes", 0, OPT_FLAG, &c.opt.changes, NULL, "record each change", 0, 0},
		{"undo", 0, OPT_INT, &c.undo, "ID", "take back the import with this import_id", 1,
		 2147483647},
		{"no-progress", 0, OPT_FLAG, &c.no_progress, NULL,
		 "neither a bar nor progress records", 0, 0},
		{"work", 0, OPT_FLAG, &c.work, NULL, "import uploads, one after another", 0, 0},
		{"spreadsheet", 0, OPT_FLAG, &c.opt.csv.spreadsheet, NULL,
		 "take off the ' that guards formulas", 0, 0},
		{0}};
	const struct opt_command cmd = {
		"fulfil-import", "[options] < products.csv",
		"Loads products from a CSV file: all rows that can be used, or nothing.",
		"fulfil-import < products.csv | jq 'select(.type == \"summary\")'", options};
	int at = opt_parse(&cmd, argc, argv);

	read_options(&cmd, &c);
	if (at < argc)
		opt_usage(&cmd, "the file comes on standard input: %s < %s", cmd.name, argv[at]);
	return c.explain ? ndjson_close(explain_run(&c.opt.csv)) : work(&c, cmd.name);
}
