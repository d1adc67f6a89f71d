/* SPDX-License-Identifier: MIT
 *
 * detail: the details of a product (catalogue/details.h) in the body of a request.
 */
#ifndef DETAIL_H
#define DETAIL_H

#include "base/err.h"
#include "web/cgi.h"

#include <jansson.h>

/* Checks the member "details" of a body, and adds it to `columns` as it is kept; null for
 * what is taken out. -1: the answer says what is wrong. */
ERR_CHECK int detail_read(struct cgi *c, const json_t *j, json_t *columns, struct err *e);

#endif
