/* SPDX-License-Identifier: MIT
 *
 * backoff: a comma-separated list read once at the start.
 */
#include "base/backoff.h"

#include <stdlib.h>
#include <string.h>

int backoff_parse(struct backoff *b, const char *text, struct err *e)
{
	const char *s = text;

	b->n = 0;
	while (*s) {
		size_t n = strspn(s, "0123456789");
		long v = n > 0 && n <= 5 ? strtol(s, NULL, 10) : -1;

		if (v < 0 || v > 86400 || (s[n] != '\0' && (s[n] != ',' || s[n + 1] == '\0')))
			return err_set(e, ERR_CONFIG,
				       "\"%s\" is not a list of seconds such as 60,120,240", text);
		if (b->n == BACKOFF_MAX)
			return err_set(e, ERR_CONFIG, "\"%s\" names more than %d retries", text,
				       BACKOFF_MAX);
		b->seconds[b->n++] = (int)v;
		s += n + (s[n] == ',');
	}
	return 0;
}

int backoff_seconds(const struct backoff *b, int retry)
{
	return retry >= 1 && retry <= b->n ? b->seconds[retry - 1] : -1;
}
