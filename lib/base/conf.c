/* SPDX-License-Identifier: MIT
 *
 * conf: the table, what fills it, and the check of each kind.
 * Invariant: conf->slot[i] belongs to rows[i]; its value is never NULL once
 * loaded.
 */
#include "base/conf.h"

#include "base/envfile.h"
#include "base/secret.h"
#include "base/xalloc.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define TEXT {CONFTYPE_TEXT, 0, 0, NULL}
#define NUMBER(min, max) {CONFTYPE_NUMBER, min, max, NULL}
#define FLAG {CONFTYPE_FLAG, 0, 0, NULL}
#define CHOICE(words) {CONFTYPE_CHOICE, 0, 0, words}
#define CERTIFICATES {CONFTYPE_CERTIFICATES, 0, 0, NULL}
#define DELAYS {CONFTYPE_DELAYS, 0, 0, NULL}
#define TIME {CONFTYPE_TIME, 0, 0, NULL}
#define URL(words) {CONFTYPE_URL, 0, 0, words}

static const struct conf_row rows[] = {
	{"DATABASE_URL", "", "DATABASE_URL", true, URL("postgresql://,postgres://,"),
	 "PostgreSQL, as libpq's URI or keywords"},
	{"DATABASE_PREPARE", "yes", NULL, false, FLAG,
	 "prepared statements; no for a pooler that shares by the transaction"},
	{"REDIS_URL", "redis://localhost:6379/0", "REDIS_URL, CELERY_BROKER_URL", true,
	 URL("redis://,redis+sentinel://,unix:///"),
	 "the doorbell: redis://[user:password@]host[:port][/db] or unix://path"},
	{"SHOPIFY_WEBHOOK_SECRET", "", NULL, true, TEXT, "webhook secrets, several for a rotation"},
	{"SHOPIFY_SHOPS", "", NULL, false, TEXT,
	 "shops whose webhooks are taken; empty takes any that signs"},
	{"SECRET_KEY", "", "SECRET_KEY", true, TEXT, "signs the session cookie"},
	{"API_TOKENS_READ", "", NULL, true, TEXT,
	 "bearer tokens that may read, or their sha256: hashes"},
	{"API_TOKENS_WRITE", "", NULL, true, TEXT, "bearer tokens that may read and change"},
	{"TRUST_REMOTE_USER", "no", NULL, false, FLAG,
	 "take REMOTE_USER from the web server as signed in"},
	{"REMOTE_USERS", "", NULL, false, TEXT,
	 "what each may: NAME=SCOPES, blanks between, * for all others; empty: everything"},
	{"PUBLIC_URL", "", NULL, false, URL("https://,http://"),
	 "how browsers reach the pages, where a proxy hides it; https: cookies and answers say so"},
	{"LOW_STOCK_THRESHOLD", "10", "LOW_STOCK_THRESHOLD", false, NUMBER(0, 1000000000),
	 "stock at or below this is low"},
	{"RETRY_DELAYS", "60,120,240", NULL, false, DELAYS,
	 "seconds before each retry of an order"},
	{"BACKORDER", "fail", NULL, false, CHOICE("fail,wait"),
	 "what an order that is short of stock does after its last retry"},
	{"WAIT_DAYS", "30", NULL, false, NUMBER(0, 36500),
	 "how long it keeps its place in the line; 0 is for ever"},
	{"HOLD_LINE", "no", NULL, false, FLAG,
	 "yes lets an order that does not fit hold up smaller and younger ones"},
	{"FULFILLMENT_SERVICES", "manual", NULL, false, TEXT,
	 "fulfilment services whose lines are ours"},
	{"UNTRACKED_LINES", "skip", NULL, false, CHOICE("skip,wait"),
	 "a line that needs no shipping or is not tracked, of a SKU that no product has"},
	{"HISTORY_BEFORE", "", NULL, false, TIME,
	 "what was shipped of older orders moves nothing; by default the database's age"},
	{"TAKE_STOCK", "create", NULL, false, CHOICE("create,paid"),
	 "when an order takes its stock: as it comes, or once it is paid"},
	{"TEST_ORDERS", "no", NULL, false, FLAG, "yes lets Shopify's test orders move stock"},
	{"WEBHOOK_ALLOW_PRIVATE", "no", NULL, false, FLAG,
	 "yes lets webhooks lead to loopback and private networks"},
	{"WEBHOOK_CA_FILE", "", NULL, false, CERTIFICATES,
	 "certificates that webhooks' servers are checked with; empty: the system's"},
	{"WEBHOOK_PROXY", "", NULL, true, URL("http://,"),
	 "the HTTP proxy that webhooks are sent through: http://[user:password@]host:port"},
	{"WEBHOOK_RETRY_BASE", "1", NULL, false, NUMBER(0, 86400),
	 "seconds before a webhook's first retry; doubled for each further one"},
	{"WEBHOOK_RETRY_CAP", "3600", NULL, false, NUMBER(0, 604800),
	 "seconds between two retries at most"},
	{"WEBHOOK_DISABLE_AFTER", "432000", NULL, false, NUMBER(0, 100000000),
	 "seconds of nothing but failure that disable a webhook; 0 is never"},
	{"WEBHOOK_SECRET_GRACE", "86400", NULL, false, NUMBER(0, 100000000),
	 "seconds for which a replaced secret still signs too"},
	{"EVENTS_KEPT", "", NULL, false, TEXT,
	 "types of events that are kept to be fetched, beside those that webhooks ask for"},
	{"WEBHOOK_RETENTION_DAYS", "30", NULL, false, NUMBER(0, 36500),
	 "how long events and their deliveries are kept; 0 is for ever"},
	{"IMPORT_ACTIVE", "random", NULL, false, CHOICE("yes,no,random"),
	 "whether new products are active whose file does not say"},
	{"LOG_LEVEL", "info", "LOG_LEVEL", false, CHOICE("error,warn,info,debug"),
	 "error, warn, info or debug"},
	{"LOG_RETENTION_DAYS", "90", NULL, false, NUMBER(0, 36500),
	 "how long sync logs and uploads are kept"},
	{"PAYLOAD_RETENTION_DAYS", "0", NULL, false, NUMBER(0, 36500),
	 "how long payloads of finished orders are kept; 0 is for ever"},
	{"TRACES", "", NULL, false, TEXT,
	 "where fulfil-traces writes: a file, or the http or https URL of an OTLP collector"},
	{"SILENCE_MINUTES", "0", NULL, false, NUMBER(0, 100000),
	 "minutes without a webhook of a shop that are an alarm; 0: never"},
	{"LATE_SECONDS", "300", NULL, false, NUMBER(0, 1000000),
	 "seconds after its event that a webhook is an alarm; 0: never"},
	{"PERSONAL_DAYS", "0", NULL, false, NUMBER(0, 36500),
	 "days until names and addresses of customers are forgotten; 0: never"},
	{"UPLOAD_MAX_BYTES", "0", NULL, false, NUMBER(0, LONG_MAX),
	 "the longest file that may be uploaded; 0 is any"},
	{"ENVIRONMENT", "production", "ENVIRONMENT", false, TEXT,
	 "development lets placeholder secrets pass"},
	{"DEMO_MODE", "no", "DEMO_MODE", false, FLAG, "sample data, no servers"},
	{"HOST", "127.0.0.1", "HOST", false, TEXT, "where make run listens"},
	{"PORT", "", "PORT", false, NUMBER(1, 65535),
	 "the port of make run; empty takes 8000 or a free one"},
	{"FULFIL_HOME", "var", NULL, false, TEXT, "where make run keeps its data"},
	{"FULFIL_POOL_INTAKE", "8", NULL, false, NUMBER(1, 999),
	 "processes of the intake pool of make run"},
	{"FULFIL_POOL_API", "4", NULL, false, NUMBER(1, 999),
	 "processes of the API pool of make run"},
	{"FULFIL_POOL_UPLOAD", "4", NULL, false, NUMBER(1, 999),
	 "processes of the upload pool of make run"},
	{"FULFIL_POOL_SEARCH", "2", NULL, false, NUMBER(1, 999),
	 "processes of the pool for searches and exports of make run"},
	{"FULFIL_WORKERS", "2", NULL, false, NUMBER(1, 64), "order workers of make run"},
};

