/* SPDX-License-Identifier: MIT
 *
 * bulkstate: the transaction begins with the first rows to write, so that nobody waits
 * for input that does not come.
 */
#include "catalogue/bulkstate.h"

#include "sql.h"
#include "store/db.h"

const struct db_query bulkstate_savepoint = {"savepoint", "savepoint part", 0, true};
const struct db_query bulkstate_release = {"release", "release savepoint part", 0, true};
const struct db_query bulkstate_hash_joins = {
	"hash-joins", "set local enable_nestloop to off", 0, true};
const struct db_query bulkstate_go_back = {"go-back", "rollback to savepoint part", 0, true};

int bulkstate_last_product(struct bulk *b, int64_t *id, struct err *e)
{
	struct db_rows *rows;

	if (db_exec(b->db, &SQL_READ_LAST_PRODUCT, NULL, &rows, e) != 0)
		return -1;
	*id = db_int(rows, 0, 0);
	db_rows_free(rows);
	return 0;
}

int bulkstate_create_tables(struct bulk *b, struct err *e)
{
	static const struct db_query *const steps[] = {&SQL_CREATE_INCOMING, &SQL_CREATE_CHANGE,
						       &SQL_CREATE_STRAIGHT};

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (db_exec(b->db, steps[i], NULL, NULL, e) != 0)
			return -1;
	if (bulkstate_last_product(b, &b->first_id, e) != 0)
		return -1;
	b->last_id = b->first_id;
	return 0;
}

static int keep(struct bulk *b, struct err *e)
{
	const struct db_param p[] = {db_param_text(b->opt.task_id), db_param_int(b->first_id)};
	struct db_rows *rows;

	if (db_exec(b->db, &SQL_INSERT_IMPORT, p, &rows, e) != 0)
		return -1;
	b->import = db_int(rows, 0, 0);
	b->parts = 1;
	db_rows_free(rows);
	return 0;
}

int bulkstate_begin(struct bulk *b, struct err *e)
{
	static const struct db_query *const steps[] = {&QUERY_BEGIN, &SQL_SET_IMPORT,
						       &SQL_LOCK_IMPORT};

	if (b->turn == BULK_WRITES)
		return 0;
	b->turn = BULK_WAITS;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (db_exec(b->db, steps[i], NULL, NULL, e) != 0)
			return -1;
	b->turn = BULK_WRITES;
	return bulkstate_create_tables(b, e) == 0 ? keep(b, e) : -1;
}

int bulkstate_run(struct bulk *b, const struct db_query *q, const struct db_param *p,
		  int64_t *changed, struct err *e)
{
	struct db_rows *rows;

	if (db_exec(b->db, q, p, &rows, e) != 0)
		return -1;
	if (changed)
		*changed = db_changed(rows);
	db_rows_free(rows);
	return 0;
}

bool bulkstate_makes_none(const struct bulk *b)
{
	return b->opt.mode == BULK_UPDATE_ONLY;
}
