/* SPDX-License-Identifier: MIT
 *
 * csvfill: a record with values in its blank fields, so that it can stand
 * alone: what a row of a variant takes from the rows above it, except values
 * that a row above it in the same file gives. All other bytes stay as they
 * are. No I/O.
 */
#ifndef CSVFILL_H
#define CSVFILL_H

#include "base/buf.h"
#include "catalogue/product.h"

#include <stdbool.h>
#include <stddef.h>

enum { CSVFILL_MOST = PRODUCT_COLUMNS + 1 };

/* Values for fields of the record, which are blank in it; valid UTF-8. */
struct csvfill {
	bool below;  /* it continues the record above it, which is such a record, too */
	bool parent; /* it is no product, only its variants are */
	int n;
	struct csvfill_field {
		size_t at;
		struct product_text value;
	} field[CSVFILL_MOST];
};

/* The bytes of the field that begins at s, without its delimiter; n + 1 if it
 * cannot be told. */
size_t csvfill_skip(char delimiter, const char *s, size_t n);

/* Adds the bytes of a record with the fields filled in; its first one is the
 * field number `first`. What follows a field that cannot be told stays as it is. */
void csvfill_add(const struct csvfill *fill, char delimiter, size_t first, struct buf *b,
		 const char *s, size_t n);

#endif
