/* SPDX-License-Identifier: MIT
 *
 * feedfile: a file that comes again and again under a name. What it was like the last time
 * is kept: a file that has much fewer rows, or lacks a column, is refused, since it may be
 * cut. The options that say how it is read are kept for the next time, too.
 */
#ifndef FEEDFILE_H
#define FEEDFILE_H

#include "base/buf.h"
#include "base/err.h"
#include "catalogue/options.h"
#include "store/db.h"

#include <stdbool.h>
#include <stdint.h>

struct feedfile {
	const char *name;    /* borrowed */
	int64_t most_share;  /* millionths of its rows that it may lose */
	bool known;          /* it was imported before: */
	int64_t last_rows;   /* then */
	unsigned last_columns; /* bits 1 << PRODUCT_… */
	int64_t rows;        /* now; of feedfile_check */
	unsigned columns;
	struct options kept; /* how it was read */
	struct buf reading;  /* how it is read, if that is said anew; or empty */
};

/* Reads what is kept of the feed. Where `o` says nothing of how the file is read, what is kept
 * is taken, and borrowed until feedfile_release; its most_shrink (none: 20 %) is for the feed, and
 * with MISSING_KEEP for it alone. A file without rows, or cut in its last line, is refused. */
ERR_CHECK int feedfile_begin(struct feedfile *f, struct db *db, const char *name,
			 struct import_options *o, struct err *e);
void feedfile_release(struct feedfile *f); /* of zeros, too */

/* ERR_DATA, with the figures: it shrank (feed_shrank), or lacks a column
 * (feed_columns). With a share of all nothing is refused. */
ERR_CHECK int feedfile_check(struct feedfile *f, int64_t rows, unsigned columns, bool stock,
			 struct err *e);

/* Keeps what feedfile_check was told. In the transaction of the import. */
ERR_CHECK int feedfile_save(const struct feedfile *f, struct db *db, struct err *e);

/* Keeps why its newest file was not imported, until one is. Only what is wrong with the file
 * is kept, ERR_DATA. Outside of a transaction. */
ERR_CHECK int feedfile_refuse(const char *name, struct db *db, const struct err *why,
			      struct err *e);

#endif
