/* SPDX-License-Identifier: MIT
 *
 * session: SCOPE.UNTIL.CREDENTIAL.ID.HMAC, the HMAC in hex over what comes before it.
 */
#include "web/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char hash_mark[] = "sha256:";

enum { HASH_TEXT = sizeof hash_mark + 2 * SIGN_BYTES };

static void hash_of(const char *token, size_t n, char out[HASH_TEXT])
{
	unsigned char digest[SIGN_BYTES];

	sign_digest(token, n, digest);
	memcpy(out, hash_mark, sizeof hash_mark);
	sign_hex(digest, sizeof digest, out + sizeof hash_mark - 1);
}

/* Calls `same` for each entry's hash; true if it said yes to one. */
static bool any_entry(const char *list, bool (*same)(const char *hash, const char *to),
		      const char *to)
{
	static const char gaps[] = ", \t\n";
	char hash[HASH_TEXT];
	bool found = false;

	for (const char *s = list + strspn(list, gaps); *s; s += strspn(s, gaps)) {
		size_t n = strcspn(s, gaps);

		if (strncmp(s, hash_mark, sizeof hash_mark - 1) != 0)
			hash_of(s, n, hash);
		else
			snprintf(hash, sizeof hash, "%.*s", (int)n, s);
		found |= same(hash, to);
		s += n;
	}
	return found;
}

static bool is_hash(const char *hash, const char *to)
{
	return sign_equal(hash, strlen(hash), to, strlen(to));
}

/* A credential is the start of the hex digits. */
static bool starts_as(const char *hash, const char *to)
{
	size_t n = SESSION_CREDENTIAL - 1, skip = sizeof hash_mark - 1;

	return strlen(hash) == HASH_TEXT - 1 && sign_equal(hash + skip, n, to, strlen(to));
}

static char scope_by(const char *readers, const char *writers,
		     bool (*same)(const char *hash, const char *to), const char *to)
{
	bool reads = any_entry(readers, same, to), writes = any_entry(writers, same, to);

	return writes ? 'w' : reads ? 'r' : '\0';
}

char session_token(const char *readers, const char *writers, const char *token)
{
	char hash[HASH_TEXT];

	hash_of(token, strlen(token), hash);
	return scope_by(readers, writers, is_hash, hash);
}

void session_identify(const char *token, unsigned char hash[SIGN_BYTES],
		      char credential[SESSION_CREDENTIAL])
{
	char hex[2 * SIGN_BYTES + 1];

	sign_digest(token, strlen(token), hash);
	sign_hex(hash, SIGN_BYTES, hex);
	memcpy(credential, hex, SESSION_CREDENTIAL - 1);
	credential[SESSION_CREDENTIAL - 1] = '\0';
}

char session_credential(const char *readers, const char *writers, const char *credential)
{
	return scope_by(readers, writers, starts_as, credential);
}

const char *session_cookie(bool https_only)
{
	return https_only ? "__Host-fulfil_session" : "fulfil_session";
}

const char *session_known_cookie(bool https_only)
{
	return https_only ? "__Host-fulfil_known" : "fulfil_known";
}

int session_begin(struct session *s, char scope, const char *credential, int64_t now, struct err *e)
{
	unsigned char id[(SESSION_ID - 1) / 2];

	if (!sign_random(id, sizeof id))
		return err_set(e, ERR_BUG, "OpenSSL has no random bytes");
	*s = (struct session){.scope = scope, .until = now + SESSION_SECONDS};
	snprintf(s->credential, sizeof s->credential, "%s", credential);
	sign_hex(id, sizeof id, s->id);
	return 0;
}

static void mac(const char *secret, const char *use, const char *text, char out[2 * SIGN_BYTES + 1])
{
	unsigned char key[SIGN_BYTES], m[SIGN_BYTES];

	sign_hmac(secret, strlen(secret), use, strlen(use), key);
	sign_hmac(key, sizeof key, text, strlen(text), m);
	sign_hex(m, sizeof m, out);
}

void session_make(const char *secret, const struct session *s, char out[SESSION_TEXT])
{
	char text[SESSION_TEXT - 2 * SIGN_BYTES - 1], hex[2 * SIGN_BYTES + 1];

	snprintf(text, sizeof text, "%c.%lld.%s.%s", s->scope, (long long)s->until, s->credential,
		 s->id);
	mac(secret, "fulfil session 2", text, hex);
	snprintf(out, SESSION_TEXT, "%s.%s", text, hex);
}

/* The hex digits up to the next dot, exactly n. */
static bool take_hex(const char **s, char *to, size_t n)
{
	if (strspn(*s, "0123456789abcdef") != n || (*s)[n] != '.')
		return false;
	memcpy(to, *s, n);
	to[n] = '\0';
	*s += n + 1;
	return true;
}

static bool read_value(const char *secret, const char *value, size_t n, int64_t now,
		       struct session *s)
{
	char copy[SESSION_TEXT], want[SESSION_TEXT];
	const char *at = copy + 2;
	char *end;

	if (n >= sizeof copy || n < 4 || (value[0] != 'r' && value[0] != 'w') || value[1] != '.')
		return false;
	memcpy(copy, value, n);
	copy[n] = '\0';
	*s = (struct session){.scope = copy[0], .until = strtoll(at, &end, 10)};
	if (*end != '.')
		return false;
	at = end + 1;
	if (!take_hex(&at, s->credential, SESSION_CREDENTIAL - 1) ||
	    !take_hex(&at, s->id, SESSION_ID - 1))
		return false;
	session_make(secret, s, want);
	return sign_equal(copy, n, want, strlen(want)) && s->until > now;
}

/* The next value of the cookie `name` in *cookies; NULL: none. */
static const char *next_value(const char **cookies, const char *name, size_t *n)
{
	size_t len = strlen(name);

	while (**cookies) {
		const char *c = *cookies + strspn(*cookies, " ");

		*cookies = c + strcspn(c, ";");
		*cookies += **cookies == ';';
		if (strncmp(c, name, len) == 0 && c[len] == '=') {
			*n = strcspn(c + len + 1, ";");
			return c + len + 1;
		}
	}
	return NULL;
}

bool session_read(const char *secret, const char *cookies, bool https_only, int64_t now,
		  struct session *s)
{
	const char *value;
	size_t n;

	if (*secret == '\0')
		return false;
	while ((value = next_value(&cookies, session_cookie(https_only), &n)) != NULL)
		if (read_value(secret, value, n, now, s))
			return true;
	return false;
}

void session_make_known(const char *secret, const char *credential, char out[SESSION_TEXT])
{
	char hex[2 * SIGN_BYTES + 1];

	mac(secret, "fulfil known 1", credential, hex);
	snprintf(out, SESSION_TEXT, "%s", hex);
}

bool session_is_known(const char *secret, const char *cookies, bool https_only,
		      const char *credential)
{
	char want[SESSION_TEXT];
	const char *value;
	size_t n;

	session_make_known(secret, credential, want);
	while (*secret &&
	       (value = next_value(&cookies, session_known_cookie(https_only), &n)) != NULL)
		if (sign_equal(value, n, want, strlen(want)))
			return true;
	return false;
}
