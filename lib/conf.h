/* SPDX-License-Identifier: MIT
 *
 * conf: every setting there is, in one table, read once at the start.
 *
 * A setting's value is the environment's, else that of the file named by
 * FULFIL_CONFIG (else /etc/fulfil/fulfil.env), else that of .env in the
 * working directory where the caller asks for it, else the default. Files
 * hold NAME=value lines; a name that is not in the table is an error, so a
 * typing mistake cannot pass for a default.
 */
#ifndef CONF_H
#define CONF_H

#include "err.h"

#include <stddef.h>

struct conf; /* owned by the caller: conf_free */

/* One row of the table, for --help's sake, fulfil.7 and .env.example. */
struct conf_row {
	const char *name;
	const char *fallback; /* the default; "" where there is none */
	const char *seed;     /* its name in the applications before, or NULL */
	bool secret;          /* never shown; placeholders refused in production */
	const char *help;
};

const struct conf_row *conf_table(size_t *n);

enum conf_files { CONF_COMMAND, CONF_CGI }; /* CGI programs do not read ./.env */

ERR_CHECK int conf_load(struct conf **out, enum conf_files files, struct err *e);
void conf_free(struct conf *c);

/* The value of a setting of the table; borrowed, never NULL. */
const char *conf_get(const struct conf *c, const char *name);

/* The same, which must not be empty. */
ERR_CHECK int conf_need(const struct conf *c, const char *name, const char **out, struct err *e);

/* The same as a whole number from min to max, or as yes/no/true/false/1/0. */
ERR_CHECK int conf_int(const struct conf *c, const char *name, long min, long max, long *out,
		       struct err *e);
ERR_CHECK int conf_bool(const struct conf *c, const char *name, bool *out, struct err *e);

/* True if `word` stands in the list setting `name` (commas or blanks
 * between); letters' case does not matter. */
bool conf_lists(const struct conf *c, const char *name, const char *word);

#endif
