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

size_t route_skip(const char *script, const char *path_info, const char *prefix)
{
	size_t n = strlen(script), m = strlen(prefix);

	if (strncmp(script, "/cgi-bin/", 9) == 0 && strncmp(path_info, prefix, m) == 0)
		return n;
	return n > m && strcmp(script + n - m, prefix) == 0 ? n - m : 0;
}

bool route_is_disguised(const char *target)
{
	size_t n = strcspn(target, "?");

	for (size_t i = 0; *target == '/' && i + 1 < n; i++)
		if ((target[i] == '/' && (target[i + 1] == '/' || target[i + 1] == '.')) ||
		    (i + 2 < n && target[i] == '%' && target[i + 1] == '2' &&
		     ((target[i + 2] | 32) == 'f' || (target[i + 2] | 32) == 'e')))
			return true;
	return false;
}

bool route_answers(const char *method, const char *asked)
{
	return strcmp(method, asked) == 0 ||
	       (strcmp(method, "GET") == 0 && strcmp(asked, "HEAD") == 0);
}
