/* SPDX-License-Identifier: MIT
 *
 * db: libpq, with a memory of what is prepared and of what is on its way.
 *   - expect[] is a queue of the results a pipeline still owes: a PREPARE that
 *     went ahead of its statement, the settings of a transaction, the statement
 *     itself, or the sync
 *   - a session has the settings of sql/query/set-session.sql once it is open;
 *     without prepared statements each transaction has them, and a statement
 *     alone is a pipeline with them, which is one transaction
 */
#include "store/db.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/sqlstate.h"
#include "base/xalloc.h"
#include "sql.h"
#include "store/dburl.h"
#include "store/link.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PARAMS = SQL_MOST_PARAMS, INT_TEXT = 24 };

enum { AT_ONCE_MS = 100, COMMIT_MS = 4000, PRESENT_MS = 3000 };
enum expected { EXPECT_PREPARE, EXPECT_SETTINGS, EXPECT_ROWS, EXPECT_SYNC };
enum state { UNKNOWN, ON_ITS_WAY, PREPARED };

struct db {
	PGconn *conn;
	struct link link; /* conn's */
	char *name;       /* owned */
	int64_t tell_at;  /* clock_ms of the next row of presence */
	bool prepare; /* DATABASE_PREPARE; without, the settings are sent with each transaction */
	bool by_key;  /* db_open_by_key */
	bool lost;    /* the connection is unusable, though libpq may not know it yet */
	bool in_transaction, settings_sent; /* as of the last db_send of a pipeline */
	bool held, in_part; /* db_hold; and in a transaction within */
	struct {
		const struct db_query *query;
		enum state state;
	} *prepared; /* owned */
	size_t nprepared;
	struct {
		enum expected what;
		int slot;
		bool commits;
	} *expect; /* owned */
	size_t nexpect, next;
	bool unsendable;
	const struct db_query *refused; /* by db_send: it has too many parameters */
	bool (*tick)(void *ctx); /* db_watch */
	void *tick_ctx;
	int tick_ms;
};

/* READ COMMITTED whatever the database's default is: a statement that waited for
 * a lock must see what the holder of the lock committed. */
const struct db_query DB_BEGIN = {"begin", "begin isolation level READ COMMITTED", 0, false};
const struct db_query DB_BEGIN_SNAPSHOT = {
	"begin-snapshot", "begin isolation level repeatable read read only", 0, false};
const struct db_query DB_COMMIT = {"commit", "commit", 0, false};
static const struct db_query ROLLBACK = {"rollback", "rollback", 0, false};
static const struct db_query PART_BEGIN = {"part-begin", "savepoint part", 0, false};
static const struct db_query PART_COMMIT = {"part-commit", "release part", 0, false};
static const struct db_query PART_ROLLBACK = {"part-rollback", "rollback to part", 0, false};

/* True if the connection is unusable: FATAL, PANIC, or an error that libpq itself
 * raised. PQstatus() does not always know: it stays good after a failed write. */
static bool is_last(const PGresult *r, const char *state)
{
	const char *severity = r ? PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED) : NULL;

	if (state == NULL)
		return r == NULL || PQresultStatus(r) != PGRES_PIPELINE_ABORTED;
	return severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
}

static int fail(struct db *db, const PGresult *r, const char *what, struct err *e)
{
	const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
	const char *msg = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	enum err_code code = state ? sqlstate_code(state) : ERR_AWAY;

	if (msg == NULL)
		msg = db->link.silent ? "there was no answer in time" : PQerrorMessage(db->conn);
	if (PQstatus(db->conn) == CONNECTION_BAD && code != ERR_SETUP)
		code = ERR_AWAY;
	db->lost |= is_last(r, state);
	err_set(e, code, "PostgreSQL%s%s: %.*s%s", what ? ", " : "", what ? what : "",
		(int)strcspn(msg, "\n"), msg, state ? sqlstate_hint(state) : "");
	if (e && state)
		snprintf(e->sqlstate, sizeof e->sqlstate, "%s", state);
	return -1;
}

/* What was committed since the last call is on the primary only. */
static int check_sure(struct db *db, struct err *e)
{
	bool unsure = db->link.unsure;

	db->link.unsure = false;
	db->lost |= db->link.silent;
	if (!unsure)
		return 0;
	fault_point("unsure");
	return err_set(e, ERR_UNSURE, "PostgreSQL, commit: the wait for the standby was cancelled");
}

