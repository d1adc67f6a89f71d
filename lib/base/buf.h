/* SPDX-License-Identifier: MIT
 *
 * buf: a byte string that grows as needed.
 *
 * `data` is NULL until something is added, and always ends with a NUL after
 * that, which `len` does not count. The bytes may contain NULs too: use `len`,
 * not strlen(). Memory that runs out ends the program (xalloc.h), so no call
 * can fail. A buf starts as BUF_INIT, and its owner calls buf_release.
 *
 *	struct buf b = BUF_INIT;
 *	buf_addf(&b, "%d", 1);
 *	buf_release(&b);
 */
#ifndef BUF_H
#define BUF_H

#include "base/err.h"

#include <stddef.h>

struct buf {
	char *data; /* owned; NULL while nothing was added */
	size_t len, size;
};

#define BUF_INIT {NULL, 0, 0}

void buf_release(struct buf *b);  /* frees the memory; the buf is as after BUF_INIT */
void buf_reset(struct buf *b);    /* empties it and keeps the memory */
void buf_reuse(struct buf *b);    /* empties it; keeps the memory up to 256 KiB */
/* Makes room for n more bytes and returns where to write them; the caller then
 * adds to `len` how many it wrote. */
char *buf_reserve(struct buf *b, size_t n);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_addstr(struct buf *b, const char *s);
/* As printf; what a precision, "%.80s", cuts within a character is UTF-8 all the same. */
void buf_addf(struct buf *b, const char *fmt, ...) ERR_PRINTF(2, 3);
/* Decodes n lower-case hex digits and adds the n / 2 bytes. */
void buf_add_hex(struct buf *b, const char *hex, size_t n);
void buf_consume(struct buf *b, size_t n); /* removes the first n bytes */

#endif
