/* SPDX-License-Identifier: MIT
 *
 * bulkmerge: merging is repeated from its savepoint if another transaction created or
 * deleted one of its products after they were compared.
 */
#include "catalogue/bulkmerge.h"

#include "sql.h"
#include "store/db.h"

#include <string.h>

enum { TRIES = 5 };

static void bind_flags(const struct bulk *b, struct db_param p[BULK_FLAGS])
{
	for (int i = 0; i < BULK_FLAGS; i++)
		p[i] = db_param_bool(b->flags[i]);
}


static int take_counts(struct bulk *b, int64_t *to_update, struct err *e)
{
	enum { SUPERSEDED, CREATED, CHANGED, TO_UPDATE, UNKNOWN, KNOWN };
	const struct db_param p[] = {db_param_bool(bulkstate_makes_none(b)),
				     db_param_bool(b->opt.mode == BULK_CREATE_ONLY)};
	struct bulk_counts *n = &b->counts;
	struct db_rows *rows;

	if (db_exec(b->db, &SQL_COUNT_CHANGE, p, &rows, e) != 0)
		return -1;
	n->superseded = db_int(rows, 0, SUPERSEDED);
	n->created = db_int(rows, 0, CREATED);
	n->updated = db_int(rows, 0, CHANGED);
	n->unknown = db_int(rows, 0, UNKNOWN);
	n->known = db_int(rows, 0, KNOWN);
	n->unchanged = b->staged - b->refused - n->superseded - n->created - n->updated -
		       n->unknown - n->known;
	*to_update = db_int(rows, 0, TO_UPDATE);
	db_rows_free(rows);
	return n->known > 0 ? bulkstate_run(b, &SQL_DROP_KNOWN, NULL, NULL, e) : 0;
}

/* What quantities do to products that sold meanwhile, before they do it. */
static int look_at_stock(struct bulk *b, struct err *e)
{
	enum { PRODUCTS, UNITS, SHORT };
	const struct db_param p[] = {db_param_bool(b->opt.sums),
				     db_param_bool(b->opt.mode == BULK_CREATE_ONLY)};
	struct db_rows *rows;

	if (db_exec(b->db, &SQL_COUNT_SOLD, p, &rows, e) != 0)
		return -1;
	b->counts.put_back = db_int(rows, 0, PRODUCTS);
	b->counts.back_units = db_int(rows, 0, UNITS);
	b->counts.short_of = db_int(rows, 0, SHORT);
	db_rows_free(rows);
	return 0;
}

/* Of new products at once. One statement has both to say of the stock of one that was there: what
 * it is, and what is low. */
static int set_stock(struct bulk *b, struct err *e)
{
	const bool only_new = b->opt.mode == BULK_CREATE_ONLY;
	const struct db_param threshold = db_param_text(b->opt.threshold);
	const struct db_param actor = db_param_text(b->opt.actor);
	const struct db_param sums = db_param_bool(b->opt.sums);
	const struct db_param first = db_param_int(b->first_id);
	const struct db_param put[] = {first, sums, threshold, actor, db_param_bool(only_new)};
	const struct db_param set[] = {threshold, actor, sums, first, db_param_int(b->import),
				       db_param_int(b->parts)};

	if (!b->opt.stock)
		return b->flags[BULK_FLAGS - 2]
			       ? bulkstate_run(b, &SQL_LEVEL_CHANGED, set, NULL, e) : 0;
	if (look_at_stock(b, e) != 0 ||
	    bulkstate_run(b, &SQL_INSERT_MISSING_STOCK, put, NULL, e) != 0)
		return -1;
	return only_new ? 0 : bulkstate_run(b, &SQL_SET_INCOMING_STOCK, set, NULL, e);
}

