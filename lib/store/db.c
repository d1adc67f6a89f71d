/* SPDX-License-Identifier: MIT
 *
 * db: a session has the settings of sql/query/set-session.sql once it is open; without prepared
 * statements each transaction has them, and a statement alone is a pipeline with them.
 */
#include "store/db.h"

#include "base/clock.h"
#include "base/xalloc.h"
#include "sql.h"
#include "store/connection.h"
#include "store/dburl.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE_MS = 100, COMMIT_MS = 4000 };

/* How often a connection that was made and then lost is made again at once. */
enum { REOPEN_TRIES = 3 };

/* Without prepared statements each transaction sets these for itself instead. */
static int set_session(struct db *db, struct err *e)
{
	return db->prepare ? connection_run(db, &SQL_SET_SESSION, connection_settings(db), e) : 0;
}

static int open_with(struct db **out, const struct conf *conf, const char *name, bool by_key,
		     bool hurried, struct err *e)
{
	static const char *const keys[] = {"connect_timeout", "tcp_user_timeout", "keepalives_idle",
					   "keepalives_interval", "keepalives_count",
					   "client_encoding", "fallback_application_name", "dbname",
					   NULL};
	const char *url;

	*out = NULL;
	if (conf_need(conf, "DATABASE_URL", &url, e) != 0 || dburl_check(url, e) != 0)
		return -1;
	const char *const values[] = {hurried ? "2" : "5", "15000", "10", "5", "3", "UTF8", name,
				      url, NULL};
	struct db *db = xalloc_zero(1, sizeof *db);
	int64_t started = clock_ms();

	db->prepare = conf_bool(conf, "DATABASE_PREPARE");
	db->by_key = by_key;
	db->name = xalloc_strdup(name);
	db->conn = xalloc_checked(PQconnectdbParams(keys, values, 1));
	if (PQstatus(db->conn) != CONNECTION_OK) {
		connection_fail(db, NULL, NULL, e);
		if (e && clock_ms() - started < AT_ONCE_MS && dburl_is_malformed(url, keys, values))
			e->code = ERR_CONFIG;
		db_close(db);
		return -1;
	}
	link_init(&db->link, db->conn, hurried ? COMMIT_MS : 0);
	int rc = set_session(db, e);

	/* A server that ends connections may end this one before its first statement. */
	for (int tries = 0; rc != 0 && !db_alive(db) && tries < REOPEN_TRIES; tries++)
		rc = db_reopen(db, e);
	if (rc != 0) {
		db_close(db);
		return -1;
	}
	*out = db;
	return 0;
}

int db_open(struct db **out, const struct conf *conf, const char *name, struct err *e)
{
	return open_with(out, conf, name, false, false, e);
}

int db_open_by_key(struct db **out, const struct conf *conf, const char *name, struct err *e)
{
	return open_with(out, conf, name, true, false, e);
}

int db_open_hurried(struct db **out, const struct conf *conf, const char *name, bool by_key,
		    struct err *e)
{
	return open_with(out, conf, name, by_key, true, e);
}

void db_close(struct db *db)
{
	if (db == NULL)
		return;
	PQfinish(db->conn);
	free(db->name);
	free(db->prepared);
	free(db->expect);
	free(db);
}

bool db_alive(const struct db *db)
{
	return connection_alive(db);
}

bool db_is_pooled(const struct db *db)
{
	return !db->prepare;
}

int db_socket(const struct db *db)
{
	return PQsocket(db->conn);
}

void db_within(struct db *db, int ms)
{
	db->link.until = clock_ms() + ms;
}

int db_reopen(struct db *db, struct err *e)
{
	if (db->link.until && clock_ms() > db->link.until)
		return err_set(e, ERR_AWAY, "PostgreSQL gave no answer in time");
	if (db->held)
		return err_set(e, ERR_AWAY, "PostgreSQL was lost in the middle of a request");
	db->nprepared = 0;
	db->nexpect = db->next = 0;
	db->unsendable = db->lost = false;
	db->link.unsure = db->link.silent = false;
	PQreset(db->conn);
	return db_alive(db) ? set_session(db, e) : connection_fail(db, NULL, NULL, e);
}

static int prepare_now(struct db *db, int slot, struct err *e)
{
	const struct db_query *q = db->prepared[slot].query;
	PGresult *r = PQprepare(db->conn, q->name, q->sql, 0, NULL);
	int rc = 0;

	if (PQresultStatus(r) == PGRES_COMMAND_OK)
		db->prepared[slot].state = PREPARED;
	else
		rc = connection_fail(db, r, q->name, e);
	PQclear(r);
	return rc;
}

