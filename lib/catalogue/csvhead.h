/* SPDX-License-Identifier: MIT
 *
 * csvhead: which columns the header of a CSV file of products has. Its names
 * are compared as product_column_find does; "NAME=COLUMN" maps a name to
 * another column or detail (details.h) and "NAME=" to none, and a column that is mapped is found by
 * that name only. The columns reject_line and reject_reason, which a file of
 * rejects has, mean nothing, and CSVHEAD_SPREADSHEET says that values are guarded.
 */
#ifndef CSVHEAD_H
#define CSVHEAD_H

#include "base/err.h"
#include "catalogue/csvrow.h"
#include "catalogue/product.h"

#include <stdbool.h>
#include <stddef.h>

/* A column of nothing, by which the export for a spreadsheet is known again. */
#define CSVHEAD_SPREADSHEET "spreadsheet"

struct csvhead {
	unsigned columns;              /* bits 1 << PRODUCT_…, each found once */
	size_t index[PRODUCT_COLUMNS]; /* of the field */
	size_t width;                  /* fields, known or not */
	char unknown[1000];            /* names that csvhead_list_unknown added, "" for none */
	bool update_only;
	bool detailed;                 /* it has a detail that is known: see details.h */
	bool bare_id;                  /* its id is called so, as in files of others */
	bool spreadsheet;              /* it has CSVHEAD_SPREADSHEET */
	int guesses[PRODUCT_COLUMNS];  /* names that may be the column, where none is */
	size_t guess[PRODUCT_COLUMNS], second_guess[PRODUCT_COLUMNS];
	int weak_rank[PRODUCT_COLUMNS]; /* of a name that is it for want of another; 0: none */
	size_t weak[PRODUCT_COLUMNS];
	char ambiguous[300];           /* names that may be a column, and are left out; or "" */
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
 * whether it was a header at all. `update_only`: it needs no name. */
ERR_CHECK int csvhead_read(struct csvhead *h, const struct csvrow *row, const char *const *maps,
			   size_t nmaps, bool update_only, struct err *e);

/* True if it has what a header needs: a SKU, and a name or, to change products
 * only, a price, a quantity, a category, active, a reorder level or a detail. */
bool csvhead_is_found(const struct csvhead *h);

/* True for the columns of a list that has a description in the place of a name: a product
 * that is new is called by its first line. */
bool csvhead_is_described(unsigned columns);

/* Adds a name to those that mean nothing, unless it is blank or one of a file
 * of rejects. */
void csvhead_list_unknown(struct csvhead *h, struct product_text name);

/* A map whose name is not in the header, or NULL. */
const char *csvhead_lost_map(const struct csvrow *row, const char *const *maps, size_t nmaps);

/* True if a map has this name; *to is what it maps to, blank where it is left out. */
bool csvhead_map_of(struct product_text name, const char *const *maps, size_t nmaps,
		    struct product_text *to);

/* True for a name that is blank, or that only a file of rejects or an export has. */
bool csvhead_means_nothing(struct product_text name);

#endif
