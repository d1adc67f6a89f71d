/* SPDX-License-Identifier: MIT
 *
 * missing: SKUs are told the database by the ten thousand; what to do is one
 * statement for each way.
 */
#include "catalogue/missing.h"

#include "base/buf.h"
#include "sql.h"

enum { TOLD_AT_ONCE = 10000, MILLION = 1000000 };

static const struct {
	const char *name, *what, *be;
	const struct db_query *query;
} ways[] = {
	[MISSING_KEEP] = {"keep", "products", "be missing", NULL},
	[MISSING_DEACTIVATE] = {"deactivate", "active products", "be made inactive",
				&SQL_DEACTIVATE_MISSING},
	[MISSING_ZERO] = {"zero", "products with stock", "lose their stock", &SQL_ZERO_MISSING},
	[MISSING_DELETE] = {"delete", "products", "be deleted", &SQL_DELETE_MISSING},
};

void missing_init(struct missing *m)
{
	array_init(&m->skus, ARRAY_TEXT);
	m->seen = false;
}

void missing_release(struct missing *m)
{
	array_release(&m->skus);
}

bool missing_seen(struct missing *m, struct product_text sku)
{
	const struct db_param text = db_param_bytes(sku.s, sku.n);

	array_value(&m->skus, &text);
	return m->skus.n >= TOLD_AT_ONCE;
}

static int create(struct missing *m, struct db *db, struct err *e)
{
	if (m->seen)
		return 0;
	m->seen = true;
	return db_exec(db, &SQL_CREATE_SEEN, NULL, NULL, e);
}

int missing_flush(struct missing *m, struct db *db, struct err *e)
{
	struct db_param p;
	int rc = create(m, db, e);

	if (rc != 0 || m->skus.n == 0)
		return rc;
	p = array_param(&m->skus);
	rc = db_exec(db, &SQL_INSERT_SEEN, &p, NULL, e);
	array_release(&m->skus);
	array_init(&m->skus, ARRAY_TEXT);
	return rc;
}

int missing_keep_merged(struct missing *m, struct db *db, struct err *e)
{
	return create(m, db, e) == 0 ? db_exec(db, &SQL_INSERT_MERGED_SEEN, NULL, NULL, e) : -1;
}

/* Fills the table `missing`; *n are in it, of all that could be. */
static int find(struct db *db, const struct missing_options *o, int64_t *n, int64_t *all,
		struct err *e)
{
	const struct db_param p[] = {db_param_text(ways[o->how].name), db_param_int(o->first_id)};
	struct db_rows *rows;

	if (db_exec(db, &SQL_CREATE_MISSING, NULL, NULL, e) != 0 ||
	    db_exec(db, &SQL_INSERT_MISSING, p, NULL, e) != 0 ||
	    db_exec(db, &SQL_COUNT_MISSING, p, &rows, e) != 0)
		return -1;
	*n = db_int(rows, 0, 0);
	*all = db_int(rows, 0, 1);
	db_rows_free(rows);
	return 0;
}

int missing_apply(struct missing *m, struct db *db, const struct missing_options *o, int64_t *n,
		  struct err *e)
{
	const struct db_param p[] = {db_param_int(o->import), db_param_int(o->part),
				     db_param_text(o->actor)};
	int64_t found, all;
	struct db_rows *rows;

	*n = 0;
	if (missing_flush(m, db, e) != 0 || find(db, o, &found, &all, e) != 0)
		return -1;
	if (o->most_share >= 0 && found * MILLION > all * o->most_share)
		return err_set(e, ERR_DATA, "too_many_missing: the file lacks %lld of %lld %s, and "
			       "%g %% are allowed to %s, so nothing was imported: the file may be "
			       "cut, or raise max-shrink", (long long)found, (long long)all,
			       ways[o->how].what, (double)o->most_share / (MILLION / 100),
			       ways[o->how].be);
	if (found == 0 || ways[o->how].query == NULL)
		return 0;
	if (db_exec(db, ways[o->how].query, p, &rows, e) != 0)
		return -1;
	*n = db_int(rows, 0, 0);
	db_rows_free(rows);
	return 0;
}
