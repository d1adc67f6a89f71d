/* SPDX-License-Identifier: MIT
 *
 * reduce: `input` leaves `left`. `whole` is a payload that order.c must read as it
 * reads what is left of it; `gone` are words that must not be in that.
 */
#include "order/reduce.h"

#include "base/jtext.h"
#include "order/parse.h"
#include "unit.h"

/* What order.c makes of a payload, as far as stock depends on it. */
static void describe(struct buf *out, const char *text, const struct conf *conf)
{
	struct order o;
	struct err e = {0};
	json_t *json = NULL;

	buf_addstr(out, "");
	if (jtext_parse(text, strlen(text), &json, &e) != 0 ||
	    parse_order(&o, json, NULL, false, conf, &e) != 0) {
		buf_addf(out, "%s\n", e.msg);
		json_decref(json);
		return;
	}
	buf_addf(out, "%s %lld %s\n", order_kind_name(o.kind), (long long)o.external_id,
		 o.updated_at ? o.updated_at : "");
	for (size_t i = 0; i < o.nlines; i++)
		buf_addf(out, "line %lld %s %d %d %s\n", (long long)o.lines[i].external_id,
			 o.lines[i].sku ? o.lines[i].sku : "", (int)o.lines[i].quantity,
			 (int)o.lines[i].current, o.lines[i].skip ? o.lines[i].skip : "");
	for (size_t i = 0; i < o.nchanges; i++)
		buf_addf(out, "%s %lld %lld %d %d\n", o.changes[i].kind,
			 (long long)o.changes[i].external_id, (long long)o.changes[i].line_id,
			 (int)o.changes[i].removed, (int)o.changes[i].restocked);
	order_release(&o);
	json_decref(json);
}

static void check_whole(const struct unit_case *c, const char *whole)
{
	struct buf less = BUF_INIT, before = BUF_INIT, after = BUF_INIT;
	struct conf *conf;
	struct err e;

	if (conf_load(&conf, CONF_CGI, &e) != 0) {
		unit_say(false, c, e.msg);
		return;
	}
	reduce_text(whole, strlen(whole), &less);
	describe(&before, whole, conf);
	describe(&after, less.data, conf);
	unit_is(c, "the same lines and changes", after.data, before.data);
	for (int i = 0; i < c->n; i++)
		if (strcmp(c->field[i].key, "gone") == 0)
			unit_say(strstr(less.data, c->field[i].value.data) == NULL, c,
				 c->field[i].value.data);
	buf_release(&less);
	buf_release(&before);
	buf_release(&after);
	conf_free(conf);
}

static void run(const struct unit_case *c)
{
	const char *whole = unit_get(c, "whole", NULL), *input = unit_get(c, "input", NULL);
	struct buf less = BUF_INIT;

	if (whole)
		check_whole(c, whole);
	if (input == NULL)
		return;
	reduce_text(input, strlen(input), &less);
	unit_is(c, "what is left", less.data ? less.data : "", unit_get(c, "left", ""));
	buf_release(&less);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
