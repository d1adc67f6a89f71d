/* SPDX-License-Identifier: MIT
 *
 * record: each field "KIND KEY" adds a member with its value, and `is` is what comes out. A KEY
 * of - is an item of a list; `raw` is text that the caller adds itself.
 */
#include "base/record.h"

#include "unit.h"

static void add(struct buf *b, const char *kind, const char *key, const struct buf *v)
{
	if (strcmp(kind, "begin") == 0)
		record_begin(b, v->data);
	else if (strcmp(kind, "end") == 0)
		record_end(b);
	else if (strcmp(kind, "raw") == 0)
		buf_add(b, v->data, v->len);
	else if (strcmp(kind, "open") == 0)
		record_open(b, key, v->data[0]);
	else if (strcmp(kind, "close") == 0)
		record_close(b, v->data[0]);
	else if (strcmp(kind, "text") == 0)
		record_text_of(b, key, v->data, v->len);
	else if (strcmp(kind, "none") == 0)
		record_text(b, key, NULL);
	else if (strcmp(kind, "int") == 0)
		record_int(b, key, strtoll(v->data, NULL, 10));
	else if (strcmp(kind, "count") == 0)
		record_count(b, key, strtoll(v->data, NULL, 10));
	else if (strcmp(kind, "id") == 0)
		record_id(b, key, strtoll(v->data, NULL, 10));
	else if (strcmp(kind, "id_text") == 0)
		record_id_text(b, key, strtoll(v->data, NULL, 10));
	else if (strcmp(kind, "bool") == 0)
		record_bool(b, key, strcmp(v->data, "yes") == 0);
	else if (strcmp(kind, "real") == 0)
		record_real(b, key, strtod(v->data, NULL), 2);
	else if (strcmp(kind, "json") == 0)
		record_json(b, key, v->data);
	else if (strcmp(kind, "join") == 0)
		record_join(b, v->data);
}

static void run(const struct unit_case *c)
{
	struct buf b = BUF_INIT, got = BUF_INIT;
	char kind[16], key[64];

	for (int i = 1; i < c->n; i++)
		if (sscanf(c->field[i].key, "%15s %63s", kind, key) == 2)
			add(&b, kind, strcmp(key, "-") == 0 ? NULL : key, &c->field[i].value);
	unit_add_escaped(&got, b.data, b.len);
	unit_is(c, "text", got.data, unit_get(c, "is", ""));
	buf_release(&b);
	buf_release(&got);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
