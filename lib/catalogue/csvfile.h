/* SPDX-License-Identifier: MIT
 *
 * csvfile: a CSV file of products, pushed in pieces of any size, into checked
 * rows and rejects. What the file may be, and what becomes of each of its
 * records, is in fulfil-import(1). No I/O.
 *
 * Every record is a header, blank (nothing but delimiters and blanks), passed
 * over (with a warning), a row, or a reject: rows + rejects = csvfile_read().
 * Nothing depends on where the pieces are cut.
 *
 * A file that cannot be used at all is ERR_DATA, and the message begins with a
 * stable code: no_header, missing_column, duplicate_column, unknown_column,
 * too_many_columns, bad_header, bad_encoding, binary, ambiguous_format,
 * mixed_decimal.
 */
#ifndef CSVFILE_H
#define CSVFILE_H

#include "base/buf.h"
#include "base/err.h"
#include "catalogue/csvproduct.h"
#include "catalogue/csvrow.h"
#include "catalogue/csvtable.h"
#include "catalogue/product.h"

#include <stdbool.h>
#include <stddef.h>

/* A record that is a reject. Codes: those of product.h, and record_too_large,
 * unterminated_quote, bad_quote, too_many_fields, too_few_fields,
 * spreadsheet_error, excel_number, zero_width. */
struct csvfile_reject {
	const struct csvrow *row; /* a record that is too large comes in pieces */
	const struct csvproduct_faults *faults;
	const struct csvfill *fill; /* what it took from other rows, or NULL */
};

/* All that is passed is borrowed for the call. A callback that returns -1 ends
 * the import, with its error. */
struct csvfile_ops {
	int (*row)(void *ctx, const struct product_row *row, long line, struct err *e);
	int (*reject)(void *ctx, const struct csvfile_reject *r, struct err *e);
	/* A header, the first one, or another with other columns, or where rows may
	 * yet be rejected; may be NULL. Rows that follow have csvfile_columns(); rejects
	 * of before can be given back for the last time. */
	int (*header)(void *ctx, struct err *e);
	/* Something odd, and each record that is passed over, with why: codes are in
	 * fulfil-import(1); may be NULL */
	void (*warn)(void *ctx, long line, const char *code, const char *text);
};

struct csvfile; /* csvfile_free */

/* ERR_USAGE: an option that cannot be. */
ERR_CHECK int csvfile_new(struct csvfile **out, const struct csvtable_options *options,
			  const struct csvfile_ops *ops, void *ctx, struct err *e);
void csvfile_free(struct csvfile *c);

/* Tells also of each record that is no row: its SKU, "" if it has none, NULL if it cannot
 * be told. */
void csvfile_tell_others(struct csvfile *c, int (*other)(void *ctx, const struct product_text *sku,
							 struct err *e));

/* After -1 only csvfile_free may follow. */
ERR_CHECK int csvfile_feed(struct csvfile *c, const void *bytes, size_t n, struct err *e);
ERR_CHECK int csvfile_end(struct csvfile *c, struct err *e);

/* Of the header, known before the first row. */
unsigned csvfile_columns(const struct csvfile *c); /* bits 1 << PRODUCT_… that rows carry */
char csvfile_delimiter(const struct csvfile *c);
long csvfile_read(const struct csvfile *c);        /* rows and rejects so far */
long csvfile_passed(const struct csvfile *c);      /* records passed over so far */
int csvfile_headers(const struct csvfile *c);      /* another one: csvfile_add_header differs */
/* What is to be declared, so that its rejects are read like it; 0: nothing. */
char csvfile_decimal(const struct csvfile *c);
const char *csvfile_details(const struct csvfile *c); /* see csvdetails_keys */
bool csvfile_sure_ids(const struct csvfile *c);    /* they are ours, not those of others */
bool csvfile_is_rejects(const struct csvfile *c);  /* rows that an import rejected */
/* In the callback `row`: its record. */
struct product_text csvfile_raw(const struct csvfile *c);

/* At the end: the last line has no end, and fewer fields than the header or a quote that
 * is not closed, so the file was cut. 0: no such sign, else the line. */
long csvfile_cut(const struct csvfile *c);
bool csvfile_sums(const struct csvfile *c);        /* a SKU's quantities are summed */

/* What the field i of the header is taken as, and why, for people; false at the
 * end. *means is NULL for a field that is left out. */
bool csvfile_explain(const struct csvfile *c, size_t i, struct product_text *name,
		     const char **means, char *why, size_t size);

/* The rejects as a file that can be mended and fed back with the same options,
 * as csvreject.h describes it. */
void csvfile_add_header(const struct csvfile *c, struct buf *b);
void csvfile_add_reject(const struct csvfile *c, struct buf *b, const struct csvfile_reject *r);

#endif
