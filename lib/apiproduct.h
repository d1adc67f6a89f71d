/* SPDX-License-Identifier: MIT
 *
 * apiproduct: the routes below /api/products but the export. Handlers of
 * cgi.h; their context is a struct api. What a product may hold is product.h's
 * to say, for the importer as for here.
 */
#ifndef APIPRODUCT_H
#define APIPRODUCT_H

#include "api.h"
#include "cgi.h"
#include "db.h"
#include "err.h"

/* The filters of products, for the table of a route. */
#define APIPRODUCT_PARAMS \
	{"sku", PARAM_TEXT, NULL, 0, 1020}, {"name", PARAM_TEXT, NULL, 0, 1020}, \
	{"description", PARAM_TEXT, NULL, 0, 1020}, {"q", PARAM_TEXT, NULL, 0, 1020}, \
	{"active", PARAM_BOOL, NULL, 0, 0}

/* The same as the parameters of product_matches. */
enum { APIPRODUCT_BINDS = 9, APIPRODUCT_TEXTS = 4 };
struct apiproduct_filter {
	struct api_needle text[APIPRODUCT_TEXTS]; /* owned: apiproduct_filter_release */
	struct db_param binds[APIPRODUCT_BINDS];  /* borrow them, and the request */
};
void apiproduct_filter_init(struct apiproduct_filter *f, const struct cgi *c);
void apiproduct_filter_release(struct apiproduct_filter *f);

int apiproduct_list(struct cgi *c, struct err *e);   /* page.h's; the filters */
int apiproduct_show(struct cgi *c, struct err *e);

/* Take an object of columns; a new product needs sku and name, a change has
 * only what changes, and null clears. Answer with the product. */
int apiproduct_create(struct cgi *c, struct err *e);
int apiproduct_change(struct cgi *c, struct err *e);

int apiproduct_count(struct cgi *c, struct err *e);      /* the filters; exact, however many */
int apiproduct_delete(struct cgi *c, struct err *e);
int apiproduct_delete_all(struct cgi *c, struct err *e); /* confirm; the filters */

#endif