void db_watch(struct db *db, int ms, bool (*tick)(void *ctx), void *ctx)
{
	db->tick = tick;
	db->tick_ctx = ctx;
	db->tick_ms = ms;
}

/* Waits for the result of what was sent, and calls `tick` meanwhile. */
static bool await(struct db *db)
{
	struct pollfd p = {.fd = PQsocket(db->conn), .events = POLLIN};
	bool cancelled = false;

	while (PQisBusy(db->conn)) {
		poll(&p, 1, db->tick_ms);
		if (!cancelled && db->tick(db->tick_ctx)) {
			/* If the server cannot be told, it is likely to be gone. */
			db->lost |= !link_cancel(&db->link);
			cancelled = true;
		}
		if (PQconsumeInput(db->conn) != 1 || db->lost)
			return false;
	}
	return true;
}

/* The last result of one statement. After its rows comes the end of its transaction, if it is
 * alone, and with that perhaps an error or a notice. */
static PGresult *execute(struct db *db, const struct db_query *q, const struct db_param *params,
			 bool prepared)
{
	PGresult *last = NULL, *r;

	bool ends = q == &QUERY_COMMIT, watched = db->tick && !(ends && db->link.commit_ms);

	if (!connection_send(db, q, params, prepared) || (watched && !await(db)))
		return NULL;
	for (; (r = link_result(&db->link, ends)) != NULL; ends = true) {
		PQclear(last);
		last = r;
	}
	if (db->link.silent) {
		PQclear(last);
		last = NULL;
	}
	return last;
}

static int exec(struct db *db, const struct db_query *q, const struct db_param *params,
		struct db_rows **rows, struct err *e)
{
	int slot = db->prepare && q->nparams > 0 ? connection_slot(db, q) : -1;
	PGresult *r;
	int rc = 0;

	if (rows)
		*rows = NULL;
	if (!connection_fits(q))
		return connection_refuse(q, e);
	if (slot >= 0 && db->prepared[slot].state != PREPARED && prepare_now(db, slot, e) != 0)
		return -1;
	db->link.unsure = false;
	r = execute(db, q, params, slot >= 0);
	rc = connection_is_good(r) ? connection_check_sure(db, e)
				   : connection_fail(db, r, q->name, e);
	if (rc == 0 && rows)
		*rows = (struct db_rows *)r;
	else
		PQclear(r);
	return rc;
}

/* The same while db_watch is on, which needs a statement that can be cancelled, or where a
 * statement may take long and its commit may not. */
static int exec_apart(struct db *db, const struct db_query *q, const struct db_param *params,
		      struct db_rows **rows, struct err *e)
{
	int rc = db_exec(db, &QUERY_BEGIN, NULL, NULL, e);

	if (rc == 0)
		rc = exec(db, q, params, rows, e);
	if (rc == 0 && exec(db, &QUERY_COMMIT, NULL, NULL, e) == 0)
		return 0;
	db_rollback(db);
	if (rc == 0 && rows) {
		db_rows_free(*rows);
		*rows = NULL;
	}
	return -1;
}

/* One statement within db_hold, which fails alone. */
static int exec_part(struct db *db, const struct db_query *q, const struct db_param *params,
		     struct db_rows **rows, struct err *e)
{
	struct err ignored;

	if (exec(db, &QUERY_PART_BEGIN, NULL, NULL, e) != 0)
		return -1;
	if (exec(db, q, params, rows, e) == 0) {
		if (exec(db, &QUERY_PART_COMMIT, NULL, NULL, e) == 0)
			return 0;
		if (rows) {
			db_rows_free(*rows);
			*rows = NULL;
		}
		return -1;
	}
	if (exec(db, &QUERY_PART_ROLLBACK, NULL, NULL, &ignored) != 0)
		return -1; /* the connection is lost */
	return -1;
}

static int exec_held(struct db *db, const struct db_query *q, const struct db_param *params,
		     struct db_rows **rows, struct err *e)
{
	bool was_in_part = db->in_part;
	const struct db_query *part = connection_part(db, q);

	if (part == q && !db->in_part)
		return exec_part(db, q, params, rows, e);
	return q == &QUERY_ROLLBACK && !was_in_part ? 0 : exec(db, part, params, rows, e);
}

int db_exec(struct db *db, const struct db_query *q, const struct db_param *params,
	    struct db_rows **rows, struct err *e)
{
	if (db->held)
		return exec_held(db, q, params, rows, e);
	bool begins = connection_is_begin(q), ends = q == &QUERY_COMMIT || q == &QUERY_ROLLBACK;

