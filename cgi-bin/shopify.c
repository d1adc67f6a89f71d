/* SPDX-License-Identifier: MIT
 *
 * shopify: the intake. A signed webhook becomes a stored payload and an order,
 * committed before the answer; then the doorbell rings.
 *
 * Checks go: method, length, body, signature, shop, type, topic, id, JSON,
 * order. After a good signature only what no shop can mean is refused, and
 * its bytes are kept, since Shopify drops a subscription that refuses eight
 * times in a row. Topics and shapes that are not known are kept and acknowledged.
 */
#include "base/clock.h"
#include "base/conf.h"
#include "base/jtext.h"
#include "base/sign.h"
#include "filter/log.h"
#include "filter/program.h"
#include "order/intake.h"
#include "order/received.h"
#include "store/db.h"
#include "store/doorbell.h"
#include "web/cgi.h"
#include "web/serve.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_BODY = 8 << 20, MOST_TOPIC = 128, MOST_ID = 128,
       SLOW_MS = 1000, PAUSE_MS = 2000, ANSWER_MS = 4000 };

static const char HMAC[] = "X-Shopify-Hmac-Sha256", SHOP[] = "X-Shopify-Shop-Domain",
		  TOPIC[] = "X-Shopify-Topic", WEBHOOK_ID[] = "X-Shopify-Webhook-Id",
		  TRIGGERED_AT[] = "X-Shopify-Triggered-At",
		  API_VERSION[] = "X-Shopify-Api-Version", EVENT_ID[] = "X-Shopify-Event-Id";

struct shopify {
	struct conf *conf;
	struct db *db; /* NULL until PostgreSQL was there */
	struct intake *intake;
	struct doorbell *queue;
	const char *secrets;
	int64_t not_before; /* clock_ms; until then PostgreSQL is not asked: it kept us waiting */
};

/* The header "X-Shopify-…", which may come without its "X-"; both, and
 * different: a fault. */
static int header(struct cgi *c, const char *name, const char **value, struct err *e)
{
	char var[64] = "HTTP_";
	const char *old, *new;
	size_t at = strlen(var);

	for (const char *s = name; *s && at < sizeof var - 1; s++)
		var[at++] = *s == '-' ? '_' : (char)toupper((unsigned char)*s);
	var[at] = '\0';
	old = cgi_var(c, var);
	memmove(var + strlen("HTTP_"), var + strlen("HTTP_X_"), at - strlen("HTTP_X_") + 1);
	new = cgi_var(c, var);
	*value = *old ? old : new;
	if (*old && *new && strcmp(old, new) != 0)
		return cgi_invalid(c, "header", name, "differs from the same header without X-", e);
	return 0;
}

/* Printable ASCII without blanks, of bounded length. */
static bool is_token(const char *s, size_t most)
{
	size_t n = 0;

	for (; s[n]; n++)
		if (s[n] <= ' ' || s[n] > '~')
			return false;
	return n > 0 && n <= most;
}

static int check_type(struct cgi *c, struct err *e)
{
	const char *type = cgi_var(c, "CONTENT_TYPE");
	const char *encoding = cgi_var(c, "HTTP_CONTENT_ENCODING");
	size_t n = strcspn(type, "; \t");

	if (*encoding && strcasecmp(encoding, "identity") != 0)
		return err_set(e, ERR_MEDIA, "the body must come without a Content-Encoding");
	if (n > 0 && (n != 16 || strncasecmp(type, "application/json", n) != 0))
		return err_set(e, ERR_MEDIA, "the body must be application/json");
	return 0;
}

