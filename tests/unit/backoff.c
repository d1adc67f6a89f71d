/* SPDX-License-Identifier: MIT
 *
 * backoff: a `list`, and the waits before retries 0, 1, 2 … (`waits`) or a
 * part of what is said about it (`error`).
 */
#include "base/backoff.h"

#include "unit.h"

static void run(const struct unit_case *c)
{
	const char *error = unit_get(c, "error", NULL);
	struct buf got = BUF_INIT;
	struct backoff b;
	struct err e = {0};

	if (backoff_parse(&b, unit_get(c, "list", ""), &e) != 0) {
		unit_is(c, "refused", error && strstr(e.msg, error) ? error : e.msg,
			error ? error : "");
		return;
	}
	for (int i = 0; i <= b.n + 1; i++)
		buf_addf(&got, "%s%d", i ? " " : "", backoff_seconds(&b, i));
	unit_is(c, "waits", got.data, unit_get(c, "waits", "an error"));
	buf_release(&got);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
