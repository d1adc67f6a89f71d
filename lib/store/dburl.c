/* SPDX-License-Identifier: MIT
 *
 * dburl: libpq's own reading of it, and what libpq looks at only while it connects.
 */
#include "store/dburl.h"

#include "base/words.h"

#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The ports of `port`, one for each host; one that is left out is the usual one. */
static bool are_ports(const char *s)
{
	size_t digits = strspn(s, "0123456789");

	while (digits <= 5 && strtol(s, NULL, 10) <= UINT16_MAX && s[digits] == ',') {
		s += digits + 1;
		digits = strspn(s, "0123456789");
	}
	return s[digits] == '\0' && digits <= 5 && strtol(s, NULL, 10) <= UINT16_MAX;
}

/* Most of it is found before any server is tried (PQPING_NO_ATTEMPT), a bad port only on
 * the way to one. */
bool dburl_is_malformed(const char *url, const char *const *keys, const char *const *values)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL), *o = options;
	bool good = true;

	for (; o && o->keyword; o++)
		if (strcmp(o->keyword, "port") == 0 && o->val)
			good = are_ports(o->val);
	PQconninfoFree(options);
	return !good || PQpingParams(keys, values, 1) == PQPING_NO_ATTEMPT;
}

/* What libpq looks at only when it connects. `words`, with a comma after each,
 * are those it takes; NULL: a number of at least `least`, of ports a list. */
static const struct {
	const char *keyword, *words;
	long least;
} late[] = {
	{"port", NULL, 1},
	{"connect_timeout", NULL, 0},
	{"sslmode", "disable,allow,prefer,require,verify-ca,verify-full,", 0},
	{"gssencmode", "disable,prefer,require,", 0},
	{"channel_binding", "disable,prefer,require,", 0},
	{"target_session_attrs", "any,read-write,read-only,primary,standby,prefer-standby,", 0},
};

static bool is_one(const char *value, size_t n, const char *words, long least)
{
	char *end;
	long v;

	if (n == 0)
		return true;
	if (words == NULL) {
		v = strtol(value, &end, 10);
		return end == value + n && v >= least && v <= 65535;
	}
	return words_find(words, value, n) >= 0;
}

/* Whether a part of it may be of a password, which is in no message: one with a "/" that is not
 * written %2F makes a port, a database or a parameter of its own rest. */
static bool has_password(const char *url)
{
	const char *user = strstr(url, "://"), *colon = user ? strchr(user + 3, ':') : NULL;

	return strstr(url, "password") || (colon && strchr(colon, '@'));
}

static int refuse_password(const char *what, struct err *e)
{
	return err_set(e, ERR_CONFIG, "DATABASE_URL: %s; in a password of it / is written %%2F, "
		       "@ is %%40, %% is %%25 and a blank is %%20", what);
}

static int refuse_late(const char *url, const char *keyword, const char *value, size_t n,
		       const char *words, struct err *e)
{
	char what[80];

	if (has_password(url)) {
		snprintf(what, sizeof what, "%s is nothing that it takes", keyword);
		return refuse_password(what, e);
	}
	if (words == NULL)
		return err_set(e, ERR_CONFIG,
			       "DATABASE_URL: %s is \"%.*s\", no number that it takes",
			       keyword, (int)n, value);
	return err_set(e, ERR_CONFIG, "DATABASE_URL: %s is \"%.*s\", not one of %.*s", keyword,
		       (int)n, value, (int)strlen(words) - 1, words);
}

static int check_late(const char *url, const PQconninfoOption *o, struct err *e)
{
	if (o->val && strchr(o->val, '@') && strstr(url, "://") &&
	    (strcmp(o->keyword, "host") == 0 || strcmp(o->keyword, "dbname") == 0))
		return refuse_password(o->keyword[0] == 'h' ? "the host has an @"
							    : "the database has an @", e);
	for (size_t i = 0; i < sizeof late / sizeof *late; i++) {
		if (o->val == NULL || strcmp(o->keyword, late[i].keyword) != 0)
			continue;
		for (const char *s = o->val; *s; s += *s == ',') {
			size_t n = strcspn(s, late[i].words ? "" : ",");

			if (!is_one(s, n, late[i].words, late[i].least))
				return refuse_late(url, o->keyword, s, n, late[i].words, e);
			s += n;
		}
	}
	return 0;
}

int dburl_check(const char *url, struct err *e)
{
	char *why = NULL;
	PQconninfoOption *all = PQconninfoParse(url, &why);
	int rc = 0;

	if (all == NULL && (why == NULL || strncmp(why, "out of memory", 13) == 0))
		rc = err_set(e, ERR_AGAIN, "PostgreSQL: there is no memory to read DATABASE_URL");
	else if (all == NULL && has_password(url))
		rc = refuse_password("libpq cannot read it", e);
	else if (all == NULL)
		rc = err_set(e, ERR_CONFIG, "DATABASE_URL: %.*s", (int)strcspn(why, "\n"), why);
	for (const PQconninfoOption *o = all; rc == 0 && o && o->keyword; o++)
		rc = check_late(url, o, e);
	PQfreemem(why);
	PQconninfoFree(all);
	return rc;
}
