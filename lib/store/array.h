/* SPDX-License-Identifier: MIT
 *
 * array: an array parameter in PostgreSQL's binary format, built element by
 * element. Nothing is quoted, so nothing can be quoted wrongly. Initialise it
 * with array_init; its owner calls array_release after the statement was sent.
 */
#ifndef ARRAY_H
#define ARRAY_H

#include "base/buf.h"
#include "store/db.h"

#include <stdbool.h>
#include <stdint.h>

struct array {
	struct buf b; /* owned */
	int32_t n;
	bool nulls;
	uint32_t oid;
};

/* The type of the elements, as pg_type.oid has it. */
enum { ARRAY_BOOL = 16, ARRAY_BYTEA = 17, ARRAY_INT8 = 20, ARRAY_INT4 = 23, ARRAY_TEXT = 25 };

void array_init(struct array *a, uint32_t oid);
void array_release(struct array *a);

/* Each adds one element. */
void array_text(struct array *a, const char *s); /* NULL gives null */
void array_int8(struct array *a, int64_t v);
void array_int4(struct array *a, int32_t v);
void array_bool(struct array *a, bool v);
void array_null(struct array *a);
void array_value(struct array *a, const struct db_param *p); /* its text or its bytes */

/* The array as a parameter; it borrows `a`, which must not change until the
 * statement was sent. */
struct db_param array_param(struct array *a);

#endif
