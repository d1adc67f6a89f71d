/* SPDX-License-Identifier: MIT
 *
 * conf: the table, and a reader of NAME=value files.
 * Invariant: conf->value[i] belongs to rows[i] and is never NULL.
 */
#include "conf.h"

#include "buf.h"
#include "xalloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct conf_row rows[] = {
	{"DATABASE_URL", "", "DATABASE_URL", true, "PostgreSQL, as libpq's URI or keywords"},
	{"DATABASE_PREPARE", "yes", NULL, false, "prepared statements; no behind a transaction pooler"},
	{"REDIS_URL", "redis://localhost:6379/0", "REDIS_URL, CELERY_BROKER_URL", true,
	 "the doorbell: redis://[user:password@]host[:port][/db] or unix://path"},
	{"SHOPIFY_WEBHOOK_SECRET", "", NULL, true, "webhook secrets, several for a rotation"},
	{"SHOPIFY_SHOPS", "", NULL, false, "shops whose webhooks are taken; empty takes any that signs"},
	{"SECRET_KEY", "", "SECRET_KEY", true, "signs the session cookie"},
	{"API_TOKENS_READ", "", NULL, true, "bearer tokens that may read, or their sha256: hashes"},
	{"API_TOKENS_WRITE", "", NULL, true, "bearer tokens that may read and change"},
	{"TRUST_REMOTE_USER", "no", NULL, false, "take REMOTE_USER from the web server as signed in"},
	{"LOW_STOCK_THRESHOLD", "10", "LOW_STOCK_THRESHOLD", false, "stock at or below this is low"},
	{"RETRY_DELAYS", "60,120,240", NULL, false, "seconds before each retry of an order"},
	{"FULFILLMENT_SERVICES", "manual", NULL, false, "fulfilment services whose lines are ours"},
	{"TEST_ORDERS", "no", NULL, false, "yes lets Shopify's test orders move stock"},
	{"LOG_LEVEL", "info", "LOG_LEVEL", false, "error, warn, info or debug"},
	{"LOG_RETENTION_DAYS", "90", NULL, false, "how long sync logs are kept"},
	{"PAYLOAD_RETENTION_DAYS", "0", NULL, false, "how long payloads of finished orders are kept; 0 is for ever"},
	{"ENVIRONMENT", "production", "ENVIRONMENT", false, "development lets placeholder secrets pass"},
	{"DEMO_MODE", "no", "DEMO_MODE", false, "sample data, no servers"},
	{"HOST", "127.0.0.1", "HOST", false, "where make run listens"},
	{"PORT", "", "PORT", false, "the port of make run; empty takes 8000 or a free one"},
	{"FULFIL_HOME", "var", NULL, false, "where make run keeps its data"},
	{"FULFIL_POOL_INTAKE", "8", NULL, false, "processes of the intake pool of make run"},
	{"FULFIL_POOL_API", "4", NULL, false, "processes of the API pool of make run"},
	{"FULFIL_WORKERS", "2", NULL, false, "order workers of make run"},
};

enum { ROWS = sizeof rows / sizeof *rows };

struct conf {
	char *value[ROWS];
};

const struct conf_row *conf_table(size_t *n)
{
	*n = ROWS;
	return rows;
}

static int find(const char *name, size_t len)
{
	for (int i = 0; i < ROWS; i++)
		if (strlen(rows[i].name) == len && memcmp(rows[i].name, name, len) == 0)
			return i;
	return -1;
}

void conf_free(struct conf *c)
{
	if (c == NULL)
		return;
	for (int i = 0; i < ROWS; i++)
		free(c->value[i]);
	free(c);
}

/* Takes blanks from both ends and one pair of quotes off a value. */
static char *unquoted(const char *s)
{
	size_t n;

	s += strspn(s, " \t");
	n = strlen(s);
	while (n > 0 && strchr(" \t\r\n", s[n - 1]))
		n--;
	if (n >= 2 && (s[0] == '"' || s[0] == '\'') && s[n - 1] == s[0])
		return xalloc_strndup(s + 1, n - 2);
	return xalloc_strndup(s, n);
}

static int read_line(struct conf *c, const char *line, const char *file, int number, struct err *e)
{
	const char *s = line + strspn(line, " \t\r\n"), *eq;
	size_t n;
	int i;

	if (*s == '\0' || *s == '#')
		return 0;
	if (strncmp(s, "export ", 7) == 0)
		s += 7 + strspn(s + 7, " \t");
	eq = strchr(s, '=');
	if (eq == NULL)
		return err_set(e, ERR_CONFIG, "%s:%d: not a NAME=value line", file, number);
	n = strcspn(s, " \t=");
	if (n == 4 && memcmp(s, "PATH", 4) == 0) /* run.env sets it, for shells */
		return 0;
	i = find(s, n);
	if (i < 0 && (strncmp(s, "FULFIL_URL=", 11) == 0 || strncmp(s, "FULFIL_TOKEN=", 13) == 0))
		return 0;
	if (i < 0)
		return err_set(e, ERR_CONFIG, "%s:%d: there is no setting \"%.*s\"", file, number,
			       (int)n, s);
	if (c->value[i] == NULL)
		c->value[i] = unquoted(eq + 1);
	return 0;
}