static bool is_good(const PGresult *r)
{
	return PQresultStatus(r) == PGRES_TUPLES_OK || PQresultStatus(r) == PGRES_COMMAND_OK;
}

/* Runs one statement without preparing it. */
static int run_plain(struct db *db, const struct db_query *q, const char *const *values,
		     struct err *e)
{
	PGresult *r = PQexecParams(db->conn, q->sql, q->nparams, NULL, values, NULL, NULL, 0);
	int rc = is_good(r) ? 0 : fail(db, r, q->name, e);

	PQclear(r);
	return rc;
}

/* How often a connection that was made and then lost is made again at once. */
enum { REOPEN_TRIES = 3 };

/* The parameters of SQL_SET_SESSION. */
static const char *const *session_params(const struct db *db)
{
	static const char *const of[2][2][2] = {{{"f", "f"}, {"f", "t"}}, {{"t", "f"}, {"t", "t"}}};

	return of[!db->prepare][db->by_key];
}

/* Without prepared statements each transaction sets these for itself instead. */
static int set_session(struct db *db, struct err *e)
{
	return db->prepare ? run_plain(db, &SQL_SET_SESSION, session_params(db), e) : 0;
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
	if (conf_need(conf, "DATABASE_URL", &url, e) != 0)
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
		fail(db, NULL, NULL, e);
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
	return !db->lost && PQstatus(db->conn) == CONNECTION_OK;
}

bool db_is_pooled(const struct db *db)
{
	return !db->prepare;
}

int db_socket(const struct db *db)
{
	return PQsocket(db->conn);
}

bool db_is_ready(const struct db *db)
{
	struct pollfd p = {.fd = PQsocket(db->conn), .events = POLLIN};

	return db->refused || db->unsendable || !db_alive(db) || poll(&p, 1, 0) != 0;
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
	return db_alive(db) ? set_session(db, e) : fail(db, NULL, NULL, e);
}

/* The slot that remembers whether q is prepared here. */
static int slot_of(struct db *db, const struct db_query *q)
{
	size_t i = 0;

	while (i < db->nprepared && strcmp(db->prepared[i].query->name, q->name) != 0)
		i++;
	if (i == db->nprepared) {
		db->prepared = xalloc_grow(db->prepared, i + 1, sizeof *db->prepared);
		db->prepared[i].query = q;
		db->prepared[i].state = UNKNOWN;
		db->nprepared++;
	}
	return (int)i;
}

struct bound {
	const char *values[MOST_PARAMS];
	int lengths[MOST_PARAMS], formats[MOST_PARAMS];
	char digits[MOST_PARAMS][INT_TEXT];
};

static int refuse(const struct db_query *q, struct err *e)
{
	return err_set(e, ERR_BUG,
		       "the statement %s has %d parameters, more than the %d of sql/query", q->name,
		       q->nparams, MOST_PARAMS);
}

static bool bind_params(struct bound *b, const struct db_query *q, const struct db_param *p)
{
	if (q->nparams > MOST_PARAMS)
		return false;
	for (int i = 0; i < q->nparams; i++) {
		if (p[i].kind == DB_INT)
			snprintf(b->digits[i], INT_TEXT, "%lld", (long long)p[i].number);
		b->values[i] = p[i].kind == DB_INT ? b->digits[i] : p[i].value;
		b->lengths[i] = p[i].len;
		b->formats[i] = p[i].kind == DB_BYTES;
	}
	return true;
}

static bool send_query(struct db *db, const struct db_query *q, const struct bound *b,
		       bool prepared)
{
	if (prepared)
		return PQsendQueryPrepared(db->conn, q->name, q->nparams, b->values, b->lengths,
					   b->formats, 0) == 1;
	return PQsendQueryParams(db->conn, q->sql, q->nparams, NULL, b->values, b->lengths,
				 b->formats, 0) == 1;
}

