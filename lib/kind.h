/* SPDX-License-Identifier: MIT
 *
 * kind: what the text of a setting has to be.
 */
#ifndef KIND_H
#define KIND_H

#include "err.h"

enum kind_is {
	KIND_TEXT,
	KIND_NUMBER, /* whole, from min to max */
	KIND_FLAG,   /* yes, true, 1 or on; no, false, 0 or off; in any case */
	KIND_CHOICE, /* one of `words`, in any case */
	KIND_DELAYS, /* what backoff_parse takes */
	KIND_URL     /* begins as one of `words`; with an empty word there, text
			that is no URL will do too */
};

struct kind {
	enum kind_is is;
	long min, max;
	const char *words; /* commas between */
};

/* Replaces *value, which is owned by the caller, by its one spelling: yes or
 * no, the word as it is listed. If it is not of the kind, the error's message
 * goes on behind the setting's name (`is "x", not ...`), and shows of a URL
 * nothing but its scheme. */
ERR_CHECK int kind_check(const struct kind *k, char **value, struct err *e);

#endif
