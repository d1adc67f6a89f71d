/* SPDX-License-Identifier: MIT
 *
 * connection: one statement to libpq, and errors of libpq in our words.
 */
#include "store/connection.h"

#include "base/fault.h"
#include "base/sqlstate.h"
#include "base/xalloc.h"
#include "sql.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

enum { MOST_PARAMS = SQL_MOST_PARAMS, DIGITS = 24 };

static const char READ_ONLY[] = "25006"; /* SQLSTATE read_only_sql_transaction */

/* True if the connection is unusable: FATAL, PANIC, or an error that libpq itself
 * raised; PQstatus() does not always know: it stays good after a failed write. Or if
 * it leads to a standby: the name of the server may lead to the primary by now. */
static bool is_last(const PGresult *r, const char *state)
{
	const char *severity = r ? PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED) : NULL;

	if (state == NULL)
		return r == NULL || PQresultStatus(r) != PGRES_PIPELINE_ABORTED;
	if (strcmp(state, READ_ONLY) == 0)
		return true;
	return severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
}

int connection_fail(struct db *db, const PGresult *r, const char *what, struct err *e)
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

int connection_check_sure(struct db *db, struct err *e)
{
	bool unsure = db->link.unsure;

	db->link.unsure = false;
	db->lost |= db->link.silent;
	if (!unsure)
		return 0;
	fault_point("unsure");
	return err_set(e, ERR_UNSURE, "PostgreSQL, commit: the wait for the standby was cancelled");
}

bool connection_is_good(const PGresult *r)
{
	return PQresultStatus(r) == PGRES_TUPLES_OK || PQresultStatus(r) == PGRES_COMMAND_OK;
}

int connection_run(struct db *db, const struct db_query *q, const char *const *values,
		     struct err *e)
{
	PGresult *r = PQexecParams(db->conn, q->sql, q->nparams, NULL, values, NULL, NULL, 0);
	int rc = connection_is_good(r) ? 0 : connection_fail(db, r, q->name, e);

	PQclear(r);
	return rc;
}

const char *const *connection_settings(const struct db *db)
{
	static const char *const of[2][2][2] = {{{"f", "f"}, {"f", "t"}}, {{"t", "f"}, {"t", "t"}}};

	return of[!db->prepare][db->by_key];
}

int connection_slot(struct db *db, const struct db_query *q)
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

int connection_refuse(const struct db_query *q, struct err *e)
{
	return err_set(e, ERR_BUG,
		       "the statement %s has %d parameters, more than the %d of sql/query", q->name,
		       q->nparams, MOST_PARAMS);
}

bool connection_fits(const struct db_query *q)
{
	return q->nparams <= MOST_PARAMS;
}

bool connection_send(struct db *db, const struct db_query *q, const struct db_param *p,
		     bool prepared)
{
	const char *values[MOST_PARAMS];
	int lengths[MOST_PARAMS], formats[MOST_PARAMS];
	char digits[MOST_PARAMS][DIGITS];

	for (int i = 0; i < q->nparams; i++) {
		if (p[i].kind == DB_INT)
			snprintf(digits[i], DIGITS, "%lld", (long long)p[i].number);
		values[i] = p[i].kind == DB_INT ? digits[i] : p[i].value;
		lengths[i] = p[i].len;
		formats[i] = p[i].kind == DB_BYTES;
	}
	if (prepared)
		return PQsendQueryPrepared(db->conn, q->name, q->nparams, values, lengths, formats,
					   0) == 1;
	return PQsendQueryParams(db->conn, q->sql, q->nparams, NULL, values, lengths, formats,
				 0) == 1;
}

bool connection_is_begin(const struct db_query *q)
{
	return q == &QUERY_BEGIN || q == &QUERY_BEGIN_SNAPSHOT;
}

bool connection_in_transaction(const struct db *db)
{
	return PQtransactionStatus(db->conn) != PQTRANS_IDLE;
}

const struct db_query *connection_part(struct db *db, const struct db_query *q)
{
	if (!db->held || (q != &QUERY_BEGIN && q != &QUERY_COMMIT && q != &QUERY_ROLLBACK))
		return q;
	db->in_part = q == &QUERY_BEGIN;
	return q == &QUERY_BEGIN    ? &QUERY_PART_BEGIN
	       : q == &QUERY_COMMIT ? &QUERY_PART_COMMIT
				    : &QUERY_PART_ROLLBACK;
}

bool connection_alive(const struct db *db)
{
	return !db->lost && PQstatus(db->conn) == CONNECTION_OK;
}
