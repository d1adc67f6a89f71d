/* SPDX-License-Identifier: MIT
 *
 * details: what a product has besides its columns, kept as one object of
 * texts, and never blank: known ones, and every other column of a file as
 * "extra: NAME". No I/O.
 *
 *	barcode           a GTIN, EAN, UPC or ISBN
 *	cost              a price, as product.h has it
 *	compare_at_price  the same: what it was before it was lowered
 *	vendor            also the brand or the manufacturer
 *	tags              with commas between
 *	weight            with its unit, where the file says it: "200 g"
 *	image_url
 *	group             what variants of one product have in common: a handle
 *	group_title       the name of that product, without the options
 *	options           of the variant: "Size: S / Color: Red"
 */
#ifndef DETAILS_H
#define DETAILS_H

#include "catalogue/product.h"

#include <stdbool.h>

enum details_key {
	DETAILS_BARCODE,
	DETAILS_COST,
	DETAILS_COMPARE_AT_PRICE,
	DETAILS_VENDOR,
	DETAILS_TAGS,
	DETAILS_WEIGHT,
	DETAILS_IMAGE_URL,
	DETAILS_GROUP,
	DETAILS_GROUP_TITLE,
	DETAILS_OPTIONS,
	DETAILS_KNOWN
};

/* Before the name of any other column. */
#define DETAILS_EXTRA "extra: "

/* Of the member: "barcode". */
const char *details_name(enum details_key key);

/* Which one a header calls by this name, and how usual the name is: the lowest
 * *rank counts. DETAILS_KNOWN: none. */
enum details_key details_find(struct product_text name, int *rank);

/* True for the name of a member, as the API takes it; *key is DETAILS_KNOWN for an extra one. */
bool details_is_member(const char *name, enum details_key *key);

/* True for a column that our export calls so. */
bool details_is_extra(struct product_text name);

/* Checks a value, trimmed and not blank. -1: it cannot be used, and *f says why. */
int details_check(enum details_key key, struct product_text *v, struct product_fault *f);

#endif
