/* SPDX-License-Identifier: MIT
 *
 * event: jansson sorts and escapes as Python does; signatures after Standard
 * Webhooks 1.0 (v1, v1a), and the hex of the body alone.
 */
#include "webhook/event.h"

#include "base/jtext.h"
#include "base/sign.h"
#include "base/words.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LEAST_KEY = 24, MOST_KEY = 64 };

const char event_types[] = "product.created, product.updated, product.deleted, order.completed, "
			   "order.failed, order.cancelled, order.waiting, order.shipped, "
			   "inventory.low, inventory.out, inventory.changed, webhook.disabled, "
			   "webhook.recovered, delivery.given_up";

bool event_known(const char *type, bool wish)
{
	if (wish && (strcmp(type, "*") == 0 || strcmp(type, "product.*") == 0 ||
		     strcmp(type, "order.*") == 0 || strcmp(type, "inventory.*") == 0))
		return true;
	return words_has(event_types, type);
}

/* jansson spells \u00E9 and DEL as it is, Python \u00e9 and \u007f. */
static void add_as_python(struct buf *b, const char *s, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		char hex[7];

		if (s[i] != 0x7F && s[i] != '\\')
			continue;
		buf_add(b, s + from, i - from);
		if (s[i] == 0x7F) {
			buf_addstr(b, "\\u007f");
		} else if (s[i + 1] != 'u') {
			buf_add(b, s + i, 2);
			i++;
		} else {
			for (size_t k = 0; k < 6; k++)
				hex[k] = s[i + k] >= 'A' && s[i + k] <= 'F' ? (char)(s[i + k] + 32)
									    : s[i + k];
			buf_add(b, hex, 6);
			i += 5;
		}
		from = i + 1;
	}
	buf_add(b, s + from, n - from);
}

int event_body(struct buf *b, const char *type, int64_t time, const char *data, size_t len,
	       struct err *e)
{
	json_t *all = json_object(), *j;
	struct buf text = BUF_INIT;

	if (jtext_parse_exact(data, len, &j, e) != 0) {
		json_decref(all);
		return -1;
	}
	json_object_set_new(all, "data", j);
	json_object_set_new(all, "event", json_string(type));
	json_object_set_new(all, "timestamp", json_integer(time));
	jtext_add_json(&text, all, JSON_SORT_KEYS);
	add_as_python(b, text.data, text.len);
	buf_release(&text);
	json_decref(all);
	return 0;
}

int event_fill(const struct event_request *r, struct buf *b, const char *data, size_t len,
	       struct err *e)
{
	struct buf text = BUF_INIT;
	json_t *j;

	if (!r->cloud)
		return event_body(b, r->type, r->event_time, data, len, e);
	if (jtext_parse_exact(data, len, &j, e) != 0)
		return -1;
	jtext_add_json(&text, j, JSON_SORT_KEYS);
	add_as_python(b, text.data, text.len);
	buf_release(&text);
	json_decref(j);
	return 0;
}

enum secret { SYMMETRIC, PAIR, PUBLIC };

struct key {
	enum secret kind;
	const void *bytes; /* the secret's, or `room` */
	size_t n;          /* 0: there is no key after whsec_ or whsk_ */
	unsigned char room[MOST_KEY];
};

static void read_key(struct key *k, const char *secret)
{
	size_t n = strlen(secret), skip = strcspn(secret, "_") + 1;
	int got;

	*k = (struct key){.bytes = secret, .n = n};
	if (strncmp(secret, "whpk_", 5) == 0)
		k->kind = PUBLIC;
	else if (strncmp(secret, "whsk_", 5) == 0)
		k->kind = PAIR;
	else if (strncmp(secret, "whsec_", 6) != 0)
		return;
	got = sign_decode64(secret + skip, n - skip, k->room, MOST_KEY);
	k->bytes = k->room;
	k->n = got >= (k->kind == PAIR ? SIGN_PAIR : LEAST_KEY) ? (size_t)got : 0;
}

int event_check_secret(const char *secret, struct err *e)
{
	struct key k;

	read_key(&k, secret);
	if (k.kind == PUBLIC)
		return err_set(e, ERR_DATA, "is a public key: what signs starts with whsk_");
	if (k.kind == PAIR && k.n == 0)
		return err_set(e, ERR_DATA, "whsk_ must be followed by base64 of %d bytes: an "
			       "Ed25519 seed, then its public key", SIGN_PAIR);
	if (k.kind == PAIR && !sign_is_pair(k.bytes))
		return err_set(e, ERR_DATA, "the public key after whsk_ does not belong to the "
			       "seed before it");
	if (k.n == 0)
		return err_set(e, ERR_DATA, "whsec_ must be followed by base64 of %d to %d bytes",
			       LEAST_KEY, MOST_KEY);
	return 0;
}

/* A signature of Standard Webhooks, with a blank in front. */
static void add_signature(struct buf *headers, const struct key *k, const struct event_request *r,
			  const struct buf *body)
{
	unsigned char digest[SIGN_ED25519];
	char text[4 * (SIGN_ED25519 + 2) / 3 + 4];
	struct buf content = BUF_INIT;

	buf_addf(&content, "%s.%lld.", r->id, (long long)r->time);
	buf_add(&content, body->data, body->len);
	if (k->kind == PAIR)
		sign_ed25519(k->bytes, content.data, content.len, digest);
	else
		sign_hmac(k->bytes, k->n, content.data, content.len, digest);
	sign_encode64(digest, k->kind == PAIR ? SIGN_ED25519 : SIGN_BYTES, text);
	buf_addf(headers, " %s,%s", k->kind == PAIR ? "v1a" : "v1", text);
	buf_release(&content);
}

