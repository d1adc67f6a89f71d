/* SPDX-License-Identifier: MIT
 *
 * clock: what is a date and time. Fields `yes` and `no`.
 */
#include "base/clock.h"

#include "unit.h"

static void run(const struct unit_case *c)
{
	for (int i = 1; i < c->n; i++)
		unit_is(c, c->field[i].value.data,
			clock_is_rfc3339(c->field[i].value.data) ? "yes" : "no", c->field[i].key);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
