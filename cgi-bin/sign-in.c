/* SPDX-License-Identifier: MIT
 *
 * sign-in: signing in and out. The pages themselves are files that the web
 * server sends; this gives a browser the cookie with which they read the API.
 */
#include "base/conf.h"
#include "base/record.h"
#include "filter/log.h"
#include "filter/program.h"
#include "sql.h"
#include "store/db.h"
#include "web/cgi.h"
#include "web/serve.h"
#include "web/session.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* How long a browser is known: 400 days are the most that one keeps a cookie. */
enum { KNOWN_SECONDS = 400 * 24 * 3600 };

struct sign_in {
	struct conf *conf;
	struct db *db; /* NULL until PostgreSQL was there */
};

static void set_cookie(struct cgi *c, const char *name, const char *value, long seconds)
{
	const struct sign_in *p = cgi_ctx(c);
	char cookie[SESSION_TEXT + 160];

	snprintf(cookie, sizeof cookie,
		 "%s=%s; Path=/; Max-Age=%ld; HttpOnly; SameSite=Strict%s", name, value, seconds,
		 door_https_only(p->conf) || cgi_https(c) ? "; Secure" : "");
	cgi_header(c, "Set-Cookie", cookie);
}

/* NULL: PostgreSQL is away. */
static struct db *connect_db(void *ctx)
{
	struct sign_in *p = ctx;
	struct err ignored;

	if (p->db == NULL)
		return db_open_hurried(&p->db, p->conf, "fulfil-sign-in", false, &ignored) == 0
			? p->db : NULL;
	return db_alive(p->db) || db_reopen(p->db, &ignored) == 0 ? p->db : NULL;
}

static const char *member(const json_t *body, const char *name)
{
	const char *s = json_string_value(json_object_get(body, name));

	return s ? s : "";
}

/* Who it is, by what the body has: a name and a password, a code, or a token. */
static int find_visitor(struct cgi *c, const json_t *body, struct visitor *v, struct err *e)
{
	const char *user = member(body, "user"), *code = member(body, "code");
	const char *token = member(body, "token"), *address = cgi_var(c, "REMOTE_ADDR");

	if (*user) {
		if (*member(body, "password") == '\0')
			return cgi_invalid(c, "pointer", "/password", "must be a password", e);
		return door_user(cgi_door(c), user, member(body, "password"),
				 cgi_var(c, "HTTP_COOKIE"), address, v, e);
	}
	if (*code)
		return door_code(cgi_door(c), code, address, v, e);
	if (*token == '\0')
		return cgi_invalid(c, "pointer", "/token", "must be a token", e);
	return door_token(cgi_door(c), token, address, v, e);
}

static void put_scope(struct cgi *c, const char *scope)
{
	record_open(cgi_out(c), NULL, '{');
	record_text(cgi_out(c), "scope", scope);
	record_end(cgi_out(c));
}

static int sign_in(struct cgi *c, struct err *e)
{
	struct sign_in *p = cgi_ctx(c);
	bool strict = door_https_only(p->conf);
	const char *secret;
	char value[SESSION_TEXT];
	struct visitor v;
	struct session s;
	json_t *body;

	if (cgi_same_site(c, e) != 0 || conf_need(p->conf, "SECRET_KEY", &secret, e) != 0 ||
	    cgi_json(c, &body, e) != 0)
		return -1;
	if (find_visitor(c, body, &v, e) != 0) {
		if (e->code == ERR_BUSY)
			cgi_header(c, "Retry-After", "60");
		return -1;
	}
	if (session_begin(&s, v.writes ? 'w' : 'r', v.credential, time(NULL), e) != 0)
		return -1;
	session_make(secret, &s, value);
	set_cookie(c, session_cookie(strict), value, SESSION_SECONDS);
	if (*member(body, "user")) {
		session_make_known(secret, v.credential, value);
		set_cookie(c, session_known_cookie(strict), value, KNOWN_SECONDS);
	}
	put_scope(c, v.writes ? "write" : "read");
	return 0;
}

/* The cookie goes, and a copy of it is refused from now on. */
static int sign_out(struct cgi *c, struct err *e)
{
	struct sign_in *p = cgi_ctx(c);
	struct session s;
	struct db *db;

	if (cgi_same_site(c, e) != 0)
		return -1;
	if (session_read(conf_get(p->conf, "SECRET_KEY"), cgi_var(c, "HTTP_COOKIE"),
			 door_https_only(p->conf), time(NULL), &s)) {
		struct db_param binds[] = {db_param_text(s.id), db_param_int(s.until)};

		db = connect_db(p);
		if (db == NULL)
			return err_set(e, ERR_AWAY,
				       "PostgreSQL is away, so the session cannot be ended");
		if (db_exec(db, &SQL_END_SESSION, binds, NULL, e) != 0 &&
		    (db_alive(db) || db_reopen(db, e) != 0 ||
		     db_exec(db, &SQL_END_SESSION, binds, NULL, e) != 0))
			return -1; /* a connection that was idle may have been cut */
	}
	set_cookie(c, session_cookie(door_https_only(p->conf)), "", 0);
	cgi_status(c, 204);
	return 0;
}

static int show_session(struct cgi *c, struct err *e)
{
	(void)e;
	put_scope(c, cgi_may(c, CGI_WRITE) ? "write" : "read");
	return 0;
}

/* The pages make up what they show, so there is nothing to sign in to. */
static int show_demo(struct cgi *c, struct err *e)
{
	(void)e;
	record_open(cgi_out(c), NULL, '{');
	record_text(cgi_out(c), "scope", "read");
	record_bool(cgi_out(c), "demo", true);
	record_end(cgi_out(c));
	return 0;
}

int main(int argc, char **argv)
{
	static const struct cgi_route demo_routes[] = {
		{"GET", "/session", CGI_OPEN, NULL, show_demo},
		{0}};
	static const struct cgi_route routes[] = {
		{"GET", "/session", CGI_READ, NULL, show_session},
		{"POST", "/session", CGI_OPEN, NULL, sign_in},
		{"DELETE", "/session", CGI_OPEN, NULL, sign_out},
		{0}};
	static const struct cgi_table demo_tables[] = {{demo_routes, SCOPES_METRICS}, {0}};
	static const struct cgi_table tables[] = {{routes, SCOPES_ANY}, {0}};
	struct sign_in p = {0};
	const struct cgi_app app = {
		.name = "fulfil-sign-in", .prefix = "/session", .tables = tables, .ctx = &p,
		.db = connect_db};
	const struct cgi_app demo_app = {.name = app.name, .prefix = app.prefix,
					.tables = demo_tables, .ctx = &p};
	struct err e = {0};
	int status;

	if (serve_by_hand(argc, argv, "signs people in to the pages", &status))
		return status;
	log_init(app.name);
	if (program_start(&p.conf, CONF_CGI, &e) != 0)
		status = serve_cannot_start(app.name, &e);
	else
		status = serve_run(conf_bool(p.conf, "DEMO_MODE") ? &demo_app : &app, p.conf);

	db_close(p.db);
	conf_free(p.conf);
	return status;
}
