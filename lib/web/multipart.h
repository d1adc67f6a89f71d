/* SPDX-License-Identifier: MIT
 *
 * multipart: reads multipart/form-data (RFC 7578) as it comes, in pieces of
 * any size, and tells of each part, its bytes and its end. Holds no more than
 * the head of a part or what may be the start of a boundary. No I/O.
 *
 * Boundaries are lines of their own, ended by CRLF. What stands before the
 * first and after the last is skipped.
 */
#ifndef MULTIPART_H
#define MULTIPART_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct multipart; /* multipart_free */

/* Borrowed for the call. */
struct multipart_part {
	const char *name;     /* of the field, as sent */
	const char *filename; /* as multipart_filename gives it; NULL: there is none */
};

/* Each may end the reading by -1. `bytes` comes any number of times between
 * the two others, none for an empty part. */
struct multipart_ops {
	int (*begin)(void *ctx, const struct multipart_part *p, struct err *e);
	int (*bytes)(void *ctx, const char *p, size_t n, struct err *e);
	int (*end)(void *ctx, struct err *e);
};

/* `content_type` is the header of the whole body; ERR_MEDIA if it is another
 * type, ERR_DATA without a boundary. ops and ctx are borrowed. */
ERR_CHECK int multipart_new(struct multipart **out, const char *content_type,
			    const struct multipart_ops *ops, void *ctx, struct err *e);
void multipart_free(struct multipart *m);

/* ERR_DATA for a part whose head is malformed, and what the ops say. Not to be
 * called again after an error. */
ERR_CHECK int multipart_feed(struct multipart *m, const char *p, size_t n, struct err *e);

/* Nothing more comes. ERR_DATA unless the final boundary was there. */
ERR_CHECK int multipart_end(struct multipart *m, struct err *e);

/* Sets *value to a parameter of a header, as charset is one of Content-Type;
 * false if no parameter has that name. */
bool multipart_param(const char *header, const char *name, struct buf *value);

/* Adds the file name that a Content-Disposition header carries, filename* before
 * filename: without directories, valid UTF-8 without control characters, at
 * most 255 bytes. False if it carries none. */
bool multipart_filename(const char *disposition, struct buf *name);

/* Adds `s`, made presentable in the same way. */
void multipart_clean_name(const char *s, size_t n, struct buf *name);

#endif
