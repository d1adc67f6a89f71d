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
#include "catalogue/numbers.h"
#include "catalogue/product.h"

#include <stdbool.h>

struct csvproduct_rules {
	unsigned columns; /* bits 1 << PRODUCT_…, those that are taken */
	bool decoded;     /* the file was in another encoding before */
	bool spreadsheet; /* take off the ' that product_needs_guard asks for */
	struct numbers *numbers; /* how the file writes numbers */
	bool bare_id;     /* an id that is none is nobody's fault */
	bool formatted;   /* the values are not those of the fields: see format.h */
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

/* Checks the bytes of a record that is not blank, and how many fields it has.
 * -1: *f says what is wrong with it. */
ERR_CHECK int csvproduct_check(const struct csvhead *h, const struct csvproduct_rules *rules,
			       const struct csvrow *row, struct csvproduct_faults *f);

/* The fields of a record, as they are; they borrow from it. */
void csvproduct_take(const struct csvhead *h, const struct csvrow *row,
		     struct product_text value[PRODUCT_COLUMNS]);

/* Checks the values and makes them what products take, in place. -1: as above. */
ERR_CHECK int csvproduct_values(const struct csvproduct_rules *rules, long line,
				struct product_text value[PRODUCT_COLUMNS],
				struct csvproduct_faults *f);

/* A value of another column without what spreadsheets and people put around it. */
struct product_text csvproduct_plain(const struct csvproduct_rules *rules, struct product_text v);

/* True if a spreadsheet broke it; `number`: it is a text of digits. *f says how. */
bool csvproduct_is_damaged(const struct product_text *v, bool number, struct product_fault *f);

#endif
