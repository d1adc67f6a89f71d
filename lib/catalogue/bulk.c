/* SPDX-License-Identifier: MIT
 *
 * bulk: its life; rows go in by bulkcopy, and bulkmerge says what becomes of them.
 */
#include "catalogue/bulk.h"

#include "base/fault.h"
#include "base/xalloc.h"
#include "catalogue/bulkcopy.h"
#include "catalogue/bulkmerge.h"
#include "sql.h"

#include <stdlib.h>
#include <time.h>

int64_t bulk_import(const struct bulk *b)
{
	return b->import;
}

enum bulk_turn bulk_turn(const struct bulk *b)
{
	return b->turn;
}

static void set_options(struct bulk *b, const struct bulk_options *o)
{
	static const enum product_column columns[] = {PRODUCT_DESCRIPTION, PRODUCT_CATEGORY,
						      PRODUCT_PRICE, PRODUCT_ACTIVE,
						      PRODUCT_REORDER_LEVEL};

	b->opt = *o;
	b->opt.stock &= o->has[PRODUCT_QUANTITY];
	for (size_t i = 0; i < BULK_FLAGS - 1; i++)
		b->flags[i] = o->has[columns[i]];
	b->flags[BULK_FLAGS - 1] = b->opt.stock;
	free(b->details);
	b->details = xalloc_strdup(o->details);
}

struct bulk *bulk_new(struct db *db, const struct bulk_options *o)
{
	struct bulk *b = xalloc_zero(1, sizeof *b);
	struct timespec now;

	b->db = db;
	missing_init(&b->missing);
	set_options(b, o);
	clock_gettime(CLOCK_REALTIME, &now);
	srandom((unsigned)now.tv_nsec);
	return b;
}

int bulk_add(struct bulk *b, const struct product_row *row, int64_t line, struct product_text raw,
	     struct err *e)
{
	return bulkcopy_add(b, row, line, raw, e);
}

int bulk_merge(struct bulk *b, struct err *e)
{
	const struct db_param first = db_param_int(b->first_id);
	struct db_param part[2];

	if (bulkcopy_flush(b, e) != 0 || bulkstate_begin(b, e) != 0)
		return -1;
	b->counts.created = b->direct;
	if (b->staged > 0 && bulkmerge_all(b, e) != 0)
		return -1;
	if (b->counts.created && bulkstate_run(b, &SQL_TELL_CREATED, &first, NULL, e) != 0)
		return -1;
	part[0] = db_param_int(b->import);
	part[1] = db_param_int(b->parts);
	return b->counts.updated ? bulkstate_run(b, &SQL_TELL_UPDATED, part, NULL, e) : 0;
}

struct bulk_counts bulk_counts(const struct bulk *b)
{
	struct bulk_counts n = b->before;

	n.added += b->counts.added;
	n.created += b->counts.created;
	n.updated += b->counts.updated;
	n.unchanged += b->counts.unchanged;
	n.superseded += b->counts.superseded;
	n.unknown += b->counts.unknown;
	n.known += b->counts.known;
	n.put_back += b->counts.put_back;
	n.back_units += b->counts.back_units;
	n.short_of += b->counts.short_of;
	n.missing += b->counts.missing;
	return n;
}

int bulk_seen(struct bulk *b, struct product_text sku, struct err *e)
{
	if (!missing_seen(&b->missing, sku))
		return 0;
	return bulkstate_begin(b, e) == 0 ? missing_flush(&b->missing, b->db, e) : -1;
}

int bulk_miss(struct bulk *b, enum missing_how how, int64_t most_share, struct err *e)
{
	const struct missing_options o = {how, most_share, b->first_id, b->import, b->parts,
					  b->opt.actor};

	if (bulkstate_run(b, &bulkstate_hash_joins, NULL, NULL, e) != 0)
		return -1;
	return missing_apply(&b->missing, b->db, &o, &b->counts.missing, e);
}

int bulk_continue(struct bulk *b, const struct bulk_options *o, struct err *e)
{
	b->before = bulk_counts(b);
	b->parts++;
	b->counts = (struct bulk_counts){0};
	b->staged = b->direct = b->refused = 0;
	b->skip = b->skipped = 0;
	set_options(b, o);
	if (b->opt.whole && missing_keep_merged(&b->missing, b->db, e) != 0)
		return -1;
	if (bulkstate_run(b, &SQL_DROP_MERGED, NULL, NULL, e) != 0)
		return -1;
	return bulkstate_create_tables(b, e);
}

int bulk_end(struct bulk *b, struct err *e)
{
	struct bulk_counts n = bulk_counts(b);
	const struct db_param p[] = {db_param_int(b->import), db_param_int(n.created),
				     db_param_int(n.updated + n.missing), db_param_int(b->parts)};
	struct db_rows *rows;

	if (db_exec(b->db, &SQL_END_IMPORT, p, &rows, e) != 0)
		return -1;
	if (db_count(rows) == 0)
		b->import = 0;
	db_rows_free(rows);
	return 0;
}

int bulk_commit(struct bulk *b, struct err *e)
{
	fault_point("bulk-commit");
	b->ended = true;
	return db_exec(b->db, &QUERY_COMMIT, NULL, NULL, e);
}

void bulk_free(struct bulk *b)
{
	if (b == NULL)
		return;
	if (b->copying && bulkcopy_end(b, NULL) != 0)
		b->straight = false; /* it is rolled back in any case */
	if (!b->ended)
		db_rollback(b->db);
	missing_release(&b->missing);
	free(b->details);
	buf_release(&b->text);
	buf_release(&b->rows);
	buf_release(&b->lines);
	free(b);
}