/* After the table's own slots: CELERY_BROKER_URL, used where REDIS_URL is not set. */
enum { ROWS = sizeof rows / sizeof *rows, BROKER = ROWS, SLOTS };

struct conf {
	struct slot {
		char *value;
		const char *from; /* file or "environment", NULL: default; valid while loading */
		int line;         /* in that file; 0: not in a file */
	} slot[SLOTS];
};

const struct conf_row *conf_table(size_t *n)
{
	*n = ROWS;
	return rows;
}

static int find(const char *name)
{
	for (int i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name, name) == 0)
			return i;
	return strcmp(name, "CELERY_BROKER_URL") == 0 ? BROKER : -1;
}

void conf_free(struct conf *c)
{
	if (c == NULL)
		return;
	for (int i = 0; i < SLOTS; i++)
		free(c->slot[i].value);
	free(c);
}

static void set(struct conf *c, int i, const char *value, const char *from, int line)
{
	if (value && c->slot[i].value == NULL)
		c->slot[i] = (struct slot){xalloc_strdup(value), from, line};
}

/* --- files --- */

/* Whether `most` letters put in, left out or changed make b of a, whatever the case. */
static bool is_within(const char *a, const char *b, int most)
{
	while (*a && toupper((unsigned char)*a) == *b)
		a++, b++;
	if (*a == '\0' && *b == '\0')
		return true;
	return most > 0 && ((*a && *b && is_within(a + 1, b + 1, most - 1)) ||
			    (*a && is_within(a + 1, b, most - 1)) ||
			    (*b && is_within(a, b + 1, most - 1)));
}

