/* SPDX-License-Identifier: MIT
 *
 * array: what array_recv in PostgreSQL's arrayfuncs.c reads: dimensions,
 * has-nulls, element type, count, lower bound, then each element after its
 * length, all in network byte order.
 */
#include "store/array.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { HEAD_BYTES = 20 };

static void put_int32(struct buf *b, uint32_t v)
{
	v = htonl(v);
	buf_add(b, &v, sizeof v);
}

void array_init(struct array *a, uint32_t oid)
{
	static const char head[HEAD_BYTES];

	*a = (struct array){.b = BUF_INIT, .oid = oid};
	buf_add(&a->b, head, HEAD_BYTES);
}

static void add_bytes(struct array *a, const void *p, size_t n)
{
	put_int32(&a->b, p ? (uint32_t)n : UINT32_MAX);
	if (p)
		buf_add(&a->b, p, n);
	a->nulls |= p == NULL;
	a->n++;
}

void array_text(struct array *a, const char *s)
{
	add_bytes(a, s, s ? strlen(s) : 0);
}

void array_int4(struct array *a, int32_t v)
{
	uint32_t be = htonl((uint32_t)v);

	add_bytes(a, &be, sizeof be);
}

void array_int8(struct array *a, int64_t v)
{
	uint32_t be[2] = {htonl((uint32_t)((uint64_t)v >> 32)), htonl((uint32_t)v)};

	add_bytes(a, be, sizeof be);
}

void array_bool(struct array *a, bool v)
{
	char c = v;

	add_bytes(a, &c, 1);
}

void array_null(struct array *a)
{
	add_bytes(a, NULL, 0);
}

void array_value(struct array *a, const struct db_param *p)
{
	char digits[24];

	if (p->kind == DB_BYTES) {
		add_bytes(a, p->value, (size_t)p->len);
	} else if (p->kind == DB_INT) {
		snprintf(digits, sizeof digits, "%lld", (long long)p->number);
		array_text(a, digits);
	} else {
		array_text(a, p->value);
	}
}

void array_release(struct array *a)
{
	buf_release(&a->b);
}

struct db_param array_param(struct array *a)
{
	uint32_t head[5] = {htonl(1), htonl(a->nulls), htonl(a->oid), htonl((uint32_t)a->n),
			    htonl(1)};

	memcpy(a->b.data, head, sizeof head);
	return db_param_bytes(a->b.data, a->b.len);
}
