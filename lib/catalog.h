/* SPDX-License-Identifier: MIT
 *
 * catalog: a CSV file of products, pushed in pieces of any size, into checked
 * rows and rejects. What the file may be, and what becomes of each of its
 * records, is in fulfil-import(1). No I/O.
 *
 * Every record is the header, blank (nothing but delimiters and blanks), a
 * row, or a reject: rows + rejects = catalog_read(). Nothing depends on where
 * the pieces are cut.
 *
 * A file that cannot be used at all is ERR_DATA, and the message begins with a
 * stable code: no_header, missing_column, duplicate_column, unknown_column,
 * too_many_columns, bad_header, bad_encoding, binary.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include "buf.h"
#include "err.h"
#include "product.h"

#include <stdbool.h>
#include <stddef.h>

struct catalog_options { /* all borrowed for the life of the catalog */
	char delimiter;          /* 0: what the file says */
	const char *encoding;    /* as iconv knows it; NULL: UTF-8, or what a byte order mark says */
	const char *const *maps; /* "NAME=COLUMN", or "NAME=" for a column to leave out */
	size_t nmaps;
	unsigned ignore;         /* columns (bits 1 << PRODUCT_…) that are not taken; a quantity
	                          * is so with a warning */
	bool spreadsheet;        /* take the export's ' off in front of = + - @ TAB CR */
};

/* A record that is no row. Codes: those of product.h, and record_too_large,
 * unterminated_quote, bad_quote, too_many_fields, too_few_fields. */
struct catalog_reject {
	long line, last_line; /* in the file, from 1; last_line only in the last piece */
	const char *code;     /* static */
	const char *column;   /* static, or NULL */
	const char *detail;
	const char *raw;      /* the record as UTF-8, with its line end */
	size_t raw_len;
	bool first, last;     /* of the pieces of a record that is too large; else both */
};

/* All that is passed is borrowed for the call. A callback that returns -1 ends
 * the import, with its error. */
struct catalog_ops {
	int (*row)(void *ctx, const struct product_row *row, long line, struct err *e);
	int (*reject)(void *ctx, const struct catalog_reject *r, struct err *e);
	/* bare_quote, unknown_columns, quantity_ignored: for people; may be NULL */
	void (*warn)(void *ctx, long line, const char *code, const char *text);
};

struct catalog; /* catalog_free */

/* ERR_USAGE: an option that cannot be. */
ERR_CHECK int catalog_new(struct catalog **out, const struct catalog_options *options,
			  const struct catalog_ops *ops, void *ctx, struct err *e);
void catalog_free(struct catalog *c);

/* After -1 only catalog_free may follow. */
ERR_CHECK int catalog_feed(struct catalog *c, const void *bytes, size_t n, struct err *e);
ERR_CHECK int catalog_end(struct catalog *c, struct err *e);

/* Of the header, known before the first row. */
unsigned catalog_columns(const struct catalog *c); /* bits 1 << PRODUCT_… that rows carry */
char catalog_delimiter(const struct catalog *c);
long catalog_read(const struct catalog *c);        /* rows and rejects so far */

/* The rejects as a file that can be mended and fed back with the same options:
 * the header with the columns reject_line and reject_reason in front, then for
 * each reject (or piece of one) the text that it adds. */
void catalog_add_header(const struct catalog *c, struct buf *b);
void catalog_add_reject(const struct catalog *c, struct buf *b, const struct catalog_reject *r);

#endif
