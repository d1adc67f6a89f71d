/* SPDX-License-Identifier: MIT
 *
 * envelope: opens one envelope, then what is in it, a few times over.
 *   - the bytes of a payload are cut out of the text, not written anew, so that
 *     they have the digest of the same payload sent alone
 *   - the text was parsed, so cutting only follows strings and brackets
 */
#include "order/envelope.h"

#include "base/buf.h"
#include "base/jtext.h"
#include "base/sign.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEEPEST = 4 };

struct opening {
	int (*one)(void *ctx, const struct envelope_part *p, struct err *e);
	void *ctx;
};

static int open_part(const struct opening *o, const struct envelope_part *p, int depth,
		     struct err *e);

/* --- bytes of a value within text that was parsed --- */

static const char *blanks(const char *s)
{
	return s + strspn(s, " \t\r\n");
}

static const char *past_string(const char *s)
{
	for (s++; *s != '"'; s++)
		s += *s == '\\';
	return s + 1;
}

/* Past the value at s. */
static const char *past(const char *s)
{
	int depth = 0;

	do {
		if (*s == '"') {
			s = past_string(s);
			continue;
		}
		depth += (*s == '{' || *s == '[') - (*s == '}' || *s == ']');
		s++;
	} while (depth > 0 || (*s && strchr(",]} \t\r\n", *s) == NULL));
	return s;
}

/* Sets the bytes of the object's member `key`; false if it is not found, as where
 * it is spelled with escapes. */
static bool enter(const char *text, const char *key, struct envelope_part *out)
{
	const char *s = blanks(text), *end;
	size_t n = strlen(key);

	for (s = blanks(s + 1); *s != '}'; s = blanks(*s == ',' ? s + 1 : s)) {
		bool found;

		end = past_string(s);
		found = (size_t)(end - s) == n + 2 && memcmp(s + 1, key, n) == 0;
		s = blanks(blanks(end) + 1); /* the colon */
		end = past(s);
		if (found) {
			out->text = s;
			out->len = (size_t)(end - s);
			return true;
		}
		s = blanks(end);
	}
	return false;
}

/* --- labels --- */

/* A header among an envelope's attributes, with or without "X-", in letters of any
 * case; or what was known before. */
static const char *attribute(const json_t *all, const char *name, const char *before)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)all, key, v) {
		const char *plain = strncasecmp(key, "X-", 2) == 0 ? key + 2 : key;

		if (json_is_string(v) && strcasecmp(plain, name) == 0)
			return json_string_value(v);
	}
	return before;
}

static void read_label(struct envelope_label *l, const json_t *all)
{
	l->topic = attribute(all, "Shopify-Topic", l->topic);
	l->shop = attribute(all, "Shopify-Shop-Domain", l->shop);
	l->webhook_id = attribute(all, "Shopify-Webhook-Id", l->webhook_id);
	l->triggered_at = attribute(all, "Shopify-Triggered-At", l->triggered_at);
	l->api_version = attribute(all, "Shopify-API-Version", l->api_version);
	l->event_id = attribute(all, "Shopify-Event-Id", l->event_id);
	l->trace = attribute(all, "traceparent", l->trace);
}

/* --- envelopes --- */

/* What is in member `key` of p, or deeper; false if there is nothing of that kind. */
static bool member(const struct envelope_part *p, const char *key, struct envelope_part *in)
{
	*in = *p;
	in->json = json_object_get(p->json, key);
	return in->json && enter(p->text, key, in);
}

static int open_array(const struct opening *o, const struct envelope_part *p, int depth,
		      struct err *e)
{
	const char *s = blanks(p->text) + 1;
	size_t i;
	json_t *j;

	json_array_foreach(p->json, i, j) {
		struct envelope_part in = *p;

		in.text = s = blanks(s);
		s = past(s);
		in.len = (size_t)(s - in.text);
		in.json = j;
		if (open_part(o, &in, depth + 1, e) != 0)
			return -1;
		s = blanks(s) + 1; /* the comma */
	}
	return 0;
}

/* A byte order mark, and a NUL that the parser overlooked, are no JSON to cut. */
static bool can_be_cut(const char *text, size_t len)
{
	return len > 0 && (*text == '{' || *text == '[' || strchr(" \t\r\n", *text)) &&
	       memchr(text, '\0', len) == NULL;
}

/* Pub/Sub's data is base64 of the very bytes that Shopify sent. */
static int open_message(const struct opening *o, const struct envelope_part *p, int depth,
			struct err *e)
{
	const json_t *data = json_object_get(p->json, "data");
	size_t room = json_string_length(data) / 4 * 3 + 1;
	struct buf bytes = BUF_INIT;
	struct envelope_part in = *p;
	int n = sign_decode64(json_string_value(data), json_string_length(data),
			      (unsigned char *)buf_reserve(&bytes, room), room);
	int rc;

