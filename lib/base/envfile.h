/* SPDX-License-Identifier: MIT
 *
 * envfile: files of NAME=value lines, as a shell would read and write them.
 *
 * `export` may stand in front, and blanks around the name and the value. A
 * value in one pair of quotes is what stands between them, with '\'' for a
 * single quote in single ones; any other ends at the line's end or at a blank
 * with a # behind it, where a comment starts. Nothing is expanded.
 */
#ifndef ENVFILE_H
#define ENVFILE_H

#include "base/buf.h"
#include "base/err.h"

struct envfile_line {
	const char *file;
	int number;        /* from 1 */
	const char *name;  /* the first word; borrowed for the call, as is the value */
	const char *value; /* NULL if the line is none of NAME=value; `wrong` says why */
	const char *wrong; /* "is not a NAME=value line" and the like, or NULL */
};

typedef int envfile_fn(void *ctx, const struct envfile_line *line, struct err *e);

/* Calls fn for each line but comments and empty ones, until one returns -1.
 * A file that is not there is no error unless `must`; one that cannot be read
 * is: ERR_CONFIG. */
ERR_CHECK int envfile_each(const char *file, bool must, envfile_fn *fn, void *ctx, struct err *e);

/* Adds the line that sets and exports a variable, for a shell or the above. */
void envfile_add(struct buf *b, const char *name, const char *value);

#endif
