/* SPDX-License-Identifier: MIT
 *
 * shape: the REST object that order.c reads, out of the shapes that Shopify gives
 * an order, a refund or a return. No I/O.
 *
 *   REST            the object itself
 *   Event           {"topic":"Order","action":…,"data":{"order":{GraphQL}}}
 *   payload record  {"type":"payload","topic":…,"data":{"order":{GraphQL}}}
 *   GraphQL         {"id":"gid://shopify/Order/1","lineItems":{"nodes":[…]}}
 *
 * Of GraphQL: camelCase keys become snake_case, a gid its number, a connection the
 * array of its nodes, a MoneyBag the amount in the shop's currency, an enum lower
 * case, and the few keys that REST names otherwise are in one table.
 */
#ifndef SHAPE_H
#define SHAPE_H

#include "base/err.h"

#include <jansson.h>
#include <stdint.h>

struct shape {
	json_t *json;      /* owned: what order.c reads */
	const char *topic; /* what that is, whatever the header says; NULL: the header decides */
	const char *why;   /* why it is no order, though it may look like one; NULL: no reason */
};

/* Reads a payload of any shape. ERR_INCOMPLETE: it is a part of an order, as its
 * own words say; then there is nothing to release. */
ERR_CHECK int shape_read(struct shape *s, json_t *json, struct err *e);
void shape_release(struct shape *s);

/* The number of an id: a whole number above 0, or the digits of a gid
 * ("gid://shopify/LineItem/7?x=y" is 7). 0: it is neither. */
int64_t shape_id(const json_t *id);

/* The same of a part of an order, which may also be spelled as text, "7", as programs do whose
 * numbers end at 2^53. */
int64_t shape_part_id(const json_t *id);

#endif
