/* SPDX-License-Identifier: MIT
 *
 * csvtable: the records below a header, of a plain file or of a known format:
 * what each of them is. No I/O.
 */
#ifndef CSVTABLE_H
#define CSVTABLE_H

#include "base/buf.h"
#include "base/err.h"
#include "catalogue/csvdetails.h"
#include "catalogue/csvhead.h"
#include "catalogue/csvproduct.h"
#include "catalogue/csvrow.h"
#include "catalogue/format.h"

#include <stdbool.h>
#include <stddef.h>

struct csvtable_options { /* all borrowed for the life of the table */
	char delimiter;          /* 0: what the file says */
	/* as iconv knows it; NULL: UTF-8, or what a byte order mark says */
	const char *encoding;
	const char *const *maps; /* "NAME=COLUMN", or "NAME=" for a column to leave out */
	size_t nmaps;
	unsigned ignore;         /* columns (bits 1 << PRODUCT_…) that are not taken; a quantity
	                          * is so with a warning */
	const char *like;        /* a format of formats.h, "plain" for none;
		NULL: the header tells */
	const char *location;    /* the only one whose rows count; NULL: all are summed */
	const char *names;       /* "a,b,-": of the columns of a file without a header; or NULL */
	char decimal;            /* '.' or ','; 0: what the file shows */
	long header_line;        /* 0: the first that is not blank */
	bool update_only;        /* a name is not needed, whatever else there is */
	bool spreadsheet;        /* take off the ' that product_needs_guard asks for */
	bool no_details;         /* leave out what is no column of a product */
};

/* Something to tell of a line. */
typedef void csvtable_warn(void *ctx, long line, const char *code, const char *text);

struct csvtable {
	const struct csvtable_options *options;
	csvtable_warn *warn;
	void *ctx;
	struct csvhead heading;
	struct format *format; /* NULL: plain */
	struct csvproduct_rules rules;
	struct numbers numbers;
	struct buf names;      /* of the header's fields, one after another */
	size_t ends[CSVROW_FIELDS]; /* where each ends */
	struct product_text value[PRODUCT_COLUMNS];
	struct csvdetails *more;     /* the other columns */
	struct product_text details; /* of the record */
	bool taken;            /* `value` is of the record */
	bool changed;          /* the header that came again differs */
	bool again;            /* it is that of a file of rejects */
	char delimiter;        /* set by the owner, for that */
	struct csvfill fill;   /* what a rejected record took from others */
};

/* `warn` is called with `ctx`. */
struct csvtable *csvtable_new(const struct csvtable_options *options, csvtable_warn *warn,
			      void *ctx);
void csvtable_free(struct csvtable *t);

/* Takes the record as a header, if it is one. ERR_DATA: it is none, or cannot
 * be used; csvhead_is_found() of t->heading says which. Nothing is told yet. */
ERR_CHECK int csvtable_head(struct csvtable *t, const struct csvrow *row, struct err *e);

/* Begins with what comes below the header that was taken, and tells of it. */
void csvtable_begin(struct csvtable *t, const struct csvrow *row, bool decoded);

unsigned csvtable_columns(const struct csvtable *t); /* bits 1 << PRODUCT_… that rows carry */

enum csvtable_fate {
	CSVTABLE_ROW,    /* t->value and t->details are what it says */
	CSVTABLE_REJECT, /* *f is why */
	CSVTABLE_PASSED, /* it was told why */
	CSVTABLE_HEADER  /* it is a header again; csvtable_begin took it if it differs */
};

/* What a record is that is not blank; t->value borrows from it. -1: the file
 * cannot be used. */
ERR_CHECK int csvtable_read(struct csvtable *t, const struct csvrow *row,
			    enum csvtable_fate *fate, struct csvproduct_faults *f, struct err *e);

/* The SKU of a record that is no row, "" if it has none; false if it cannot be told. `f`
 * NULL: it was passed over. */
bool csvtable_sku(const struct csvtable *t, const struct csvrow *row,
		  const struct csvproduct_faults *f, struct product_text *sku);

/* What is to be told at the end. */
void csvtable_end(struct csvtable *t);

/* See csvfile_explain. */
bool csvtable_explain(const struct csvtable *t, size_t i, struct product_text *name,
		      const char **means, char *why, size_t size);

#endif
