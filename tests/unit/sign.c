/* SPDX-License-Identifier: MIT
 *
 * sign: what a webhook's signature is worth. A case has a `body` (repeated
 * `times` times) and
 *   secrets, header, answer   yes or no, as sign_shopify_ok gives it
 *   key, hex                  the bare HMAC; `key-times` repeats the key
 */
#include "sign.h"

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

static void run(const struct unit_case *c)
{
	struct buf body = bytes_of(c, "body", "times"), key = bytes_of(c, "key", "key-times");
	const char *text = body.data ? body.data : "", *hex = unit_get(c, "hex", NULL);
	unsigned char digest[SIGN_BYTES];
	char got[2 * SIGN_BYTES + 1];

	if (hex) {
		sign_hmac(key.data, key.len, text, body.len, digest);
		sign_hex(digest, sizeof digest, got);
		unit_is(c, "HMAC", got, hex);
	} else {
		bool ok = sign_shopify_ok(unit_get(c, "secrets", ""), unit_get(c, "header", NULL), text,
					  body.len);

		unit_is(c, "signature", ok ? "yes" : "no", unit_get(c, "answer", "yes"));
	}
	buf_release(&body);
	buf_release(&key);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