/* Writes what differs, also where somebody else has written meanwhile. */
static int update(struct bulk *b, const struct db_param *p, int64_t want, struct err *e)
{
	struct db_param columns[BULK_FLAGS + 3];
	const struct db_param which[] = {db_param_int(b->import), db_param_int(b->parts),
					 db_param_text(b->details)};
	int64_t done = 0, late = 0;

	if (want == 0)
		return 0;
	memcpy(columns, p, BULK_FLAGS * sizeof *columns);
	columns[BULK_FLAGS - 1] = db_param_bool(b->opt.has[PRODUCT_NAME]);
	columns[BULK_FLAGS] = db_param_text(b->details);
	columns[BULK_FLAGS + 1] = which[0];
	columns[BULK_FLAGS + 2] = which[1];
	if (bulkstate_run(b, &SQL_INSERT_CHANGES, columns, NULL, e) != 0 ||
	    bulkstate_run(b, &SQL_UPDATE_CHANGED, columns, &done, e) != 0)
		return -1;
	/* Those that are found are locked, so one more time is enough. */
	if (done < want && (bulkstate_run(b, &SQL_REFRESH_CHANGE, which, NULL, e) != 0 ||
			    bulkstate_run(b, &SQL_DELETE_LATE_CHANGES, which, NULL, e) != 0 ||
			    bulkstate_run(b, &SQL_INSERT_CHANGES, columns, NULL, e) != 0 ||
			    bulkstate_run(b, &SQL_UPDATE_CHANGED, columns, &late, e) != 0))
		return -1;
	if (done + late == want)
		return 0;
	return err_set(e, ERR_AGAIN, "products were deleted while they were imported; try again");
}

/* Follows the ids of rows to products that have another SKU. */
static int match(struct bulk *b, struct err *e)
{
	const struct db_param sure = db_param_bool(b->opt.sure_ids);
	struct db_rows *rows;
	int64_t followed;

	b->refused = 0;
	if (!b->opt.has[PRODUCT_ID] || (!b->opt.sure_ids && !b->opt.has[PRODUCT_NAME]))
		return 0;
	if (bulkstate_run(b, &SQL_CREATE_REFUSED, NULL, NULL, e) != 0 ||
	    db_exec(b->db, &SQL_MATCH_INCOMING, &sure, &rows, e) != 0)
		return -1;
	b->refused = db_int(rows, 0, 0);
	followed = db_int(rows, 0, 1);
	db_rows_free(rows);
	return followed > 0 ? bulkstate_run(b, &SQL_FOLLOW_INCOMING, NULL, NULL, e) : 0;
}

static int merge_once(struct bulk *b, struct err *e)
{
	int64_t to_update, inserted = 0;
	struct db_param p[BULK_FLAGS + 4];

	bind_flags(b, p);
	p[BULK_FLAGS] = db_param_int(b->first_id);
	p[BULK_FLAGS + 1] = db_param_bool(b->opt.sums);
	p[BULK_FLAGS + 2] = db_param_bool(b->opt.has[PRODUCT_NAME]);
	p[BULK_FLAGS + 3] = db_param_text(b->details);
	if (match(b, e) != 0 ||
	    (b->opt.described && bulkstate_run(b, &SQL_NAME_INCOMING, NULL, NULL, e) != 0))
		return -1;
	if (bulkstate_run(b, &SQL_CLASSIFY_INCOMING, p, NULL, e) != 0 ||
	    take_counts(b, &to_update, e) != 0)
		return -1;
	if (update(b, p, to_update, e) != 0)
		return -1;
	if (b->counts.created && bulkstate_run(b, &SQL_INSERT_NEW, NULL, &inserted, e) != 0)
		return -1;
	if (inserted != b->counts.created)
		return err_set(e, ERR_AGAIN,
			       "new products were made while they were imported; try again");
	b->counts.created += b->direct;
	return set_stock(b, e);
}

int bulkmerge_all(struct bulk *b, struct err *e)
{
	int rc;

	for (int tries = 1; ; tries++) {
		if (db_exec(b->db, &bulkstate_savepoint, NULL, NULL, e) != 0)
			return -1;
		*e = (struct err){0};
		rc = merge_once(b, e);
		if (rc == 0 || e->code != ERR_AGAIN || tries == TRIES)
			return rc;
		if (db_exec(b->db, &bulkstate_go_back, NULL, NULL, e) != 0 ||
		    db_exec(b->db, &bulkstate_release, NULL, NULL, e) != 0)
			return -1;
	}
}
