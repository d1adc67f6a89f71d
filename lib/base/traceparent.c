/* SPDX-License-Identifier: MIT
 *
 * traceparent: VERSION-TRACE-SPAN-FLAGS in lower hex, and what a later version may add after it.
 */
#include "base/traceparent.h"

#include <stdio.h>
#include <string.h>

enum { TRACE = 3, SPAN = 36, FLAGS = 53, END = TRACEPARENT - 1 };

/* n hexadecimal digits, then `end`; of ids, one that is not 0. */
static bool is_hex(const char *s, size_t n, char end)
{
	return strspn(s, "0123456789abcdef") == n && (s[n] == end);
}

static bool is_id(const char *s, size_t n)
{
	return is_hex(s, n, '-') && strspn(s, "0") < n;
}

bool traceparent_read(const char *s, char out[TRACEPARENT])
{
	bool first = s && strncmp(s, "00", 2) == 0, kept;

	out[0] = '\0';
	if (!s || !is_hex(s, 2, '-') || strncmp(s, "ff", 2) == 0 || !is_id(s + TRACE, 32) ||
	    !is_id(s + SPAN, 16))
		return false;
	if (!is_hex(s + FLAGS, 2, '\0') && (first || !is_hex(s + FLAGS, 2, '-')))
		return false;
	kept = strchr("13579bdf", s[END - 1]) != NULL;
	snprintf(out, TRACEPARENT, "00-%.49s-0%d", s + TRACE, kept);
	return true;
}