	read_label(&in.label, json_object_get(p->json, "attributes"));
	in.json = NULL;
	if (n < 0) {
		rc = err_set(e, ERR_DATA, "the data of a Pub/Sub message is no base64");
	} else {
		bytes.len = (size_t)n;
		buf_add(&bytes, "", 0);
		in.text = bytes.data;
		in.len = bytes.len;
		rc = jtext_parse(in.text, in.len, &in.json, e);
	}
	if (rc == 0)
		rc = open_part(o, &in, can_be_cut(in.text, in.len) ? depth + 1 : DEEPEST + 1,
			       e);
	json_decref(in.json);
	buf_release(&bytes);
	return rc;
}

static bool is_message(const json_t *json)
{
	return json_is_string(json_object_get(json, "data")) &&
	       json_is_object(json_object_get(json, "attributes"));
}

static bool is_bridge(const json_t *json)
{
	const json_t *detail = json_object_get(json, "detail");

	return json_is_object(json_object_get(detail, "metadata")) &&
	       json_object_get(detail, "payload");
}

static bool is_record(const json_t *json)
{
	const char *type = json_string_value(json_object_get(json, "type"));

	return type && strcmp(type, "payload") == 0 && json_object_get(json, "v") &&
	       json_is_object(json_object_get(json, "data"));
}

bool envelope_is_labelled(const json_t *json)
{
	return is_message(json) || is_message(json_object_get(json, "message")) ||
	       is_bridge(json) || is_record(json);
}

/* A list that an answer of the Admin API has: its only member, but for counts. */
static bool find_list(const struct envelope_part *p, struct envelope_part *in)
{
	struct envelope_part data, orders;

	if (json_object_get(p->json, "id") || json_object_get(p->json, "topic"))
		return false;
	if ((member(p, "orders", in) && json_is_array(in->json)) ||
	    (member(p, "refunds", in) && json_is_array(in->json)) ||
	    (member(p, "receivedMessages", in) && json_is_array(in->json)) ||
	    (member(p, "order", in) && json_is_object(in->json)))
		return true;
	if (!member(p, "data", &data))
		return false;
	if (member(&data, "order", in) || member(&data, "nodes", in))
		return json_is_object(in->json) || json_is_array(in->json);
	return member(&data, "orders", &orders) &&
	       (member(&orders, "nodes", in) || member(&orders, "edges", in)) &&
	       json_is_array(in->json);
}

static int open_bridge(const struct opening *o, const struct envelope_part *p, int depth,
		       struct err *e)
{
	struct envelope_part detail, in;

	if (!member(p, "detail", &detail) || !member(&detail, "payload", &in))
		return err_set(e, ERR_DATA, "an event of EventBridge without detail.payload");
	read_label(&in.label, json_object_get(detail.json, "metadata"));
	return open_part(o, &in, depth + 1, e);
}

static int open_record(const struct opening *o, const struct envelope_part *p, struct err *e)
{
	struct envelope_part in = *p;

	in.label.topic = json_string_value(json_object_get(p->json, "topic"));
	in.label.shop = json_string_value(json_object_get(p->json, "shop"));
	return o->one(o->ctx, &in, e);
}

static int open_part(const struct opening *o, const struct envelope_part *p, int depth,
		     struct err *e)
{
	struct envelope_part in;

	if (depth > DEEPEST)
		return o->one(o->ctx, p, e);
	if (json_is_array(p->json))
		return open_array(o, p, depth, e);
	if (is_record(p->json))
		return open_record(o, p, e);
	if (is_bridge(p->json))
		return open_bridge(o, p, depth, e);
	if (is_message(p->json))
		return open_message(o, p, depth, e);
	if (is_message(json_object_get(p->json, "message")) && member(p, "message", &in))
		return open_message(o, &in, depth, e);
	if (json_object_get(p->json, "node") && json_object_size(p->json) <= 2 &&
	    member(p, "node", &in))
		return open_part(o, &in, depth + 1, e);
	if (find_list(p, &in))
		return open_part(o, &in, depth + 1, e);
	return o->one(o->ctx, p, e);
}

int envelope_each(const char *text, size_t len, json_t *json,
		  int (*one)(void *ctx, const struct envelope_part *p, struct err *e), void *ctx,
		  struct err *e)
{
	const struct opening o = {one, ctx};
	const struct envelope_part whole = {.text = text, .len = len, .json = json};

	return open_part(&o, &whole, can_be_cut(text, len) ? 0 : DEEPEST + 1, e);
}
