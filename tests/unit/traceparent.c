/* SPDX-License-Identifier: MIT
 *
 * traceparent: `came` is read as `read`; "" where it is none.
 */
#include "base/traceparent.h"

#include "unit.h"

static void run(const struct unit_case *c)
{
	char got[TRACEPARENT];
	bool ok = traceparent_read(unit_get(c, "came", NULL), got);

	unit_is(c, "read", got, unit_get(c, "read", ""));
	unit_say(ok == (*got != '\0'), c, "told");
}

int main(void)
{
	return unit_main(__FILE__, run);
}
