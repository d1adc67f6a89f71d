/* SPDX-License-Identifier: MIT
 *
 * webhooks: a body is read member by member into what the statements bind.
 */
#include "api/api.h"
#include "api/resources.h"
#include "api/telling.h"
#include "base/words.h"
#include "sql.h"
#include "store/array.h"
#include "webhook/address.h"
#include "webhook/event.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TYPES = 20, MOST_SECRET = 256, MOST_HEADERS = 20, MOST_MEMBERS = 10,
       MOST_VALUES = 100 };

static const struct param *const list_params[] = {PAGING_PARAMS, NULL};

/* --- showing --- */

static int find_webhooks(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e)
{
	struct db_param binds[PAGING_BINDS];

	paging_bind(p, binds);
	return api_run(cgi_ctx(c), &SQL_FIND_WEBHOOKS, binds, found, e);
}

/* Headers may hold a token: only a client that may change them sees them. */
static struct db_param may_see(struct cgi *c)
{
	return db_param_bool(cgi_may(c, CGI_WRITE));
}

static int list_webhooks(struct cgi *c, struct err *e)
{
	struct api_list l = {.name = "webhooks", .find = find_webhooks, .read = &SQL_READ_WEBHOOKS};

	l.binds[1] = may_see(c);
	return api_list(c, l, e);
}

static int show_webhook(struct cgi *c, struct err *e)
{
	struct db_param binds[2] = {{0}, may_see(c)};

	return api_show(c, &SQL_READ_WEBHOOKS, API_IDS, binds, "webhook", e);
}

/* --- what a body says --- */

struct hook {
	bool new;                           /* it is to be made */
	struct buf url;                     /* as address.h spells it; data is NULL: not given */
	const char *secret;                 /* borrowed from the body; NULL: not given */
	bool sets_secret;                   /* to NULL perhaps */
	struct array types;                 /* n is 0: not given */
	char *headers, *filter;             /* owned JSON, or NULL */
	struct db_param form;               /* null: not given */
	struct db_param enabled, paused, in_order; /* null: not given */
	struct db_param timeout, retry_count, retry_for, rate; /* likewise */
	bool revoke;                        /* the secrets before end at once */
};

static void release(struct hook *h)
{
	buf_release(&h->url);
	array_release(&h->types);
	free(h->headers);
	free(h->filter);
}

/* A string without NUL, or NULL. */
static const char *text_of(const json_t *j)
{
	const char *s = json_string_value(j);

	return s && strlen(s) == json_string_length(j) ? s : NULL;
}

static int read_url(struct cgi *c, const json_t *j, struct hook *h, struct err *e)
{
	const struct api *a = cgi_ctx(c);

	const char *url = text_of(j);

	if (url == NULL)
		return api_invalid_member(c, "url", "must be a text", e);
	if (address_check_url(url, conf_bool(a->conf, "WEBHOOK_ALLOW_PRIVATE"), e) != 0) {
		struct err why = *e;

		return api_invalid_member(c, "url", why.msg, e);
	}
	buf_reset(&h->url);
	address_normalize(url, &h->url);
	return 0;
}

static int read_types(struct cgi *c, const json_t *list, struct hook *h, struct err *e)
{
	char why[300];
	size_t i;
	json_t *j;

	if (json_array_size(list) == 0 || json_array_size(list) > MOST_TYPES)
		return api_invalid_member(c, "event_types",
					  "must be a list of 1 to 20 types of events", e);
	json_array_foreach(list, i, j) {
		const char *type = text_of(j);
		bool twice = false;

		for (size_t k = 0; k < i; k++)
			twice |= json_equal(j, json_array_get(list, k));
		if (type == NULL || !event_known(type, true)) {
			snprintf(why, sizeof why,
				 "has \"%.40s\", which is not one of %s, product.*, "
				 "order.*, inventory.*, *",
				 type ? type : "no text", event_types);
			return api_invalid_member(c, "event_types", why, e);
		}
		if (twice)
			return api_invalid_member(c, "event_types", "names a type twice", e);
		array_text(&h->types, type);
	}
	return 0;
}