/* A missing file is no error unless it was named; one that cannot be read is. */
static int read_file(struct conf *c, const char *file, bool named, struct err *e)
{
	FILE *f = fopen(file, "re");
	char *line = NULL;
	size_t size = 0;
	int number = 0, rc = 0;

	if (f == NULL && errno == ENOENT && !named)
		return 0;
	if (f == NULL)
		return err_set(e, ERR_CONFIG, "cannot read settings from %s: %s", file, strerror(errno));
	while (rc == 0 && getline(&line, &size, f) >= 0)
		rc = read_line(c, line, file, ++number, e);
	free(line);
	fclose(f);
	return rc;
}

/* The words that examples use where a secret belongs. */
static bool is_placeholder(const char *s)
{
	static const char *const words[] = {"change-me", "changeme", "change-in-production",
					    "your-", "placeholder", "example-secret"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(s, words[i]))
			return true;
	return false;
}

static int check_secrets(const struct conf *c, struct err *e)
{
	if (strcmp(conf_get(c, "ENVIRONMENT"), "development") == 0)
		return 0;
	for (int i = 0; i < ROWS; i++)
		if (rows[i].secret && is_placeholder(c->value[i]))
			return err_set(e, ERR_CONFIG, "%s still has a placeholder for a value",
				       rows[i].name);
	return 0;
}

int conf_load(struct conf **out, enum conf_files files, struct err *e)
{
	const char *named = getenv("FULFIL_CONFIG"), *broker = getenv("CELERY_BROKER_URL");
	struct conf *c = xalloc_zero(1, sizeof *c);
	int rc;

	for (int i = 0; i < ROWS; i++)
		c->value[i] = xalloc_strdup(getenv(rows[i].name));
	rc = read_file(c, named ? named : "/etc/fulfil/fulfil.env", named != NULL, e);
	if (rc == 0 && files == CONF_COMMAND)
		rc = read_file(c, ".env", false, e);
	if (broker && c->value[find("REDIS_URL", 9)] == NULL)
		c->value[find("REDIS_URL", 9)] = xalloc_strdup(broker);
	for (int i = 0; i < ROWS; i++)
		if (c->value[i] == NULL)
			c->value[i] = xalloc_strdup(rows[i].fallback);
	if (rc == 0)
		rc = check_secrets(c, e);
	if (rc != 0) {
		conf_free(c);
		c = NULL;
	}
	*out = c;
	return rc;
}

const char *conf_get(const struct conf *c, const char *name)
{
	int i = find(name, strlen(name));

	return i < 0 ? "" : c->value[i];
}

int conf_need(const struct conf *c, const char *name, const char **out, struct err *e)
{
	*out = conf_get(c, name);
	if (**out == '\0')
		return err_set(e, ERR_CONFIG, "%s is not set", name);
	return 0;
}

int conf_int(const struct conf *c, const char *name, long min, long max, long *out, struct err *e)
{
	const char *s = conf_get(c, name);
	char *end;

	errno = 0;
	*out = strtol(s, &end, 10);
	if (*s == '\0' || *end != '\0' || errno != 0 || *out < min || *out > max)
		return err_set(e, ERR_CONFIG, "%s is \"%s\", not a whole number from %ld to %ld", name,
			       s, min, max);
	return 0;
}

int conf_bool(const struct conf *c, const char *name, bool *out, struct err *e)
{
	static const char *const yes[] = {"yes", "true", "1", "on"}, *const no[] = {"no", "false", "0",
										    "off"};
	const char *s = conf_get(c, name);

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		*out = strcasecmp(s, yes[i]) == 0;
		if (*out || strcasecmp(s, no[i]) == 0)
			return 0;
	}
	return err_set(e, ERR_CONFIG, "%s is \"%s\", neither yes nor no", name, s);
}

bool conf_lists(const struct conf *c, const char *name, const char *word)
{
	const char *s = conf_get(c, name), *gaps = ", \t\n";
	size_t want = strlen(word);

	for (s += strspn(s, gaps); *s; s += strspn(s, gaps)) {
		size_t n = strcspn(s, gaps);

		if (n == want && strncasecmp(s, word, n) == 0)
			return true;
		s += n;
	}
	return false;
}
