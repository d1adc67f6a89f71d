/* SPDX-License-Identifier: MIT
 *
 * jtext: parses JSON with jansson but keeps the spelling of decimals, and writes
 * JSON strings from bytes that may not be UTF-8.
 *
 * A number that is not a 64-bit integer becomes a string of its digits: 199.0
 * becomes "199.0", where jansson would make a double of it. Everything else is
 * parsed, and refused, by jansson.
 */
#ifndef JTEXT_H
#define JTEXT_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>

enum { JTEXT_MOST = 500000 };

/* Parses one document of at most JTEXT_MOST values. A UTF-8 byte order mark at its start is
 * skipped; an object with a duplicate key is refused. The caller owns *out. ERR_DATA names
 * the line, the column and the reason. */
ERR_CHECK int jtext_parse(const char *text, size_t len, json_t **out, struct err *e);

/* The same, for a document that is to be written again with jtext_add_json(): the
 * strings that stand for numbers begin with NUL. A string that contains U+0000 is
 * refused. */
ERR_CHECK int jtext_parse_exact(const char *text, size_t len, json_t **out, struct err *e);

/* Adds what jtext_parse_exact() gave as Python's json.dumps() spells numbers: 1e2 is
 * 100.0, 0.50 is 0.5, and of integers all digits are kept. `flags` are jansson's. */
void jtext_add_json(struct buf *b, const json_t *json, size_t flags);

/* Adds `s` as a JSON string with its quotes; NULL gives null. Bytes that are
 * not UTF-8 become U+FFFD. */
void jtext_add(struct buf *b, const char *s);
void jtext_addn(struct buf *b, const char *s, size_t n);

/* How long the JSON string is that the quote s[0] opens, with both quotes; len if it
 * has no end. */
size_t jtext_string_span(const char *s, size_t len);

/* Adds n bytes as text that PostgreSQL accepts: NUL and bytes that are not UTF-8
 * become U+FFFD. */
void jtext_add_clean(struct buf *b, const char *s, size_t n);

#endif