static int read_secret(struct cgi *c, const json_t *j, struct hook *h, struct err *e)
{
	h->sets_secret = true;
	h->secret = text_of(j);
	if (json_is_null(j))
		return 0;
	if (h->secret == NULL || *h->secret == '\0' || strlen(h->secret) > MOST_SECRET)
		return api_invalid_member(c, "secret", "must be a text of 1 to 256 bytes, or null",
					  e);
	for (const char *s = h->secret; *s; s++)
		if (*s < ' ' || *s > '~')
			return api_invalid_member(c, "secret", "must be of printable ASCII", e);
	if (event_check_secret(h->secret, e) != 0) {
		struct err why = *e;

		return api_invalid_member(c, "secret", why.msg, e);
	}
	return 0;
}

/* HTTP takes names that differ only in case for the same. */
static bool has_twin(json_t *all, const char *name)
{
	const char *other;
	json_t *j;

	json_object_foreach(all, other, j)
		if (strcmp(other, name) != 0 && strcasecmp(other, name) == 0)
			return true;
	return false;
}

static int read_headers(struct cgi *c, json_t *all, struct hook *h, struct err *e)
{
	char why[600];
	const char *name;
	json_t *j;

	if (!json_is_object(all) || json_object_size(all) > MOST_HEADERS)
		return api_invalid_member(c, "headers", "must be an object of at most 20 headers",
					  e);
	json_object_foreach(all, name, j) {
		struct err bad = {0};

		if (text_of(j) == NULL)
			err_set(&bad, ERR_DATA, "must have a text for its value");
		else if (has_twin(all, name))
			err_set(&bad, ERR_DATA, "is given more than once");
		else if (event_check_header(name, text_of(j), &bad) == 0)
			continue;
		snprintf(why, sizeof why, "\"%.100s\" %s", name, bad.msg);
		return api_invalid_member(c, "headers", why, e);
	}
	h->headers = json_dumps(all, JSON_COMPACT);
	return 0;
}

/* {"items.sku": ["A-1", "A-2"], "status": ["failed"]} */
static int read_filter(struct cgi *c, json_t *all, struct hook *h, struct err *e)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.";
	const char *path;
	json_t *list, *j;
	size_t i;

	if (!json_is_object(all) || json_object_size(all) > MOST_MEMBERS)
		return api_invalid_member(c, "filter", "must be an object of at most 10 members of "
					  "the event's data", e);
	json_object_foreach(all, path, list) {
		size_t n = strlen(path);

		if (n == 0 || n > 60 || strspn(path, letters) != n || path[0] == '.' ||
		    path[n - 1] == '.' || strstr(path, ".."))
			return api_invalid_member(c, "filter", "has a name that is not a path; "
						  "status and items.sku are paths", e);
		if (json_array_size(list) == 0 || json_array_size(list) > MOST_VALUES)
			return api_invalid_member(c, "filter", "must have a list of 1 to 100 "
						  "values for each member", e);
		json_array_foreach(list, i, j)
			if (json_is_object(j) || json_is_array(j) ||
			    (json_is_string(j) && text_of(j) == NULL))
				return api_invalid_member(c, "filter", "must list texts, numbers, "
							  "true, false or null", e);
	}
	h->filter = json_dumps(all, JSON_COMPACT);
	return 0;
}

static int read_form(struct cgi *c, const json_t *j, struct hook *h, struct err *e)
{
	const char *form = text_of(j);

	if (form == NULL || !words_has("plain, cloudevents", form))
		return api_invalid_member(c, "form", "must be \"plain\" or \"cloudevents\"", e);
	h->form = db_param_text(form);
	return 0;
}

static int read_number(struct cgi *c, const char *key, const json_t *j, int min, int max,
		       struct db_param *to, struct err *e)
{
	char why[100];

