/* SPDX-License-Identifier: MIT
 *
 * reduce: a payload without what it says of people. No I/O.
 *
 * It keeps what is needed to work out how many units of each product an order must
 * hold: ids, SKUs, quantities, refunds, edits, states and times, under the names and in
 * the shape that the payload has. order.c makes the same lines and changes of it as
 * of the whole payload; names, addresses, mail, notes and properties are gone.
 */
#ifndef REDUCE_H
#define REDUCE_H

#include "base/buf.h"

#include <jansson.h>
#include <stddef.h>

/* The same object with only the members that are kept; the caller's. */
json_t *reduce_json(const json_t *json);

/* Adds the reduced payload as JSON text; nothing if `text` is no JSON object or array. */
void reduce_text(const char *text, size_t len, struct buf *out);

#endif
