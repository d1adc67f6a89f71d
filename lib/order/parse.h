/* SPDX-License-Identifier: MIT
 *
 * parse: a payload of any shape into what it says of an order. No I/O.
 */
#ifndef PARSE_H
#define PARSE_H

#include "base/conf.h"
#include "base/err.h"
#include "order/order.h"

#include <jansson.h>
#include <stdbool.h>

/* Reads a payload. `topic` may be NULL: the body decides alone, and must look
 * like an order, a refund or an edit. `test` marks it as a test whatever it
 * says. An ORDER_RETURN may have the external id 0: which order has its "reverse" lines
 * is not in it. On success the caller owns `o`; on failure (ERR_SEMANTIC: no usable
 * id; ERR_INCOMPLETE) there is nothing to release. */
ERR_CHECK int parse_order(struct order *o, json_t *json, const char *topic, bool test,
			  const struct conf *conf, struct err *e);

#endif