	if (json_is_integer(j) && json_integer_value(j) >= min && json_integer_value(j) <= max) {
		*to = db_param_int(json_integer_value(j));
		return 0;
	}
	snprintf(why, sizeof why, "must be a whole number from %d to %d", min, max);
	return api_invalid_member(c, key, why, e);
}

static int read_member(struct cgi *c, const char *key, json_t *j, struct hook *h, struct err *e)
{
	if (strcmp(key, "url") == 0)
		return read_url(c, j, h, e);
	if (strcmp(key, "event_types") == 0)
		return read_types(c, j, h, e);
	if (strcmp(key, "secret") == 0)
		return read_secret(c, j, h, e);
	if (strcmp(key, "headers") == 0)
		return read_headers(c, j, h, e);
	if (strcmp(key, "filter") == 0)
		return read_filter(c, j, h, e);
	if (strcmp(key, "form") == 0)
		return read_form(c, j, h, e);
	if (strcmp(key, "timeout") == 0)
		return read_number(c, key, j, 1, 300, &h->timeout, e);
	if (strcmp(key, "retry_count") == 0)
		return read_number(c, key, j, 0, 10, &h->retry_count, e);
	if (strcmp(key, "retry_for") == 0)
		return read_number(c, key, j, 0, 604800, &h->retry_for, e);
	if (strcmp(key, "rate") == 0)
		return read_number(c, key, j, 0, 1000, &h->rate, e);
	if (strcmp(key, "enabled") == 0)
		h->enabled = db_param_bool(json_is_true(j));
	else if (strcmp(key, "paused") == 0)
		h->paused = db_param_bool(json_is_true(j));
	else if (strcmp(key, "in_order") == 0)
		h->in_order = db_param_bool(json_is_true(j));
	else if (strcmp(key, "revoke_old_secrets") == 0 && !h->new)
		h->revoke = json_is_true(j);
	else
		return api_invalid_member(c, key, "is not known here", e);
	return json_is_boolean(j) ? 0 : api_invalid_member(c, key, "must be true or false", e);
}

/* jansson quotes the text it stopped at, which may be part of the secret, and the
 * message is logged: removes the quotation. */
static int hide_text(struct err *e)
{
	char *from = strstr(e->msg, " near '"), *to = from, *next;

	while (to && (next = strstr(to + 1, "' at its ")) != NULL)
		to = next;
	if (from)
		memmove(from, to == from ? "" : to + 1, to == from ? 1 : strlen(to + 1) + 1);
	return -1;
}

/* Reports all errors of the body at once. */
static int read_hook(struct cgi *c, bool new, struct hook *h, struct err *e)
{
	const char *key;
	json_t *body, *j;
	int rc = 0;

	h->new = new;
	if (cgi_json(c, &body, e) != 0)
		return hide_text(e);
	json_object_foreach(body, key, j)
		if (read_member(c, key, j, h, e) != 0)
			rc = -1;
	if (new && json_object_get(body, "url") == NULL)
		rc = api_invalid_member(c, "url", "is missing", e);
	if (new && json_object_get(body, "event_types") == NULL)
		rc = api_invalid_member(c, "event_types", "is missing", e);
	return rc;
}

/* --- changing --- */

static int say_taken(struct cgi *c, const struct hook *h, struct err *e)
{
	struct db_param p = db_param_text(h->url.data);
	char why[80] = "is that of another webhook";
	struct db_rows *rows;

	if (api_run(cgi_ctx(c), &SQL_FIND_WEBHOOK_OF_URL, &p, &rows, e) != 0)
		return -1;
	if (db_count(rows) > 0)
		snprintf(why, sizeof why, "is that of webhook %s", db_text(rows, 0, 0));
	db_rows_free(rows);
	cgi_invalid(c, "pointer", "/url", why, e);
	return err_set(e, ERR_CONFLICT, "another webhook has this URL");
}

