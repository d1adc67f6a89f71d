/* SPDX-License-Identifier: MIT
 *
 * param: one check for each kind, and the sentence that says what is wanted.
 */
#include "web/param.h"

#include "base/clock.h"
#include "base/words.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int hex_digit(char h)
{
	return h >= '0' && h <= '9' ? h - '0' : h >= 'a' && h <= 'f' ? h - 'a' + 10
	       : h >= 'A' && h <= 'F' ? h - 'A' + 10 : -1;
}

bool param_decode(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (*s == '+') {
			*to++ = ' ';
		} else if (*s != '%') {
			*to++ = *s;
		} else {
			int a = hex_digit(s[1]), b = a < 0 ? -1 : hex_digit(s[2]);

			if (b < 0 || (a == 0 && b == 0))
				return false;
			*to++ = (char)(a * 16 + b);
			s += 2;
		}
	}
	*to = '\0';
	return true;
}

static bool is_utf8(const char *s)
{
	json_t *j = json_string(s);

	json_decref(j);
	return j != NULL;
}

static bool whole_number(const char *s, int64_t *v)
{
	char *end;

	errno = 0;
	*v = strtoll(s, &end, 10);
	return *s && strspn(s, "-0123456789") == strlen(s) && *end == '\0' && errno == 0;
}

void param_check(const struct param *p, const char *s, char *why, size_t size)
{
	int64_t v;

	*why = '\0';
	switch (p->kind) {
	case PARAM_TEXT:
		if (strlen(s) > (size_t)(p->max ? p->max : 1024) || !is_utf8(s))
			snprintf(why, size, "must be UTF-8 of at most %d bytes",
				 (int)(p->max ? p->max : 1024));
		return;
	case PARAM_INT:
		if (!whole_number(s, &v) || v < p->min || v > p->max)
			snprintf(why, size, "must be a whole number from %lld to %lld",
				 (long long)p->min, (long long)p->max);
		return;
	case PARAM_BOOL:
		if (!words_has("true,false,1,0", s))
			snprintf(why, size, "must be true or false");
		return;
	case PARAM_CHOICE:
		if (!words_has(p->choices, s))
			snprintf(why, size, "must be one of %s", p->choices);
		return;
	case PARAM_TIME:
		if (!clock_is_rfc3339(s))
			snprintf(why, size, "must be a time such as 2026-01-31T12:00:00Z");
		return;
	case PARAM_IDS:
		if (*s == '\0' || strlen(s) > 4096 || strspn(s, "0123456789,") != strlen(s))
			snprintf(why, size, "must be ids with commas between");
	}
}
