/* SPDX-License-Identifier: MIT
 *
 * condition: a change under a key and a change of a version are each one transaction with
 * what they compare; both at once are one.
 */
#include "web/condition.h"

#include "web/match.h"
#include "web/request.h"

#include <stdio.h>
#include <string.h>

/* Of the body of a request that is done once. */
enum { MOST_ONCE = 8 << 20 };

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

int condition_once(struct cgi *c, const char *print, bool *done, struct err *e)
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

int condition_handle(struct cgi *c, struct err *e)
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
void condition_add_tag(struct cgi *c)
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
