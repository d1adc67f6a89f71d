/* SPDX-License-Identifier: MIT
 *
 * conf: every setting there is, in one table, read once at the start.
 *
 * A setting's value is the environment's, else that of the file named by
 * FULFIL_CONFIG (else /etc/fulfil/fulfil.env), else that of .env in the
 * working directory where the caller asks for it, else the default. Each is
 * checked to be of its kind when it is read, used or not, so whoever asks
 * later need not. A name in a file that is not in the table is an error, so
 * that a typing mistake cannot pass for a default; only .env, which others may
 * use too, can have names that look like none of ours.
 */
#ifndef CONF_H
#define CONF_H

#include "base/backoff.h"
#include "base/buf.h"
#include "base/conftype.h"
#include "base/err.h"

#include <stddef.h>

struct conf; /* owned by the caller: conf_free */

/* One row of the table, for --help's sake, fulfil.7 and .env.example. */
struct conf_row {
	const char *name;
	const char *fallback; /* the default; "" where there is none */
	const char *seed;     /* its name in the applications before, or NULL */
	bool secret;          /* never shown; placeholders refused in production */
	struct conftype kind;     /* an empty value is of it where the default is empty */
	const char *help;
};

const struct conf_row *conf_table(size_t *n);

enum conf_reader {
	CONF_COMMAND, /* reads ./.env */
	CONF_CGI,     /* does not */
	CONF_RUN      /* make run: as commands, but ENVIRONMENT is development by default, and
			 /etc/fulfil/fulfil.env is read only if FULFIL_CONFIG names it */
};

/* The error names the setting, its value unless that is secret, and the line
 * or the environment that it came from. */
ERR_CHECK int conf_load(struct conf **out, enum conf_reader reader, struct err *e);
void conf_free(struct conf *c);

/* The value of a setting of the table; borrowed, never NULL. That of a flag is
 * yes or no, that of a choice spelt as in its words. */
const char *conf_get(const struct conf *c, const char *name);

/* The same, which must not be empty. */
ERR_CHECK int conf_need(const struct conf *c, const char *name, const char **out, struct err *e);

/* The same of a number (0 if it is empty), a flag, and of delays. */
long conf_int(const struct conf *c, const char *name);
bool conf_bool(const struct conf *c, const char *name);
struct backoff conf_backoff(const struct conf *c, const char *name);

/* Adds what is set and no default, secrets too, as envfile_add does. */
void conf_add_lines(const struct conf *c, struct buf *b);

/* The next variable of the environment, from *at on, whose name is none of the
 * table's but looks like one that is not set, `meant`; NULL when there is none
 * left. Borrowed until the next call. */
const char *conf_misspelt(size_t *at, const char **meant);

/* True if `word` stands in the list setting `name` (commas or blanks
 * between); letters' case does not matter. */
bool conf_lists(const struct conf *c, const char *name, const char *word);

#endif
