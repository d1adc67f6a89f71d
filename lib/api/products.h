/* SPDX-License-Identifier: MIT
 *
 * products: the filters of products, for the routes that list, count, delete and
 * export them.
 */
#ifndef PRODUCTS_H
#define PRODUCTS_H

#include "api/api.h"
#include "base/err.h"
#include "store/db.h"
#include "web/cgi.h"
#include "web/paging.h"

/* The filters of products: a route that declares PRODUCTS_PARAMS may use the functions. */
extern const struct param products_sku, products_name, products_description, products_text,
	products_active, products_barcode, products_vendor, products_group, products_tag,
	products_category;
#define PRODUCTS_PARAMS \
	&products_sku, &products_name, &products_description, &products_text, &products_active, \
	&products_barcode, &products_vendor, &products_group, &products_tag, \
	&products_category

/* The same as the parameters of product_matches, then those of details_match, then the
 * category. */
enum { PRODUCTS_TEXTS = 4, PRODUCTS_EXACT = 1 + 2 * PRODUCTS_TEXTS,
       PRODUCTS_CATEGORY = PRODUCTS_EXACT + 4, PRODUCTS_BINDS };
struct products_filter {
	struct api_needle text[PRODUCTS_TEXTS]; /* owned: products_filter_release */
	struct db_param binds[PRODUCTS_BINDS];  /* borrow them, and the request */
};
void products_filter_init(struct products_filter *f, struct cgi *c);
void products_filter_release(struct products_filter *f);

/* Finds the products with this text in the SKU or the name and of this category; NULL: of any.
 * See lib/web/paging.h. */
ERR_CHECK int products_find_text(struct cgi *c, struct paging *p, const char *text,
				 const char *category, struct db_rows **found, struct err *e);

#endif
