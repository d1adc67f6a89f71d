/* SPDX-License-Identifier: MIT
 *
 * bulktell: what is reported of a bulk after bulk_merge, line by line.
 */
#ifndef BULKTELL_H
#define BULKTELL_H

#include "base/err.h"
#include "catalogue/bulk.h"

#include <stddef.h>
#include <stdint.h>

/* Calls `tell` for each line that a later one superseded, in their order. After
 * bulk_merge. */
ERR_CHECK int bulktell_superseded(struct bulk *b, void (*tell)(void *ctx, long line, long by),
				  void *ctx, struct err *e);

/* Calls `tell` for each line whose product is not known, with its record where
 * the file has no names. After bulk_merge. */
ERR_CHECK int bulktell_unknown(struct bulk *b,
			       int (*tell)(void *ctx, long line, const char *raw, size_t n,
					   struct err *e),
			       void *ctx, struct err *e);

/* Calls `tell` for each row whose id is that of a product that cannot have its SKU, which
 * another one has or gets, with its record and the product's SKU. These are not
 * among those added. After bulk_merge. */
ERR_CHECK int bulktell_refused(struct bulk *b,
			       int (*tell)(void *ctx, long line, const char *raw, size_t n,
					   const char *old, struct err *e),
			       void *ctx, struct err *e);

/* How many products it changed, by column (PRODUCT_SKU … PRODUCT_QUANTITY), in their
 * details, and units up and down. After bulk_merge. */
struct bulktell_changes {
	int64_t columns[PRODUCT_QUANTITY + 1], details, up, down;
};
ERR_CHECK int bulktell_count(struct bulk *b, struct bulktell_changes *out, struct err *e);

/* Calls `tell` with each change, a JSON object, in the order of their
 * lines; or, with `most` above 0, of that many, the largest moves of prices first. */
ERR_CHECK int bulktell_changes(struct bulk *b, int most,
			       void (*tell)(void *ctx, const char *change), void *ctx,
			       struct err *e);

#endif
