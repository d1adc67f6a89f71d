/* SPDX-License-Identifier: MIT
 *
 * request: what a client says: a path, parameters, cookies, tags, a file name, a password that is
 * kept. None of it opens anything without the key.
 */
#include "base/sign.h"
#include "fuzz.h"
#include "web/match.h"
#include "web/param.h"
#include "web/route.h"
#include "web/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const patterns[] = {"/api/orders/{id}", "/api/upload/{task_id}/stream"};
	static const char secret[] = "a key that nobody knows";
	char *s = fuzz_text(data, n), *copy = fuzz_text(data, n);
	unsigned char bytes[64];
	struct route_match m;
	struct session session;
	char tag[MATCH_TAG];

	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
		if (route_fits(patterns[i], s, &m))
			FUZZ_HOLDS(m.id > 0 || strlen(m.task) == ROUTE_UUID);
	FUZZ_HOLDS(route_skip(s, s, "/api") <= strlen(s));
	route_is_disguised(s);
	if (param_decode(copy))
		FUZZ_HOLDS(strlen(copy) <= strlen(s));
	FUZZ_HOLDS(!session_read(secret, s, false, 0, &session));
	FUZZ_HOLDS(!session_read(secret, s, true, 0, &session));
	FUZZ_HOLDS(!session_is_known(secret, s, false, "0123456789abcdef"));
	match_make(tag, "7", s, strlen(s));
	match_answer(s, tag);
	match_version(s, "7");
	FUZZ_HOLDS(!sign_shopify_ok(secret, s, data, n));
	FUZZ_HOLDS(sign_decode64(s, strlen(s), bytes, sizeof bytes) <= (int)sizeof bytes);
	free(copy);
	free(s);
	return 0;
}
