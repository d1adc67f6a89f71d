/* SPDX-License-Identifier: MIT
 *
 * words: where a word is in a list. The field `list` is the list; each other
 * field has an index, or -1, for its key and the word for its value.
 */
#include "base/words.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

static void run(const struct unit_case *c)
{
	const char *list = "";
	char got[20];

	for (int i = 1; i < c->n; i++) {
		const char *value = c->field[i].value.data;

		if (strcmp(c->field[i].key, "list") == 0) {
			list = value;
			continue;
		}
		snprintf(got, sizeof got, "%d", words_find(list, value, strlen(value)));
		unit_is(c, value, got, c->field[i].key);
	}
}

int main(void)
{
	return unit_main(__FILE__, run);
}
