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
	products_active, products_barcode, products_vendor, products_group, products_tag;
#define PRODUCTS_PARAMS \
	&products_sku, &products_name, &products_description, &products_text, &products_active, \
	&products_barcode, &products_vendor, &products_group, &products_tag

/* The same as the parameters of product_matches, then those of details_match. */
enum { PRODUCTS_TEXTS = 4, PRODUCTS_EXACT = 1 + 2 * PRODUCTS_TEXTS,
       PRODUCTS_BINDS = PRODUCTS_EXACT + 4 };
struct products_filter {
	struct api_needle text[PRODUCTS_TEXTS]; /* owned: products_filter_release */
	struct db_param binds[PRODUCTS_BINDS];  /* borrow them, and the request */
};
void products_filter_init(struct products_filter *f, struct cgi *c);
void products_filter_release(struct products_filter *f);

/* Finds the products with this text in the SKU or the name; see lib/web/paging.h. */
ERR_CHECK int products_find_text(struct cgi *c, struct paging *p, const char *text,
				 struct db_rows **found, struct err *e);

#endif
