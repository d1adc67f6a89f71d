/* SPDX-License-Identifier: MIT
 *
 * password: a `password`, and `kept` as it may be in the database with `fits`, yes or no; without
 * `kept` it is made here, and `other` must not fit. `error` is a part of what is said of it.
 */
#include "base/password.h"

#include "unit.h"

static void run(const struct unit_case *c)
{
	const char *password = unit_get(c, "password", ""), *kept = unit_get(c, "kept", NULL);
	const char *error = unit_get(c, "error", NULL), *other = unit_get(c, "other", "another");
	char made[PASSWORD_TEXT] = "";
	struct err e = {0};

	if (kept) {
		unit_is(c, "fits", password_fits(kept, password) ? "yes" : "no",
			unit_get(c, "fits", ""));
		return;
	}
	if (password_keep(password, made, &e) != 0) {
		unit_is(c, "refused", error && strstr(e.msg, error) ? error : e.msg,
			error ? error : "");
		return;
	}
	unit_is(c, "fits", password_fits(made, password) ? "yes" : "no", "yes");
	unit_is(c, "another does not", password_fits(made, other) ? "yes" : "no", "no");
	unit_is(c, "nobody's does not", password_fits(NULL, password) ? "yes" : "no", "no");
}

int main(void)
{
	return unit_main(__FILE__, run);
}
