/* SPDX-License-Identifier: MIT
 *
 * rebuild: orders do not meet in an empty database with more than enough of everything, so
 * all payloads are played at once, a page at a time. What a line is was decided by the products
 * of then: the SKUs that count are the products there, and the few orders in which one of
 * these was passed over are played one by one, with it out of sight.
 */
#include "report/rebuild.h"

#include "base/buf.h"
#include "base/xalloc.h"
#include "order/intake.h"
#include "order/work.h"
#include "sql.h"
#include "store/array.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE = 256, SKUS = 20000 };

struct rebuild {
	struct db *here, *there;
	const struct conf *conf; /* of there: owned */
	const char *worker;
	const struct audit_ops *ops;
	void *ctx;
	struct audit_result *audit;
	struct rebuild_result *result;
	struct work *work;   /* owned */
	struct intake *in;   /* owned */
	int64_t told;        /* breaches */
};

/* --- the database beside this one --- */

/* A name that PostgreSQL takes for itself: letters, digits and _ of the name here. */
static void name_database(char *out, size_t size, const char *here)
{
	size_t n = 0;

	for (; *here && n < 30 && n + 1 < size; here++)
		out[n++] = (*here >= 'a' && *here <= 'z') || (*here >= '0' && *here <= '9') ? *here
										       : '_';
	snprintf(out + n, size - n, "_rebuild_%ld", (long)getpid());
}

static int run_ddl(struct db *db, const char *what, const char *name, struct err *e)
{
	char sql[128];
	struct db_query q = {.name = what, .sql = sql, .nparams = 0};

	snprintf(sql, sizeof sql, "%s \"%s\"", what, name);
	return db_exec(db, &q, NULL, NULL, e);
}

/* Of the process. libpq takes the last word for a parameter that is given twice. */
static void point_at(const char *url, const char *name)
{
	struct buf b = BUF_INIT;

	buf_addstr(&b, url);
	if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0)
		buf_addf(&b, "%cdbname=%s", strchr(url, '?') ? '&' : '?', name);
	else
		buf_addf(&b, " dbname=%s", name);
	setenv("DATABASE_URL", b.data, 1);
	buf_release(&b);
}

