/* SPDX-License-Identifier: MIT
 *
 * sign-in: signing in and out. The pages themselves are files that the web
 * server sends; this gives a browser the cookie with which they read the API.
 */
#include "base/conf.h"
#include "filter/log.h"
#include "filter/program.h"
#include "sql.h"
#include "store/db.h"
#include "web/cgi.h"
#include "web/session.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* Wrong tokens from one address, and from everywhere, in a minute. */
enum { MOST_WRONG = 10, MOST_WRONG_ALL = 300 };

struct sign_in {
	struct conf *conf;
	struct db *db; /* NULL until PostgreSQL was there */
};

static void set_cookie(struct cgi *c, const char *value, long seconds)
{
	char cookie[SESSION_TEXT + 128];
	bool https = strcasecmp(cgi_var(c, "HTTPS"), "on") == 0 ||
		     strcasecmp(cgi_var(c, "REQUEST_SCHEME"), "https") == 0;

	snprintf(cookie, sizeof cookie,
		 "fulfil_session=%s; Path=/; Max-Age=%ld; HttpOnly; SameSite=Strict%s", value,
		 seconds, https ? "; Secure" : "");
	cgi_header(c, "Set-Cookie", cookie);
}

/* Too many wrong tokens of late? Without PostgreSQL nobody signs in. */
static int check_throttle(struct cgi *c, struct sign_in *p, struct err *e)
{
	struct db_param param = db_param_text(cgi_var(c, "REMOTE_ADDR"));
	struct db_rows *rows;
	bool many;

	if (p->db == NULL && db_open(&p->db, p->conf, "fulfil-sign-in", e) != 0)
		return -1;
	if (!db_alive(p->db) && db_reopen(p->db, e) != 0)
		return -1;
	if (db_exec(p->db, &SQL_COUNT_SIGN_IN_FAILURES, &param, &rows, e) != 0 &&
	    (db_alive(p->db) || db_reopen(p->db, e) != 0 ||
	     db_exec(p->db, &SQL_COUNT_SIGN_IN_FAILURES, &param, &rows, e) != 0))
		return -1; /* a connection that was idle may have been cut */
	many = db_int(rows, 0, 0) >= MOST_WRONG || db_int(rows, 0, 1) >= MOST_WRONG_ALL;
	db_rows_free(rows);
	if (!many)
		return 0;
	cgi_header(c, "Retry-After", "60");
	return err_set(e, ERR_BUSY, "too many wrong tokens; try again in a minute");
}

static int sign_in(struct cgi *c, struct err *e)
{
	struct sign_in *p = cgi_ctx(c);
	char value[SESSION_TEXT], scope;
	const char *token, *secret;
	json_t *body;

	if (conf_need(p->conf, "SECRET_KEY", &secret, e) != 0 || cgi_json(c, &body, e) != 0 ||
	    check_throttle(c, p, e) != 0)
		return -1;
	token = json_string_value(json_object_get(body, "token"));
	if (token == NULL || *token == '\0')
		return cgi_invalid(c, "pointer", "/token", "must be a token", e);
	scope = session_token(conf_get(p->conf, "API_TOKENS_READ"),
			      conf_get(p->conf, "API_TOKENS_WRITE"), token);
	if (scope == '\0') {
		struct db_param param = db_param_text(cgi_var(c, "REMOTE_ADDR"));

		if (db_exec(p->db, &SQL_INSERT_SIGN_IN_FAILURE, &param, NULL, e) != 0)
			return -1;
		return err_set(e, ERR_AUTH, "no such token");
	}
	session_make(secret, scope, time(NULL) + SESSION_SECONDS, value);
	set_cookie(c, value, SESSION_SECONDS);
	buf_addf(cgi_out(c), "{\"scope\":\"%s\"}\n", scope == 'w' ? "write" : "read");
	return 0;
}

static int sign_out(struct cgi *c, struct err *e)
{
	(void)e;
	set_cookie(c, "", 0);
	cgi_status(c, 204);
	return 0;
}

static int show_session(struct cgi *c, struct err *e)
{
	(void)e;
	buf_addf(cgi_out(c), "{\"scope\":\"%s\"}\n", cgi_may(c, CGI_WRITE) ? "write" : "read");
	return 0;
}

/* The pages make up what they show, so there is nothing to sign in to. */
static int show_demo(struct cgi *c, struct err *e)
{
	(void)e;
	buf_addstr(cgi_out(c), "{\"scope\":\"read\",\"demo\":true}\n");
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
	static const struct cgi_route *const demo_tables[] = {demo_routes, NULL};
	static const struct cgi_route *const tables[] = {routes, NULL};
	struct sign_in p = {0};
	const struct cgi_app app = {"fulfil-sign-in", "/session", tables, &p, NULL};
	const struct cgi_app demo_app = {app.name, app.prefix, demo_tables, &p, NULL};
	struct err e = {0};
	int status;

	if (cgi_by_hand(argc, argv, "signs people in to the pages", &status))
		return status;
	log_init(app.name);
	if (program_start(&p.conf, CONF_CGI, &e) != 0)
		status = cgi_cannot_start(app.name, &e);
	else
		status = cgi_run(conf_bool(p.conf, "DEMO_MODE") ? &demo_app : &app, p.conf);

	db_close(p.db);
	conf_free(p.conf);
	return status;
}
