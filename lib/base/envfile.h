/* SPDX-License-Identifier: MIT
 *
 * envfile: files of NAME=value lines, as a shell would read and write them.
 *
 * A line may start with `export`, and blanks around the name and the value are
 * dropped. A quoted value is the text between the quotes; in single quotes '\''
 * is one single quote. A value without quotes ends at the end of the line, or at
 * a blank that is followed by #, which starts a comment. Nothing is expanded.
 */
#ifndef ENVFILE_H
#define ENVFILE_H

#include "base/buf.h"
#include "base/err.h"

struct envfile_line {
	const char *file;
	int number;        /* from 1 */
	const char *name;  /* the first word; borrowed for the call, as is the value */
	const char *value; /* NULL if the line is not NAME=value; `wrong` says why */
	const char *wrong; /* "is not a NAME=value line" and the like, or NULL */
};

typedef int envfile_fn(void *ctx, const struct envfile_line *line, struct err *e);

/* Calls fn for each line that is not empty and not a comment, until fn returns
 * -1. ERR_CONFIG if the file cannot be read, or if `must` and it does not
 * exist; if it is only looked for where the program runs (a relative name, not
 * `must`) and is neither ours nor root's, or others may write it. */
ERR_CHECK int envfile_each(const char *file, bool must, envfile_fn *fn, void *ctx, struct err *e);

/* Adds a line that sets and exports a variable; a shell and envfile_each read
 * the same value from it. */
void envfile_add(struct buf *b, const char *name, const char *value);

#endif
