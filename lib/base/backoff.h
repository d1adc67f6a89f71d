/* SPDX-License-Identifier: MIT
 *
 * backoff: the list of waits between the attempts at one thing, in seconds,
 * such as "60,120,240": three retries, then it has failed.
 */
#ifndef BACKOFF_H
#define BACKOFF_H

#include "base/err.h"

#define BACKOFF_MAX 16

struct backoff {
	int n;
	int seconds[BACKOFF_MAX];
};

/* Reads the list; 0 to BACKOFF_MAX whole numbers from 0 to 86400. */
ERR_CHECK int backoff_parse(struct backoff *b, const char *text, struct err *e);

/* The wait before retry number `retry` (the first is 1), or -1 if there is
 * none left. */
int backoff_seconds(const struct backoff *b, int retry);

#endif
