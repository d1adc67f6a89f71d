/* SPDX-License-Identifier: MIT
 *
 * budget: each `at` is a time in ms and how long an answer at that time took (0: it is only asked);
 * `waits` is what budget_wait says at each time, before it.
 */
#include "web/budget.h"

#include "unit.h"

static void run(const struct unit_case *c)
{
	struct buf got = BUF_INIT;
	struct budget *b = budget_new();
	char text[BUDGET_TEXT] = "";

	for (int i = 0; i < c->n; i++) {
		const char *s = c->field[i].value.data;
		long now, took;
		char who[16];

		if (strcmp(c->field[i].key, "at") != 0 ||
		    sscanf(s, "%ld %15s %ld", &now, who, &took) != 3)
			continue;
		buf_addf(&got, "%s%d", got.len ? " " : "", budget_wait(b, who, now));
		budget_spend(b, who, took, now + took);
		budget_say(b, who, now + took, text);
	}
	unit_is(c, "waits", got.data, unit_get(c, "waits", "?"));
	if (unit_get(c, "says", NULL))
		unit_is(c, "says", text, unit_get(c, "says", ""));
	buf_release(&got);
	budget_free(b);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
