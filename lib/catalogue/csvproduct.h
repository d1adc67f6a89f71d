/* SPDX-License-Identifier: MIT
 *
 * csvproduct: a record of a CSV file of products, as the row that it stands for, or
 * what is wrong with it. No I/O.
 */
#ifndef CSVPRODUCT_H
#define CSVPRODUCT_H

#include "base/err.h"
#include "catalogue/csvhead.h"
#include "catalogue/csvrow.h"
#include "catalogue/product.h"

#include <stdbool.h>

struct csvproduct_rules {
	unsigned columns; /* bits 1 << PRODUCT_…, those that are taken */
	bool decoded;     /* the file was in another encoding before */
	bool spreadsheet; /* take off the ' that product_needs_guard asks for */
};

/* All that is wrong with a record, the gravest first. */
struct csvproduct_faults {
	int n; /* 0: nothing */
	struct csvproduct_fault {
		enum product_column column; /* PRODUCT_COLUMNS: the record as a whole */
		struct product_fault why;
	} at[PRODUCT_COLUMNS];
};

/* True if the record has nothing but delimiters and blanks, or is the ^Z that
 * ends a file of DOS. */
bool csvproduct_is_blank(const struct csvrow *row);

/* The first field with a value whose column has no name; row->n if none has. */
size_t csvproduct_find_unnamed(const struct csvhead *h, const struct csvrow *row);

/* Checks a record that is not blank. -1: *f says what is wrong with it. The
 * row borrows from the record. */
ERR_CHECK int csvproduct_read(const struct csvhead *h, const struct csvproduct_rules *rules,
			      const struct csvrow *row, struct product_row *out,
			      struct csvproduct_faults *f);

#endif
