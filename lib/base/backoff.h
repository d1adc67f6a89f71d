/* SPDX-License-Identifier: MIT
 *
 * backoff: a list of waits between attempts, in seconds. "60,120,240" means three
 * retries after the first attempt, then failure.
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

/* Seconds to wait before retry number `retry` (the first is 1); -1 if no retry
 * is left. */
int backoff_seconds(const struct backoff *b, int retry);

#endif
