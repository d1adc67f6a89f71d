/* SPDX-License-Identifier: MIT
 *
 * session: fulfil_session=SCOPE.UNTIL.HMAC, the HMAC in hex over SCOPE.UNTIL.
 */
#include "web/session.h"

#include "base/sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char name[] = "fulfil_session=";

/* True if the token is one of the list's. */
static bool token_in(const char *list, const char *token)
{
	static const char gaps[] = ", \t\n";
	unsigned char digest[SIGN_BYTES];
	char hash[7 + 2 * SIGN_BYTES + 1] = "sha256:";
	bool found = false;

	if (strstr(list, hash)) {
		sign_digest(token, strlen(token), digest);
		sign_hex(digest, sizeof digest, hash + 7);
	}
	for (const char *s = list + strspn(list, gaps); *s; s += strspn(s, gaps)) {
		size_t n = strcspn(s, gaps);

		found |= strncmp(s, "sha256:", 7) == 0 ? sign_equal(s, n, hash, strlen(hash))
						       : sign_equal(s, n, token, strlen(token));
		s += n;
	}
	return found;
}

char session_token(const char *readers, const char *writers, const char *token)
{
	bool reads = token_in(readers, token), writes = token_in(writers, token);

	return writes ? 'w' : reads ? 'r' : '\0';
}

static void mac(const char *secret, const char *text, char out[2 * SIGN_BYTES + 1])
{
	static const char use[] = "fulfil session 1";
	unsigned char key[SIGN_BYTES], m[SIGN_BYTES];

	sign_hmac(secret, strlen(secret), use, sizeof use - 1, key);
	sign_hmac(key, sizeof key, text, strlen(text), m);
	sign_hex(m, sizeof m, out);
}

void session_make(const char *secret, char scope, int64_t until, char out[SESSION_TEXT])
{
	char text[32], hex[2 * SIGN_BYTES + 1];

	snprintf(text, sizeof text, "%c.%lld", scope, (long long)until);
	mac(secret, text, hex);
	snprintf(out, SESSION_TEXT, "%s.%s", text, hex);
}

static char scope_of(const char *secret, const char *value, size_t n, int64_t now)
{
	char copy[SESSION_TEXT], want[SESSION_TEXT];
	int64_t until;

	if (n >= sizeof copy || n < 4 || (value[0] != 'r' && value[0] != 'w') || value[1] != '.')
		return '\0';
	memcpy(copy, value, n);
	copy[n] = '\0';
	until = strtoll(copy + 2, NULL, 10);
	session_make(secret, copy[0], until, want);
	return sign_equal(copy, n, want, strlen(want)) && until > now ? copy[0] : '\0';
}

char session_scope(const char *secret, const char *cookies, int64_t now)
{
	char found = '\0';

	if (*secret == '\0')
		return '\0';
	for (const char *s = cookies; *s && !found; s += strcspn(s, ";"), s += *s == ';') {
		s += strspn(s, " ");
		if (strncmp(s, name, sizeof name - 1) == 0)
			found = scope_of(secret, s + sizeof name - 1,
					 strcspn(s, ";") - (sizeof name - 1), now);
	}
	return found;
}