/* Fills in what the headers say. The signature covers none of it. */
static int read_headers(struct cgi *c, struct shopify *s, struct intake_payload *p, struct err *e)
{
	if (header(c, SHOP, &p->shop, e) != 0 || header(c, TOPIC, &p->topic, e) != 0 ||
	    header(c, WEBHOOK_ID, &p->webhook_id, e) != 0 ||
	    header(c, TRIGGERED_AT, &p->triggered_at, e) != 0 ||
	    header(c, API_VERSION, &p->api_version, e) != 0 ||
	    header(c, EVENT_ID, &p->event_id, e) != 0)
		return -1;
	if (!intake_shop_ok(s->conf, p->shop)) {
		if (*p->shop)
			log_say(LOG_WARN, "%s, \"%.80s\", is no shop that is taken: "
				"NAME.myshopify.com, and in SHOPIFY_SHOPS if that is set", SHOP,
				p->shop);
		else
			log_say(LOG_WARN, "%s is missing", SHOP);
		return err_set(e, ERR_AUTH, "not authorized");
	}
	p->unsigned_shop = true;
	p->traceparent = cgi_var(c, "HTTP_TRACEPARENT");
	p->api_version = is_token(p->api_version, MOST_ID) ? p->api_version : NULL;
	p->event_id = is_token(p->event_id, MOST_ID) ? p->event_id : NULL;
	return 0;
}

/* What no shop sends: refused, but kept, with the texts that a table can hold. */
static int check_headers(struct cgi *c, struct intake_payload *p, struct err *e)
{
	int rc = check_type(c, e);

	if (!is_token(p->topic, MOST_TOPIC)) {
		p->topic = NULL;
		if (rc == 0)
			rc = cgi_invalid(c, "header", TOPIC,
					 "must be a topic such as orders/create", e);
	}
	if (*p->webhook_id && !is_token(p->webhook_id, MOST_ID) && rc == 0)
		rc = cgi_invalid(c, "header", WEBHOOK_ID,
			       "must be at most 128 printable characters without blanks", e);
	if (!is_token(p->webhook_id, MOST_ID))
		p->webhook_id = NULL;
	return rc;
}

static int connected(struct shopify *s, struct err *e)
{
	if (clock_ms() < s->not_before)
		return err_set(e, ERR_AWAY, "PostgreSQL gave no answer in time a moment ago");
	if (s->db) {
		db_within(s->db, ANSWER_MS);
		return 0;
	}
	if (db_open_hurried(&s->db, s->conf, "fulfil-intake", true, e) != 0)
		return -1;
	db_within(s->db, ANSWER_MS);
	s->intake = intake_new(s->db, s->conf);
	return 0;
}

/* Refuses, but keeps the bytes: 503 if even that fails. */
static int quarantine(struct cgi *c, struct shopify *s, const struct intake_payload *p,
		      struct err *e)
{
	struct err why = *e;

	if (connected(s, e) != 0 ||
	    intake_quarantine(s->db, p, cgi_var(c, "REMOTE_ADDR"), why.msg, e) != 0)
		return -1;
	*e = why;
	return -1;
}

static int store(struct shopify *s, const struct intake_payload *p, struct intake_result *r,
		 struct err *e)
{
	int64_t started = clock_ms();
	int rc = connected(s, e);

	if (rc == 0)
		rc = intake_add(s->intake, p, e);
	if (rc == 0)
		rc = intake_store(s->intake, r, e);
	if (rc == 0 && intake_trouble(s->intake))
		log_say(LOG_WARN, "left to fulfil-scan: %s", intake_trouble(s->intake));
	if (rc != 0 && err_is_temporary(e->code) && clock_ms() - started > SLOW_MS)
		s->not_before = clock_ms() + PAUSE_MS;
	return rc;
}

/* Requests about people's data are accepted, and have no order. */
static void put_answer(struct cgi *c, const struct intake_result *r)
{
	bool quiet = strcmp(r->status, "duplicate") == 0 || strcmp(r->status, "ignored") == 0 ||
		     (strcmp(r->status, "accepted") == 0 && r->order_id == 0);

	cgi_status(c, quiet ? 200 : 202);
	received_add(cgi_out(c), r);
}