static int prepare_now(struct db *db, int slot, struct err *e)
{
	const struct db_query *q = db->prepared[slot].query;
	PGresult *r = PQprepare(db->conn, q->name, q->sql, 0, NULL);
	int rc = 0;

	if (PQresultStatus(r) == PGRES_COMMAND_OK)
		db->prepared[slot].state = PREPARED;
	else
		rc = fail(db, r, q->name, e);
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
static PGresult *execute(struct db *db, const struct db_query *q, const struct bound *b,
			 bool prepared)
{
	PGresult *last = NULL, *r;

	bool ends = q == &DB_COMMIT, watched = db->tick && !(ends && db->link.commit_ms);

	if (!send_query(db, q, b, prepared) || (watched && !await(db)))
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
	int slot = db->prepare && q->nparams > 0 ? slot_of(db, q) : -1;
	struct bound b;
	PGresult *r;
	int rc = 0;

	if (rows)
		*rows = NULL;
	if (!bind_params(&b, q, params))
		return refuse(q, e);
	if (slot >= 0 && db->prepared[slot].state != PREPARED && prepare_now(db, slot, e) != 0)
		return -1;
	db->link.unsure = false;
	r = execute(db, q, &b, slot >= 0);
	rc = is_good(r) ? check_sure(db, e) : fail(db, r, q->name, e);
	if (rc == 0 && rows)
		*rows = (struct db_rows *)r;
	else
		PQclear(r);
	return rc;
}

/* One statement outside a transaction, with the settings that it needs. */
static int exec_alone(struct db *db, const struct db_query *q, const struct db_param *params,
		      struct db_rows **rows, struct err *e)
{
	int rc;

	if (db_pipeline(db, e) != 0)
		return -1;
	db_send(db, q, params);
	db_sync(db);
	rc = db_take(db, rows, e);
	db_done(db);
	return rc;
}

static bool is_begin(const struct db_query *q)
{
	return q == &DB_BEGIN || q == &DB_BEGIN_SNAPSHOT;
}

static bool in_transaction(const struct db *db)
{
	return PQtransactionStatus(db->conn) != PQTRANS_IDLE;
}

/* The same while db_watch is on, which needs a statement that can be cancelled, or where a
 * statement may take long and its commit may not. */
static int exec_apart(struct db *db, const struct db_query *q, const struct db_param *params,
		      struct db_rows **rows, struct err *e)
{
	int rc = db_exec(db, &DB_BEGIN, NULL, NULL, e);

	if (rc == 0)
		rc = exec(db, q, params, rows, e);
	if (rc == 0 && exec(db, &DB_COMMIT, NULL, NULL, e) == 0)
		return 0;
	db_rollback(db);
	if (rc == 0 && rows) {
		db_rows_free(*rows);
		*rows = NULL;
	}
	return -1;
}

/* Its pooler hides this process from the others. */
static void tell_presence(struct db *db)
{
	struct db_param p = db_param_text(db->name);

	if (db->prepare || strchr(db->name, ' ') == NULL || in_transaction(db) ||
	    !db_alive(db) || clock_ms() < db->tell_at)
		return;
	db->tell_at = clock_ms() + PRESENT_MS;
	if (exec_alone(db, &SQL_TELL_PRESENCE, &p, NULL, NULL) != 0)
		return; /* what comes next says why */
}

/* Within db_hold: what stands for the statement that begins or ends a transaction. */
static const struct db_query *part_of(struct db *db, const struct db_query *q)
{
	if (!db->held || (q != &DB_BEGIN && q != &DB_COMMIT && q != &ROLLBACK))
		return q;
	db->in_part = q == &DB_BEGIN;
	return q == &DB_BEGIN ? &PART_BEGIN : q == &DB_COMMIT ? &PART_COMMIT : &PART_ROLLBACK;
}

/* One statement within db_hold, which fails alone. */
static int exec_part(struct db *db, const struct db_query *q, const struct db_param *params,
		     struct db_rows **rows, struct err *e)
{
	struct err ignored;

	if (exec(db, &PART_BEGIN, NULL, NULL, e) != 0)
		return -1;
	if (exec(db, q, params, rows, e) == 0) {
		if (exec(db, &PART_COMMIT, NULL, NULL, e) == 0)
			return 0;
		if (rows) {
			db_rows_free(*rows);
			*rows = NULL;
		}
		return -1;
	}
	if (exec(db, &PART_ROLLBACK, NULL, NULL, &ignored) != 0)
		return -1; /* the connection is lost */
	return -1;
}

static int exec_held(struct db *db, const struct db_query *q, const struct db_param *params,
		     struct db_rows **rows, struct err *e)
{
	bool was_in_part = db->in_part;
	const struct db_query *part = part_of(db, q);

	if (part == q && !db->in_part)
		return exec_part(db, q, params, rows, e);
	return q == &ROLLBACK && !was_in_part ? 0 : exec(db, part, params, rows, e);
}

int db_exec(struct db *db, const struct db_query *q, const struct db_param *params,
	    struct db_rows **rows, struct err *e)
{
	if (db->held)
		return exec_held(db, q, params, rows, e);
	bool begins = is_begin(q), ends = q == &DB_COMMIT || q == &ROLLBACK;

	tell_presence(db);

	if (db->link.commit_ms && q->writes && !db->by_key && !in_transaction(db))
		return exec_apart(db, q, params, rows, e);
	if (db->prepare || ends || (!begins && in_transaction(db)))
		return exec(db, q, params, rows, e);
	if (begins)
		return exec(db, q, params, rows, e) == 0
			? run_plain(db, &SQL_SET_SESSION, session_params(db), e) : -1;
	return db->tick ? exec_apart(db, q, params, rows, e) : exec_alone(db, q, params, rows, e);
}

void db_rollback(struct db *db)
{
	if (db_alive(db) && db_exec(db, &ROLLBACK, NULL, NULL, NULL) != 0)
		return; /* the connection is lost, and the server rolls back */
}

int db_hold(struct db *db, struct err *e)
{
	if (db_exec(db, &DB_BEGIN, NULL, NULL, e) != 0)
		return -1;
	db->held = true;
	db->in_part = false;
	return 0;
}

/* PostgreSQL answers the COMMIT of a transaction that failed with a ROLLBACK. */
int db_settle(struct db *db, bool keep, struct err *e)
{
	struct db_rows *rows;
	bool kept;

	db->held = db->in_part = false;
	if (!keep) {
		db_rollback(db);
		return 0;
	}
	if (db_exec(db, &DB_COMMIT, NULL, &rows, e) != 0)
		return -1;
	kept = strcmp(PQcmdStatus((PGresult *)rows), "COMMIT") == 0;
	db_rows_free(rows);
	return kept ? 0 : err_set(e, ERR_BUG, "a transaction that had failed was to be kept");
}

int db_copy(struct db *db, const struct db_query *q, struct err *e)
{
	PGresult *r = PQexec(db->conn, q->sql);
	int rc = PQresultStatus(r) == PGRES_COPY_IN ? 0 : fail(db, r, q->name, e);

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
	if (!is_good(r))
		rc = fail(db, r, "copy", e);
	PQclear(r);
	while (!db->lost && (more = PQgetResult(db->conn)) != NULL)
		PQclear(more);
	return rc == 0 ? check_sure(db, e) : rc;
}

int db_pipeline(struct db *db, struct err *e)
{
	tell_presence(db);
	db->nexpect = db->next = 0;
	db->unsendable = false;
	db->refused = NULL;
	db->settings_sent = db->link.unsure = false;
	db->in_transaction = PQtransactionStatus(db->conn) != PQTRANS_IDLE;
	return PQenterPipelineMode(db->conn) == 1 ? 0 : fail(db, NULL, NULL, e);
}

static void expect(struct db *db, enum expected what, int slot)
{
	db->expect = xalloc_grow(db->expect, db->nexpect + 1, sizeof *db->expect);
	db->expect[db->nexpect].what = what;
	db->expect[db->nexpect].commits = what == EXPECT_SYNC;
	db->expect[db->nexpect++].slot = slot;
}

static bool send_settings(struct db *db)
{
	bool ok = PQsendQueryParams(db->conn, SQL_SET_SESSION.sql, SQL_SET_SESSION.nparams, NULL,
				    session_params(db), NULL, NULL, 0) == 1;

	expect(db, EXPECT_SETTINGS, -1);
	db->settings_sent = true;
	return ok;
}

void db_send(struct db *db, const struct db_query *q, const struct db_param *params)
{
	struct bound b;
	int slot, ok = 1;

	q = part_of(db, q);
	slot = db->prepare ? slot_of(db, q) : -1;
	if (!bind_params(&b, q, params)) {
		db->refused = q;
		return;
	}
	if (!db->prepare && !db->in_transaction && !db->settings_sent && !is_begin(q))
		ok &= send_settings(db);
	if (slot >= 0 && db->prepared[slot].state == UNKNOWN) {
		ok &= PQsendPrepare(db->conn, q->name, q->sql, 0, NULL);
		db->prepared[slot].state = ON_ITS_WAY;
		expect(db, EXPECT_PREPARE, slot);
	}
	ok &= send_query(db, q, &b, slot >= 0);
	expect(db, EXPECT_ROWS, slot);
	db->expect[db->nexpect - 1].commits = q == &DB_COMMIT;
	if (is_begin(q)) {
		db->in_transaction = true;
		if (!db->prepare)
			ok &= send_settings(db);
	} else if (q == &DB_COMMIT || q == &ROLLBACK) {
		db->in_transaction = false;
	}
	db->unsendable |= !ok;
}

void db_sync(struct db *db)
{
	db->unsendable |= PQpipelineSync(db->conn) != 1;
	expect(db, EXPECT_SYNC, -1);
	db->settings_sent = false;
}

/* The next result; the NULL that follows each but a sync is swallowed. */
static PGresult *next_result(struct db *db)
{
	bool sync = db->expect[db->next].what == EXPECT_SYNC;
	PGresult *r = link_result(&db->link, db->expect[db->next].commits), *end;

	if (r && !sync && (end = PQgetResult(db->conn)) != NULL)
		PQclear(end);
	db->lost |= db->link.silent;
	return r;
}

/* The end of a transaction that no COMMIT ends, which may fail or come too early. */
static int take_sync(struct db *db, struct err *e)
{
	PGresult *r = next_result(db);
	int rc = 0;

	if (r == NULL || PQresultStatus(r) == PGRES_FATAL_ERROR)
		rc = fail(db, r, DB_COMMIT.name, e);
	while (r && PQresultStatus(r) != PGRES_PIPELINE_SYNC) {
		PQclear(r);
		r = PQgetResult(db->conn);
		if (r == NULL) /* the end of an error */
			r = PQgetResult(db->conn);
	}
	PQclear(r);
	db->next++;
	return rc == 0 ? check_sure(db, e) : rc;
}

/* Takes results up to that of the next statement of the caller. */
static int take_ahead(struct db *db, struct err *e)
{
	while (db->next < db->nexpect && db->expect[db->next].what != EXPECT_ROWS) {
		enum expected what = db->expect[db->next].what;
		int slot = db->expect[db->next].slot, rc = 0;
		PGresult *r;

		if (what == EXPECT_SYNC) {
			if (take_sync(db, e) != 0)
				return -1;
			continue;
		}
		r = next_result(db);
		if (what == EXPECT_PREPARE) {
			bool ok = r && PQresultStatus(r) == PGRES_COMMAND_OK;

			db->prepared[slot].state = ok ? PREPARED : UNKNOWN;
			if (!ok)
				rc = fail(db, r, db->prepared[slot].query->name, e);
		} else if (what == EXPECT_SETTINGS && !is_good(r)) {
			rc = fail(db, r, SQL_SET_SESSION.name, e);
		}
		PQclear(r);
		db->next++;
		if (rc != 0 || r == NULL)
			return rc ? rc : fail(db, NULL, NULL, e);
	}
	return 0;
}

int db_take(struct db *db, struct db_rows **rows, struct err *e)
{
	PGresult *r;
	int rc = 0;

	if (rows)
		*rows = NULL;
	if (db->refused)
		return refuse(db->refused, e);
	if (db->unsendable || !db_alive(db))
		return fail(db, NULL, NULL, e);
	if (take_ahead(db, e) != 0)
		return -1;
	if (db->next == db->nexpect)
		return err_set(e, ERR_BUG, "a result was taken that was not asked for");
	r = next_result(db);
	if (!is_good(r))
		rc = fail(db, r, db->expect[db->next].slot >= 0
			  ? db->prepared[db->expect[db->next].slot].query->name : NULL, e);
	db->next++;
	if (rc == 0 && db->next < db->nexpect && db->expect[db->next].what == EXPECT_SYNC)
		rc = take_sync(db, e);
	if (rc == 0 && rows)
		*rows = (struct db_rows *)r;
	else
		PQclear(r);
	return rc;
}

void db_done(struct db *db)
{
	struct db_rows *r;

	db->refused = NULL;
	while (db_alive(db) && !db->unsendable && db->next < db->nexpect)
		if (db->expect[db->next].what == EXPECT_ROWS) {
			if (db_take(db, &r, NULL) == 0)
				db_rows_free(r);
		} else if (take_ahead(db, NULL) != 0) {
			continue;
		}
	if (db_alive(db) && PQexitPipelineMode(db->conn) != 1)
		db->lost = true;
	db->nexpect = db->next = 0;
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
