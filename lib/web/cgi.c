/* SPDX-License-Identifier: MIT
 *
 * cgi: finds the route, checks access and parameters, calls the handler and sends
 * the response. Nothing is sent before the handler returns, unless it flushes.
 */
#include "web/cgi.h"

#include "base/clock.h"
#include "base/jtext.h"
#include "base/xalloc.h"
#include "filter/log.h"
#include "web/budget.h"
#include "web/once.h"
#include "web/response.h"
#include "web/gateway.h"
#include "web/match.h"
#include "web/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>

/* MOST_ONCE: of the body of a request that is done once. */
enum { MOST_JSON = 1 << 20, MOST_ONCE = 8 << 20, VERSION = 41 };

const struct param *const cgi_no_params[] = {NULL};

struct cgi {
	const struct cgi_app *app;
	const struct conf *conf;
	struct gateway *gateway; /* borrowed, for one request; the memory is kept */
	const struct cgi_route *route;
	enum door_area area;      /* of the route */
	struct door *door;
	struct budget *budget;
	struct visitor visitor;   /* who it is, if it was asked */
	bool asked;
	struct buf path, query, body;
	struct response response;
	struct route_match match;
	const char **value; /* owned array, by place in route->params; they point into query */
	const struct param *undeclared; /* the handler asked for it */
	json_t *json;
	struct err *told; /* of cgi_call; NULL: the log is told */
	bool body_read, params_taken;
	struct once once;
	char version[VERSION]; /* of what the answer shows; "": it has none */
};

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

/* --- routing --- */

static void find_path(struct cgi *c)
{
	const char *script = cgi_var(c, "SCRIPT_NAME");

	if (route_is_disguised(cgi_var(c, "REQUEST_URI")))
		return;
	buf_addstr(&c->path, script + route_skip(script, cgi_var(c, "PATH_INFO"), c->app->prefix));
	buf_addstr(&c->path, cgi_var(c, "PATH_INFO"));
}

/* The row for this request; NULL: none, and the methods of those with its path
 * are added to `allow`. */
static const struct cgi_route *find_in_table(struct cgi *c, const struct cgi_route *table,
					     struct buf *allow)
{
	for (const struct cgi_route *r = table; r->method; r++) {
		if (!route_fits(r->path, c->path.data, &c->match))
			continue;
		if (route_answers(r->method, cgi_method(c)))
			return r;
		buf_addf(allow, "%s%s", allow->len ? ", " : "", r->method);
	}
	return NULL;
}

static int find_route(struct cgi *c, struct err *e)
{
	struct buf allow = BUF_INIT;

	for (const struct cgi_table *t = c->app->tables; c->route == NULL && t->routes; t++) {
		c->route = find_in_table(c, t->routes, &allow);
		c->area = t->area;
	}
	if (c->route) {
		buf_release(&allow);
		return 0;
	}
	if (allow.len == 0)
		return err_set(e, ERR_NOTFOUND, "there is nothing at this path");
	cgi_header(c, "Allow", allow.data);
	buf_release(&allow);
	return err_set(e, ERR_METHOD, "this path does not answer that method");
}

/* --- access --- */

