/* SPDX-License-Identifier: MIT
 *
 * products: the routes below /api/products but the export. Handlers of
 * cgi.h; their context is a struct api. What a product may hold is product.h's
 * to say, for the importer as for here.
 */
#ifndef PRODUCTS_H
#define PRODUCTS_H

#include "api/api.h"
#include "base/err.h"
#include "store/db.h"
#include "web/cgi.h"

/* The filters of products, for the table of a route. */
#define PRODUCTS_PARAMS \
	{"sku", PARAM_TEXT, NULL, 0, 1020}, {"name", PARAM_TEXT, NULL, 0, 1020}, \
	{"description", PARAM_TEXT, NULL, 0, 1020}, {"q", PARAM_TEXT, NULL, 0, 1020}, \
	{"active", PARAM_BOOL, NULL, 0, 0}

/* The same as the parameters of product_matches. */
enum { PRODUCTS_BINDS = 9, PRODUCTS_TEXTS = 4 };
struct products_filter {
	struct api_needle text[PRODUCTS_TEXTS]; /* owned: products_filter_release */
	struct db_param binds[PRODUCTS_BINDS];  /* borrow them, and the request */
};
void products_filter_init(struct products_filter *f, const struct cgi *c);
void products_filter_release(struct products_filter *f);

int products_list(struct cgi *c, struct err *e);   /* paging.h's; the filters */
int products_show(struct cgi *c, struct err *e);

/* Take an object of columns; a new product needs sku and name, a change has
 * only what changes, and null clears. Answer with the product. */
int products_create(struct cgi *c, struct err *e);
int products_change(struct cgi *c, struct err *e);

int products_count(struct cgi *c, struct err *e);      /* the filters; exact, however many */
int products_delete(struct cgi *c, struct err *e);
int products_delete_all(struct cgi *c, struct err *e); /* confirm; the filters */

#endif
