/* SPDX-License-Identifier: MIT
 *
 * member: a member of a payload's object as text, amount or time. What is odd is noted and left
 * out: it refuses no payload. Texts live as long as the order.
 */
#ifndef MEMBER_H
#define MEMBER_H

#include "order/order.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* As PostgreSQL can store it: without NULs; a whole number is a text too. NULL: there is none. */
const char *member_text(struct order *o, const json_t *obj, const char *key);
/* Without blanks around it; NULL if nothing is left. */
const char *member_trimmed(struct order *o, const json_t *obj, const char *key);
/* The first of the two that is not empty. */
const char *member_first(struct order *o, const json_t *obj, const char *a, const char *b);
/* An amount of the line (0: of the order), as it is spelled; NULL if it is none. */
const char *member_money(struct order *o, const json_t *obj, const char *key, size_t line);
/* A time of RFC 3339, as it is spelled; NULL if it is none. */
const char *member_time(struct order *o, const json_t *obj, const char *key);
/* Such a time in microseconds; ORDER_NEVER for NULL. */
int64_t member_us(const char *time);

#endif
