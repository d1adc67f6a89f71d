/* SPDX-License-Identifier: MIT
 *
 * sqlstate: what each of the `states` comes to: the exit status of its code,
 * `later` if the same call may work then, and `hint` if there is one.
 */
#include "base/sqlstate.h"

#include "unit.h"

static void run(const struct unit_case *c)
{
	char *rest = xalloc_strdup(unit_get(c, "states", "")), *list = rest, *state;
	struct buf got = BUF_INIT;

	while ((state = strsep(&rest, " ")) != NULL) {
		enum err_code code = sqlstate_code(state);

		buf_reset(&got);
		buf_addf(&got, "%d%s%s", err_exit_status(code),
			 err_is_temporary(code) ? " later" : "", *sqlstate_hint(state) ? " hint"
										       : "");
		unit_is(c, state, got.data, unit_get(c, "means", ""));
	}
	buf_release(&got);
	free(list);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
