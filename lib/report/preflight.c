/* SPDX-License-Identifier: MIT
 *
 * preflight: one check after the other, each with its sentence.
 */
#include "report/preflight.h"

#include "base/buf.h"
#include "store/dburl.h"
#include "store/doorbell.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A key of fewer characters can be found by trying. */
enum { LEAST_SECRET = 16 };

static const char gaps[] = ", \t\n";

struct findings {
	const struct conf *conf;
	preflight_fn *say;
	void *ctx;
	bool good;
};

static void tell(struct findings *f, enum preflight_grade grade, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void tell(struct findings *f, enum preflight_grade grade, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (grade == PREFLIGHT_WRONG)
		f->good = false;
	f->say(f->ctx, grade, text);
}

static void check_urls(struct findings *f)
{
	struct doorbell *queue = NULL;
	struct err e = {0};

	if (*conf_get(f->conf, "DATABASE_URL") &&
	    dburl_check(conf_get(f->conf, "DATABASE_URL"), &e) != 0)
		tell(f, PREFLIGHT_WRONG, "%s", e.msg);
	if (doorbell_open(&queue, conf_get(f->conf, "REDIS_URL"), &e) != 0)
		tell(f, PREFLIGHT_WRONG, "%s", e.msg);
	doorbell_close(queue);
}

static void check_shops(struct findings *f)
{
	const char *s = conf_get(f->conf, "SHOPIFY_SHOPS");
	size_t n;

	for (s += strspn(s, gaps); *s; s += n, s += strspn(s, gaps)) {
		n = strcspn(s, gaps);
		if (!conftype_is_shop(s, n))
			tell(f, PREFLIGHT_WRONG, "SHOPIFY_SHOPS: \"%.*s\" is not of the form "
			     "NAME.myshopify.com, so its orders would not be taken",
			     n < 80 ? (int)n : 80, s);
	}
}

/* One secret signs for any shop that may be named. */
static void check_pairs(struct findings *f)
{
	const char *s = conf_get(f->conf, "SHOPIFY_SHOPS"), *secrets;
	size_t shops = 0;

	secrets = conf_get(f->conf, "SHOPIFY_WEBHOOK_SECRET");
	if (secrets[strspn(secrets, gaps)] == '\0')
		return;
	for (s += strspn(s, gaps); *s; s += strcspn(s, gaps), s += strspn(s, gaps))
		shops++;
	if (shops == 0)
		tell(f, PREFLIGHT_WARN, "SHOPIFY_SHOPS is not set: a webhook is taken for any shop "
		     "that its header names, which is not signed; set it to the shops' domains");
	if (shops > 1 && strstr(secrets, ".myshopify.com=") == NULL)
		tell(f, PREFLIGHT_WARN, "SHOPIFY_WEBHOOK_SECRET signs for each of the %zu shops; "
		     "give each its own: NAME.myshopify.com=SECRET", shops);
}

static void check_files(struct findings *f)
{
	const char *path = conf_get(f->conf, "WEBHOOK_CA_FILE");

	if (*path && access(path, R_OK) != 0)
		tell(f, PREFLIGHT_WRONG, "WEBHOOK_CA_FILE: %.200s cannot be read: %m", path);
}

/* Each word of a list of secrets; hashes have their own length. */
static void check_length(struct findings *f, const char *name, enum preflight_grade grade)
{
	const char *s = conf_get(f->conf, name);
	size_t n;

	for (s += strspn(s, gaps); *s; s += n, s += strspn(s, gaps)) {
		n = strcspn(s, gaps);
		if (n < LEAST_SECRET) {
			tell(f, grade, "%s has %zu characters, which can be guessed; take %d or "
			     "more: openssl rand -hex 32", name, n, LEAST_SECRET);
			return;
		}
	}
}

static void check_secrets(struct findings *f)
{
	if (strcmp(conf_get(f->conf, "ENVIRONMENT"), "development") == 0)
		return;
	check_length(f, "SECRET_KEY", PREFLIGHT_WRONG);
	check_length(f, "SHOPIFY_WEBHOOK_SECRET", PREFLIGHT_WARN);
	check_length(f, "API_TOKENS_READ", PREFLIGHT_WARN);
	check_length(f, "API_TOKENS_WRITE", PREFLIGHT_WARN);
}

static bool is_empty(const struct findings *f, const char *name)
{
	return conf_get(f->conf, name)[strspn(conf_get(f->conf, name), gaps)] == '\0';
}

static void check_missing(struct findings *f, enum conf_reader reader)
{
	if (is_empty(f, "DATABASE_URL"))
		tell(f, PREFLIGHT_WRONG, "DATABASE_URL is not set: nothing works without it");
	if (reader != CONF_CGI)
		return;
	if (is_empty(f, "SHOPIFY_WEBHOOK_SECRET"))
		tell(f, PREFLIGHT_WARN, "SHOPIFY_WEBHOOK_SECRET is not set: no order of Shopify's "
		     "is taken, each is answered 500");
	if (is_empty(f, "SECRET_KEY"))
		tell(f, PREFLIGHT_WARN, "SECRET_KEY is not set: nobody can sign in to the pages");
	if (is_empty(f, "API_TOKENS_WRITE"))
		tell(f, PREFLIGHT_WARN, "API_TOKENS_WRITE is not set: %s",
		     is_empty(f, "API_TOKENS_READ") ? "the API and the pages let nobody in"
						    : "the API and the pages change nothing");
}

static void check_names(struct findings *f)
{
	const char *name, *meant;

	for (size_t at = 0; (name = conf_misspelt(&at, &meant)) != NULL;)
		tell(f, PREFLIGHT_WARN, "environment: there is no setting \"%s\", so it is "
		     "ignored; it looks like %s", name, meant);
}

bool preflight_check(const struct conf *conf, enum conf_reader reader, preflight_fn *say, void *ctx)
{
	struct findings f = {conf, say, ctx, true};

	check_names(&f);
	check_urls(&f);
	check_shops(&f);
	if (reader == CONF_CGI)
		check_pairs(&f);
	check_files(&f);
	check_secrets(&f);
	if (reader != CONF_RUN)
		check_missing(&f, reader);
	return f.good;
}