struct signatures {
	struct buf all;                /* of Standard Webhooks, a blank before each */
	char hex[2 * SIGN_BYTES + 1];  /* of the body alone; "" while there is none */
};

static void sign_with(struct signatures *s, const char *secret, const struct event_request *r,
		      const struct buf *body)
{
	unsigned char digest[SIGN_BYTES];
	struct key k;

	read_key(&k, secret);
	if (k.n == 0)
		return;
	add_signature(&s->all, &k, r, body);
	if (k.kind == PAIR || *s->hex)
		return;
	sign_hmac(secret, strlen(secret), body->data, body->len, digest);
	sign_hex(digest, sizeof digest, s->hex);
}

void event_sign(struct buf *headers, const struct event_request *r, const struct buf *body)
{
	struct signatures s = {.all = BUF_INIT};
	struct buf secret = BUF_INIT;

	if (r->secret)
		sign_with(&s, r->secret, r, body);
	for (const char *at = r->old_secrets; at && *at; at += *at == '\n') {
		buf_reset(&secret);
		buf_add(&secret, at, strcspn(at, "\n"));
		sign_with(&s, secret.data, r, body);
		at += secret.len;
	}
	if (s.all.len)
		buf_addf(headers, "webhook-signature:%s\n", s.all.data);
	if (*s.hex)
		buf_addf(headers, "X-Webhook-Signature: sha256=%s\n", s.hex);
	buf_release(&secret);
	buf_release(&s.all);
}

int event_check_header(const char *name, const char *value, struct err *e)
{
	/* Their own name, or with '-' at the end all that start so. */
	static const char *const reserved[] = {
		"accept", "accept-encoding", "accept-language", "ce-", "connection", "content-",
		"cookie",
		"date", "expect", "forwarded", "host", "http2-settings", "keep-alive", "origin",
		"proxy-", "sec-", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
		"via", "webhook-", "x-forwarded-", "x-webhook-"};
	static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t n = strlen(name);

	if (n == 0 || n > 100 || strspn(name, token) != n)
		return err_set(e, ERR_DATA, "is no header name");
	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
		size_t k = strlen(reserved[i]);
		bool start = reserved[i][k - 1] == '-';

		if (strncasecmp(name, reserved[i], k) == 0 && (start || n == k))
			return err_set(e, ERR_DATA,
				       "is a header that is not the subscriber's to set");
	}
	if (value[strspn(value, " \t")] == '\0')
		return err_set(e, ERR_DATA, "has no value");
	if (strlen(value) > 1000)
		return err_set(e, ERR_DATA, "is longer than 1000 bytes");
	for (const char *s = value; *s; s++)
		if ((*s > 0 && *s < ' ' && *s != '\t') || *s == 0x7F)
			return err_set(e, ERR_DATA, "has a control character in it");
	return 0;
}

static void add_own(struct buf *headers, const char *json)
{
	json_t *all = json_loads(json, JSON_REJECT_DUPLICATES, NULL), *value;
	const char *name, *text;

	json_object_foreach(all, name, value) {
		text = json_string_value(value);
		if (text && event_check_header(name, text, NULL) == 0)
			buf_addf(headers, "%s: %s\n", name, text);
	}
	json_decref(all);
}

/* The source is the same for all: ids of events are unique in it, also after a restore. */
static void add_attributes(struct buf *headers, const struct event_request *r)
{
	char time[32];
	time_t at = (time_t)r->event_time;
	struct tm utc;
	int n = (int)strcspn(r->type, ".");
	bool stock = strncmp(r->type, "inventory.", 10) == 0;

	strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&at, &utc));
	buf_addf(headers, "ce-specversion: 1.0\nce-id: %s\nce-source: /fulfil\nce-type: %s\n"
		 "ce-subject: %.*s/%lld\nce-time: %s\n", r->id, r->type,
		 stock ? 7 : n, stock ? "product" : r->type, (long long)r->subject, time);
}

void event_add_headers(struct buf *headers, const struct event_request *r, const struct buf *body)
{
	buf_addf(headers, "Content-Type: application/json\nUser-Agent: Fulfil/" FULFIL_VERSION "\n"
		 "X-Webhook-Event: %s\nX-Webhook-ID: %lld\nwebhook-id: %s\nwebhook-timestamp: "
		 "%lld\n", r->type, (long long)r->webhook, r->id, (long long)r->time);
	if (r->attempt)
		buf_addf(headers, "X-Webhook-Attempt: %d\nX-Webhook-Sequence: %lld\n", r->attempt,
			 (long long)r->sequence);
	else
		buf_addstr(headers, "X-Webhook-Test: true\n");
	if (r->cloud)
		add_attributes(headers, r);
	if (r->trace)
		buf_addf(headers, "traceparent: %s\n", r->trace);
	event_sign(headers, r, body);
	if (r->own)
		add_own(headers, r->own);
}