/* fulfil-migrate up, in the database that the environment names. */
static int migrate(struct err *e)
{
	static char program[] = "fulfil-migrate", up[] = "up";
	char *argv[] = {program, up, NULL};
	extern char **environ;
	posix_spawn_file_actions_t files;
	int status = -1, failed;
	pid_t pid;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
	failed = posix_spawnp(&pid, argv[0], &files, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	if (failed)
		return err_set(e, ERR_SETUP, "fulfil-migrate cannot be run: %s", strerror(failed));
	if (waitpid(pid, &status, 0) != pid || status != 0)
		return err_set(e, ERR_SETUP, "fulfil-migrate up failed in the empty database");
	return 0;
}

static int check_empty(struct db *db, struct err *e)
{
	struct db_rows *rows;
	bool empty;

	if (db_exec(db, &SQL_READ_EMPTY, NULL, &rows, e) != 0)
		return -1;
	empty = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return empty ? 0 : err_set(e, ERR_CONFIG, "the database for the rebuild is not empty");
}

/* History is what was history here. */
static int open_there(struct rebuild *r, const char *made, struct err *e)
{
	struct conf *conf;

	if (*conf_get(r->conf, "HISTORY_BEFORE") == '\0')
		setenv("HISTORY_BEFORE", made, 1);
	if (migrate(e) != 0 || conf_load(&conf, CONF_COMMAND, e) != 0)
		return -1;
	r->conf = conf;
	if (db_open_by_key(&r->there, conf, "fulfil-scan", e) != 0)
		return -1;
	r->in = intake_new(r->there, conf);
	return check_empty(r->there, e);
}

/* --- playing --- */

static int copy_skus(struct rebuild *r, struct err *e)
{
	char *after = xalloc_strdup("");
	int rc = 0, n = SKUS;

	while (rc == 0 && n == SKUS) {
		struct db_param p[] = {db_param_text(after), db_param_int(SKUS)};
		struct db_rows *rows;
		struct array skus;

		rc = db_exec(r->here, &SQL_REBUILD_SKUS, p, &rows, e);
		if (rc != 0)
			break;
		array_init(&skus, ARRAY_TEXT);
		n = db_count(rows);
		for (int i = 0; i < n; i++)
			array_text(&skus, db_text(rows, i, 0));
		if (n > 0) {
			struct db_param given = array_param(&skus);

			free(after);
			after = xalloc_strdup(db_text(rows, n - 1, 0));
			rc = db_exec(r->there, &SQL_REBUILD_PRODUCTS, &given, NULL, e);
		}
		array_release(&skus);
		db_rows_free(rows);
	}
	free(after);
	return rc;
}

/* Stores what was added, and processes what is due. */
static int settle(struct rebuild *r, struct err *e)
{
	static struct intake_result results[INTAKE_MOST];
	size_t done;
	int rc = intake_store(r->in, results, e);

	do {
		done = 0;
		rc = rc == 0 ? work_due(r->work, WORK_MOST, &done, e) : rc;
	} while (rc == 0 && done > 0);
	return rc;
}

static int add(struct rebuild *r, const struct db_rows *rows, int row, struct err *e)
{
	r->result->payloads++;
	if (intake_add_row(r->in, rows, row, e) != 0)
		return -1;
	return intake_is_full(r->in) ? settle(r, e) : 0;
}

/* The payloads of all orders that can be played together, or of one. */
static int play(struct rebuild *r, int64_t order, struct err *e)
{
	int64_t after = 0;
	int rc = 0, n = PIECE;

	while (rc == 0 && n == PIECE) {
		struct db_param p[] = {db_param_int(after), db_param_int(PIECE),
				       order ? db_param_int(order) : db_param_text(NULL)};
		struct db_rows *rows;

		rc = db_exec(r->here, &SQL_REBUILD_PAYLOADS, p, &rows, e);
		if (rc != 0)
			break;
		n = db_count(rows);
		for (int i = 0; rc == 0 && i < n; i++) {
			after = db_int(rows, i, 0);
			rc = add(r, rows, i, e);
		}
		db_rows_free(rows);
		rc = rc == 0 ? settle(r, e) : rc;
	}
	return rc;
}

static int hide(struct rebuild *r, const char *skus, struct err *e)
{
	struct db_param p = db_param_text(skus);

	return db_exec(r->there, &SQL_REBUILD_HIDE, &p, NULL, e);
}

static int play_apart(struct rebuild *r, struct err *e)
{
	int64_t order = 0;
	int rc = 0, n = 1;

	while (rc == 0 && n > 0) {
		struct db_param p = db_param_int(order);
		struct db_rows *rows;

		rc = db_exec(r->here, &SQL_REBUILD_APART, &p, &rows, e);
		if (rc != 0)
			break;
		n = db_count(rows);
		if (n > 0) {
			order = db_int(rows, 0, 0);
			rc = hide(r, db_text(rows, 0, 1), e);
			rc = rc == 0 ? play(r, order, e) : rc;
			rc = rc == 0 ? hide(r, "[]", e) : rc;
		}
		db_rows_free(rows);
	}
	return rc;
}

/* --- comparing --- */

/* Columns of rebuild-orders, and of rebuild-read. */
enum { O_ID, O_SHOP, O_EXTERNAL, O_WHOLE };
enum { R_PLACE, R_ID, R_STATUS, R_CANCELLED, R_LINES, R_TAKEN };

/* The orders of a page, here and there. */
struct page {
	struct array shops, ids;
	struct db_rows *here, *there;
};

static void page_release(struct page *w)
{
	array_release(&w->shops);
	array_release(&w->ids);
	db_rows_free(w->here);
	db_rows_free(w->there);
}

static int read_page(struct rebuild *r, struct page *w, struct err *e)
{
	struct db_param p[] = {array_param(&w->shops), array_param(&w->ids)};

	if (db_exec(r->here, &SQL_REBUILD_READ, p, &w->here, e) != 0)
		return -1;
	return db_exec(r->there, &SQL_REBUILD_READ, p, &w->there, e);
}

static void tell(struct rebuild *r, const struct page *w, int row, const char *external,
		 const char *found, const char *expected)
{
	struct audit_breach b = {.check = "rebuild", .order_id = db_int(w->here, row, R_ID),
				 .external_order_id = external, .found = found,
				 .expected = expected};

	r->audit->breaches++;
	if (r->told++ < AUDIT_MOST_TOLD)
		r->ops->breach(r->ctx, &b);
}

/* `other` is the row there, -1 if the order is not. */
static void compare(struct rebuild *r, const struct page *w, int row, int other,
		    const char *external)
{
	const char *status = db_text_or_null(w->here, row, R_STATUS), *now;
	char found[64], expected[64];

	if (other < 0) {
		tell(r, w, row, external, "here", "not there after a rebuild");
		return;
	}
	now = db_text_or_null(w->there, other, R_STATUS);
	if (strcmp(db_text(w->here, row, R_LINES), db_text(w->there, other, R_LINES)) != 0)
		tell(r, w, row, external, db_text(w->here, row, R_LINES),
		     db_text(w->there, other, R_LINES));
	else if (status && (now == NULL || strcmp(status, now) != 0))
		tell(r, w, row, external, status, now ? now : "not done, after a rebuild");
	else if (status && db_int(w->here, row, R_TAKEN) != db_int(w->there, other, R_TAKEN)) {
		snprintf(found, sizeof found, "%lld units taken",
			 (long long)db_int(w->here, row, R_TAKEN));
		snprintf(expected, sizeof expected, "%lld by a rebuild",
			 (long long)db_int(w->there, other, R_TAKEN));
		tell(r, w, row, external, found, expected);
	}
}

/* Cancels there what a person cancelled here: no payload says so. */
static int cancel(struct rebuild *r, const struct page *w, const struct db_rows *orders,
		  const int *places, struct err *e)
{
	int other = 0, cancelled = 0, rc = 0;

	for (int i = 0; rc == 0 && i < db_count(w->here); i++) {
		int order = places[db_int(w->here, i, R_PLACE) - 1];
		struct db_param p[] = {db_param_text(db_text(orders, order, O_SHOP)),
				       db_param_int(db_int(orders, order, O_EXTERNAL))};

		while (other < db_count(w->there) &&
		       db_int(w->there, other, R_PLACE) < db_int(w->here, i, R_PLACE))
			other++;
		if (other == db_count(w->there) || !db_bool(w->here, i, R_CANCELLED) ||
		    db_bool(w->there, other, R_CANCELLED) ||
		    db_int(w->there, other, R_PLACE) != db_int(w->here, i, R_PLACE))
			continue;
		rc = db_exec(r->there, &SQL_REBUILD_CANCEL, p, NULL, e);
		cancelled++;
	}
	return rc == 0 && cancelled ? settle(r, e) : rc;
}

/* rows: the orders, of which places[] are in the page. */
static int compare_page(struct rebuild *r, struct page *w, const struct db_rows *rows,
			const int *places, struct err *e)
{
	int other = 0;

	if (read_page(r, w, e) != 0 || cancel(r, w, rows, places, e) != 0)
		return -1;
	db_rows_free(w->here);
	db_rows_free(w->there);
	w->here = w->there = NULL;
	if (read_page(r, w, e) != 0)
		return -1;
	for (int i = 0; i < db_count(w->here); i++) {
		int64_t place = db_int(w->here, i, R_PLACE);

		while (other < db_count(w->there) && db_int(w->there, other, R_PLACE) < place)
			other++;
		compare(r, w, i,
			other < db_count(w->there) && db_int(w->there, other, R_PLACE) == place
				? other : -1,
			db_text(rows, places[place - 1], O_EXTERNAL));
	}
	return 0;
}

static int compare_all(struct rebuild *r, struct err *e)
{
	int64_t after = 0;
	int rc = 0, n = PIECE;

	while (rc == 0 && n == PIECE) {
		struct db_param p[] = {db_param_int(after), db_param_int(PIECE)};
		struct page w = {.here = NULL};
		int places[PIECE], kept = 0;
		struct db_rows *rows;

		rc = db_exec(r->here, &SQL_REBUILD_ORDERS, p, &rows, e);
		if (rc != 0)
			break;
		n = db_count(rows);
		array_init(&w.shops, ARRAY_TEXT);
		array_init(&w.ids, ARRAY_INT8);
		for (int i = 0; i < n; i++) {
			after = db_int(rows, i, O_ID);
			if (!db_bool(rows, i, O_WHOLE))
				continue;
			array_text(&w.shops, db_text(rows, i, O_SHOP));
			array_int8(&w.ids, db_int(rows, i, O_EXTERNAL));
			places[kept++] = i;
		}
		r->result->orders += kept;
		r->result->left_out += n - kept;
		if (kept > 0)
			rc = compare_page(r, &w, rows, places, e);
		page_release(&w);
		db_rows_free(rows);
	}
	return rc;
}

/* --- all of it --- */

static void ignore(void *ctx, const struct allot_order *o, int duration_ms)
{
	(void)ctx;
	(void)o;
	(void)duration_ms;
}

static int run(struct rebuild *r, const char *made, struct err *e)
{
	int rc = open_there(r, made, e);

	if (rc != 0)
		return rc;
	r->work = work_new(r->there, r->conf, r->worker, NULL, ignore, NULL);
	rc = audit_begin(r->here, e);
	if (rc == 0)
		rc = copy_skus(r, e);
	if (rc == 0)
		rc = play(r, 0, e);
	if (rc == 0)
		rc = play_apart(r, e);
	if (rc == 0)
		rc = compare_all(r, e);
	db_rollback(r->here);
	return rc;
}

static void put_back(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

/* Frees what run() made. */
static void release(struct rebuild *r, const struct conf *conf)
{
	work_free(r->work);
	intake_free(r->in);
	db_close(r->there);
	if (r->conf != conf)
		conf_free((struct conf *)r->conf);
}

static int run_beside(struct rebuild *r, const char *here, const char *made, struct err *e)
{
	const struct conf *conf = r->conf;
	struct err later;
	char name[64];
	int rc;

	name_database(name, sizeof name, here);
	if (run_ddl(r->here, "create database", name, e) != 0)
		return strcmp(e->sqlstate, "42501") != 0 ? -1
			: err_set(e, ERR_CONFIG, "a rebuild needs an empty database, and this "
				  "role may not make one: alter role … createdb, or name one "
				  "with --into");
	point_at(conf_get(conf, "DATABASE_URL"), name);
	rc = run(r, made, e);
	release(r, conf);
	if (run_ddl(r->here, "drop database", name, rc == 0 ? e : &later) != 0)
		rc = -1;
	return rc;
}

static int run_into(struct rebuild *r, const char *into, const char *made, struct err *e)
{
	const struct conf *conf = r->conf;
	int rc;

	setenv("DATABASE_URL", into, 1);
	rc = run(r, made, e);
	release(r, conf);
	return rc;
}

int rebuild_run(struct db *db, const struct conf *conf, const char *into, const char *worker,
		const struct audit_ops *ops, void *ctx, struct audit_result *audit,
		struct rebuild_result *result, struct err *e)
{
	struct rebuild r = {.here = db, .conf = conf, .worker = worker, .ops = ops, .ctx = ctx,
			    .audit = audit, .result = result};
	const char *url = getenv("DATABASE_URL"), *history = getenv("HISTORY_BEFORE");
	char *kept_url = url ? xalloc_strdup(url) : NULL;
	char *kept_history = history ? xalloc_strdup(history) : NULL;
	struct db_rows *rows;
	int rc = db_exec(db, &SQL_READ_DATABASE, NULL, &rows, e);

	if (rc == 0) {
		const char *here = db_text(rows, 0, 0), *made = db_text(rows, 0, 1);

		rc = into ? run_into(&r, into, made, e) : run_beside(&r, here, made, e);
		db_rows_free(rows);
	}
	put_back("DATABASE_URL", kept_url);
	put_back("HISTORY_BEFORE", kept_history);
	free(kept_url);
	free(kept_history);
	if (r.told > AUDIT_MOST_TOLD)
		ops->more(ctx, "rebuild", r.told - AUDIT_MOST_TOLD);
	audit->checks++;
	return rc;
}
