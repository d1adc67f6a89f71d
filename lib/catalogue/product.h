/* SPDX-License-Identifier: MIT
 *
 * product: what the fields of a product may hold, wherever they come from:
 * a CSV file, the API, a form. No I/O.
 *
 *	sku            1 to 255 code points, no control characters; blanks
 *	               around it are taken off, as from all but the description
 *	name           1 to 1024 code points, no control characters but TAB, LF, CR
 *	description    at most 1 MiB, kept byte for byte
 *	category       at most 255 code points, no control characters
 *	price          a plain decimal of 0 or more: at most 12 digits before the
 *	               point and 6 after it, no exponent, no sign
 *	active         true, yes, 1, t, y, active, or false, no, 0, f, n, inactive
 *	reorder_level  a whole number from 0 to 2147483647
 *	quantity       the same
 *	quantity_was   the same: what the quantity was when the file was made
 *	counted_at     when the quantity was counted: an RFC 3339 time that has been
 *
 * Blanks are ASCII's, no-break spaces (U+00A0) and byte order marks (U+FEFF).
 */
#ifndef PRODUCT_H
#define PRODUCT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum product_column {
	PRODUCT_SKU,
	PRODUCT_NAME,
	PRODUCT_DESCRIPTION,
	PRODUCT_CATEGORY,
	PRODUCT_PRICE,
	PRODUCT_ACTIVE,
	PRODUCT_REORDER_LEVEL,
	PRODUCT_QUANTITY,
	PRODUCT_QUANTITY_WAS,
	PRODUCT_ID, /* of the product, which may have another SKU so far */
	PRODUCT_COUNTED_AT,
	PRODUCT_COLUMNS
};

enum { PRODUCT_SKU_MOST = 255, PRODUCT_NAME_MOST = 1024, PRODUCT_DESCRIPTION_MOST = 1 << 20,
       PRODUCT_CATEGORY_MOST = 255 };

/* Bytes that somebody else owns, without a NUL after them. */
struct product_text {
	const char *s; /* NULL: null, as a blank value is */
	size_t n;
};

/* Checked values, spelled as PostgreSQL reads them: active is "t" or "f". */
struct product_row {
	struct product_text value[PRODUCT_COLUMNS];
	struct product_text details; /* what it has besides, a JSON object: see details.h */
};

/* Codes never change: missing_sku missing_name; sku_too_long name_too_long
 * description_too_long category_too_long; bad_sku bad_name bad_category
 * bad_price bad_active bad_reorder_level bad_quantity bad_id bad_counted_at; nul_byte
 * bad_encoding. */
struct product_fault {
	const char *code; /* static */
	char detail[160]; /* what is wrong and what is wanted; valid UTF-8 on one line */
};

/* Fills in *f and returns -1, so that a check can `return product_refuse(...)`. */
int product_refuse(struct product_fault *f, const char *code, const char *fmt, ...)
	ERR_PRINTF(3, 4);

/* Checks one value and makes it what a row holds: trimmed, NULL if nothing is
 * left, re-spelled. *v then points into the same bytes or at a static text.
 * -1: it cannot be used, and *f says why. */
int product_check(enum product_column column, struct product_text *v, struct product_fault *f);

/* Takes the blanks off both ends; true if nothing is left. */
bool product_trim(struct product_text *v);

/* "sku", "name", … as the API and a CSV file's header call them. */
const char *product_column_name(enum product_column column);

/* The column that a header calls by this name or an alias, or
 * PRODUCT_COLUMNS. */
enum product_column product_column_find(struct product_text name);

/* Compares names of columns: the case of ASCII letters and blanks around the
 * name do not matter; blanks, "-" and "_", one or several, are the same. */
bool product_same_name(struct product_text a, struct product_text b);

/* True for a text that a spreadsheet would turn into something else: a formula,
 * a number without its zeros or signs, a power of ten, a date, a time. The export for a
 * spreadsheet puts one ' before such a text, and the import takes it off;
 * marks that the text has of its own do not count. */
bool product_needs_guard(struct product_text v);

#endif
