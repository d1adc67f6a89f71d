/* SPDX-License-Identifier: MIT
 *
 * heading: which columns the header of a CSV file of products has. Its names
 * are compared as product_column_find does; "NAME=COLUMN" maps a name to
 * another column and "NAME=" to none, and a column that is mapped is found by
 * that name only. The columns reject_line and reject_reason, which a file of
 * rejects has, mean nothing.
 */
#ifndef HEADING_H
#define HEADING_H

#include "csvrow.h"
#include "err.h"
#include "product.h"

#include <stdbool.h>
#include <stddef.h>

struct heading {
	unsigned columns;              /* bits 1 << PRODUCT_…, each found once */
	size_t index[PRODUCT_COLUMNS]; /* of the field */
	size_t width;                  /* fields, known or not */
	char unknown[160];             /* the names that mean nothing here, "" if there are none */
	bool any_unnamed, unnamed[CSVROW_FIELDS]; /* fields whose name is blank */
};

/* ERR_USAGE: a map that is none, or to no column, or a name that is mapped twice. */
ERR_CHECK int heading_check_maps(const char *const *maps, size_t nmaps, struct err *e);

/* Whether a header's bytes, all of them or only those of its first line, can be
 * text; ERR_DATA says what they look like. `decoded`: they were another
 * encoding before. */
ERR_CHECK int heading_check_bytes(const struct csvrow *row, bool decoded, bool whole, struct err *e);

/* Reads the header. ERR_DATA: it cannot be used; heading_is_found() says
 * whether it was a header at all. */
ERR_CHECK int heading_read(struct heading *h, const struct csvrow *row, const char *const *maps,
			   size_t nmaps, struct err *e);

/* True if it has what a header needs, sku and name. */
bool heading_is_found(const struct heading *h);

#endif
