/* SPDX-License-Identifier: MIT
 *
 * redisurl: as other programs read it, but a password need not be encoded where it is clear.
 */
#include "store/redisurl.h"

#include "base/xalloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { REDIS_PORT = 6379, SENTINEL_PORT = 26379 };

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* Replaces each %XX of s by its byte, in place; any other % is itself, so that
 * a password that was never encoded works as long as it holds no such triple.
 * False for %00, which no value can hold. */
static bool decode(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (*s == '%' && isxdigit((unsigned char)s[1]) && isxdigit((unsigned char)s[2])) {
			*to = (char)(hex(s[1]) * 16 + hex(s[2]));
			if (*to++ == '\0')
				return false;
			s += 2;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
	return true;
}

static bool number(const char *s, int most, int *out)
{
	char *end;
	long v = s && *s ? strtol(s, &end, 10) : -1;

	if (v < 0 || v > most || *end)
		return false;
	*out = (int)v;
	return true;
}

/* What stands before the last @: user:password, user, or nothing. */
static bool parse_user(struct redisurl *u, char *s)
{
	char *password = strchr(s, ':');

	if (password)
		*password++ = '\0';
	if (!decode(s) || (password && !decode(password)))
		return false;
	u->user = *s ? xalloc_strdup(s) : NULL;
	u->password = password && *password ? xalloc_strdup(password) : NULL;
	return true;
}

static bool add_host(struct redisurl *u, char *s)
{
	struct redisurl_host *h = &u->hosts[u->nhosts];
	char *colon = strrchr(s, ':');

	h->port = u->master ? SENTINEL_PORT : REDIS_PORT;
	if (colon && strchr(colon, ']') == NULL) {
		*colon = '\0';
		if (!number(colon + 1, 65535, &h->port))
			return false;
	}
	if (*s == '[' && s[strlen(s) - 1] == ']') {
		s[strlen(s) - 1] = '\0';
		s++;
	}
	h->name = xalloc_strdup(*s ? s : "localhost");
	u->nhosts++;
	return true;
}

static bool add_hosts(struct redisurl *u, char *s)
{
	char *comma;

	while ((comma = strchr(s, ',')) != NULL && u->nhosts < REDISURL_MOST - 1) {
		*comma = '\0';
		if (!add_host(u, s))
			return false;
		s = comma + 1;
	}
	return comma == NULL && add_host(u, s);
}

/* An unencoded password may hold / and @, so the last @ is looked for first. */
static bool parse_tcp(struct redisurl *u, char *s, bool sentinel)
{
	char *at = strrchr(s, '@'), *db, *slash;

	if (at) {
		*at = '\0';
		if (!parse_user(u, s))
			return false;
		s = at + 1;
	}
	db = strchr(s, '/');
	if (db)
		*db++ = '\0';
	if (sentinel) {
		slash = db ? strchr(db, '/') : NULL;
		if (slash)
			*slash++ = '\0';
		if (db == NULL || *db == '\0' || !decode(db))
			return false;
		u->master = xalloc_strdup(db);
		db = slash;
	}
	if (db && *db && !number(db, 1 << 20, &u->db))
		return false;
	return add_hosts(u, s);
}

int redisurl_parse(struct redisurl *u, const char *url, struct err *e)
{
	static const struct {
		const char *prefix;
		bool sentinel;
	} tcp[] = {{"redis://", false}, {"redis+sentinel://", true}};
	char *copy;
	bool ok = false;

	*u = (struct redisurl){.nhosts = 0};
	if (strncasecmp(url, "unix://", 7) == 0 && url[7] == '/') {
		u->path = xalloc_strndup(url + 7, strcspn(url + 7, "?"));
		ok = decode(u->path);
	}
	for (size_t i = 0; i < sizeof tcp / sizeof *tcp; i++) {
		size_t n = strlen(tcp[i].prefix);

		if (strncasecmp(url, tcp[i].prefix, n) != 0)
			continue;
		copy = xalloc_strndup(url + n, strcspn(url + n, "?"));
		ok = parse_tcp(u, copy, tcp[i].sentinel);
		free(copy);
	}
	if (ok)
		return 0;
	return err_set(e, ERR_CONFIG,
		       "REDIS_URL is not of the form redis://[user:password@]host[:port][/db], "
		       "redis+sentinel://[user:password@]host[:port][,host...]/master[/db] or "
		       "unix:///path");
}

void redisurl_release(struct redisurl *u)
{
	for (size_t i = 0; i < u->nhosts; i++)
		free(u->hosts[i].name);
	free(u->path);
	free(u->master);
	free(u->user);
	free(u->password);
}
