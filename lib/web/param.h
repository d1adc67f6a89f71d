/* SPDX-License-Identifier: MIT
 *
 * param: the parameters of a query string, as a route declares them: how a
 * value is spelled, and what it may be. No I/O.
 */
#ifndef PARAM_H
#define PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum param_kind {
	PARAM_TEXT,   /* valid UTF-8 without NUL, at most max bytes (0: 1024) */
	PARAM_INT,    /* a whole number from min to max */
	PARAM_BOOL,   /* true, false, 1, 0 */
	PARAM_CHOICE, /* one of the words in `choices`, commas between */
	PARAM_TIME,   /* RFC 3339 */
	PARAM_IDS     /* whole numbers above 0, commas between */
};

/* A parameter of the query string. One that is not declared, is malformed or
 * comes twice is a 400 that names it. */
struct param {
	const char *name;
	enum param_kind kind;
	const char *choices;
	int64_t min, max;
};

/* Percent-decodes in place; false for a bad escape or a NUL. */
bool param_decode(char *s);

/* What is wrong with the value, in `why`; "" if nothing. */
void param_check(const struct param *p, const char *s, char *why, size_t size);

#endif
