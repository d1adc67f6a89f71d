/* SPDX-License-Identifier: MIT
 *
 * undo: takes an import back, in one transaction: products that it changed get
 * what they had before, those that it made are deleted, and what it added to
 * stock is taken away. What was touched since is left as it is, and named.
 */
#ifndef UNDO_H
#define UNDO_H

#include "base/err.h"
#include "store/db.h"

#include <stdint.h>

struct undo_counts {
	int64_t import, restored, deleted, stock, kept; /* stock: products whose stock was */
};

struct undo_options {
	int64_t id;            /* of the import; 0: by task */
	const char *task;      /* of its upload */
	const char *threshold; /* LOW_STOCK_THRESHOLD */
	const char *actor;
	/* A product that is kept, and why: "edited", "deleted", "sold", "restocked",
	 * "replaced" (of one that it deleted), or several with commas between; may be NULL. */
	void (*kept)(void *ctx, const char *sku, const char *why);
	void *ctx;
};

/* ERR_NOTFOUND: no such import is kept. ERR_CONFLICT: it is taken back already.
 * ERR_AGAIN: another import runs, or products were changed meanwhile. */
ERR_CHECK int undo_run(struct db *db, const struct undo_options *o, struct undo_counts *n,
		       struct err *e);

#endif
