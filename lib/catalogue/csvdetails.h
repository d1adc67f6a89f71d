/* SPDX-License-Identifier: MIT
 *
 * csvdetails: the fields of a CSV file that are no column of a product, as its
 * details: a JSON object for each record. No I/O.
 */
#ifndef CSVDETAILS_H
#define CSVDETAILS_H

#include "catalogue/csvproduct.h"
#include "catalogue/csvrow.h"
#include "catalogue/details.h"
#include "catalogue/product.h"

#include <stdbool.h>
#include <stddef.h>

struct csvdetails; /* csvdetails_free */

struct csvdetails *csvdetails_new(void);
void csvdetails_free(struct csvdetails *d);

/* Another header: none of its fields is a detail yet. */
void csvdetails_begin(struct csvdetails *d);

/* The field `at` is a detail by its name, or is called so by a map (`mapped` is
 * a name of details.h); the name is borrowed until csvdetails_end. `grouped`:
 * csvdetails_group tells the group, and no field does. A blank name adds nothing.
 * False: it is left out, for its name comes again or is too long. */
bool csvdetails_add(struct csvdetails *d, size_t at, struct product_text name, bool mapped,
		    bool grouped);

/* That were all. Of fields that may be one detail, those with a less telling name
 * are kept as extra ones, too. */
void csvdetails_end(struct csvdetails *d);

/* True if a record may have any. */
bool csvdetails_any(const struct csvdetails *d);

/* Which ones the file has, as an array of PostgreSQL; until csvdetails_begin. */
const char *csvdetails_keys(const struct csvdetails *d);

/* What the field is, or NULL: "cost", "extra". */
const char *csvdetails_meaning(const struct csvdetails *d, size_t at);

/* What a known format tells of a record. */
struct csvdetails_group {
	bool same; /* the record is of the product of the one above it, and has what that says */
	struct product_text handle, title, options;
};

/* The details of a record; they live until the next call. `g` may be NULL.
 * `warn` tells of values that are left out. */
struct product_text csvdetails_read(struct csvdetails *d, const struct csvrow *row,
				    const struct csvproduct_rules *rules,
				    const struct csvdetails_group *g,
				    void (*warn)(void *ctx, long line, const char *code,
						 const char *text),
				    void *ctx);

#endif
