/* SPDX-License-Identifier: MIT
 *
 * csvreject: rejected records as a CSV file that can be mended and imported:
 * the header of the input with the columns reject_line and reject_reason
 * before it, and the records as they were, but for blank fields that the rows
 * above them said. An input that has these two columns
 * already gets new ones in their place; the line stays that of the first file.
 * Records that were accepted between them are missing, so the reason also names
 * the remaining record that each one belongs to. No I/O.
 */
#ifndef CSVREJECT_H
#define CSVREJECT_H

#include "base/buf.h"
#include "catalogue/csvfill.h"
#include "catalogue/csvproduct.h"
#include "catalogue/csvrow.h"

#include <stdbool.h>

struct csvreject {
	char delimiter;
	bool mark;  /* begin with a byte order mark */
	bool again; /* the input has the two columns already, as its first ones */
};

/* True if the header begins with the two columns. */
bool csvreject_is_again(const struct csvrow *header);

/* The bytes of the two columns of a record below such a header; 0 if they cannot be told. */
size_t csvreject_skip(char delimiter, const char *s, size_t n);

/* True if the record, below such a header, was added by csvreject_add, and not by
 * people; *fill is what its reason says of the records that it belongs to. */
bool csvreject_tells(const struct csvrow *row, struct csvfill *fill);

/* Adds the header, whose bytes are `raw`. */
void csvreject_add_header(const struct csvreject *r, struct buf *b, const struct buf *raw);

/* Adds a record, or the next piece of one that is too large; with `fill`, which
 * may be NULL, in its blank fields. */
void csvreject_add(const struct csvreject *r, struct buf *b, const struct csvrow *row,
		   const struct csvproduct_faults *f, const struct csvfill *fill);

#endif
