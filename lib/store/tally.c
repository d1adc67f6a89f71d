/* SPDX-License-Identifier: MIT
 *
 * tally: `upto` moves to an id once no row below that id can appear any more: the
 * transactions that were running when it was the highest id have all ended, and
 * those that had then taken an id without being visible had a second to become
 * visible.
 */
#include "store/tally.h"

#include "base/clock.h"

#include <stdio.h>

enum { SETTLE_MS = 1000, RECOUNT_MS = 600000, OVERDUE_MS = 3600000, AGAIN_MS = 60000, BINDS = 5 };

enum { TOTAL, SETTLED, FIRST, LAST, XMIN, XMAX, HIDDEN = TALLY_COLUMNS, HIDDEN_UPTO };

/* Stores the result of a statement that counted the whole table. */
static void count_on(struct tally *t, const struct db_rows *r)
{
	int64_t now = clock_ms();

	if (t->settling && (db_int(r, 0, XMIN) < t->xmax || now - t->at < SETTLE_MS))
		return;
	if (t->settling) {
		t->rows += db_int(r, 0, SETTLED);
		t->upto = t->settling;
	}
	t->settling = db_int(r, 0, LAST);
	t->xmax = db_int(r, 0, XMAX);
	t->at = now;
}

/* The count starts afresh after rows were deleted, and once an hour. */
static bool outdated(struct tally *t, int64_t first)
{
	int64_t now = clock_ms();

	if (t->since && t->first == first && now - t->since < OVERDUE_MS)
		return false;
	*t = (struct tally){.first = first, .since = now};
	return true;
}

static int ask(const struct tally *t, struct db *db, const struct db_query *q,
	       struct db_rows **rows, struct err *e)
{
	struct db_param binds[BINDS] = {
		db_param_int(t->rows), db_param_int(t->upto),
		db_param_int(t->settling), db_param_int(t->hidden),
		db_param_text(*t->hidden_upto ? t->hidden_upto : "-infinity")};

	return db_exec(db, q, binds, rows, e);
}

int tally_count(struct tally *t, struct db *db, const struct db_query *q, int64_t *total,
		struct db_rows **rows, struct err *e)
{
	bool fresh = t->since == 0;
	struct db_rows *r;

	if (ask(t, db, q, &r, e) != 0)
		return -1;
	if (outdated(t, db_int(r, 0, FIRST)) && !fresh) {
		db_rows_free(r);
		if (ask(t, db, q, &r, e) != 0)
			return -1;
	}
	*total = db_int(r, 0, TOTAL);
	count_on(t, r);
	if (q->nparams == BINDS) {
		t->hidden = db_int(r, 0, HIDDEN);
		snprintf(t->hidden_upto, sizeof t->hidden_upto, "%s", db_text(r, 0, HIDDEN_UPTO));
	}
	if (rows)
		*rows = r;
	else
		db_rows_free(r);
	return 0;
}

int tally_recount(struct tally *t, struct tally *next, struct db *db, const struct db_query *q,
		  struct err *e)
{
	int64_t now = clock_ms(), total;
	bool settles = next->settling != 0;

	if (t->since == 0 || now - t->since < RECOUNT_MS || (settles && now - next->at < SETTLE_MS))
		return 0;
	if (tally_count(next, db, q, &total, NULL, e) != 0)
		return -1;
	if (next->upto)
		*t = *next;
	else if (settles || next->settling == 0) /* a long transaction, or no rows */
		t->since = now - RECOUNT_MS + AGAIN_MS;
	else
		return 0;
	*next = (struct tally){0};
	return 0;
}
