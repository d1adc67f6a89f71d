/* SPDX-License-Identifier: MIT
 *
 * connection: what db and pipeline share; nothing else includes it.
 *   - prepared[] says what is prepared in this session
 *   - expect[] is a queue of the results that a pipeline still owes: a PREPARE that went ahead of
 *     its statement, the settings of a transaction, the statement itself, or the sync
 */
#ifndef CONNECTION_H
#define CONNECTION_H

#include "base/err.h"
#include "store/link.h"
#include "store/query.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum connection_expected { EXPECT_PREPARE, EXPECT_SETTINGS, EXPECT_ROWS, EXPECT_SYNC };
enum connection_state { UNKNOWN, ON_ITS_WAY, PREPARED };

struct db {
	struct pg_conn *conn; /* owned */
	struct link link; /* conn's */
	char *name;       /* owned */
	int64_t tell_at;  /* clock_ms of the next row of presence */
	bool prepare; /* DATABASE_PREPARE; without, the settings are sent with each transaction */
	bool by_key;  /* db_open_by_key */
	bool lost;    /* the connection is unusable, though libpq may not know it yet */
	bool in_transaction, settings_sent; /* as of the last pipeline_send */
	bool held, in_part; /* db_hold; and in a transaction within */
	struct {
		const struct db_query *query;
		enum connection_state state;
	} *prepared; /* owned */
	size_t nprepared;
	struct {
		enum connection_expected what;
		int slot;
		bool commits;
	} *expect; /* owned */
	size_t nexpect, next;
	bool unsendable;
	const struct db_query *refused; /* by pipeline_send: it has too many parameters */
	bool (*tick)(void *ctx); /* db_watch */
	void *tick_ctx;
	int tick_ms;
};

/* Always -1: the error of `r`, or that of the connection if `r` is NULL or says nothing, during
 * the statement `what`, which may be NULL. Notes whether the connection is lost. */
int connection_fail(struct db *db, const struct pg_result *r, const char *what, struct err *e);
/* ERR_UNSURE if what was committed since the last call is on the primary only. */
ERR_CHECK int connection_check_sure(struct db *db, struct err *e);
bool connection_is_good(const struct pg_result *r);
/* Runs one statement without preparing it. */
ERR_CHECK int connection_run(struct db *db, const struct db_query *q, const char *const *values,
			     struct err *e);
/* The parameters of SQL_SET_SESSION. */
const char *const *connection_settings(const struct db *db);
/* The place in prepared[] of q. */
int connection_slot(struct db *db, const struct db_query *q);
/* False if q has more parameters than any file of sql/query; connection_refuse() says so, and is
 * always -1. */
bool connection_fits(const struct db_query *q);
int connection_refuse(const struct db_query *q, struct err *e);
/* Sends q, which fits; false if it cannot be sent. `prepared`: by its name. */
bool connection_send(struct db *db, const struct db_query *q, const struct db_param *params,
		     bool prepared);
bool connection_alive(const struct db *db);
bool connection_is_begin(const struct db_query *q);
bool connection_in_transaction(const struct db *db);
/* Within db_hold: what stands for the statement that begins or ends a transaction; else q. */
const struct db_query *connection_part(struct db *db, const struct db_query *q);

#endif
