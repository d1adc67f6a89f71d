/* SPDX-License-Identifier: MIT
 *
 * money: what is an amount. Fields `yes` and `no`.
 */
#include "order/money.h"

#include "unit.h"

static void run(const struct unit_case *c)
{
	for (int i = 1; i < c->n; i++)
		unit_is(c, c->field[i].value.data,
			money_is_decimal(c->field[i].value.data) ? "yes" : "no", c->field[i].key);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