/* What could not be stored. Sent again it would be the same, so only what the contract
 * with Shopify names is refused: no usable id; the rest is kept and acknowledged. */
static int keep(struct cgi *c, struct shopify *s, const struct intake_payload *p, struct err *e)
{
	struct intake_result r = {.status = "quarantined"};

	if (e->code == ERR_SEMANTIC || e->code == ERR_DATA)
		return quarantine(c, s, p, e);
	if (e->code != ERR_INCOMPLETE && e->code != ERR_CONFLICT)
		return -1;
	snprintf(r.why, sizeof r.why, "%s", e->msg);
	e->code = ERR_NONE;
	if (quarantine(c, s, p, e) != 0 && e->code != ERR_NONE)
		return -1;
	put_answer(c, &r);
	return 0;
}

/* With one of the secrets of the shop that the header names. */
static bool is_signed(struct cgi *c, const struct shopify *s, const char *hmac,
		      const struct intake_payload *p)
{
	struct buf secrets = BUF_INIT;
	const char *shop;
	struct err none;
	bool ok;

	intake_secrets(s->secrets, header(c, SHOP, &shop, &none) == 0 ? shop : "", &secrets);
	ok = secrets.len && sign_shopify_ok(secrets.data, hmac, p->body, p->len);
	explicit_bzero(secrets.data, secrets.len);
	buf_release(&secrets);
	return ok;
}

static int receive(struct cgi *c, struct err *e)
{
	struct shopify *s = cgi_ctx(c);
	struct intake_payload p = {0};
	struct intake_result r;
	const char *hmac;
	struct err ring = {0};
	int rc = -1;

	if (cgi_body(c, MOST_BODY, &p.body, &p.len, e) != 0 || header(c, HMAC, &hmac, e) != 0)
		return -1;
	if (!is_signed(c, s, hmac, &p)) {
		log_say(LOG_WARN, "%s %s", HMAC,
			*hmac ? "is that of other bytes, or of a secret that is not in "
				"SHOPIFY_WEBHOOK_SECRET"
			      : "is missing");
		return err_set(e, ERR_AUTH, "not authorized");
	}
	if (read_headers(c, s, &p, e) != 0)
		return -1;
	if (check_headers(c, &p, e) != 0 || jtext_parse(p.body, p.len, &p.json, e) != 0)
		return quarantine(c, s, &p, e);
	rc = store(s, &p, &r, e);
	json_decref(p.json);
	if (rc != 0)
		return keep(c, s, &p, e);
	if (r.due && doorbell_ring(s->queue, r.order_id, &ring) != 0)
		log_say(LOG_DEBUG, "%s; workers find the order by themselves", ring.msg);
	put_answer(c, &r);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct cgi_route routes[] = {
		{"POST", "/webhooks/shopify/orders", CGI_OPEN, NULL, receive},
		{"POST", "/webhooks/shopify", CGI_OPEN, NULL, receive},
		{0}};
	static const struct cgi_table tables[] = {{routes, SCOPES_ORDERS}, {0}};
	struct shopify s = {0};
	const struct cgi_app app = {
		.name = "fulfil-intake", .prefix = "/webhooks/shopify", .tables = tables,
		.ctx = &s};
	struct err e = {0};
	int status;

	if (serve_by_hand(argc, argv, "takes in Shopify's webhooks", &status))
		return status;
	log_init(app.name);
	if (program_start(&s.conf, CONF_CGI, &e) != 0 ||
	    conf_need(s.conf, "SHOPIFY_WEBHOOK_SECRET", &s.secrets, &e) != 0 ||
	    doorbell_open(&s.queue, conf_get(s.conf, "REDIS_URL"), &e) != 0)
		status = serve_cannot_start(app.name, &e);
	else
		status = serve_run(&app, s.conf);

	doorbell_close(s.queue);
	intake_free(s.intake);
	db_close(s.db);
	conf_free(s.conf);
	return status;
}
