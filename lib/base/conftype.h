/* SPDX-License-Identifier: MIT
 *
 * conftype: what the text of a setting has to be.
 */
#ifndef CONFTYPE_H
#define CONFTYPE_H

#include "base/err.h"

#include <stddef.h>

enum conftype_is {
	CONFTYPE_TEXT,
	CONFTYPE_NUMBER, /* whole, from min to max */
	CONFTYPE_FLAG,   /* yes, true, 1 or on; no, false, 0 or off; in any case */
	CONFTYPE_CHOICE, /* one of `words`, in any case */
	CONFTYPE_DELAYS, /* what backoff_parse takes */
	CONFTYPE_TIME,   /* RFC 3339 */
	CONFTYPE_URL     /* begins as one of `words`; with an empty word there, text
			that is no URL will do too */
};

struct conftype {
	enum conftype_is is;
	long min, max;
	const char *words; /* commas between */
};

/* Replaces *value, which is owned by the caller, by its one spelling: yes or
 * no, the word as it is listed. If it is not of the kind, the error's message
 * goes on behind the setting's name (`is "x", not ...`), and shows of a URL
 * nothing but its scheme. */
ERR_CHECK int conftype_check(const struct conftype *k, char **value, struct err *e);

/* True if the n bytes at s have the form of a Shopify shop: NAME.myshopify.com. */
bool conftype_is_shop(const char *s, size_t n);

#endif