	pipeline_tell_presence(db);

	if (db->link.commit_ms && q->writes && !db->by_key && !connection_in_transaction(db))
		return exec_apart(db, q, params, rows, e);
	if (db->prepare || ends || (!begins && connection_in_transaction(db)))
		return exec(db, q, params, rows, e);
	if (begins)
		return exec(db, q, params, rows, e) == 0
			? connection_run(db, &SQL_SET_SESSION, connection_settings(db), e) : -1;
	return db->tick ? exec_apart(db, q, params, rows, e)
			: pipeline_exec(db, q, params, rows, e);
}

void db_rollback(struct db *db)
{
	if (db_alive(db) && db_exec(db, &QUERY_ROLLBACK, NULL, NULL, NULL) != 0)
		return; /* the connection is lost, and the server rolls back */
}

int db_hold(struct db *db, struct err *e)
{
	if (db_exec(db, &QUERY_BEGIN, NULL, NULL, e) != 0)
		return -1;
	db->held = true;
	db->in_part = false;
	return 0;
}

/* PostgreSQL answers the COMMIT of a transaction that failed with a QUERY_ROLLBACK. */
int db_settle(struct db *db, bool keep, struct err *e)
{
	struct db_rows *rows;
	bool kept;

	db->held = db->in_part = false;
	if (!keep) {
		db_rollback(db);
		return 0;
	}
	if (db_exec(db, &QUERY_COMMIT, NULL, &rows, e) != 0)
		return -1;
	kept = strcmp(PQcmdStatus((PGresult *)rows), "COMMIT") == 0;
	db_rows_free(rows);
	return kept ? 0 : err_set(e, ERR_BUG, "a transaction that had failed was to be kept");
}

int db_copy(struct db *db, const struct db_query *q, struct err *e)
{
	PGresult *r = PQexec(db->conn, q->sql);
	int rc = PQresultStatus(r) == PGRES_COPY_IN ? 0 : connection_fail(db, r, q->name, e);

	PQclear(r);
	return rc;
}

void db_copy_add(struct db *db, const void *text, size_t n)
{
	if (PQputCopyData(db->conn, text, (int)n) != 1)
		db->lost = true;
}

int db_copy_end(struct db *db, struct err *e)
{
	PGresult *r = NULL, *more;
	int rc = 0;

	if (!db->lost && PQputCopyEnd(db->conn, NULL) == 1)
		r = PQgetResult(db->conn);
	if (!connection_is_good(r))
		rc = connection_fail(db, r, "copy", e);
	PQclear(r);
	while (!db->lost && (more = PQgetResult(db->conn)) != NULL)
		PQclear(more);
	return rc == 0 ? connection_check_sure(db, e) : rc;
}

int64_t db_changed(const struct db_rows *r)
{
	return strtoll(PQcmdTuples((PGresult *)r), NULL, 10);
}

int db_count(const struct db_rows *r)
{
	return PQntuples((const PGresult *)r);
}

bool db_is_null(const struct db_rows *r, int row, int col)
{
	return PQgetisnull((const PGresult *)r, row, col);
}

const char *db_text(const struct db_rows *r, int row, int col)
{
	return PQgetvalue((const PGresult *)r, row, col);
}

const char *db_text_or_null(const struct db_rows *r, int row, int col)
{
	return db_is_null(r, row, col) ? NULL : db_text(r, row, col);
}

int db_length(const struct db_rows *r, int row, int col)
{
	return PQgetlength((const PGresult *)r, row, col);
}

int64_t db_int(const struct db_rows *r, int row, int col)
{
	return strtoll(db_text(r, row, col), NULL, 10);
}

bool db_bool(const struct db_rows *r, int row, int col)
{
	return db_text(r, row, col)[0] == 't';
}

void db_rows_free(struct db_rows *r)
{
	PQclear((PGresult *)r);
}

struct db_param db_param_text(const char *s)
{
	return (struct db_param){.kind = DB_TEXT, .value = s};
}

struct db_param db_param_bytes(const void *p, size_t n)
{
	return (struct db_param){.kind = DB_BYTES, .value = p, .len = (int)n};
}

struct db_param db_param_int(int64_t v)
{
	return (struct db_param){.kind = DB_INT, .number = v};
}

struct db_param db_param_bool(bool v)
{
	return db_param_text(v ? "t" : "f");
}

bool db_param_is_null(struct db_param p)
{
	return p.kind != DB_INT && p.value == NULL;
}
