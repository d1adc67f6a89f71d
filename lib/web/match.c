/* SPDX-License-Identifier: MIT
 *
 * match: walks the list of a header, tag by tag.
 */
#include "web/match.h"

#include "base/sign.h"

#include <stdio.h>
#include <string.h>

enum { DIGEST = 12 };

void match_make(char tag[MATCH_TAG], const char *version, const char *body, size_t len)
{
	unsigned char sum[SIGN_BYTES];
	char hex[2 * DIGEST + 1];

	sign_digest(body, len, sum);
	sign_hex(sum, DIGEST, hex);
	snprintf(tag, MATCH_TAG, "\"%.40s%s%s\"", version, *version ? "." : "", hex);
}

/* The next tag of the list, with its quotes; NULL: there is none. */
static const char *next_tag(const char **list, size_t *n)
{
	const char *s = *list + strspn(*list, ", \t"), *end;

	if (strncmp(s, "W/", 2) == 0)
		s += 2;
	end = *s == '"' ? strchr(s + 1, '"') : NULL;
	if (end == NULL)
		return NULL;
	*n = (size_t)(end + 1 - s);
	*list = end + 1;
	return s;
}

static bool is_any(const char *header)
{
	return strcmp(header, "*") == 0;
}

bool match_answer(const char *header, const char *tag)
{
	const char *s;
	size_t n;

	if (is_any(header))
		return true;
	while ((s = next_tag(&header, &n)) != NULL)
		if (n == strlen(tag) && strncmp(s, tag, n) == 0)
			return true;
	return false;
}

bool match_version(const char *header, const char *version)
{
	size_t want = strlen(version), n;
	const char *s;

	if (is_any(header))
		return true;
	while ((s = next_tag(&header, &n)) != NULL)
		if (want > 0 && n > want + 2 && strncmp(s + 1, version, want) == 0 &&
		    s[1 + want] == '.')
			return true;
	return false;
}