static int ask_who(struct cgi *c, struct err *e)
{
	if (c->asked)
		return 0;
	c->asked = true;
	if (c->app->db == NULL) {
		door_everything(&c->visitor, c->app->user ? c->app->user : "");
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

	return ask_who(c, &ignored) == 0 ? c->visitor.name : "";
}

bool cgi_may_in(struct cgi *c, enum cgi_scope scope, enum door_area area)
{
	struct err ignored;

	return ask_who(c, &ignored) == 0 && access_check(&c->visitor, scope, area, &ignored) == 0;
}

bool cgi_may(struct cgi *c, enum cgi_scope scope)
{
	return cgi_may_in(c, scope, c->area);
}

static int check_access(struct cgi *c, struct err *e)
{
	int rc = 0;

	if (c->route->scope == CGI_OPEN)
		return 0;
	if (ask_who(c, e) != 0) {
		if (e->code == ERR_AUTH)
			cgi_header(c, "WWW-Authenticate", "Bearer realm=\"fulfil\"");
		if (e->code == ERR_BUSY)
			cgi_header(c, "Retry-After", "60");
		return -1;
	}
	rc = access_check(&c->visitor, c->route->scope, c->area, e);
	if (rc == 0 && strcmp(c->route->method, "GET") != 0)
		rc = access_origin(c->gateway, c->conf, e);
	return rc;
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

static int take_params(struct cgi *c, struct err *e)
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

/* --- one request after another --- */

/* A client that goes away is no fault of ours. */
static bool is_fault(struct gateway *g, const struct err *e)
{
	int status = err_http_status(e->code);
	bool ended = e->code == ERR_IO || strcmp(e->sqlstate, "57014") == 0;

	return (status == 500 || status == 503) && !(ended && gateway_gone(g));
}

static void log_refusal(struct gateway *g, const char *path, const struct err *e)
{
	int status = err_http_status(e->code);

	log_say(is_fault(g, e) ? LOG_ERROR : LOG_INFO, "%s %.100s from %s: %d, %s",
		gateway_var(g, "REQUEST_METHOD"), path, gateway_var(g, "REMOTE_ADDR"), status,
		e->msg);
}

/* The rest of an answer that went out in pieces; false if there is none to
 * come, so that the client must not take what it has for the whole. */
static bool finish(struct cgi *c, int rc, const struct err *e)
{
	if (rc != 0 && c->told == NULL)
		log_say(is_fault(c->gateway, e) ? LOG_ERROR : LOG_INFO,
			"%s %s from %s: broken off, %s", cgi_method(c), c->path.data,
			cgi_var(c, "REMOTE_ADDR"), e->msg);
	return rc == 0 && cgi_flush(c, NULL) == 0;
}

static void each_buf(struct cgi *c, void (*f)(struct buf *b))
{
	f(&c->path);
	f(&c->query);
	f(&c->body);
}

/* Those who asked and went, one after the other, must not keep the others waiting. What changes
 * something is done all the same. */
static int check_waits(struct cgi *c, struct err *e)
{
	if (strcmp(c->route->method, "GET") != 0 || !cgi_gone(c))
		return 0;
	return err_set(e, ERR_IO, "the client has gone");
}

/* --- searches of one credential leave time for those of others --- */

static bool is_search(const struct cgi *c)
{
	const struct param *const *p = c->route ? c->route->params : NULL;

	if (p == NULL || *c->visitor.credential == '\0' || strcmp(c->route->method, "GET") != 0)
		return false;
	for (size_t i = 0; p[i]; i++)
		if (p[i]->kind == PARAM_TEXT && c->value[i] && *c->value[i])
			return true;
	return false;
}

static int check_budget(struct cgi *c, struct err *e)
{
	const char *who = c->visitor.credential;
	int64_t now = clock_ms();
	char text[BUDGET_TEXT];
	int wait;

	if (!is_search(c))
		return 0;
	budget_say(c->budget, who, now, text);
	cgi_header(c, "RateLimit-Policy", BUDGET_POLICY);
	cgi_header(c, "RateLimit", text);
	wait = budget_wait(c->budget, who, now);
	if (wait == 0)
		return 0;
	snprintf(text, sizeof text, "%d", wait);
	cgi_header(c, "Retry-After", text);
	return err_set(e, ERR_BUSY, "slow searches by this token took all the time that there is "
				    "for it; again in %d s", wait);
}

static void spend_budget(struct cgi *c, int64_t since_ms)
{
	if (!c->response.flushed && c->params_taken && is_search(c))
		budget_spend(c->budget, c->visitor.credential, clock_ms() - since_ms, clock_ms());
}

/* --- what is done once --- */

/* The key; NULL: there is none that means anything here. */
static const char *key_of(const struct cgi *c)
{
	const char *key = cgi_var(c, "HTTP_IDEMPOTENCY_KEY");

	return *key && strcmp(c->route->method, "POST") == 0 && c->route->scope != CGI_OPEN &&
	       c->app->db ? key : NULL;
}

static int begin_once(struct cgi *c, const void *print, size_t len, bool *done, struct err *e)
{
	struct db *db;
	int rc;

	*done = false;
	c->once.key = key_of(c);
	if (c->once.key == NULL)
		return 0;
	if (!once_key_ok(c->once.key))
		return cgi_invalid(c, "header", "Idempotency-Key",
				   "must be 1 to 255 printable characters of ASCII, no blank", e);
	db = c->app->db(c->app->ctx);
	if (db == NULL)
		return err_set(e, ERR_AWAY, "PostgreSQL, which knows the keys, is away");
	c->once.who = c->visitor.credential;
	once_digest(&c->once, c->route->method, c->path.data, cgi_var(c, "QUERY_STRING"), print,
		    len);
	rc = once_begin(&c->once, db, &c->response, done, e);
	if (rc != 0 && e->code == ERR_CONFLICT)
		cgi_header(c, "Retry-After", "1");
	return rc;
}

int cgi_once(struct cgi *c, const char *print, bool *done, struct err *e)
{
	return begin_once(c, print, strlen(print), done, e);
}

/* The body is read before the handler asks for it. */
static int begin_at_once(struct cgi *c, bool *done, struct err *e)
{
	const char *body = "";
	size_t len = 0;

	*done = false;
	if (key_of(c) == NULL || (c->app->late && strcmp(c->route->path, c->app->late) == 0))
		return 0;
	if (*cgi_var(c, "CONTENT_LENGTH") && cgi_body(c, MOST_ONCE, &body, &len, e) != 0)
		return -1;
	return begin_once(c, body, len, done, e);
}

/* --- what two may edit --- */

static const struct cgi_version *version_of(const struct cgi *c)
{
	const struct cgi_version *v = c->app->versions;

	while (v && v->path && strcmp(v->path, c->route->path) != 0)
		v++;
	return v && v->path ? v : NULL;
}

static int read_version(struct cgi *c, struct db *db, const struct cgi_version *v, struct err *e)
{
	struct db_param id = db_param_int(c->match.id);
	struct db_rows *rows;

	if (db_exec(db, v->read, &id, &rows, e) != 0)
		return -1;
	snprintf(c->version, sizeof c->version, "%s",
		 db_count(rows) > 0 ? db_text(rows, 0, 0) : "");
	db_rows_free(rows);
	return 0;
}

/* What there is goes into the problem, as GET of the path shows it. */
static int say_changed(struct cgi *c, struct err *e)
{
	const struct cgi_route *route = c->route;
	char tag[MATCH_TAG];
	int rc = -1;

	for (const struct cgi_table *t = c->app->tables; t->routes; t++)
		for (const struct cgi_route *r = t->routes; r->method; r++)
			if (strcmp(r->path, route->path) == 0 && strcmp(r->method, "GET") == 0)
				c->route = r;
	if (c->route != route)
		rc = c->route->handle(c, e);
	c->route = route;
	if (rc != 0)
		return -1;
	match_make(tag, c->version, c->response.body.data, c->response.body.len);
	cgi_header(c, "ETag", tag);
	buf_add(&c->response.current, c->response.body.data, c->response.body.len);
	buf_reset(&c->response.body);
	return err_set(e, ERR_CHANGED, "somebody has changed it meanwhile; `current` is what it "
				       "is now");
}

/* The handler, if If-Match allows it. */
static int change(struct cgi *c, struct db *db, const struct cgi_version *v, struct err *e)
{
	const char *wanted = cgi_var(c, "HTTP_IF_MATCH");
	struct db_param id = db_param_int(c->match.id);

	if (db_exec(db, v->lock, &id, NULL, e) != 0 || read_version(c, db, v, e) != 0)
		return -1;
	if (*wanted && *c->version && !match_version(wanted, c->version))
		return say_changed(c, e);
	return c->route->handle(c, e) != 0 ? -1 : read_version(c, db, v, e);
}

static int hold_and_change(struct cgi *c, struct db *db, const struct cgi_version *v, struct err *e)
{
	struct err ignored;
	int rc;

	if (db_hold(db, e) != 0)
		return -1;
	rc = change(c, db, v, e);
	if (rc == 0)
		return db_settle(db, true, e);
	return db_settle(db, false, &ignored) == 0 ? rc : -1;
}

static int handle_versioned(struct cgi *c, const struct cgi_version *v, struct err *e)
{
	struct db *db = c->app->db(c->app->ctx);

	if (db == NULL)
		return c->route->handle(c, e); /* which says so */
	if (strcmp(c->route->method, "GET") == 0)
		return read_version(c, db, v, e) != 0 ? -1 : c->route->handle(c, e);
	return c->once.db ? change(c, c->once.db, v, e) : hold_and_change(c, db, v, e);
}

/* What is not looked at must not be taken for fulfilled. */
static int check_conditions(struct cgi *c, const struct cgi_version *v, struct err *e)
{
	const char *match = cgi_var(c, "HTTP_IF_MATCH");

	if (strcmp(c->route->method, "GET") == 0 || c->route->scope == CGI_OPEN)
		return 0;
	if (*cgi_var(c, "HTTP_IF_UNMODIFIED_SINCE"))
		return err_set(e, ERR_CHANGED, "no time of change is kept here; use If-Match");
	if (v == NULL && *match && strcmp(match, "*") != 0)
		return err_set(e, ERR_CHANGED, "this has no ETag for If-Match");
	return 0;
}

static int handle_once(struct cgi *c, struct err *e)
{
	const struct cgi_version *v = version_of(c);
	bool done;
	int rc = check_conditions(c, v, e);

	if (rc == 0)
		rc = begin_at_once(c, &done, e);
	if (rc == 0 && !done)
		rc = v ? handle_versioned(c, v, e) : c->route->handle(c, e);
	return c->once.db ? once_end(&c->once, &c->response, rc, e) : rc;
}

/* The tag of the answer; 304 in its place if the client has it. */
static void add_tag(struct cgi *c)
{
	bool get = strcmp(c->route->method, "GET") == 0;
	struct response *a = &c->response;
	char tag[MATCH_TAG];

	if (a->flushed || a->status != 200 || strcmp(a->type, "application/json") != 0 ||
	    (!get && !*c->version))
		return;
	match_make(tag, c->version, a->body.data, a->body.len);
	cgi_header(c, "ETag", tag);
	if (get && *cgi_var(c, "HTTP_IF_NONE_MATCH") &&
	    match_answer(cgi_var(c, "HTTP_IF_NONE_MATCH"), tag))
		cgi_status(c, 304);
}

static int handle(struct cgi *c, struct err *e)
{
	int rc = handle_once(c, e);

	if (c->undeclared == NULL) {
		if (rc == 0 && (c->area == DOOR_ORDERS || c->area == DOOR_WEBHOOKS) &&
		    c->route->scope == CGI_READ &&
		    c->response.body.len > 0 && !cgi_may_in(c, CGI_READ, DOOR_PERSONAL))
			response_hide_people(&c->response);
		if (rc == 0)
			add_tag(c);
		return rc;
	}
	return err_set(e, ERR_BUG, "%s %s reads the parameter %s, which it does not declare",
		       c->route->method, c->route->path, c->undeclared->name);
}

static bool serve(void *ctx, struct gateway *g)
{
	struct cgi *c = ctx;
	struct err e = {0};
	int64_t since = clock_ms();
	bool whole = true;
	int rc;

	c->gateway = g;
	c->route = NULL;
	c->undeclared = NULL;
	c->asked = c->body_read = c->params_taken = false;
	*c->version = '\0';
	*c->visitor.credential = '\0';
	if (door_https_only(c->conf) || cgi_https(c))
		cgi_header(c, "Strict-Transport-Security", "max-age=31536000");
	find_path(c);
	if (c->app->before)
		c->app->before(c->app->ctx, c);
	rc = find_route(c, &e) != 0 || check_waits(c, &e) != 0 || check_access(c, &e) != 0 ||
	     take_params(c, &e) != 0 || check_budget(c, &e) != 0 || handle(c, &e) != 0;
	spend_budget(c, since);
	if (rc != 0 && c->told)
		*c->told = e;
	if (c->response.flushed) {
		whole = finish(c, rc, &e);
	} else {
		if (rc != 0) {
			if (c->told == NULL)
				log_refusal(g, c->path.data, &e);
			response_problem(&c->response, &e);
		}
		response_send(&c->response, g);
	}
	json_decref(c->json);
	c->json = NULL;
	each_buf(c, buf_reuse);
	response_reset(&c->response);
	return whole;
}

static void after(void *ctx)
{
	const struct cgi *c = ctx;

	c->app->after(c->app->ctx);
}

static void start(struct cgi *c)
{
	c->door = door_new(c->conf, c->app->db, c->app->ctx);
	c->budget = budget_new();
	response_reset(&c->response);
}

static void end(struct cgi *c)
{
	each_buf(c, buf_release);
	free(c->value);
	buf_release(&c->once.type);
	door_free(c->door);
	budget_free(c->budget);
	response_release(&c->response);
}

int cgi_run(const struct cgi_app *app, const struct conf *conf)
{
	struct cgi c = {.app = app, .conf = conf};
	int status;

	start(&c);
	status = gateway_serve(serve, app->after ? after : NULL, &c);
	end(&c);
	return status;
}

int cgi_call(const struct cgi_app *app, const struct conf *conf, const struct gateway_call *call,
	     struct err *e)
{
	struct cgi c = {.app = app, .conf = conf, .told = e};

	*e = (struct err){0};
	start(&c);
	if (!gateway_call(serve, &c, call) && e->code == ERR_NONE)
		err_set(e, ERR_IO, "the answer was broken off");
	end(&c);
	return e->code == ERR_NONE ? 0 : -1;
}

bool cgi_by_hand(int argc, char **argv, const char *does, int *status)
{
	const char *word = argc > 1 ? argv[1] : "", *slash = strrchr(argv[0], '/');
	bool asked = strcmp(word, "--help") == 0 || strcmp(word, "--version") == 0;

	if (argc < 2 || getenv("REQUEST_METHOD") || !gateway_is_plain())
		return false;
	fprintf(asked ? stdout : stderr, "%s (fulfil) %s %s; a web server runs it, and it has no "
		"options: see fulfil(7)\n", slash ? slash + 1 : argv[0], FULFIL_VERSION, does);
	*status = asked ? 0 : EX_USAGE;
	return true;
}

/* The answer of a program that cannot start. */
static bool apologize(void *ctx, struct gateway *g)
{
	struct response a = {0};

	log_refusal(g, gateway_var(g, "SCRIPT_NAME"), ctx);
	response_reset(&a);
	response_problem(&a, ctx);
	a.status = 500;
	response_send(&a, g);
	response_release(&a);
	return true;
}

int cgi_cannot_start(const char *name, const struct err *e)
{
	struct err copy = *e;

	log_init(name);
	if (!gateway_is_plain())
		log_say(LOG_ERROR, "%s", e->msg);
	else if (gateway_serve(apologize, NULL, &copy) != 0)
		return EX_OSERR;
	return err_exit_status(e->code);
}
