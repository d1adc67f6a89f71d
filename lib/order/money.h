/* SPDX-License-Identifier: MIT
 *
 * money: amounts stay the decimal text they arrived as; PostgreSQL's numeric
 * computes with them. Nothing here ever becomes a double.
 */
#ifndef MONEY_H
#define MONEY_H

#include <stdbool.h>

/* True if `s` is a decimal that numeric can hold exactly and a shop could
 * mean: an optional '-', digits, optionally '.' and digits, optionally an
 * exponent (JSON numbers may have one), at most 15 digits before the point
 * and 10 after it. "NaN", "1,50", "$1", "" are not. */
bool money_is_decimal(const char *s);

enum { MONEY_TEXT = 32 };

/* The decimal that a person means who writes an amount as pages show it: thousands set off by
 * a comma, point, space or apostrophe, a decimal point or comma, a currency of three letters
 * after it: "2,469.00 EUR", "2.469,00", "12,5", "12". One mark before three digits sets off
 * thousands if it is a comma. False if `s` is nothing of this. */
bool money_read(char out[MONEY_TEXT], const char *s);

#endif
