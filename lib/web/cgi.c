/* SPDX-License-Identifier: MIT
 *
 * cgi: the request and the answer as handlers see them. Nothing is sent before the handler
 * returns, unless it flushes.
 */
#include "web/cgi.h"

#include "base/jtext.h"
#include "base/xalloc.h"
#include "web/request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_JSON = 1 << 20 };

const struct param *const cgi_no_params[] = {NULL};

void *cgi_ctx(const struct cgi *c)
{
	return c->app->ctx;
}

const char *cgi_path(const struct cgi *c)
{
	return c->path.data;
}

const char *cgi_var(const struct cgi *c, const char *name)
{
	return gateway_var(c->gateway, name);
}

bool cgi_https(const struct cgi *c)
{
	return strcasecmp(cgi_var(c, "HTTPS"), "on") == 0 ||
	       strcasecmp(cgi_var(c, "REQUEST_SCHEME"), "https") == 0;
}

const char *cgi_method(const struct cgi *c)
{
	return cgi_var(c, "REQUEST_METHOD");
}

int64_t cgi_id(const struct cgi *c)
{
	return c->match.id;
}

const char *cgi_task(const struct cgi *c)
{
	return c->match.task;
}

/* --- the answer --- */

struct buf *cgi_out(struct cgi *c)
{
	return &c->response.body;
}

void cgi_status(struct cgi *c, int status)
{
	c->response.status = status;
}

void cgi_type(struct cgi *c, const char *content_type)
{
	c->response.type = content_type;
}

void cgi_header(struct cgi *c, const char *name, const char *value)
{
	response_header(&c->response, name, value);
}

int cgi_invalid(struct cgi *c, const char *kind, const char *name, const char *detail,
		struct err *e)
{
	response_error(&c->response, kind, name, detail);
	return err_set(e, ERR_DATA, "%s %s", *name ? name : "the body", detail);
}

bool cgi_gone(struct cgi *c)
{
	return gateway_gone(c->gateway);
}

int cgi_flush(struct cgi *c, struct err *e)
{
	if (response_flush(&c->response, c->gateway))
		return 0;
	return err_set(e, ERR_IO, "the client has gone");
}

/* --- the body --- */

int cgi_body(struct cgi *c, size_t most, const char **body, size_t *len, struct err *e)
{
	if (!c->body_read && gateway_body(c->gateway, most, &c->body, e) != 0)
		return -1;
	c->body_read = true;
	if (c->body.len > most)
		return err_set(e, ERR_LARGE, "the body is longer than %zu bytes", most);
	*body = c->body.data;
	*len = c->body.len;
	return 0;
}

int cgi_length(const struct cgi *c, int64_t *len, struct err *e)
{
	return gateway_length(c->gateway, len, e);
}

int cgi_read(struct cgi *c, void *to, size_t n, size_t *got, struct err *e)
{
	return gateway_read(c->gateway, to, n, got, e);
}

int cgi_json(struct cgi *c, json_t **body, struct err *e)
{
	return cgi_json_within(c, MOST_JSON, body, e);
}

int cgi_json_within(struct cgi *c, size_t most, json_t **body, struct err *e)
{
	const char *type = cgi_var(c, "CONTENT_TYPE"), *text;
	size_t n = strcspn(type, "; "), len;

	if (n > 0 && (n != 16 || strncasecmp(type, "application/json", 16) != 0))
		return err_set(e, ERR_MEDIA, "the body must be application/json");
	if (cgi_body(c, most, &text, &len, e) != 0 || jtext_parse(text, len, &c->json, e) != 0)
		return -1;
	if (!json_is_object(c->json))
		return err_set(e, ERR_DATA, "the body is not a JSON object");
	*body = c->json;
	return 0;
}

/* --- access --- */

int cgi_ask_who(struct cgi *c, struct err *e)
{
	if (c->asked)
		return 0;
	c->asked = true;
	if (c->app->db == NULL) {
		scopes_all(&c->visitor, c->app->user ? c->app->user : "");
		return 0;
	}
	return access_visitor(c->gateway, c->conf, c->door, &c->visitor, e);
}

struct door *cgi_door(const struct cgi *c)
{
	return c->door;
}

const char *cgi_user(struct cgi *c)
{
	struct err ignored;

	return cgi_ask_who(c, &ignored) == 0 ? c->visitor.name : "";
}

bool cgi_may_in(struct cgi *c, enum cgi_scope scope, enum scopes_area area)
{
	struct err ignored;

	return cgi_ask_who(c, &ignored) == 0 &&
	       access_check(&c->visitor, scope, area, &ignored) == 0;
}

bool cgi_may(struct cgi *c, enum cgi_scope scope)
{
	return cgi_may_in(c, scope, c->area);
}

int cgi_same_site(const struct cgi *c, struct err *e)
{
	return access_origin(c->gateway, c->conf, e);
}

/* --- parameters --- */

static int take_param(struct cgi *c, char *word, struct err *e)
{
	const struct param *const *p = c->route->params;
	char *value = strchr(word, '='), why[200];
	size_t i = 0;

	if (value)
		*value++ = '\0';
	else
		value = word + strlen(word);
	if (!param_decode(word) || !param_decode(value))
		return cgi_invalid(c, "parameter", "query", "has a bad percent escape", e);
	while (p[i] && strcmp(p[i]->name, word) != 0)
		i++;
	if (p[i] == NULL)
		return cgi_invalid(c, "parameter", word, "is not a parameter here", e);
	if (c->value[i])
		return cgi_invalid(c, "parameter", word, "is given more than once", e);
	c->value[i] = value;
	param_check(p[i], value, why, sizeof why);
	return *why ? cgi_invalid(c, "parameter", word, why, e) : 0;
}

int cgi_take_params(struct cgi *c, struct err *e)
{
	size_t n = 0;
	char *rest, *word;
	int rc = 0;

	if (c->route->params == NULL)
		return 0;
	while (c->route->params[n])
		n++;
	c->value = xalloc_grow(c->value, n, sizeof *c->value);
	memset(c->value, 0, n * sizeof *c->value);
	buf_addstr(&c->query, cgi_var(c, "QUERY_STRING"));
	rest = c->query.data;
	while ((word = strsep(&rest, "&")) != NULL)
		if (*word && take_param(c, word, e) != 0)
			rc = -1;
	c->params_taken = true;
	return rc;
}

const char *cgi_text(struct cgi *c, const struct param *p)
{
	const struct param *const *declared = c->route->params;

	for (size_t i = 0; declared && declared[i]; i++)
		if (declared[i] == p)
			return c->value[i];
	c->undeclared = p;
	return NULL;
}

int64_t cgi_int(struct cgi *c, const struct param *p, int64_t fallback)
{
	const char *s = cgi_text(c, p);

	return s ? strtoll(s, NULL, 10) : fallback;
}

const struct param *const *cgi_params(const struct cgi *c)
{
	return c->route->params;
}
