/* SPDX-License-Identifier: MIT
 *
 * retake: the bytes of one row through the intake, which stores them once, then the
 * row is deleted.
 */
#include "order/retake.h"

#include "sql.h"

#include <stdio.h>
#include <string.h>

enum { ID, SHOP };

static int not_there(int64_t id, struct err *e)
{
	return err_set(e, ERR_NOTFOUND, "there is nothing in quarantine under %lld", (long long)id);
}

/* Stores the payload of the row. */
static int store(struct db *db, const struct conf *conf, const struct db_rows *row,
		 struct intake_result *r, struct err *e)
{
	struct intake *in = intake_new(db, conf);
	int rc;

	if (!intake_shop_ok(conf, db_text(row, 0, SHOP)))
		rc = err_set(e, ERR_DATA, "it came for no shop that is taken");
	else
		rc = intake_add_row(in, row, 0, e);
	if (rc == 0)
		rc = intake_store(in, r, e);
	if (rc == 0 && strcmp(r->status, "rejected") == 0)
		rc = err_set(e, ERR_DATA, "%s", r->why);
	intake_free(in);
	return rc;
}

/* Says why it stays, in the row and to the caller. */
static int keep(struct db *db, int64_t id, struct err *e)
{
	struct err why = *e;
	struct db_param p[] = {db_param_int(id), db_param_text(why.msg)};

	if (db_exec(db, &SQL_NOTE_QUARANTINED, p, NULL, e) != 0)
		return -1;
	return err_set(e, ERR_CONFLICT, "%s", why.msg);
}

int retake_one(struct db *db, const struct conf *conf, int64_t id, struct intake_result *r,
	       struct err *e)
{
	struct db_param p = db_param_int(id);
	struct db_rows *row;
	int rc;

	if (db_exec(db, &SQL_TAKE_QUARANTINED, &p, &row, e) != 0)
		return -1;
	if (db_count(row) == 0) {
		db_rows_free(row);
		return not_there(id, e);
	}
	rc = store(db, conf, row, r, e);
	db_rows_free(row);
	if (rc == 0)
		return db_exec(db, &SQL_DELETE_QUARANTINED, &p, NULL, e);
	return err_is_temporary(e->code) || e->code == ERR_SETUP ? -1 : keep(db, id, e);
}

int retake_drop(struct db *db, int64_t id, struct err *e)
{
	struct db_param p = db_param_int(id);
	struct db_rows *rows;
	bool there;

	if (db_exec(db, &SQL_DELETE_QUARANTINED, &p, &rows, e) != 0)
		return -1;
	there = db_changed(rows) > 0;
	db_rows_free(rows);
	return there ? 0 : not_there(id, e);
}

int retake_next(struct db *db, int64_t after, int64_t *id, struct err *e)
{
	struct db_param p = db_param_int(after);
	struct db_rows *rows;

	if (db_exec(db, &SQL_NEXT_QUARANTINED, &p, &rows, e) != 0)
		return -1;
	*id = db_int(rows, 0, 0);
	db_rows_free(rows);
	return 0;
}
