/* SPDX-License-Identifier: MIT
 *
 * missing: the products that a whole catalogue does not have, and what becomes of
 * them. It knows the file's products from three sources: the table `incoming`,
 * rows that were copied straight into products, and SKUs passed to it. It works
 * in the transaction of the import.
 */
#ifndef MISSING_H
#define MISSING_H

#include "base/err.h"
#include "catalogue/product.h"
#include "store/array.h"
#include "store/db.h"

#include <stdbool.h>
#include <stdint.h>

enum missing_how { MISSING_KEEP, MISSING_DEACTIVATE, MISSING_ZERO, MISSING_DELETE };

struct missing {
	struct array skus; /* not told the database yet */
	bool seen;         /* the table is there */
};

void missing_init(struct missing *m);
void missing_release(struct missing *m);

/* The file has the SKU. True once enough are kept here that missing_flush must
 * follow. */
bool missing_seen(struct missing *m, struct product_text sku);
ERR_CHECK int missing_flush(struct missing *m, struct db *db, struct err *e);

/* The rows of `incoming` are merged, and others with other columns follow. */
ERR_CHECK int missing_keep_merged(struct missing *m, struct db *db, struct err *e);

struct missing_options {
	enum missing_how how;
	int64_t most_share; /* millionths of the products that it could be; -1: any */
	int64_t first_id;   /* what this import made has higher ids */
	int64_t import;
	int part;
	const char *actor;  /* of the ledger's rows */
};

/* Finds them, and does it; *n of them. ERR_DATA, too_many_missing: there are more
 * than the share. */
ERR_CHECK int missing_apply(struct missing *m, struct db *db, const struct missing_options *o,
			    int64_t *n, struct err *e);

#endif
