/* SPDX-License-Identifier: MIT
 *
 * pipeline: what is sent adds to expect[] of the connection, what is taken goes along it. Without
 * prepared statements a statement alone is a pipeline with the session's settings, which is one
 * transaction.
 */
#include "store/pipeline.h"

#include "base/clock.h"
#include "base/xalloc.h"
#include "sql.h"
#include "store/connection.h"

#include <libpq-fe.h>
#include <poll.h>
#include <string.h>

enum { PRESENT_MS = 3000 };

int pipeline_exec(struct db *db, const struct db_query *q, const struct db_param *params,
		      struct db_rows **rows, struct err *e)
{
	int rc;

	if (pipeline_begin(db, e) != 0)
		return -1;
	pipeline_send(db, q, params);
	pipeline_sync(db);
	rc = pipeline_take(db, rows, e);
	pipeline_end(db);
	return rc;
}

/* Its pooler hides this process from the others. */
void pipeline_tell_presence(struct db *db)
{
	struct db_param p = {.kind = DB_TEXT, .value = db->name};

	if (db->prepare || strchr(db->name, ' ') == NULL || connection_in_transaction(db) ||
	    !connection_alive(db) || clock_ms() < db->tell_at)
		return;
	db->tell_at = clock_ms() + PRESENT_MS;
	if (pipeline_exec(db, &SQL_TELL_PRESENCE, &p, NULL, NULL) != 0)
		return; /* what comes next says why */
}

int pipeline_begin(struct db *db, struct err *e)
{
	pipeline_tell_presence(db);
	db->nexpect = db->next = 0;
	db->unsendable = false;
	db->refused = NULL;
	db->settings_sent = db->link.unsure = false;
	db->in_transaction = PQtransactionStatus(db->conn) != PQTRANS_IDLE;
	return PQenterPipelineMode(db->conn) == 1 ? 0 : connection_fail(db, NULL, NULL, e);
}

static void expect(struct db *db, enum connection_expected what, int slot)
{
	db->expect = xalloc_grow(db->expect, db->nexpect + 1, sizeof *db->expect);
	db->expect[db->nexpect].what = what;
	db->expect[db->nexpect].commits = what == EXPECT_SYNC;
	db->expect[db->nexpect++].slot = slot;
}

static bool send_settings(struct db *db)
{
	bool ok = PQsendQueryParams(db->conn, SQL_SET_SESSION.sql, SQL_SET_SESSION.nparams, NULL,
				    connection_settings(db), NULL, NULL, 0) == 1;

	expect(db, EXPECT_SETTINGS, -1);
	db->settings_sent = true;
	return ok;
}

void pipeline_send(struct db *db, const struct db_query *q, const struct db_param *params)
{
	int slot, ok = 1;

	q = connection_part(db, q);
	slot = db->prepare ? connection_slot(db, q) : -1;
	if (!connection_fits(q)) {
		db->refused = q;
		return;
	}
	if (!db->prepare && !db->in_transaction && !db->settings_sent && !connection_is_begin(q))
		ok &= send_settings(db);
	if (slot >= 0 && db->prepared[slot].state == UNKNOWN) {
		ok &= PQsendPrepare(db->conn, q->name, q->sql, 0, NULL);
		db->prepared[slot].state = ON_ITS_WAY;
		expect(db, EXPECT_PREPARE, slot);
	}
	ok &= connection_send(db, q, params, slot >= 0);
	expect(db, EXPECT_ROWS, slot);
	db->expect[db->nexpect - 1].commits = q == &QUERY_COMMIT;
	if (connection_is_begin(q)) {
		db->in_transaction = true;
		if (!db->prepare)
			ok &= send_settings(db);
	} else if (q == &QUERY_COMMIT || q == &QUERY_ROLLBACK) {
		db->in_transaction = false;
	}
	db->unsendable |= !ok;
}

void pipeline_sync(struct db *db)
{
	db->unsendable |= PQpipelineSync(db->conn) != 1;
	expect(db, EXPECT_SYNC, -1);
	db->settings_sent = false;
}

bool pipeline_is_ready(const struct db *db)
{
	struct pollfd p = {.fd = PQsocket(db->conn), .events = POLLIN};

	return db->refused || db->unsendable || !connection_alive(db) || poll(&p, 1, 0) != 0;
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
		rc = connection_fail(db, r, QUERY_COMMIT.name, e);
	while (r && PQresultStatus(r) != PGRES_PIPELINE_SYNC) {
		PQclear(r);
		r = PQgetResult(db->conn);
		if (r == NULL) /* the end of an error */
			r = PQgetResult(db->conn);
	}
	PQclear(r);
	db->next++;
	return rc == 0 ? connection_check_sure(db, e) : rc;
}

/* Takes results up to that of the next statement of the caller. */
static int take_ahead(struct db *db, struct err *e)
{
	while (db->next < db->nexpect && db->expect[db->next].what != EXPECT_ROWS) {
		enum connection_expected what = db->expect[db->next].what;
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
				rc = connection_fail(db, r, db->prepared[slot].query->name, e);
		} else if (what == EXPECT_SETTINGS && !connection_is_good(r)) {
			rc = connection_fail(db, r, SQL_SET_SESSION.name, e);
		}
		PQclear(r);
		db->next++;
		if (rc != 0 || r == NULL)
			return rc ? rc : connection_fail(db, NULL, NULL, e);
	}
	return 0;
}

int pipeline_take(struct db *db, struct db_rows **rows, struct err *e)
{
	PGresult *r;
	int rc = 0;

	if (rows)
		*rows = NULL;
	if (db->refused)
		return connection_refuse(db->refused, e);
	if (db->unsendable || !connection_alive(db))
		return connection_fail(db, NULL, NULL, e);
	if (take_ahead(db, e) != 0)
		return -1;
	if (db->next == db->nexpect)
		return err_set(e, ERR_BUG, "a result was taken that was not asked for");
	r = next_result(db);
	if (!connection_is_good(r))
		rc = connection_fail(db, r, db->expect[db->next].slot >= 0
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

void pipeline_end(struct db *db)
{
	struct db_rows *r;

	db->refused = NULL;
	while (connection_alive(db) && !db->unsendable && db->next < db->nexpect)
		if (db->expect[db->next].what == EXPECT_ROWS) {
			if (pipeline_take(db, &r, NULL) == 0)
				PQclear((PGresult *)r);
		} else if (take_ahead(db, NULL) != 0) {
			continue;
		}
	if (connection_alive(db) && PQexitPipelineMode(db->conn) != 1)
		db->lost = true;
	db->nexpect = db->next = 0;
}
