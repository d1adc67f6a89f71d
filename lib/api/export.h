/* SPDX-License-Identifier: MIT
 *
 * export: the catalogue as CSV that fulfil-import takes back: importing an
 * export changes nothing. A handler of cgi.h; its context is a struct api.
 */
#ifndef EXPORT_H
#define EXPORT_H

#include "base/err.h"
#include "web/cgi.h"

/* Sends the products that match, in pieces, each as it is when its turn comes.
 * Parameters: the filters of products.h; stock, a column more; spreadsheet: a
 * quotation mark goes before cells that a spreadsheet would compute. */
int export_products(struct cgi *c, struct err *e);

#endif
