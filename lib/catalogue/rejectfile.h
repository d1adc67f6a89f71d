/* SPDX-License-Identifier: MIT
 *
 * rejectfile: the file of rejected rows, which may be the input itself, or the
 * only copy of rows that somebody mended. It is written beside its name, as
 * NAME.new, and takes the place of NAME only once that loses nothing.
 */
#ifndef REJECTFILE_H
#define REJECTFILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct rejectfile {
	const char *name;  /* borrowed */
	char beside[4096]; /* what is written; NAME itself if that is a device */
	int fd;            /* -1: none */
	bool precious;     /* NAME has bytes in it already */
};

/* ERR_IO if it cannot be written. `name` NULL: nothing is. */
ERR_CHECK int rejectfile_open(struct rejectfile *f, const char *name, struct err *e);

ERR_CHECK int rejectfile_write(const struct rejectfile *f, const char *text, size_t n,
			       struct err *e);

enum rejectfile_end {
	REJECTFILE_DROP,   /* nothing was rejected: NAME stays as it was */
	REJECTFILE_BESIDE, /* nothing was committed: NAME is replaced only if it is empty or new */
	REJECTFILE_REPLACE /* the other rows are in: NAME is replaced */
};

/* Closes it. *left: the rejected rows stay in f->beside. ERR_IO if they could
 * not be written, or moved. */
ERR_CHECK int rejectfile_close(struct rejectfile *f, enum rejectfile_end end, bool *left,
			       struct err *e);

#endif
