/* SPDX-License-Identifier: MIT
 *
 * db: connections to PostgreSQL and statements one at a time; pipeline sends several.
 * With its parts (dburl, link, connection, pipeline) it is all that uses libpq.
 *
 * Statements are the files of sql/query, prepared on first use (or sent whole
 * where the setting DATABASE_PREPARE says no, for a transaction pooler). All of
 * them run under the settings of sql/query/set-session.sql.
 * Parameters are always bound; there is no function that builds SQL. A statement
 * with more parameters than any file of sql/query has is ERR_BUG.
 *
 * What was committed without the synchronous standby that the server should have waited for is
 * ERR_UNSURE: it is there, and may be lost with the primary; the same again finds it there.
 */
#ifndef DB_H
#define DB_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"
#include "store/pipeline.h"
#include "store/query.h"

#include <stdint.h>

struct db;      /* one connection; opened by db_open, closed by db_close */
struct db_rows; /* one result; db_rows_free */

struct db_param db_param_text(const char *s); /* NULL gives null */
struct db_param db_param_bytes(const void *p, size_t n);
struct db_param db_param_int(int64_t v);
struct db_param db_param_bool(bool v);
bool db_param_is_null(struct db_param p);

/* Connects as application `name`, with timeouts that notice a lost server or
 * host. ERR_AWAY if it cannot be reached, ERR_CONFIG if DATABASE_URL is
 * malformed. The caller owns *out: db_close. */
ERR_CHECK int db_open(struct db **out, const struct conf *conf, const char *name, struct err *e);
/* The same for programs whose statements only look rows up by key, such as
 * workers: plans never scan or hash a table. */
ERR_CHECK int db_open_by_key(struct db **out, const struct conf *conf, const char *name,
			     struct err *e);
/* For programs that somebody waits for, who asks again: a COMMIT that has no answer within 4 s,
 * since it waits for a standby that is away, is given up with ERR_UNSURE, and so is a host that
 * cannot be reached within 2 s, with ERR_AWAY. */
ERR_CHECK int db_open_hurried(struct db **out, const struct conf *conf, const char *name,
			      bool by_key, struct err *e);
void db_close(struct db *db);
/* False once the connection was lost; db_reopen makes a new one in place. */
bool db_alive(const struct db *db);
ERR_CHECK int db_reopen(struct db *db, struct err *e);
/* All that is asked of a connection that was opened hurried has to be answered within `ms`, from
 * now; what is not fails with ERR_AGAIN, ERR_AWAY or ERR_UNSURE. */
void db_within(struct db *db, int ms);
/* True if each transaction may have another connection of the server (DATABASE_PREPARE=no), so that
 * nothing of a session lasts, no lock either. A process of a name with a blank then says every few
 * seconds in `presence` that it is there, with what it does anyway. */
bool db_is_pooled(const struct db *db);
int db_socket(const struct db *db);

/* Runs one statement outside a pipeline. `rows` may be NULL. */
ERR_CHECK int db_exec(struct db *db, const struct db_query *q, const struct db_param *params,
		      struct db_rows **rows, struct err *e);

/* From now on db_exec calls `tick` every `ms` milliseconds while a statement
 * runs; if it returns true, the statement is cancelled and fails with ERR_AGAIN.
 * A NULL `tick` turns that off. */
void db_watch(struct db *db, int ms, bool (*tick)(void *ctx), void *ctx);

/* Runs q, a COPY … FROM STDIN: db_copy, db_copy_add for each piece of text,
 * db_copy_end, which reports all errors. No other call may come in between. */
ERR_CHECK int db_copy(struct db *db, const struct db_query *q, struct err *e);
void db_copy_add(struct db *db, const void *text, size_t n);
ERR_CHECK int db_copy_end(struct db *db, struct err *e);

/* Rolls back, if the connection is alive. If it is lost the server rolls back by
 * itself, and the next statement reports the lost connection. */
void db_rollback(struct db *db);

/* One transaction around whatever follows, until db_settle: transactions within it are parts of
 * it that can be rolled back alone, and so is each other statement. A connection that is
 * lost meanwhile is not opened again. */
ERR_CHECK int db_hold(struct db *db, struct err *e);
/* Ends it: all of it is kept, or nothing. */
ERR_CHECK int db_settle(struct db *db, bool keep, struct err *e);

int db_count(const struct db_rows *r);
bool db_is_null(const struct db_rows *r, int row, int col);
const char *db_text(const struct db_rows *r, int row, int col); /* "" for null */
const char *db_text_or_null(const struct db_rows *r, int row, int col); /* NULL for null */
int db_length(const struct db_rows *r, int row, int col);
int64_t db_int(const struct db_rows *r, int row, int col);
bool db_bool(const struct db_rows *r, int row, int col);
/* How many rows the statement wrote. */
int64_t db_changed(const struct db_rows *r);
void db_rows_free(struct db_rows *r);

#endif
