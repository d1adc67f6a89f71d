/* SPDX-License-Identifier: MIT
 *
 * conftype: one check for each type.
 */
#include "base/conftype.h"

#include "base/backoff.h"
#include "base/clock.h"
#include "base/sign.h"
#include "base/xalloc.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The index in the list of the word s, whatever its case, or -1; *word is set to
 * the spelling of the list. */
static int choose(const char *s, const char *words, char **word)
{
	size_t n;

	for (int i = 0; *words; i++, words += n + (words[n] == ',')) {
		n = strcspn(words, ",");
		if (strlen(s) != n || strncasecmp(s, words, n) != 0)
			continue;
		*word = xalloc_strndup(words, n);
		return i;
	}
	return -1;
}

static void replace(char **value, char *by)
{
	free(*value);
	*value = by;
}

static int check_number(const struct conftype *k, const char *s, struct err *e)
{
	size_t n = strspn(s, "0123456789");
	long v = n > 0 && n <= 18 && s[n] == '\0' ? strtol(s, NULL, 10) : -1;

	if (v < 0 || v < k->min || v > k->max)
		return err_set(e, ERR_CONFIG, "is \"%.80s\", not a whole number from %ld to %ld", s,
			       k->min, k->max);
	return 0;
}

static int check_flag(char **value, struct err *e)
{
	char *word;
	int at = choose(*value, "yes,true,1,on,no,false,0,off", &word);

	if (at < 0)
		return err_set(e, ERR_CONFIG, "is \"%.80s\", neither yes nor no", *value);
	free(word);
	replace(value, xalloc_strdup(at < 4 ? "yes" : "no"));
	return 0;
}

static int check_choice(const struct conftype *k, char **value, struct err *e)
{
	char *word;

	if (choose(*value, k->words, &word) < 0)
		return err_set(e, ERR_CONFIG, "is \"%.80s\", not one of %s", *value, k->words);
	replace(value, word);
	return 0;
}

static int check_delays(const char *s, struct err *e)
{
	struct backoff delays;
	struct err why = {0};

	if (backoff_parse(&delays, s, &why) != 0)
		return err_set(e, ERR_CONFIG, "is wrong: %.300s", why.msg);
	return 0;
}

/* The length of a URL's scheme, 0 if there is none. */
static size_t scheme(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || (s[n] && strchr("+.-", s[n])))
		n++;
	return strncmp(s + n, "://", 3) == 0 ? n : 0;
}

static int check_url(const struct conftype *k, const char *s, struct err *e)
{
	const char *words = k->words;
	size_t n;

	for (;; words += n + 1) {
		n = strcspn(words, ",");
		if (n ? strncasecmp(s, words, n) == 0 : scheme(s) == 0)
			return 0;
		if (words[n] == '\0')
			break;
	}
	n = scheme(s);
	if (n == 0)
		return err_set(e, ERR_CONFIG, "is no URL; supported are %s", k->words);
	return err_set(e, ERR_CONFIG,
		       "starts with \"%.*s:\"; supported are %s", (int)n, s, k->words);
}

static int check_certificates(const char *path, struct err *e)
{
	int n = *path ? sign_count_certificates(path) : 1;

	if (n < 0)
		return err_set(e, ERR_CONFIG, "names \"%.200s\", which cannot be read: %s", path,
			       strerror(errno));
	if (n == 0)
		return err_set(e, ERR_CONFIG, "names \"%.200s\", in which there is no certificate "
			       "in PEM", path);
	return 0;
}

int conftype_check(const struct conftype *k, char **value, struct err *e)
{
	switch (k->is) {
	case CONFTYPE_TEXT:
		break;
	case CONFTYPE_NUMBER:
		return check_number(k, *value, e);
	case CONFTYPE_FLAG:
		return check_flag(value, e);
	case CONFTYPE_CHOICE:
		return check_choice(k, value, e);
	case CONFTYPE_DELAYS:
		return check_delays(*value, e);
	case CONFTYPE_TIME:
		if (!clock_is_rfc3339(*value))
			return err_set(e, ERR_CONFIG, "is \"%.80s\", not a time such as "
				       "2026-01-31T00:00:00Z", *value);
		break;
	case CONFTYPE_CERTIFICATES:
		return check_certificates(*value, e);
	case CONFTYPE_URL:
		return check_url(k, *value, e);
	}
	return 0;
}

bool conftype_is_shop(const char *s, size_t n)
{
	static const char suffix[] = ".myshopify.com";
	size_t tail = sizeof suffix - 1, name = 0;

	while (name < n && (isalnum((unsigned char)s[name]) || s[name] == '-'))
		name++;
	return n > tail && n <= 253 && name == n - tail && s[0] != '-' &&
	       strncasecmp(s + name, suffix, tail) == 0;
}
