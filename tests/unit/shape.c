/* SPDX-License-Identifier: MIT
 *
 * shape: `input` is a payload; `topic`, `why` and `rest` say what shape_read() makes
 * of it (the object with sorted keys, or only its members named in `of`), `error`
 * why it makes nothing. `id` is a value, `number` what shape_id() takes it for.
 */
#include "order/shape.h"

#include "base/jtext.h"
#include "unit.h"

static json_t *parse(const struct unit_case *c, const char *text)
{
	struct err e = {0};
	json_t *json = NULL;

	if (jtext_parse(text, strlen(text), &json, &e) != 0)
		unit_say(false, c, e.msg);
	return json;
}

/* The members that `of` names, in its order. */
static json_t *pick(const json_t *json, const char *of)
{
	json_t *some = json_object();
	char name[64];
	int n;

	for (; sscanf(of, " %63s%n", name, &n) == 1; of += n)
		if (json_object_get(json, name))
			json_object_set(some, name, json_object_get(json, name));
	return some;
}

static void check_rest(const struct unit_case *c, const struct shape *s)
{
	const char *of = unit_get(c, "of", NULL);
	json_t *some = of ? pick(s->json, of) : json_incref(s->json);
	char *text = json_dumps(some, JSON_COMPACT | JSON_SORT_KEYS);

	unit_is(c, "the REST object", text, unit_get(c, "rest", text));
	free(text);
	json_decref(some);
}

static void check_id(const struct unit_case *c)
{
	struct buf wrapped = BUF_INIT;
	char number[32];
	json_t *json;

	buf_addf(&wrapped, "[%s]", unit_get(c, "id", ""));
	json = parse(c, wrapped.data);
	snprintf(number, sizeof number, "%lld", (long long)shape_id(json_array_get(json, 0)));
	unit_is(c, "the number", number, unit_get(c, "number", ""));
	json_decref(json);
	buf_release(&wrapped);
}

static void run(const struct unit_case *c)
{
	struct shape s;
	struct err e = {0};
	json_t *json;

	if (unit_get(c, "id", NULL)) {
		check_id(c);
		return;
	}
	json = parse(c, unit_get(c, "input", ""));
	if (shape_read(&s, json, &e) != 0) {
		unit_is(c, "the error", e.msg, unit_get(c, "error", ""));
	} else {
		unit_is(c, "no error", "", unit_get(c, "error", ""));
		unit_is(c, "the topic", s.topic ? s.topic : "", unit_get(c, "topic", ""));
		unit_is(c, "why not", s.why ? s.why : "", unit_get(c, "why", ""));
		check_rest(c, &s);
		shape_release(&s);
	}
	json_decref(json);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
