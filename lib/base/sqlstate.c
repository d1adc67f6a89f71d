/* SPDX-License-Identifier: MIT
 *
 * sqlstate: a table of codes and prefixes; the first row that matches wins.
 */
#include "base/sqlstate.h"

#include <string.h>

static const struct {
	const char *state; /* a SQLSTATE or a prefix of one */
	enum err_code code;
} table[] = {
	{"40001", ERR_AGAIN}, /* serialization failure */
	{"40P01", ERR_AGAIN}, /* deadlock */
	{"55P03", ERR_AGAIN}, /* lock not available in time */
	{"57014", ERR_AGAIN}, /* statement timeout */
	{"25P03", ERR_AWAY},  /* idle in transaction for too long */
	{"25006", ERR_AWAY},  /* read-only: a standby */
	{"08", ERR_AWAY},     /* connection trouble */
	{"53", ERR_AWAY},     /* disk full, too many connections */
	{"57P", ERR_AWAY},    /* shut down, crashed, starting up */
	{"58", ERR_AWAY},     /* I/O error of the server */
	{"28", ERR_SETUP},    /* wrong role or password */
	{"3D000", ERR_SETUP}, /* no such database */
	{"42P01", ERR_SETUP}, /* no such table: not migrated */
	{"42703", ERR_SETUP}, /* no such column: an older schema */
	{"42883", ERR_SETUP}, /* no such function: the same */
	{"42501", ERR_SETUP}, /* missing privilege */
	{"22", ERR_DATA},     /* invalid value */
	{"23", ERR_DATA},     /* constraint violation */
};

enum err_code sqlstate_code(const char *state)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strncmp(state, table[i].state, strlen(table[i].state)) == 0)
			return table[i].code;
	return ERR_BUG;
}

const char *sqlstate_hint(const char *state)
{
	if (strncmp(state, "42", 2) == 0 && sqlstate_code(state) == ERR_SETUP)
		return " (is the schema current? sql/migrate up)";
	return "";
}
