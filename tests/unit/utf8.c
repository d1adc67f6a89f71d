/* SPDX-License-Identifier: MIT
 *
 * utf8: `text` has `count` code points, or its first bad byte stands at `bad`;
 * the same with ASCII in front and behind, so that it falls on any place of a
 * word.
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

static void run(const struct unit_case *c)
{
	for (int i = 0; i < c->n; i++)
		for (size_t shift = 0; strcmp(c->field[i].key, "text") == 0 && shift <= 8; shift++)
			check(c, &c->field[i].value, shift);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
