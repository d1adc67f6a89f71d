/* SPDX-License-Identifier: MIT
 *
 * charset: bytes of any encoding, pushed in pieces of any size, come out as
 * UTF-8. A byte order mark says which encoding it is (UTF-8, UTF-16, UTF-32),
 * whatever was declared, and is taken off, also when it is doubled. Without
 * one it is the declared encoding, or UTF-8, which passes unchanged and
 * unchecked. Nothing is guessed.
 *
 * What cannot be decoded comes out as the byte 0xFF, so that it spoils the
 * record it stands in and no other.
 */
#ifndef CHARSET_H
#define CHARSET_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct charset; /* charset_free */

/* Where the UTF-8 goes; the bytes are borrowed. */
typedef int charset_sink(void *ctx, const char *bytes, size_t n, struct err *e);

/* `name` as iconv knows it, or NULL. ERR_USAGE: it does not. */
ERR_CHECK int charset_new(struct charset **out, const char *name, charset_sink *sink, void *ctx,
			  struct err *e);
void charset_free(struct charset *c);

/* Both return -1 as soon as the sink does. */
ERR_CHECK int charset_feed(struct charset *c, const void *bytes, size_t n, struct err *e);
ERR_CHECK int charset_end(struct charset *c, struct err *e);

/* True if UTF-8 was not what came in; known once something came out. */
bool charset_decodes(const struct charset *c);

/* True if UTF-8 needs a mark where the declaration is the same. */
bool charset_needs_mark(const struct charset *c);

#endif
