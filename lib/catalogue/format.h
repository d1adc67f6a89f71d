/* SPDX-License-Identifier: MIT
 *
 * format: reads records of a known format, as formats.h describes it: which
 * field is which column, what a row takes from the rows above it or from its
 * parent, and which rows are no product. Memory is bounded. No I/O.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include "catalogue/csvdetails.h"
#include "catalogue/csvfill.h"
#include "catalogue/csvrow.h"
#include "catalogue/formats.h"
#include "catalogue/product.h"

#include <stdbool.h>

struct format; /* format_free */

/* Reads records under this header. `location`: the only one that counts, or
 * NULL. */
struct format *format_new(const struct formats_entry *entry, const struct csvrow *header,
			  const char *location);
void format_free(struct format *f);

const struct formats_entry *format_entry(const struct format *f);

/* The field i of the header is `column` after all, and no other field is;
 * PRODUCT_COLUMNS: it means nothing. */
void format_map(struct format *f, size_t i, enum product_column column);

unsigned format_columns(const struct format *f); /* bits 1 << PRODUCT_… */

/* The first field that holds the SKU; false: there is none. */
bool format_sku_field(const struct format *f, size_t *at);

/* What the field i of the header is, for people: "sku", "option", NULL for nothing. */
const char *format_meaning(const struct format *f, size_t i);

/* True if nothing is read from the field, or it may as well be kept for itself: the
 * id of another system, the second name of a column. */
bool format_spares(const struct format *f, size_t i);

/* A column that takes only the first of these fields: "Price EUR", "Price USD".
 * False: there is none. */
bool format_several(const struct format *f, enum product_column column, size_t *first,
		    size_t *second);

/* What was done to a row that is worth telling; bits. */
enum {
	FORMAT_SKU_MADE = 1,   /* of its id, for want of one */
	FORMAT_NEGATIVE = 2,   /* its quantity was below 0, and is taken as 0 */
	FORMAT_CUT = 4,        /* its category, at 255 characters */
	FORMAT_FRACTION = 16,  /* its quantity is no whole number, and is taken without the rest */
	FORMAT_SKUS = 8        /* it has several SKUs in one cell */
};

/* The values of a record that is not blank, not checked yet; they live until
 * the next call. NULL: it is a row; else it is passed over, and this is the
 * code that says why (static). */
const char *format_read(struct format *f, const struct csvrow *row,
			struct product_text value[PRODUCT_COLUMNS], unsigned *told);

enum format_part {
	FORMAT_OTHER,
	FORMAT_HELD,    /* a product, unless a variant of it follows; see formats_entry */
	FORMAT_VARIANT,
	FORMAT_BETWEEN  /* no product, and it may stand between the two */
};

/* Which part of a product the record is. */
enum format_part format_part(const struct format *f, const struct csvrow *row);

/* True if the record `below` is of the product that `row` is of. */
bool format_is_below(const struct format *f, const struct csvrow *row, const struct csvrow *below);

/* The next record is no product: variants of it follow. */
void format_expect_parent(struct format *f);

/* The next record comes from a file of rejects, which says of it what *fill does; so
 * what stands around it says nothing of it. */
void format_expect_reject(struct format *f, const struct csvfill *fill);

/* What tells the product and the variant of the record of the last format_read; lives as long. */
void format_group(struct format *f, const struct csvrow *row, struct csvdetails_group *g);

/* A record that is rejected without format_read: the rows below it may be of its
 * product. */
void format_note(struct format *f, const struct csvrow *row);

/* The record of the last format_read, or format_note, is rejected, so that the
 * rows above it will not be there when it is mended. *fill is what it took from
 * them, until the next call, but for what a rejected row said that comes
 * before it in the same file: then it is below that one. */
void format_reject(struct format *f, const struct csvrow *row, struct csvfill *fill);

#endif
