/* SPDX-License-Identifier: MIT
 *
 * bulktell: lists are read some thousands at a time, each from where the last ended.
 */
#include "catalogue/bulktell.h"

#include "sql.h"
#include "store/db.h"

enum { LISTED = 10000 };

int bulktell_superseded(struct bulk *b, void (*tell)(void *ctx, long line, long by), void *ctx,
			struct err *e)
{
	const struct db_param apart = db_param_bool(bulkstate_makes_none(b));
	struct db_rows *rows;
	int64_t last = 0;
	int n;

	if (b->counts.superseded == 0)
		return 0;
	if (bulkstate_run(b, &SQL_CREATE_SUPERSEDED, NULL, NULL, e) != 0 ||
	    bulkstate_run(b, &SQL_INSERT_SUPERSEDED, &apart, NULL, e) != 0)
		return -1;
	do {
		const struct db_param p[] = {db_param_int(last), db_param_int(LISTED)};

		if (db_exec(b->db, &SQL_LIST_SUPERSEDED, p, &rows, e) != 0)
			return -1;
		n = db_count(rows);
		for (int i = 0; i < n; i++) {
			last = db_int(rows, i, 0);
			tell(ctx, (long)last, (long)db_int(rows, i, 1));
		}
		db_rows_free(rows);
	} while (n == LISTED);
	return 0;
}

int bulktell_unknown(struct bulk *b,
		     int (*tell)(void *ctx, long line, const char *raw, size_t n, struct err *e),
		     void *ctx, struct err *e)
{
	struct db_rows *rows;
	int64_t last = 0;
	int n = b->counts.unknown > 0 ? LISTED : 0, rc = 0;

	while (rc == 0 && n > 0) {
		const struct db_param p[] = {db_param_int(last), db_param_int(LISTED / 10),
					     db_param_bool(bulkstate_makes_none(b))};

		if (db_exec(b->db, &SQL_LIST_UNKNOWN, p, &rows, e) != 0)
			return -1;
		n = db_count(rows);
		for (int i = 0; i < n && rc == 0; i++) {
			last = db_int(rows, i, 0);
			rc = tell(ctx, (long)last, db_text(rows, i, 1),
				  (size_t)db_length(rows, i, 1), e);
		}
		db_rows_free(rows);
	}
	return rc;
}

int bulktell_refused(struct bulk *b, int (*tell)(void *ctx, long line, const char *raw, size_t n,
						 const char *old, struct err *e),
		     void *ctx, struct err *e)
{
	struct db_rows *rows;
	int64_t last = 0;
	int n = b->refused > 0 ? LISTED : 0, rc = 0;

	while (rc == 0 && n > 0) {
		const struct db_param p[] = {db_param_int(last), db_param_int(LISTED / 10)};

		if (db_exec(b->db, &SQL_LIST_REFUSED, p, &rows, e) != 0)
			return -1;
		n = db_count(rows);
		for (int i = 0; i < n && rc == 0; i++) {
			last = db_int(rows, i, 0);
			rc = tell(ctx, (long)last, db_text(rows, i, 1),
				  (size_t)db_length(rows, i, 1), db_text(rows, i, 2), e);
		}
		db_rows_free(rows);
	}
	return rc;
}

/* True if products that were there are not as they were. */
static bool changed(const struct bulk *b)
{
	struct bulk_counts n = bulk_counts(b);

	return n.updated + n.missing > 0;
}

int bulktell_count(struct bulk *b, struct bulktell_changes *out, struct err *e)
{
	const struct db_param p = db_param_int(b->import);
	/* As count-changes has them. */
	static const enum product_column columns[] = {PRODUCT_SKU, PRODUCT_NAME,
		PRODUCT_DESCRIPTION, PRODUCT_CATEGORY, PRODUCT_PRICE, PRODUCT_ACTIVE,
		PRODUCT_REORDER_LEVEL, PRODUCT_QUANTITY};
	enum { N = sizeof columns / sizeof *columns };
	struct db_rows *rows;

	*out = (struct bulktell_changes){0};
	if (!changed(b))
		return 0;
	if (db_exec(b->db, &SQL_COUNT_CHANGES, &p, &rows, e) != 0)
		return -1;
	for (int i = 0; i < N; i++)
		out->columns[columns[i]] = db_int(rows, 0, i);
	out->details = db_int(rows, 0, N);
	out->up = db_int(rows, 0, N + 1);
	out->down = db_int(rows, 0, N + 2);
	db_rows_free(rows);
	return 0;
}

int bulktell_changes(struct bulk *b, int most, void (*tell)(void *ctx, const char *change),
		     void *ctx, struct err *e)
{
	const struct db_param p[] = {db_param_int(b->import), db_param_bool(most > 0),
				     most > 0 ? db_param_int(most) : db_param_text(NULL)};
	struct db_rows *rows;
	int64_t last = 0;
	int n;

	if (!changed(b))
		return 0;
	if (bulkstate_run(b, &SQL_CREATE_TOLD, NULL, NULL, e) != 0 ||
	    (most == 0 && bulkstate_run(b, &bulkstate_hash_joins, NULL, NULL, e) != 0) ||
	    bulkstate_run(b, &SQL_INSERT_TOLD, p, NULL, e) != 0)
		return -1;
	do {
		const struct db_param next[] = {db_param_int(last), db_param_int(LISTED / 10)};

		if (db_exec(b->db, &SQL_LIST_TOLD, next, &rows, e) != 0)
			return -1;
		n = db_count(rows);
		for (int i = 0; i < n; i++)
			tell(ctx, db_text(rows, i, 1));
		if (n > 0)
			last = db_int(rows, n - 1, 0);
		db_rows_free(rows);
	} while (n == LISTED / 10);
	return 0;
}
