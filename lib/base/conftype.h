/* SPDX-License-Identifier: MIT
 *
 * conftype: the types of settings, and the check of a value against its type.
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
	CONFTYPE_CERTIFICATES, /* a file of certificates in PEM, or empty */
	CONFTYPE_URL     /* starts with one of `words`; an empty word also allows text
			    that is no URL */
};

struct conftype {
	enum conftype_is is;
	long min, max;
	const char *words; /* commas between */
};

/* Checks *value and replaces it by its normal form: yes or no, or the word as
 * `words` spells it. The caller owns both. On error the message completes
 * "NAME …", for instance `is "x", not yes or no`; of a URL it shows only the
 * scheme, since the rest may hold a password. */
ERR_CHECK int conftype_check(const struct conftype *k, char **value, struct err *e);

/* True if the n bytes at s have the form of a Shopify shop: NAME.myshopify.com. */
bool conftype_is_shop(const char *s, size_t n);

#endif
