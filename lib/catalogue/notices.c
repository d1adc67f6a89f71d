/* SPDX-License-Identifier: MIT
 *
 * notices: a table of codes; there are some forty, so it is searched from its
 * beginning. The last place takes what finds no other.
 */
#include "catalogue/notices.h"

#include "base/record.h"

#include <string.h>

static struct notices_code *find(struct notices *n, const char *code)
{
	for (int i = 0; i < n->n; i++)
		if (n->code[i].code == code || strcmp(n->code[i].code, code) == 0)
			return &n->code[i];
	if (n->n == NOTICES_CODES)
		return &n->code[n->n - 1];
	n->code[n->n].code = code;
	return &n->code[n->n++];
}

bool notices_add(struct notices *n, long line, const char *code, const char *text)
{
	struct notices_code *c = find(n, code);

	if (++c->count > NOTICES_FIRST)
		return false;
	record_open(&n->first, NULL, '{');
	record_id(&n->first, "line", line > 0 ? line : 0);
	record_text(&n->first, "code", code);
	record_text(&n->first, "detail", text);
	record_close(&n->first, '}');
	return true;
}

int64_t notices_count(const struct notices *n, const char *code)
{
	for (int i = 0; i < n->n; i++)
		if (strcmp(n->code[i].code, code) == 0)
			return n->code[i].count;
	return 0;
}

void notices_add_counts(const struct notices *n, struct buf *json, const char *key)
{
	record_open(json, key, '[');
	for (int i = 0; i < n->n; i++) {
		record_open(json, NULL, '{');
		record_text(json, "code", n->code[i].code);
		record_int(json, "count", n->code[i].count);
		record_close(json, '}');
	}
	record_close(json, ']');
}

void notices_add_first(const struct notices *n, struct buf *json, const char *key)
{
	record_open(json, key, '[');
	if (n->first.len > 0)
		record_json(json, NULL, n->first.data);
	record_close(json, ']');
}

void notices_release(struct notices *n)
{
	buf_release(&n->first);
}
