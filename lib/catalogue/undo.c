/* SPDX-License-Identifier: MIT
 *
 * undo: what is to be kept is found first; the parts of the import are then
 * taken back from the last to the first.
 */
#include "catalogue/undo.h"

#include "base/record.h"
#include "sql.h"

#include <stdio.h>
#include <string.h>

enum { LISTED = 1000 };

struct taken {
	int64_t id, parts, first, last;
	char at[64];
};

static int find(struct db *db, const struct undo_options *o, struct taken *t, struct err *e)
{
	const struct db_param p[] = {db_param_int(o->id), db_param_text(o->task)};
	struct db_rows *rows;
	bool found, undone;

	if (db_exec(db, &SQL_READ_IMPORT, p, &rows, e) != 0)
		return -1;
	found = db_count(rows) == 1;
	undone = found && db_bool(rows, 0, 5);
	if (found) {
		t->id = db_int(rows, 0, 0);
		snprintf(t->at, sizeof t->at, "%s", db_text(rows, 0, 1));
		t->parts = db_int(rows, 0, 2);
		t->first = db_int(rows, 0, 3);
		t->last = db_int(rows, 0, 4);
	}
	db_rows_free(rows);
	if (undone)
		return err_set(e, ERR_CONFLICT, "the import is taken back already");
	return found ? 0 : err_set(e, ERR_NOTFOUND, "no changes of such an import are kept: it "
				   "changed nothing, or is too old");
}

/* Runs a statement that returns how many. */
static int count(struct db *db, const struct db_query *q, const struct db_param *p, int64_t *n,
		 struct err *e)
{
	struct db_rows *rows;

	if (db_exec(db, q, p, &rows, e) != 0)
		return -1;
	*n += db_int(rows, 0, 0);
	db_rows_free(rows);
	return 0;
}

static int tell_kept(struct db *db, const struct undo_options *o, struct undo_counts *n,
		     struct err *e)
{
	struct db_rows *rows;
	int64_t last = 0;
	int got;

	do {
		const struct db_param p[] = {db_param_int(last), db_param_int(LISTED)};

		if (db_exec(db, &SQL_LIST_KEPT, p, &rows, e) != 0)
			return -1;
		got = db_count(rows);
		for (int i = 0; i < got && o->kept; i++)
			o->kept(o->ctx, db_text(rows, i, 1), db_text(rows, i, 2));
		if (got > 0)
			last = db_int(rows, got - 1, 0);
		n->kept += got;
		db_rows_free(rows);
	} while (got == LISTED);
	return 0;
}

static int take_back(struct db *db, const struct undo_options *o, const struct taken *t,
		     struct undo_counts *n, struct err *e)
{
	const struct db_param at = db_param_text(t->at), id = db_param_int(t->id);
	const struct db_param kept[] = {id, at, db_param_int(t->first), db_param_int(t->last),
					db_param_int(t->parts)};
	const struct db_param made[] = {db_param_int(t->first), db_param_int(t->last), at};
	const struct db_param hidden[] = {id, at};
	const struct db_param stock[] = {id, db_param_text(o->threshold), db_param_text(o->actor)};

	if (db_exec(db, &SQL_CREATE_KEPT, NULL, NULL, e) != 0 ||
	    db_exec(db, &SQL_INSERT_KEPT, kept, NULL, e) != 0)
		return -1;
	for (int64_t part = t->parts; part > 0; part--) {
		const struct db_param p[] = {id, db_param_int(part), at};

		if (count(db, &SQL_UNDO_CHANGES, p, &n->restored, e) != 0)
			return -1;
	}
	if (count(db, &SQL_UNDO_CREATED, made, &n->deleted, e) != 0 ||
	    count(db, &SQL_UNDO_DELETED, hidden, &n->restored, e) != 0 ||
	    count(db, &SQL_UNDO_STOCK, stock, &n->stock, e) != 0)
		return -1;
	return tell_kept(db, o, n, e);
}

static int finish(struct db *db, const struct undo_options *o, const struct undo_counts *n,
		  struct err *e)
{
	struct buf details = BUF_INIT;
	int rc;

	record_open(&details, NULL, '{');
	record_int(&details, "import_id", n->import);
	record_int(&details, "restored", n->restored);
	record_int(&details, "deleted", n->deleted);
	record_int(&details, "stock", n->stock);
	record_int(&details, "kept", n->kept);
	record_close(&details, '}');
	const struct db_param p[] = {db_param_int(n->import), db_param_text(details.data),
				     db_param_text(o->actor)};
	rc = db_exec(db, &SQL_SET_IMPORT_UNDONE, p, NULL, e);
	buf_release(&details);
	if (rc != 0)
		return -1;
	return db_exec(db, &QUERY_COMMIT, NULL, NULL, e);
}

/* Waits for no other import: a request would wait as long. */
static int take_turn(struct db *db, struct err *e)
{
	struct db_rows *rows;
	bool mine;

	if (db_exec(db, &SQL_LOCK_UNDO, NULL, &rows, e) != 0)
		return -1;
	mine = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return mine ? 0 : err_set(e, ERR_AGAIN, "another import is running; try again when it is "
				  "done");
}

int undo_run(struct db *db, const struct undo_options *o, struct undo_counts *n, struct err *e)
{
	struct taken t = {0};

	*n = (struct undo_counts){0};
	if (db_exec(db, &QUERY_BEGIN, NULL, NULL, e) != 0)
		return -1;
	if (db_exec(db, &SQL_SET_IMPORT, NULL, NULL, e) == 0 && take_turn(db, e) == 0 &&
	    find(db, o, &t, e) == 0) {
		n->import = t.id;
		if (take_back(db, o, &t, n, e) == 0 && finish(db, o, n, e) == 0)
			return 0;
	}
	db_rollback(db);
	return -1;
}
