/* SPDX-License-Identifier: MIT
 *
 * event: what a webhook is told. A case has
 *   event, time, data, body              the body that is made of it
 *   secret (up to two), id, time, signed, v1, sha256   signatures of `signed`
 *   header, value, refused               a header of the subscriber's own
 *   secret, refused                      a secret that cannot be one
 *   wish, answer                         a name that may be subscribed to
 */
#include "event.h"

#include "unit.h"

static void run_body(const struct unit_case *c, const char *want)
{
	const char *data = unit_get(c, "data", "{}");
	struct buf b = BUF_INIT;
	struct err e = {0};
	int rc = event_body(&b, unit_get(c, "event", ""), strtoll(unit_get(c, "time", "0"), NULL, 10),
			    data, strlen(data), &e);

	unit_is(c, "body", rc == 0 ? b.data : e.msg, want);
	buf_release(&b);
}

static void run_signatures(const struct unit_case *c, const char *text)
{
	struct event_request r = {.id = unit_get(c, "id", ""),
				  .time = strtoll(unit_get(c, "time", "0"), NULL, 10)};
	const char *v1 = unit_get(c, "v1", NULL),
		   *sha = unit_get(c, "sha256", NULL);
	struct buf body = BUF_INIT, got = BUF_INIT, want = BUF_INIT;

	for (int i = 0; i < c->n; i++)
		if (strcmp(c->field[i].key, "secret") == 0)
			*(r.secret ? &r.old_secret : &r.secret) = c->field[i].value.data;
	buf_addstr(&body, text);
	event_sign(&got, &r, &body);
	buf_addf(&want, "webhook-signature: %s\n", v1 ? v1 : "");
	if (v1)
		unit_is(c, "v1", strncmp(got.data, want.data, want.len) == 0 ? want.data : got.data,
			want.data);
	buf_reset(&want);
	buf_addf(&want, "\nX-Webhook-Signature: sha256=%s\n", sha ? sha : "");
	if (sha)
		unit_is(c, "sha256", strstr(got.data, want.data) ? want.data : got.data, want.data);
	buf_release(&body);
	buf_release(&got);
	buf_release(&want);
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
