/* SPDX-License-Identifier: MIT
 *
 * record: writes JSON objects into a buf, member after member: the records of the commands, and
 * what the API answers.
 *
 *	struct buf b = BUF_INIT;
 *	record_begin(&b, "alert");               {"v":1,"type":"alert"
 *	record_text(&b, "sku", "A-1");           ,"sku":"A-1"
 *	record_open(&b, "wanted", '[');          ,"wanted":[
 *	record_int(&b, NULL, 2);                 2
 *	record_close(&b, ']');                   ]
 *	record_end(&b);                          }\n
 *	buf_release(&b);
 *
 * A comma is written where one is due: not at the start of the buf, and not after '{', '[', ',' or
 * the end of a line. So a file may also add to the buf what it has as text. A key is plain text
 * that needs no escape; NULL is for the items of a list. No call can fail (buf.h).
 */
#ifndef RECORD_H
#define RECORD_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A record of fulfil-record(5): its version and type, which needs no escape. */
void record_begin(struct buf *b, const char *type);
void record_end(struct buf *b); /* its last brace, and the end of the line */

/* An object or a list within: `brace` is '{' or '[', and the other one closes it. */
void record_open(struct buf *b, const char *key, char brace);
void record_close(struct buf *b, char brace);

void record_text(struct buf *b, const char *key, const char *s); /* NULL gives null */
void record_text_of(struct buf *b, const char *key, const char *s, size_t n);
void record_int(struct buf *b, const char *key, int64_t n);
void record_count(struct buf *b, const char *key, int64_t n); /* null below 0: not known */
void record_id(struct buf *b, const char *key, int64_t id);   /* null for 0: there is none */
/* An id of Shopify, which is a text: "17"; null for 0. */
void record_id_text(struct buf *b, const char *key, int64_t id);
void record_bool(struct buf *b, const char *key, bool is);
void record_real(struct buf *b, const char *key, double n, int decimals);
void record_null(struct buf *b, const char *key);
void record_json(struct buf *b, const char *key, const char *json); /* a value that is JSON */
/* The members of an object that is JSON, of one line. */
void record_join(struct buf *b, const char *object);

#endif
