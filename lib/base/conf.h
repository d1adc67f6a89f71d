/* SPDX-License-Identifier: MIT
 *
 * conf: all settings, in one table; a program reads them once, at its start.
 *
 * A setting's value is the environment's, else that of the file named by
 * FULFIL_CONFIG (else /etc/fulfil/fulfil.env), else that of .env in the
 * working directory where the caller asks for it, else the default. conf_load
 * checks the type of every setting, used or not, so later calls cannot fail. A
 * name in a file that is not in the table is an error, so that a typing mistake
 * cannot pass for a default. Only .env may also have names that look like no
 * setting, since other programs use that file.
 */
#ifndef CONF_H
#define CONF_H

#include "base/backoff.h"
#include "base/buf.h"
#include "base/conftype.h"
#include "base/err.h"

#include <stddef.h>

struct conf; /* owned by the caller: conf_free */

/* One row of the table; --help, fulfil(7) and .env.example show the same. */
struct conf_row {
	const char *name;
	const char *fallback; /* the default; "" where there is none */
	const char *seed;     /* the name that other applications use, or NULL */
	bool secret;          /* never shown; placeholders refused in production */
	struct conftype kind; /* an empty value passes if the default is empty */
	const char *help;
};

const struct conf_row *conf_table(size_t *n);

enum conf_reader {
	CONF_COMMAND, /* reads ./.env */
	CONF_CGI,     /* does not */
	CONF_RUN      /* make run: reads ./.env, and /etc/fulfil/fulfil.env only if
			 FULFIL_CONFIG names it; ENVIRONMENT is development by default */
};

/* Reads and checks all settings. The caller owns *out and frees it with
 * conf_free. The error names the setting, its value unless that is secret, and
 * where it is set: a file and its line, or the environment. */
ERR_CHECK int conf_load(struct conf **out, enum conf_reader reader, struct err *e);
void conf_free(struct conf *c);

/* The value of a setting of the table, borrowed from `c`; never NULL. A flag is
 * "yes" or "no", a choice is spelt as in its words. */
const char *conf_get(const struct conf *c, const char *name);

/* The same; ERR_CONFIG if it is empty. */
ERR_CHECK int conf_need(const struct conf *c, const char *name, const char **out, struct err *e);

/* The value of a number (0 if it is empty), of a flag, and of a list of delays. */
long conf_int(const struct conf *c, const char *name);
bool conf_bool(const struct conf *c, const char *name);
struct backoff conf_backoff(const struct conf *c, const char *name);

/* Adds a line for each setting that is set, secrets included, as envfile_add
 * writes it. */
void conf_add_lines(const struct conf *c, struct buf *b);

/* The next variable of the environment, from *at on, whose name is not one of the
 * table's but looks like one that is not set, `meant`; NULL when there is none
 * left. Borrowed until the next call. */
const char *conf_misspelt(size_t *at, const char **meant);

/* True if the list setting `name` (words with commas or blanks between) has
 * `word`, whatever its case. */
bool conf_lists(const struct conf *c, const char *name, const char *word);

#endif
