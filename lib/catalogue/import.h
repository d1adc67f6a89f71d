/* SPDX-License-Identifier: MIT
 *
 * import: one run of an import: the bytes of a CSV file go in, products come
 * out in the database, all of them or none, with a row of sync_logs.
 *
 * Law: read = created + updated + unchanged + superseded + rejected. A row
 * that cannot be used is rejected and stops no other, up to the limit that
 * the options set.
 */
#ifndef IMPORT_H
#define IMPORT_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"
#include "catalogue/bulk.h"
#include "catalogue/csvfile.h"
#include "catalogue/notices.h"
#include "store/db.h"

#include <stdbool.h>
#include <stdint.h>

struct import_options {
	struct csvtable_options csv;
	enum bulk_active active;
	enum bulk_mode mode;
	bool stock, dry_run;
	bool changes;          /* tell each change; a dry run does so anyway */
	int first_changes;     /* how many to keep, the largest moves of prices first */
	int64_t most_errors;   /* rejected rows that are too few to stop it; -1: any number */
	int64_t most_share;    /* the same as millionths of the rows read; -1: any */
	int64_t least_rows;    /* fewer rows than that are read: nothing is imported */
	enum missing_how missing; /* what becomes of products that the file does not have */
	int64_t most_shrink;   /* millionths of the products that it may lack; -1: any */
	const char *threshold; /* LOW_STOCK_THRESHOLD */
	const char *task_id;   /* of the row in sync_logs; NULL: makes one */
	const char *worker;
	int attempt;           /* which try it is; 0: the first */
};

struct import_counts {
	int64_t read, created, updated, unchanged, superseded, rejected;
	int64_t missing; /* products that the file does not have, and that were changed so */
	int64_t passed; /* records passed over; they are not among those read */
	int64_t bytes;
};

struct import_ops {
	/* A rejected row, once. `first`: among the first NOTICES_FIRST of its code.
	 * May be NULL, as all but tick. */
	void (*reject)(void *ctx, const struct csvfile_reject *r, bool first);
	/* More of the file of rejected rows, which can be mended and imported. */
	int (*give_back)(void *ctx, const char *text, size_t n, struct err *e);
	/* Something odd; line 0: the file as a whole. */
	void (*warn)(void *ctx, long line, const char *code, const char *text, bool first);
	/* A line that a later one, `by`, superseded; 0: which is not known. */
	void (*superseded)(void *ctx, long line, long by, bool first);
	/* A JSON object that says what changed of a product; may be NULL. */
	void (*change)(void *ctx, const char *object);
	/* Called every 250 ms while the database works; true stops the import. */
	bool (*tick)(void *ctx);
	/* The file has ended, and nothing of it is written yet, or all can be taken back: -1
	 * imports nothing. */
	int (*check)(void *ctx, struct err *e);
	/* Still in the transaction, when all is written: what else belongs to it. */
	int (*before_commit)(void *ctx, struct err *e);
};

struct import;

/* Borrows all of its arguments until import_free. */
ERR_CHECK int import_new(struct import **out, struct db *db, const struct import_options *o,
			 const struct import_ops *ops, void *ctx, struct err *e);

/* The next bytes of the file, in pieces of any size. */
ERR_CHECK int import_feed(struct import *im, const char *bytes, size_t n, struct err *e);

/* The file has ended: writes, and commits unless it is a dry run. */
ERR_CHECK int import_finish(struct import *im, struct err *e);

/* After a failure: rolls back and notes it in sync_logs, if the server is
 * there to do so. */
void import_fail(struct import *im, const struct err *why);

/* True while other imports wait for this one. */
bool import_holds(const struct import *im);

/* "parse", "wait" (for another import to end), "merge", "commit" or "done". */
const char *import_phase(const struct import *im);
struct import_counts import_counts(const struct import *im);

/* Bits 1 << PRODUCT_… of the columns that the file has. */
unsigned import_columns(const struct import *im);

/* What is to be declared, so that the rejects are read like the file; 0: nothing. */
char import_decimal(const struct import *im);

/* What was told so far. */
const struct notices *import_warnings(const struct import *im);
const struct notices *import_rejects(const struct import *im);

/* Adds passed_over, missing, and the counts by code, reject_counts and warning_counts, as
 * members of a JSON object; takes NULL. */
void import_add_codes(struct buf *json, const struct import *im);

/* Adds how many products were changed, by column, and units up and down, as members
 * of a JSON object; takes NULL. */
void import_add_changes(struct buf *json, const struct import *im);

/* The first changes, as JSON objects with commas between. */
const char *import_first_changes(const struct import *im);

/* By which it can be taken back; 0: it changed nothing, or it is not done. */
int64_t import_id(const struct import *im);

/* Adds the counts of rows as members of a JSON object, in the order of the law. */
void import_add_counts(struct buf *json, const struct import_counts *n);

/* Rolls back what was not committed; takes NULL. */
void import_free(struct import *im);

#endif
