/* SPDX-License-Identifier: MIT
 *
 * event: what a webhook is told. A case has
 *   event, time, data, body              the body that is made of it
 *   secret (old ones after the first), id, time, signed, v1, sha256
 *                                        signatures of `signed`, or none; `public` is for
 *                                        who checks them
 *   header, value, refused               a header of the subscriber's own
 *   secret, refused                      a secret that cannot be one
 *   wish, answer                         a name that may be subscribed to
 */
#include "webhook/event.h"

#include "unit.h"

static void run_body(const struct unit_case *c, const char *want)
{
	const char *data = unit_get(c, "data", "{}");
	struct buf b = BUF_INIT;
	struct err e = {0};
	int rc = event_body(&b, unit_get(c, "event", ""),
			    strtoll(unit_get(c, "time", "0"), NULL, 10), data, strlen(data), &e);

	unit_is(c, "body", rc == 0 ? b.data : e.msg, want);
	buf_release(&b);
}

/* Among `headers` stands the line of name and value, or with "none" no such name. */
static void has_header(const struct unit_case *c, const char *headers, const char *name,
		       const char *value)
{
	struct buf want = BUF_INIT;
	bool none = strcmp(value, "none") == 0;

	buf_addf(&want, "\n%s%s%s", name, none ? "" : value, none ? "" : "\n");
	if ((strstr(headers, want.data) == NULL) == none)
		unit_is(c, name, want.data, want.data);
	else
		unit_is(c, name, headers, want.data);
	buf_release(&want);
}

static void run_signatures(const struct unit_case *c, const char *text)
{
	struct event_request r = {.id = unit_get(c, "id", ""),
				  .time = strtoll(unit_get(c, "time", "0"), NULL, 10)};
	const char *v1 = unit_get(c, "v1", NULL), *sha = unit_get(c, "sha256", NULL);
	struct buf body = BUF_INIT, got = BUF_INIT, old = BUF_INIT;

	for (int i = 0; i < c->n; i++) {
		const char *value = c->field[i].value.data;

		if (strcmp(c->field[i].key, "secret") != 0)
			continue;
		if (r.secret)
			buf_addf(&old, "%s%s", old.len ? "\n" : "", value);
		else
			r.secret = value;
	}
	r.old_secrets = old.data;
	buf_addstr(&body, text);
	buf_addstr(&got, "\n");
	event_sign(&got, &r, &body);
	if (v1)
		has_header(c, got.data, "webhook-signature: ", v1);
	if (sha)
		has_header(c, got.data, "X-Webhook-Signature: ", sha);
	buf_release(&body);
	buf_release(&got);
	buf_release(&old);
}

static void run_refusals(const struct unit_case *c, const char *want)
{
	for (int i = 0; i < c->n; i++) {
		const char *key = c->field[i].key, *value = c->field[i].value.data;
		struct err e = {0};
		int rc;

		if (strcmp(key, "header") == 0)
			rc = event_check_header(value, unit_get(c, "value", "x"), &e);
		else if (strcmp(key, "secret") == 0)
			rc = event_check_secret(value, &e);
		else
			continue;
		unit_is(c, value, rc == 0 ? "" : *want && strstr(e.msg, want) ? want : e.msg, want);
	}
}

static void run(const struct unit_case *c)
{
	const char *body = unit_get(c, "body", NULL), *text = unit_get(c, "signed", NULL),
		   *refused = unit_get(c, "refused", NULL), *answer = unit_get(c, "answer", NULL);

	if (body)
		run_body(c, body);
	if (text)
		run_signatures(c, text);
	if (refused)
		run_refusals(c, refused);
	for (int i = 0; answer && i < c->n; i++)
		if (strcmp(c->field[i].key, "wish") == 0)
			unit_is(c, c->field[i].value.data,
				event_known(c->field[i].value.data, true) ? "yes" : "no", answer);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
