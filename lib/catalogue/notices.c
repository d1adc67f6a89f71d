/* SPDX-License-Identifier: MIT
 *
 * notices: a table of codes; there are some forty, so it is searched from its
 * beginning. The last place takes what finds no other.
 */
#include "catalogue/notices.h"

#include "base/jtext.h"

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
	buf_addf(&n->first, "%s{\"line\":", n->first.len > 0 ? "," : "");
	if (line > 0)
		buf_addf(&n->first, "%ld", line);
	else
		buf_addstr(&n->first, "null");
	buf_addf(&n->first, ",\"code\":\"%s\",\"detail\":", code);
	jtext_add(&n->first, text);
	buf_addstr(&n->first, "}");
	return true;
}

int64_t notices_count(const struct notices *n, const char *code)
{
	for (int i = 0; i < n->n; i++)
		if (strcmp(n->code[i].code, code) == 0)
			return n->code[i].count;
	return 0;
}

void notices_add_counts(const struct notices *n, struct buf *json)
{
	buf_addstr(json, "[");
	for (int i = 0; i < n->n; i++)
		buf_addf(json, "%s{\"code\":\"%s\",\"count\":%lld}", i ? "," : "", n->code[i].code,
			 (long long)n->code[i].count);
	buf_addstr(json, "]");
}

void notices_add_first(const struct notices *n, struct buf *json)
{
	buf_addstr(json, "[");
	if (n->first.len > 0)
		buf_add(json, n->first.data, n->first.len);
	buf_addstr(json, "]");
}

void notices_release(struct notices *n)
{
	buf_release(&n->first);
}
