/* SPDX-License-Identifier: MIT
 *
 * serve: finds the route, checks access, parameters and budget, calls the handler and sends the
 * response.
 */
#include "web/serve.h"

#include "base/clock.h"
#include "filter/log.h"
#include "web/condition.h"
#include "web/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* --- routing --- */

static void find_path(struct cgi *c)
{
	const char *script = cgi_var(c, "SCRIPT_NAME");

	buf_addstr(&c->path, ""); /* no route has the empty path */
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

static int check_access(struct cgi *c, struct err *e)
{
	int rc = 0;

	if (c->route->scope == CGI_OPEN)
		return 0;
	if (cgi_ask_who(c, e) != 0) {
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

static int handle(struct cgi *c, struct err *e)
{
	int rc = condition_handle(c, e);

	if (c->undeclared == NULL) {
		if (rc == 0 && (c->area == SCOPES_ORDERS || c->area == SCOPES_WEBHOOKS) &&
		    c->route->scope == CGI_READ &&
		    c->response.body.len > 0 && !cgi_may_in(c, CGI_READ, SCOPES_PERSONAL))
			response_hide_people(&c->response);
		if (rc == 0)
			condition_add_tag(c);
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
	     cgi_take_params(c, &e) != 0 || check_budget(c, &e) != 0 || handle(c, &e) != 0;
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

int serve_run(const struct cgi_app *app, const struct conf *conf)
{
	struct cgi c = {.app = app, .conf = conf};
	int status;

	start(&c);
	status = gateway_serve(serve, app->after ? after : NULL, &c);
	end(&c);
	return status;
}

int serve_call(const struct cgi_app *app, const struct conf *conf, const struct gateway_call *call,
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

bool serve_by_hand(int argc, char **argv, const char *does, int *status)
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

int serve_cannot_start(const char *name, const struct err *e)
{
	struct err copy = *e;

	log_init(name);
	if (!gateway_is_plain())
		log_say(LOG_ERROR, "%s", e->msg);
	else if (gateway_serve(apologize, NULL, &copy) != 0)
		return EX_OSERR;
	return err_exit_status(e->code);
}
