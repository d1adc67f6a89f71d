/* SPDX-License-Identifier: MIT
 *
 * person: whether a payload is about a customer who is known by Shopify's number or by a
 * telephone number. No I/O.
 */
#ifndef PERSON_H
#define PERSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True if `text`, JSON, has an object "customer" with that id, or a "phone" or "customer_id" with
 * that value. id 0 and phone NULL are nobody's; of telephone numbers the digits count. */
bool person_is_in(const char *text, size_t len, int64_t id, const char *phone);

#endif
