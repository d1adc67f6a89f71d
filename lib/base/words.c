/* SPDX-License-Identifier: MIT
 *
 * words: compares with each word of the list in turn.
 */
#include "base/words.h"

#include <string.h>

int words_find(const char *list, const char *word, size_t n)
{
	int i = 0;

	for (const char *s = list; n > 0 && *s; i++) {
		size_t k = strcspn(s, ",");

		if (k == n && memcmp(s, word, n) == 0)
			return i;
		s += k;
		s += *s == ',';
		s += strspn(s, " ");
	}
	return -1;
}

bool words_has(const char *list, const char *word)
{
	return words_find(list, word, strlen(word)) >= 0;
}
