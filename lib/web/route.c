/* SPDX-License-Identifier: MIT
 *
 * route: compares a pattern before and after its braces; the text between must be
 * of the type that the braces name.
 */
#include "web/route.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* How long the UUID is that `s` starts with; 0: none. */
static size_t uuid_length(const char *s)
{
	for (size_t i = 0; i < ROUTE_UUID; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? s[i] != '-'
							    : !isxdigit((unsigned char)s[i]))
			return 0;
	return ROUTE_UUID;
}

bool route_fits(const char *pattern, const char *path, struct route_match *m)
{
	const char *brace = strchr(pattern, '{');
	size_t head = brace ? (size_t)(brace - pattern) : strlen(pattern), n;

	*m = (struct route_match){0};
	if (strncmp(pattern, path, head) != 0)
		return false;
	path += head;
	if (brace == NULL)
		return *path == '\0';
	n = brace[1] == 't' ? uuid_length(path) : strspn(path, "0123456789");
	if (n == 0 || strcmp(path + n, strchr(brace, '}') + 1) != 0)
		return false;
	if (brace[1] == 't')
		memcpy(m->task, path, n);
	else if (n <= 18)
		m->id = strtoll(path, NULL, 10);
	return *m->task || m->id > 0;
}

const char *route_from(const char *path, const char *prefix)
{
	const char *at = path;
	size_t n = strlen(prefix);

	for (const char *s = path; (s = strstr(s, prefix)) != NULL; s += n)
		if (s[n] == '\0' || s[n] == '/')
			at = s;
	return at;
}

bool route_answers(const char *method, const char *asked)
{
	return strcmp(method, asked) == 0 ||
	       (strcmp(method, "GET") == 0 && strcmp(asked, "HEAD") == 0);
}
