/* SPDX-License-Identifier: MIT
 *
 * apiexport: the catalogue as CSV that fulfil-import takes back: importing an
 * export changes nothing. A handler of cgi.h; its context is a struct api.
 */
#ifndef APIEXPORT_H
#define APIEXPORT_H

#include "cgi.h"
#include "err.h"

/* Sends the products that match, in pieces, each as it is when its turn comes.
 * Parameters: the filters of apiproduct.h; stock, a column more; spreadsheet: a
 * quotation mark goes before cells that a spreadsheet would compute. */
int apiexport_products(struct cgi *c, struct err *e);

#endif
