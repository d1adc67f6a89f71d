/* SPDX-License-Identifier: MIT
 *
 * pipeline: several statements in one round trip. They are sent, and then their results are taken
 * in the same order:
 *	pipeline_begin(db, e);
 *	pipeline_send(db, &SQL_A, pa); pipeline_send(db, &SQL_B, pb); pipeline_sync(db);
 *	pipeline_take(db, &ra, e); pipeline_take(db, &rb, e);
 *	pipeline_end(db);
 * What cannot be sent is told by the pipeline_take of its result. Without a transaction around
 * them the statements up to a pipeline_sync are one.
 */
#ifndef PIPELINE_H
#define PIPELINE_H

#include "base/err.h"
#include "store/query.h"

struct db;
struct db_rows;

/* The caller has to reach pipeline_end(), whatever fails in between. */
ERR_CHECK int pipeline_begin(struct db *db, struct err *e);
void pipeline_send(struct db *db, const struct db_query *q, const struct db_param *params);
void pipeline_sync(struct db *db);
ERR_CHECK int pipeline_take(struct db *db, struct db_rows **rows, struct err *e);
/* Before a pipeline_take(): something came, or nothing will, since a statement could not be sent.
 * The socket alone does not tell the second, and may be gone. */
bool pipeline_is_ready(const struct db *db);
/* Leaves pipeline mode; drops the results that were not taken. */
void pipeline_end(struct db *db);

/* One statement outside a transaction, with the settings that it needs, in one round trip. */
ERR_CHECK int pipeline_exec(struct db *db, const struct db_query *q, const struct db_param *params,
			    struct db_rows **rows, struct err *e);
/* Where a pooler hides this process: a row of `presence`, every few seconds. */
void pipeline_tell_presence(struct db *db);

#endif
