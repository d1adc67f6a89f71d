/* SPDX-License-Identifier: MIT
 *
 * sign: what a webhook's signature is worth. A case has a `body` (repeated
 * `times` times) and
 *   secrets, header, answer   yes or no, as sign_shopify_ok gives it
 *   key or pair, hex          the bare HMAC or Ed25519 of `time`, `joint` and the
 *                             body; `key-times` repeats the key
 */
#include "base/sign.h"

#include "unit.h"

/* The value of `key`, as often as `times` says; NULL: there is none. */
static struct buf bytes_of(const struct unit_case *c, const char *key, const char *times)
{
	long n = strtol(unit_get(c, times, "1"), NULL, 10);
	struct buf b = BUF_INIT;

	for (int i = 0; i < c->n; i++)
		for (long k = 0; strcmp(c->field[i].key, key) == 0 && k < n; k++)
			buf_add(&b, c->field[i].value.data, c->field[i].value.len);
	return b;
}

/* What the bare signature is over: the body, with a time in front perhaps. */
static struct buf content_of(const struct unit_case *c, const struct buf *body)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s%s", unit_get(c, "time", ""), unit_get(c, "joint", ""));
	buf_add(&b, body->data ? body->data : "", body->len);
	return b;
}

static void run_bare(const struct unit_case *c, const struct buf *body, const char *hex)
{
	struct buf content = content_of(c, body), key = bytes_of(c, "key", "key-times"),
		   pair = bytes_of(c, "pair", "");
	unsigned char signature[SIGN_ED25519];
	char got[2 * SIGN_ED25519 + 1];

	if (pair.len == SIGN_PAIR) {
		const unsigned char *bytes = (const unsigned char *)pair.data;

		unit_is(c, "pair", sign_is_pair(bytes) ? "yes" : "no", "yes");
		sign_ed25519(bytes, content.data, content.len, signature);
	} else {
		sign_hmac(key.data, key.len, content.data, content.len, signature);
	}
	sign_hex(signature, pair.len ? SIGN_ED25519 : SIGN_BYTES, got);
	unit_is(c, "signature", got, hex);
	buf_release(&content);
	buf_release(&key);
	buf_release(&pair);
}

static void run(const struct unit_case *c)
{
	struct buf body = bytes_of(c, "body", "times");
	const char *hex = unit_get(c, "hex", NULL);

	if (hex) {
		run_bare(c, &body, hex);
	} else {
		bool ok = sign_shopify_ok(unit_get(c, "secrets", ""), unit_get(c, "header", NULL),
					  body.data ? body.data : "", body.len);

		unit_is(c, "signature", ok ? "yes" : "no", unit_get(c, "answer", "yes"));
	}
	buf_release(&body);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
