/* SPDX-License-Identifier: MIT
 *
 * money: what is an amount: fields `yes` and `no`. Field `read` is what a person writes, and `as`
 * the amount that it is, or "no".
 */
#include "order/money.h"

#include "unit.h"

#include <string.h>

static void run(const struct unit_case *c)
{
	char amount[MONEY_TEXT];

	for (int i = 1; i < c->n; i++) {
		if (strcmp(c->field[i].key, "read") == 0) {
			bool is = money_read(amount, c->field[i].value.data);

			i++;
			unit_is(c, c->field[i - 1].value.data, is ? amount : "no",
				c->field[i].value.data);
			continue;
		}
		unit_is(c, c->field[i].value.data,
			money_is_decimal(c->field[i].value.data) ? "yes" : "no", c->field[i].key);
	}
}

int main(void)
{
	return unit_main(__FILE__, run);
}
