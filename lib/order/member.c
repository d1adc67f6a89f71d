/* SPDX-License-Identifier: MIT
 *
 * member: texts are those of jansson's tree where they can be, and else are kept by the order.
 */
#include "order/member.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "order/money.h"

#include <string.h>

static char *keep(struct order *o, char *s)
{
	o->mended = xalloc_grow(o->mended, o->nmended + 1, sizeof *o->mended);
	return o->mended[o->nmended++] = s;
}

/* A string that PostgreSQL can store: NULs, which it cannot, are left out. */
static const char *text(struct order *o, const json_t *j)
{
	const char *s = json_string_value(j);
	size_t n = json_string_length(j), k = 0;
	char *copy;

	if (json_is_integer(j)) {
		struct buf b = BUF_INIT;

		buf_addf(&b, "%" JSON_INTEGER_FORMAT, json_integer_value(j));
		return keep(o, b.data);
	}
	if (s == NULL || memchr(s, '\0', n) == NULL)
		return s;
	copy = keep(o, xalloc_zero(n + 1, 1));
	for (size_t i = 0; i < n; i++)
		if (s[i])
			copy[k++] = s[i];
	order_note(o, "NUL left out of a text", 0, NULL);
	return copy;
}

const char *member_text(struct order *o, const json_t *obj, const char *key)
{
	return text(o, json_object_get(obj, key));
}

const char *member_trimmed(struct order *o, const json_t *obj, const char *key)
{
	const char *s = member_text(o, obj, key);
	size_t n;

	if (s == NULL)
		return NULL;
	n = utf8_trim(&s, strlen(s));
	if (n == 0)
		return NULL;
	return s[n] == '\0' ? s : keep(o, xalloc_strndup(s, n));
}

const char *member_first(struct order *o, const json_t *obj, const char *a, const char *b)
{
	const char *s = member_text(o, obj, a);

	return s && *s ? s : member_text(o, obj, b);
}

const char *member_money(struct order *o, const json_t *obj, const char *key, size_t line)
{
	const char *s = member_text(o, obj, key);

	if (s == NULL || money_is_decimal(s))
		return s;
	order_note(o, "not an amount: ", line, s);
	return NULL;
}

const char *member_time(struct order *o, const json_t *obj, const char *key)
{
	const char *s = member_text(o, obj, key);

	if (s == NULL || clock_is_rfc3339(s))
		return s;
	order_note(o, "not a time: ", 0, s);
	return NULL;
}

int64_t member_us(const char *s)
{
	int64_t us;

	return s && clock_parse_rfc3339(s, &us) ? us : ORDER_NEVER;
}
