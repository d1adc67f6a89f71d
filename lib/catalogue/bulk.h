/* SPDX-License-Identifier: MIT
 *
 * bulk: products by the hundred thousand in one transaction, in constant
 * memory: all of them or none.
 *
 * Rows are copied straight into `products`, a chunk under a savepoint; a
 * chunk with a SKU that is taken already is put aside instead, and merged at
 * the end with what is there: inserted, changed where it differs, or left as
 * it is. Of several rows with one SKU, whatever its case, the last one counts.
 * Uses db and product.h, and knows nothing of files. Its reports are made by
 * bulktell.
 */
#ifndef BULK_H
#define BULK_H

#include "base/err.h"
#include "catalogue/bulkstate.h"
#include "store/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The strings of `o` are borrowed, but for details. The transaction begins with the first chunk
 * that is full, or bulk_merge; one bulk at a time writes, and others wait. */
struct bulk *bulk_new(struct db *db, const struct bulk_options *o);

/* Whether it waits for another one to end, or keeps others waiting. */
enum bulk_turn bulk_turn(const struct bulk *b);

/* Takes the row of a line of the file. `raw`, its record, is kept where the file
 * has no names. */
ERR_CHECK int bulk_add(struct bulk *b, const struct product_row *row, int64_t line,
		       struct product_text raw, struct err *e);

/* Writes what is left, merges, and reports the result of each row. Nothing can be
 * added any more. */
ERR_CHECK int bulk_merge(struct bulk *b, struct err *e);

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

/* All is written: completes what is kept of it. Before bulk_commit. */
ERR_CHECK int bulk_end(struct bulk *b, struct err *e);

/* Ends the transaction. */
ERR_CHECK int bulk_commit(struct bulk *b, struct err *e);

/* Rolls back what was not committed; takes NULL. */
void bulk_free(struct bulk *b);

#endif
