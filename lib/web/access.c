/* SPDX-License-Identifier: MIT
 *
 * access: reads the request's headers; session does the cryptography.
 */
#include "web/access.h"

#include "web/session.h"

#include <string.h>
#include <strings.h>
#include <time.h>

const char *access_user(const struct gateway *g, const struct conf *conf)
{
	return conf_bool(conf, "TRUST_REMOTE_USER") ? gateway_var(g, "REMOTE_USER") : "";
}

enum cgi_scope access_scope(const struct gateway *g, const struct conf *conf)
{
	const char *auth = gateway_var(g, "HTTP_AUTHORIZATION");
	char scope;

	if (*access_user(g, conf))
		return CGI_WRITE;
	if (strncasecmp(auth, "Bearer ", 7) == 0)
		scope = session_token(conf_get(conf, "API_TOKENS_READ"),
				      conf_get(conf, "API_TOKENS_WRITE"), auth + 7);
	else
		scope = session_scope(conf_get(conf, "SECRET_KEY"), gateway_var(g, "HTTP_COOKIE"),
				      time(NULL));
	return scope == 'w' ? CGI_WRITE : scope == 'r' ? CGI_READ : CGI_OPEN;
}

/* The page of another site makes a browser ask. */
static bool is_foreign(const struct gateway *g)
{
	const char *site = gateway_var(g, "HTTP_SEC_FETCH_SITE");
	const char *origin = gateway_var(g, "HTTP_ORIGIN");
	const char *host = strstr(origin, "://");

	if (*site)
		return strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
	return *origin && (host == NULL || strcasecmp(host + 3, gateway_var(g, "HTTP_HOST")) != 0);
}

/* A webhook of ours leads here: what it is told would make new events. */
static bool is_loop(const struct gateway *g)
{
	return *gateway_var(g, "HTTP_X_WEBHOOK_ID") && *gateway_var(g, "HTTP_WEBHOOK_ID");
}

int access_check(const struct gateway *g, const struct conf *conf, enum cgi_scope scope,
		 bool changes, struct err *e)
{
	enum cgi_scope has;

	if (scope == CGI_OPEN)
		return 0;
	has = access_scope(g, conf);
	if (has == CGI_OPEN)
		return err_set(e, ERR_AUTH, *gateway_var(g, "HTTP_AUTHORIZATION")
			       ? "no such token" : "a token is needed: Authorization: Bearer …");
	if (has < scope)
		return err_set(e, ERR_FORBIDDEN, "this token may read, not change");
	if (changes && is_foreign(g))
		return err_set(e, ERR_FORBIDDEN, "the request comes from another site");
	if (changes && is_loop(g))
		return err_set(e, ERR_FORBIDDEN, "a webhook must not lead back to what sends it");
	return 0;
}
