/* SPDX-License-Identifier: MIT
 *
 * envelope: each payload in `input` comes out as a line `part`: its bytes, and its
 * label as NAME=VALUE; an envelope that cannot be opened gives `error`.
 */
#include "order/envelope.h"

#include "base/jtext.h"
#include "unit.h"

static int one(void *ctx, const struct envelope_part *p, struct err *e)
{
	const struct envelope_label *l = &p->label;
	const char *names[] = {"topic", "shop", "id", "at", "version", "event"};
	const char *values[] = {l->topic, l->shop, l->webhook_id,
				l->triggered_at, l->api_version, l->event_id};
	json_t *again = NULL;
	struct buf *out = ctx;

	if (jtext_parse(p->text, p->len, &again, e) != 0 && !json_is_integer(p->json))
		return -1;
	if (again && !json_equal(again, p->json))
		return err_set(e, ERR_BUG, "the bytes are not those of the value");
	json_decref(again);
	buf_add(out, p->text, p->len);
	for (size_t i = 0; i < 6; i++)
		if (values[i])
			buf_addf(out, " %s=%s", names[i], values[i]);
	buf_addstr(out, "\n");
	return 0;
}

static void run(const struct unit_case *c)
{
	const char *text = unit_get(c, "input", "");
	struct buf got = BUF_INIT, want = BUF_INIT;
	struct err e = {0};
	json_t *json = NULL;

	buf_addstr(&got, "");
	buf_addstr(&want, "");
	for (int i = 0; i < c->n; i++)
		if (strcmp(c->field[i].key, "part") == 0)
			buf_addf(&want, "%s\n", c->field[i].value.data);
	if (jtext_parse(text, strlen(text), &json, &e) == 0 &&
	    envelope_each(text, strlen(text), json, one, &got, &e) == 0)
		e.msg[0] = '\0';
	unit_is(c, "the payloads", got.data, want.data);
	unit_is(c, "the error", e.msg, unit_get(c, "error", ""));
	unit_say(envelope_is_labelled(json) == (unit_get(c, "labelled", NULL) != NULL), c,
		 "labelled");
	json_decref(json);
	buf_release(&got);
	buf_release(&want);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
