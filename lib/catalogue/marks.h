/* SPDX-License-Identifier: MIT
 *
 * marks: which known format a header is of, and which of its fields have the
 * names that a table of formats.h gives. Names are `a|b|c`, each with at most one
 * `*`. Owns nothing: what it returns points into the header or the table. No I/O.
 */
#ifndef MARKS_H
#define MARKS_H

#include "base/err.h"
#include "catalogue/csvrow.h"
#include "catalogue/formats.h"
#include "catalogue/product.h"

#include <stdbool.h>
#include <stddef.h>

enum { MARKS_FIELDS = 256 };

/* Fields of the header that play one part. */
struct marks_fields {
	int n;
	size_t at[MARKS_FIELDS];
};

/* The format that this header has, NULL for none. ERR_DATA (ambiguous_format):
 * it has two as well. */
ERR_CHECK int marks_format(const struct csvrow *header, const struct formats_entry **out,
			   struct err *e);

/* All fields of the header that the list names, in the order of the list; no more
 * than MARKS_FIELDS. */
struct marks_fields marks_part(const struct csvrow *header, const char *list);

/* Takes the next of the alternatives off the list; false at its end. */
bool marks_next(const char **list, struct product_text *name);

#endif
