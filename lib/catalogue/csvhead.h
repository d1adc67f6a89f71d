/* SPDX-License-Identifier: MIT
 *
 * csvhead: which columns the header of a CSV file of products has. Its names
 * are compared as product_column_find does; "NAME=COLUMN" maps a name to
 * another column and "NAME=" to none, and a column that is mapped is found by
 * that name only. The columns reject_line and reject_reason, which a file of
 * rejects has, mean nothing.
 */
#ifndef CSVHEAD_H
#define CSVHEAD_H

#include "base/err.h"
#include "catalogue/csvrow.h"
#include "catalogue/product.h"

#include <stdbool.h>
#include <stddef.h>

struct csvhead {
	unsigned columns;              /* bits 1 << PRODUCT_…, each found once */
	size_t index[PRODUCT_COLUMNS]; /* of the field */
	size_t width;                  /* fields, known or not */
	char unknown[1000];            /* the names that mean nothing here, "" if there are none */
	bool any_unnamed, unnamed[CSVROW_FIELDS]; /* fields whose name is blank */
};

/* ERR_USAGE: a map that is none, or to no column, or a name that is mapped twice. */
ERR_CHECK int csvhead_check_maps(const char *const *maps, size_t nmaps, struct err *e);

/* Whether a header's bytes, all of them or only those of its first line, can be
 * text; ERR_DATA says what they look like. `decoded`: they were another
 * encoding before. */
ERR_CHECK int csvhead_check_bytes(const struct csvrow *row, bool decoded, bool whole,
				  struct err *e);

/* Reads the header. ERR_DATA: it cannot be used; csvhead_is_found() says
 * whether it was a header at all. */
ERR_CHECK int csvhead_read(struct csvhead *h, const struct csvrow *row, const char *const *maps,
			   size_t nmaps, struct err *e);

/* True if it has what a header needs, sku and name. */
bool csvhead_is_found(const struct csvhead *h);

#endif
