/* SPDX-License-Identifier: MIT
 *
 * order: an order's payload, as it came or in an envelope: what is said of it is text.
 */
#include "base/conf.h"
#include "base/jtext.h"
#include "fuzz.h"
#include "order/envelope.h"
#include "order/order.h"
#include "order/parse.h"

#include <jansson.h>

static const struct conf *settings(void)
{
	static struct conf *conf;
	struct err e;

	setenv("FULFIL_CONFIG", "/dev/null", 1);
	if (conf == NULL && conf_load(&conf, CONF_CGI, &e) != 0)
		abort();
	return conf;
}

static int take(void *ctx, const struct envelope_part *p, struct err *e)
{
	struct order o = {0};

	(void)ctx;
	if (json_is_object(p->json) &&
	    parse_order(&o, p->json, p->label.topic, false, settings(), e) == 0) {
		FUZZ_HOLDS(o.notes.len == 0 ||
			   utf8_check(o.notes.data, o.notes.len) == o.notes.len);
		order_release(&o);
	} else if (e->code != ERR_NONE) {
		fuzz_check_error(e);
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *s = fuzz_text(data, n);
	struct envelope_part whole = {.text = s, .len = n};
	json_t *j = NULL;
	struct err e = {0};

	if (jtext_parse(s, n, &j, &e) == 0) {
		whole.json = j;
		take(NULL, &whole, &e);
		e = (struct err){0};
		if (envelope_each(s, n, j, take, NULL, &e) != 0)
			fuzz_check_error(&e);
	}
	json_decref(j);
	free(s);
	return 0;
}