static int insert(struct cgi *c, struct hook *h, struct err *e)
{
	struct db_param binds[] = {db_param_text(h->url.data), array_param(&h->types),
				   h->enabled, db_param_text(h->secret),
				   db_param_text(h->headers), h->timeout, h->retry_count,
				   h->retry_for, h->paused, h->rate, h->in_order,
				   h->form, db_param_text(h->filter)};
	char room[40];
	struct db_rows *rows;

	if (api_run(cgi_ctx(c), &SQL_INSERT_WEBHOOK, binds, &rows, e) != 0)
		return -1;
	if (db_count(rows) == 0) {
		db_rows_free(rows);
		return say_taken(c, h, e);
	}
	snprintf(room, sizeof room, "/api/webhooks/%s", db_text(rows, 0, 0));
	cgi_header(c, "Location", room);
	snprintf(room, sizeof room, "{%s}", db_text(rows, 0, 0));
	db_rows_free(rows);
	struct db_param shows[] = {db_param_text(room), may_see(c)};
	if (api_run(cgi_ctx(c), &SQL_READ_WEBHOOKS, shows, &rows, e) != 0)
		return -1;
	cgi_status(c, 201);
	buf_addf(cgi_out(c), "%s\n", db_count(rows) ? db_text(rows, 0, 0) : "null");
	db_rows_free(rows);
	return 0;
}

static int check_telling(struct cgi *c, struct hook *h, struct err *e)
{
	return telling_check(c, h->types.n ? array_param(&h->types) : db_param_text(NULL),
			     db_param_text(h->url.data), e);
}

static int create_webhook(struct cgi *c, struct err *e)
{
	struct hook h = {0};
	int rc;

	array_init(&h.types, ARRAY_TEXT);
	rc = read_hook(c, true, &h, e);
	if (rc == 0)
		rc = check_telling(c, &h, e);
	if (rc == 0)
		rc = insert(c, &h, e);
	release(&h);
	return rc;
}

static int update(struct cgi *c, struct hook *h, struct err *e)
{
	const struct api *a = cgi_ctx(c);
	struct db_param binds[] = {{0}, db_param_text(h->url.data),
				   h->types.n ? array_param(&h->types) : db_param_text(NULL),
				   h->enabled, db_param_text(h->headers),
				   h->timeout, h->retry_count,
				   db_param_bool(h->sets_secret), db_param_text(h->secret),
				   db_param_text(conf_get(a->conf, "WEBHOOK_SECRET_GRACE")),
				   h->retry_for, h->paused, db_param_bool(h->revoke),
				   h->rate, h->in_order, h->form,
				   db_param_text(h->filter)};
	struct db_rows *rows;

	if (api_run_by_id(c, &SQL_UPDATE_WEBHOOK, API_ID, binds, "webhook", &rows, e) != 0)
		return strcmp(e->sqlstate, "23505") == 0 ? say_taken(c, h, e) : -1;
	db_rows_free(rows);
	return show_webhook(c, e);
}

static int change_webhook(struct cgi *c, struct err *e)
{
	struct hook h = {0};
	int rc;

	array_init(&h.types, ARRAY_TEXT);
	rc = read_hook(c, false, &h, e);
	if (rc == 0)
		rc = check_telling(c, &h, e);
	if (rc == 0)
		rc = update(c, &h, e);
	release(&h);
	return rc;
}

static int delete_webhook(struct cgi *c, struct err *e)
{
	struct db_param binds[1];
	struct db_rows *rows;

	if (api_run_by_id(c, &SQL_DELETE_WEBHOOK, API_ID, binds, "webhook", &rows, e) != 0)
		return -1;
	db_rows_free(rows);
	cgi_status(c, 204);
	return 0;
}

const struct cgi_route webhooks_routes[] = {
	{"GET", "/api/webhooks", CGI_READ, list_params, list_webhooks},
	{"POST", "/api/webhooks", CGI_WRITE, cgi_no_params, create_webhook},
	{"GET", "/api/webhooks/{id}", CGI_READ, cgi_no_params, show_webhook},
	{"PUT", "/api/webhooks/{id}", CGI_WRITE, cgi_no_params, change_webhook},
	{"DELETE", "/api/webhooks/{id}", CGI_WRITE, cgi_no_params, delete_webhook},
	{0}};