/* Of short names only the case may differ, or every third word would look like one. */
static bool looks_like(const char *a, const char *b)
{
	return is_within(a, b, strlen(b) < 6 ? 0 : 2);
}

static const char *like(const char *name)
{
	for (int i = 0; i < ROWS; i++)
		if (looks_like(name, rows[i].name))
			return rows[i].name;
	return NULL;
}

/* Names in var/run.env that are not settings. */
static bool is_for_shells(const char *name)
{
	return strcmp(name, "PATH") == 0 || strcmp(name, "FULFIL_URL") == 0 ||
	       strcmp(name, "FULFIL_TOKEN") == 0;
}

struct file {
	struct conf *conf;
	bool shared; /* other programs have settings in the file too */
};

static int take_line(void *ctx, const struct envfile_line *l, struct err *e)
{
	const struct file *f = ctx;
	int i = find(l->name);
	const char *meant = i < 0 ? like(l->name) : NULL;

	if (i < 0 && ((f->shared && meant == NULL) || is_for_shells(l->name)))
		return 0;
	if (l->wrong)
		return err_set(e, ERR_CONFIG, "%s:%d: this %s", l->file, l->number, l->wrong);
	if (i < 0)
		return err_set(e, ERR_CONFIG, "%s:%d: there is no setting \"%.80s\"%s%s", l->file,
			       l->number, l->name, meant ? "; it looks like " : "",
			       meant ? meant : "");
	set(f->conf, i, l->value, l->file, l->number);
	return 0;
}
/* --- checks --- */

/* One sentence: where it was set, which, and what is wrong with it. */
static int refuse(const struct conf *c, int i, const char *why, struct err *e)
{
	const struct slot *s = &c->slot[i];
	char line[16] = "";

	if (s->line > 0)
		snprintf(line, sizeof line, ":%d", s->line);
	return err_set(e, ERR_CONFIG,
		       "%s%s: %s %s", s->from ? s->from : "default", line, rows[i].name, why);
}

