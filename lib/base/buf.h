/* SPDX-License-Identifier: MIT
 *
 * buf: a byte string that grows. `data` is always NUL-terminated once
 * something was added; it may hold NULs itself, so use `len`.
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

void buf_release(struct buf *b);               /* frees, and is empty again */
void buf_reset(struct buf *b);                 /* empty, memory kept */
void buf_reuse(struct buf *b);                 /* empty; memory kept up to 256 KiB, else freed */
char *buf_reserve(struct buf *b, size_t n);    /* room for n more bytes; where they go */
void buf_add(struct buf *b, const void *p, size_t n);
void buf_addstr(struct buf *b, const char *s);
void buf_addf(struct buf *b, const char *fmt, ...) ERR_PRINTF(2, 3);
void buf_add_hex(struct buf *b, const char *hex, size_t n); /* n lower-case digits, as bytes */
void buf_consume(struct buf *b, size_t n);     /* drops the first n bytes */

#endif
