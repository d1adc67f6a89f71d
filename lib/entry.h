/* SPDX-License-Identifier: MIT
 *
 * entry: a record of a CSV file of products, as the row that it stands for, or
 * what is wrong with it. No I/O.
 */
#ifndef ENTRY_H
#define ENTRY_H

#include "csvrow.h"
#include "err.h"
#include "heading.h"
#include "product.h"

#include <stdbool.h>

struct entry_rules {
	unsigned columns; /* bits 1 << PRODUCT_…, those that are taken */
	bool decoded;     /* the file was in another encoding before */
	bool spreadsheet; /* take a ' off in front of = + - @ TAB CR, or of more ' and one */
};

/* True if the record has nothing but delimiters and blanks, or is the ^Z that
 * ends a file of DOS. */
bool entry_is_blank(const struct csvrow *row);

/* The first field with a value whose column has no name; row->n if none has. */
size_t entry_find_unnamed(const struct heading *h, const struct csvrow *row);

/* Checks a record that is not blank. -1: *f says what is wrong with it, and
 * *column where; PRODUCT_COLUMNS if it is the record as a whole. The row
 * borrows from the record. */
ERR_CHECK int entry_read(const struct heading *h, const struct entry_rules *rules,
			 const struct csvrow *row, struct product_row *out,
			 struct product_fault *f, enum product_column *column);

#endif