static int check_all(struct conf *c, struct err *e)
{
	const char *where = conf_get(c, "ENVIRONMENT");
	struct err why = {0};

	for (int i = 0; i < ROWS; i++) {
		char **value = &c->slot[i].value;
		bool no_default = rows[i].fallback[0] == '\0';

		if ((**value || !no_default) && conftype_check(&rows[i].kind, value, &why) != 0)
			return refuse(c, i, why.msg, e);
		if (rows[i].secret && secret_check(*value, rows[i].kind.is, where, &why) != 0)
			return refuse(c, i, why.msg, e);
	}
	return 0;
}

/* --- what others call --- */

int conf_load(struct conf **out, enum conf_reader reader, struct err *e)
{
	const char *named = getenv("FULFIL_CONFIG");
	struct conf *c = xalloc_zero(1, sizeof *c);
	struct file own = {c, false}, shared = {c, true};
	int rc = 0;

	named = named && *named ? named : NULL;
	for (int i = 0; i < ROWS; i++)
		set(c, i, getenv(rows[i].name), "environment", 0);
	set(c, BROKER, getenv("CELERY_BROKER_URL"), "environment, CELERY_BROKER_URL", 0);
	/* A machine's own servers are nothing for a checkout to start upon unasked. */
	if (named || reader != CONF_RUN)
		rc = envfile_each(named ? named : "/etc/fulfil/fulfil.env", named != NULL,
				  take_line, &own, e);
	if (rc == 0 && reader != CONF_CGI)
		rc = envfile_each(".env", false, take_line, &shared, e);
	set(c, find("REDIS_URL"), c->slot[BROKER].value, c->slot[BROKER].from,
	    c->slot[BROKER].line);
	if (reader == CONF_RUN) {
		set(c, find("ENVIRONMENT"), "development", "make run", 0);
		set(c, find("WEBHOOK_ALLOW_PRIVATE"), "yes", "make run", 0);
	}
	for (int i = 0; i < ROWS; i++)
		set(c, i, rows[i].fallback, NULL, 0);
	if (rc == 0)
		rc = check_all(c, e);
	if (rc != 0) {
		conf_free(c);
		c = NULL;
	}
	*out = c;
	return rc;
}

const char *conf_get(const struct conf *c, const char *name)
{
	int i = find(name);

	return i < 0 ? "" : c->slot[i].value;
}

int conf_need(const struct conf *c, const char *name, const char **out, struct err *e)
{
	*out = conf_get(c, name);
	if (**out == '\0')
		return err_set(e, ERR_CONFIG, "%s is not set", name);
	return 0;
}

long conf_int(const struct conf *c, const char *name)
{
	return strtol(conf_get(c, name), NULL, 10);
}

bool conf_bool(const struct conf *c, const char *name)
{
	return strcmp(conf_get(c, name), "yes") == 0;
}

struct backoff conf_backoff(const struct conf *c, const char *name)
{
	struct backoff delays;

	if (backoff_parse(&delays, conf_get(c, name), NULL) != 0)
		delays.n = 0; /* conf_load checked it, so `name` is of another type */
	return delays;
}

void conf_add_lines(const struct conf *c, struct buf *b)
{
	for (int i = 0; i < ROWS; i++)
		if (c->slot[i].from)
			envfile_add(b, rows[i].name, c->slot[i].value);
}

const char *conf_misspelt(size_t *at, const char **meant)
{
	static char name[80];

	for (char **v = environ + *at; *v; v++) {
		snprintf(name, sizeof name, "%.*s", (int)strcspn(*v, "="), *v);
		*at = (size_t)(v - environ) + 1;
		*meant = find(name) >= 0 || is_for_shells(name) ? NULL : like(name);
		if (*meant && getenv(*meant) == NULL)
			return name;
	}
	return NULL;
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
