/* SPDX-License-Identifier: MIT
 *
 * jtext: `text` is parsed, and comes out as `json` (compact) or as an error
 * that has `error` in it; `nested` is a depth of arrays in place of a text.
 * `string` is spelled as `spelled`.
 */
#include "base/jtext.h"

#include "unit.h"

static void run_string(const struct unit_case *c)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < c->n; i++)
		if (strcmp(c->field[i].key, "string") == 0)
			jtext_addn(&b, c->field[i].value.data, c->field[i].value.len);
	unit_is(c, "spelling", b.data, unit_get(c, "spelled", ""));
	buf_release(&b);
}

static void run_text(const struct unit_case *c, const char *text, size_t len)
{
	const char *error = unit_get(c, "error", NULL);
	struct err e = {0};
	json_t *json;
	char *got;

	if (jtext_parse(text, len, &json, &e) != 0) {
		unit_is(c, "refused", error && strstr(e.msg, error) ? error : e.msg,
			error ? error : "");
		return;
	}
	got = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
	unit_is(c, "parsed", unit_get(c, "nested", NULL) ? "" : got,
		unit_get(c, "json", "an error"));
	free(got);
	json_decref(json);
}

static void run(const struct unit_case *c)
{
	long depth = strtol(unit_get(c, "nested", "0"), NULL, 10);
	struct buf b = BUF_INIT;

	if (unit_get(c, "string", NULL)) {
		run_string(c);
		return;
	}
	for (long i = 0; i < 2 * depth; i++)
		buf_addstr(&b, i < depth ? "[" : "]");
	for (int i = 0; i < c->n; i++)
		if (strcmp(c->field[i].key, "text") == 0)
			buf_add(&b, c->field[i].value.data, c->field[i].value.len);
	run_text(c, b.data ? b.data : "", b.len);
	buf_release(&b);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
