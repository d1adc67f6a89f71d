/* SPDX-License-Identifier: MIT
 *
 * utf8: `text` has `count` code points, or its first bad byte stands at `bad`;
 * the same with ASCII in front and behind, so that it falls on any place of a
 * word. Text with a `count` is cut at each byte.
 */
#include "base/utf8.h"

#include "unit.h"

static void check(const struct unit_case *c, const struct buf *text, size_t shift)
{
	const char *count = unit_get(c, "count", NULL);
	size_t want = count ? text->len : strtoul(unit_get(c, "bad", "0"), NULL, 10), at;
	struct buf b = BUF_INIT;
	char what[64];

	buf_add(&b, "0123456789", shift);
	buf_add(&b, text->data, text->len);
	buf_add(&b, "0123456789", count ? shift : 10);
	at = utf8_check(b.data, b.len);
	snprintf(what, sizeof what, "checked behind %zu bytes", shift);
	unit_say(at == (count ? b.len : shift + want), c, what);
	if (count)
		unit_say(utf8_count(b.data, b.len) == 2 * shift + strtoul(count, NULL, 10), c,
			 "counted");
	buf_release(&b);
}

/* Cut anywhere, whole characters are left, and as many as there is room for. */
static void cut(const struct unit_case *c, const struct buf *text)
{
	bool whole = true;

	for (size_t most = 0; most <= text->len + 1; most++) {
		size_t n = utf8_fit(text->data, text->len, most);

		whole = whole && n <= most && n <= text->len && utf8_check(text->data, n) == n &&
			(n == text->len || n + utf8_span(text->data + n, text->len - n) > most);
	}
	unit_say(whole, c, "cut");
}

static void run(const struct unit_case *c)
{
	for (int i = 0; i < c->n && unit_get(c, "count", NULL); i++)
		if (strcmp(c->field[i].key, "text") == 0 && c->field[i].value.len > 0)
			cut(c, &c->field[i].value);

	for (int i = 0; i < c->n; i++)
		for (size_t shift = 0; strcmp(c->field[i].key, "text") == 0 && shift <= 8; shift++)
			check(c, &c->field[i].value, shift);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
