/* SPDX-License-Identifier: MIT
 *
 * line: what stands on the command line after a noun and a verb: options that are the
 * parameters of the route, ids, and the members of a body as NAME=VALUE. Programs only.
 */
#ifndef LINE_H
#define LINE_H

#include "base/buf.h"
#include "base/err.h"
#include "shell/verb.h"

#include <jansson.h>
#include <stdbool.h>

enum { LINE_OPTIONS = 24 };

struct line {
	const struct verb *verb;
	const char *format;   /* "table" or "ndjson" */
	long limit;           /* of a list; 0: all */
	bool all;             /* nobody sits there, or --limit 0 was said */
	char **ids;           /* borrowed from argv, n_ids of them */
	int n_ids;
	bool records;         /* "-": from standard input come records instead */
	struct buf query;     /* owned: line_release */
	json_t *body;         /* owned; NULL: no member was given */
};

/* Reads argv[first…]; argv[1] and argv[2] are a noun and a verb that it has. Ends the program for
 * --help, and with 64 for what makes no sense. */
void line_read(struct line *l, int argc, char **argv);
void line_release(struct line *l);

/* A value of a member as the description has its type: text of a text, "a,b" of a list,
 * "yes" and "no" of a truth; else JSON. NULL: it is none. The caller owns it. */
json_t *line_value(const char *type, const char *text);

/* A time as the API takes it, of "today", "yesterday", "90m", "2h" or "7d" ago; others as they
 * are. */
void line_time(const char *word, char *room, size_t size);

#endif
