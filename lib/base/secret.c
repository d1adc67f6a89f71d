/* SPDX-License-Identifier: MIT
 *
 * secret: see its header.
 */
#include "base/secret.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool is_placeholder(const char *s)
{
	static const char *const words[] = {"change-me", "changeme", "change-in-production",
					    "your-", "placeholder", "example-secret"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(s, words[i]))
			return true;
	return false;
}

/* How many characters the shortest of a list has. */
static size_t shortest(const char *list)
{
	static const char gaps[] = ", \t\n";
	size_t least = SIZE_MAX, n;

	for (list += strspn(list, gaps); *list; list += n, list += strspn(list, gaps)) {
		const char *pair;
		size_t own;

		n = strcspn(list, gaps);
		pair = memchr(list, '=', n);
		own = pair && conftype_is_shop(list, (size_t)(pair - list)) ?
		      n - (size_t)(pair + 1 - list) : n;
		least = own < least ? own : least;
	}
	return least;
}

int secret_check(const char *value, enum conftype_is type, const char *where, struct err *e)
{
	size_t n = type == CONFTYPE_TEXT ? shortest(value) : SIZE_MAX;

	if (strcmp(where, "development") != 0 && is_placeholder(value))
		return err_set(e, ERR_CONFIG, "still has a placeholder for a value");
	if (strcmp(where, "production") == 0 && n < SECRET_LEAST)
		return err_set(e, ERR_CONFIG, "has a secret of %zu characters: %d are the least "
			       "where ENVIRONMENT is production", n, SECRET_LEAST);
	return 0;
}
