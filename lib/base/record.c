/* SPDX-License-Identifier: MIT
 *
 * record: where a comma is due shows in the last byte of the buf, so nothing else is remembered:
 * a value never ends with one of those after which there is none. Integers are written here, since
 * printf costs several times as much and a record has many.
 */
#include "base/record.h"

#include "base/jtext.h"

#include <string.h>

enum { VERSION_DIGIT = '1', INT_TEXT = 20 };

static void add_key(struct buf *b, const char *key)
{
	size_t n = key ? strlen(key) : 0;
	char *to = buf_reserve(b, n + 4), *at = to;
	char last = b->len ? to[-1] : '{';

	if (last != '{' && last != '[' && last != ',' && last != '\n')
		*at++ = ',';
	if (key) {
		*at++ = '"';
		memcpy(at, key, n);
		at += n;
		*at++ = '"';
		*at++ = ':';
	}
	*at = '\0';
	b->len += (size_t)(at - to);
}

static void add_int(struct buf *b, int64_t n)
{
	char text[INT_TEXT], *at = text + sizeof text;
	uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;

	do
		*--at = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (n < 0)
		*--at = '-';
	buf_add(b, at, (size_t)(text + sizeof text - at));
}

void record_begin(struct buf *b, const char *type)
{
	static const char head[] = {'{', '"', 'v', '"', ':', VERSION_DIGIT};

	buf_add(b, head, sizeof head);
	add_key(b, "type");
	buf_add(b, "\"", 1);
	buf_addstr(b, type);
	buf_add(b, "\"", 1);
}

void record_end(struct buf *b)
{
	buf_add(b, "}\n", 2);
}

void record_open(struct buf *b, const char *key, char brace)
{
	add_key(b, key);
	buf_add(b, &brace, 1);
}

void record_close(struct buf *b, char brace)
{
	buf_add(b, &brace, 1);
}

void record_text(struct buf *b, const char *key, const char *s)
{
	add_key(b, key);
	jtext_add(b, s);
}

void record_text_of(struct buf *b, const char *key, const char *s, size_t n)
{
	add_key(b, key);
	jtext_addn(b, s, n);
}

void record_int(struct buf *b, const char *key, int64_t n)
{
	add_key(b, key);
	add_int(b, n);
}

void record_count(struct buf *b, const char *key, int64_t n)
{
	if (n < 0)
		record_null(b, key);
	else
		record_int(b, key, n);
}

void record_id(struct buf *b, const char *key, int64_t id)
{
	if (id == 0)
		record_null(b, key);
	else
		record_int(b, key, id);
}

void record_id_text(struct buf *b, const char *key, int64_t id)
{
	if (id == 0) {
		record_null(b, key);
		return;
	}
	add_key(b, key);
	buf_add(b, "\"", 1);
	add_int(b, id);
	buf_add(b, "\"", 1);
}

void record_bool(struct buf *b, const char *key, bool is)
{
	record_json(b, key, is ? "true" : "false");
}

void record_real(struct buf *b, const char *key, double n, int decimals)
{
	add_key(b, key);
	buf_addf(b, "%.*f", decimals, n);
}

void record_null(struct buf *b, const char *key)
{
	record_json(b, key, "null");
}

void record_json(struct buf *b, const char *key, const char *json)
{
	add_key(b, key);
	buf_addstr(b, json);
}

void record_join(struct buf *b, const char *object)
{
	size_t n = strlen(object);

	if (n <= 2)
		return;
	add_key(b, NULL);
	buf_add(b, object + 1, n - 2);
}
