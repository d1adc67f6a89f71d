/* SPDX-License-Identifier: MIT
 *
 * bulk: products by the hundred thousand in one transaction, in constant
 * memory: all of them or none.
 *
 * Rows are copied straight into `products`, a chunk under a savepoint; a
 * chunk with a SKU that is taken already is put aside instead, and merged at
 * the end with what is there: inserted, changed where it differs, or left as
 * it is. Of several rows with one SKU, whatever its case, the last one counts.
 * Depends on db and the domain; knows nothing of files.
 */
#ifndef BULK_H
#define BULK_H

#include "base/err.h"
#include "catalogue/missing.h"
#include "catalogue/product.h"
#include "store/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bulk_active { BULK_RANDOM, BULK_YES, BULK_NO };

/* Which rows take effect; the others are passed over. */
enum bulk_mode { BULK_ALL, BULK_UPDATE_ONLY, BULK_CREATE_ONLY };

struct bulk_options {
	bool has[PRODUCT_COLUMNS];  /* the columns that rows have; others are kept */
	enum bulk_active active;    /* of a new product whose row does not say */
	bool stock;                 /* take quantities; with quantity_was the differences */
	bool sure_ids;              /* else they count only where the name is the product's */
	bool sums;                  /* those of all rows of a SKU, added up */
	enum bulk_mode mode;
	bool whole;                 /* bulk_miss follows */
	bool described;             /* without a name a new product is called by its description */
	const char *details;        /* which details rows have, as csvdetails_keys; NULL: none */
	const char *threshold;      /* LOW_STOCK_THRESHOLD */
	const char *actor;          /* of the ledger's rows */
	const char *task_id;        /* of the upload, or NULL */
};

/* added = created + updated + unchanged + superseded + unknown + known, once
 * merged. unknown: rows of no product, without a name or with BULK_UPDATE_ONLY;
 * known: rows that would change one, with BULK_CREATE_ONLY. */
struct bulk_counts {
	int64_t added, created, updated, unchanged, superseded, unknown, known;
	int64_t put_back, back_units; /* products whose quantity is what it was before they were
		sold since, without quantity_was; units that they get back */
	int64_t missing;              /* products that bulk_miss changed */
	int64_t short_of;             /* products with less than a difference takes: at 0 now */
};

struct bulk;

/* The strings of `o` are borrowed, but for details. The transaction begins with the first chunk
 * that is full, or bulk_merge; one bulk at a time writes, and others wait. */
struct bulk *bulk_new(struct db *db, const struct bulk_options *o);

enum bulk_turn { BULK_NOT_YET, BULK_WAITS, BULK_WRITES };

/* Whether it waits for another one to end, or keeps others waiting. */
enum bulk_turn bulk_turn(const struct bulk *b);

/* Takes the row of a line of the file. `raw`, its record, is kept where the file
 * has no names. */
ERR_CHECK int bulk_add(struct bulk *b, const struct product_row *row, int64_t line,
		       struct product_text raw, struct err *e);

/* Writes what is left, merges, and reports the result of each row. Nothing can be
 * added any more. */
ERR_CHECK int bulk_merge(struct bulk *b, struct err *e);

/* Calls `tell` for each line that a later one superseded, in their order. After
 * bulk_merge. */
ERR_CHECK int bulk_superseded(struct bulk *b, void (*tell)(void *ctx, long line, long by),
			      void *ctx, struct err *e);

/* Calls `tell` for each line whose product is not known, with its record where
 * the file has no names. After bulk_merge. */
ERR_CHECK int bulk_unknown(struct bulk *b,
			   int (*tell)(void *ctx, long line, const char *raw, size_t n,
				       struct err *e),
			   void *ctx, struct err *e);

/* Calls `tell` for each row whose id is that of a product that cannot have its SKU, which
 * another one has or gets, with its record and the product's SKU. These are not
 * among those added. After bulk_merge. */
ERR_CHECK int bulk_refused(struct bulk *b,
			   int (*tell)(void *ctx, long line, const char *raw, size_t n,
				       const char *old, struct err *e),
			   void *ctx, struct err *e);

/* Continues with rows that have other columns, after bulk_merge and what is told of
 * it: as another bulk would, but in the same transaction. */
ERR_CHECK int bulk_continue(struct bulk *b, const struct bulk_options *o, struct err *e);

/* The file has the SKU, but not in a row that can be used. */
ERR_CHECK int bulk_seen(struct bulk *b, struct product_text sku, struct err *e);

/* Does it to the products that the file does not have; ERR_DATA if these are more
 * than the share (millionths; -1: any). After bulk_merge of the last rows. */
ERR_CHECK int bulk_miss(struct bulk *b, enum missing_how how, int64_t most_share, struct err *e);

/* Of all of it. */
struct bulk_counts bulk_counts(const struct bulk *b);

/* The import as it is kept, to be taken back; 0 before its first row, and after
 * bulk_end if nothing changed. */
int64_t bulk_import(const struct bulk *b);

/* How many products it changed, by column (PRODUCT_SKU … PRODUCT_QUANTITY), in their
 * details, and units up and down. After bulk_merge. */
struct bulk_changes {
	int64_t columns[PRODUCT_QUANTITY + 1], details, up, down;
};
ERR_CHECK int bulk_changes(struct bulk *b, struct bulk_changes *out, struct err *e);

/* Calls `tell` with each change, a JSON object, in the order of their
 * lines; or, with `most` above 0, of that many, the largest moves of prices first. */
ERR_CHECK int bulk_tell(struct bulk *b, int most, void (*tell)(void *ctx, const char *change),
			void *ctx, struct err *e);

/* All is written: completes what is kept of it. Before bulk_commit. */
ERR_CHECK int bulk_end(struct bulk *b, struct err *e);

/* Ends the transaction. */
ERR_CHECK int bulk_commit(struct bulk *b, struct err *e);

/* Rolls back what was not committed; takes NULL. */
void bulk_free(struct bulk *b);

#endif
