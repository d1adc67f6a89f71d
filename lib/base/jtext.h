/* SPDX-License-Identifier: MIT
 *
 * jtext: JSON text into jansson values without losing what was spelled, and
 * JSON strings out of bytes that may not be UTF-8.
 *
 * Numbers that are not integers of 64 bits come out as strings that hold
 * their digits, so that 199.0 stays "199.0": jansson would make a double of
 * it. A number's place in the text is otherwise checked by jansson itself.
 */
#ifndef JTEXT_H
#define JTEXT_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>

/* Parses one document. A UTF-8 byte order mark in front is skipped; duplicate
 * keys are refused. The caller owns the result. ERR_DATA says where and why. */
ERR_CHECK int jtext_parse(const char *text, size_t len, json_t **out, struct err *e);

/* Adds `s` as a JSON string with its quotes; NULL gives null. Bytes that are
 * not UTF-8 become U+FFFD. */
void jtext_add(struct buf *b, const char *s);
void jtext_addn(struct buf *b, const char *s, size_t n);

/* Adds n bytes as text that PostgreSQL takes: what is not UTF-8, and NUL,
 * becomes U+FFFD. */
void jtext_add_clean(struct buf *b, const char *s, size_t n);

#endif
