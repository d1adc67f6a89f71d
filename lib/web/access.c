/* SPDX-License-Identifier: MIT
 *
 * access: reads the request's headers; door knows what they are worth.
 */
#include "web/access.h"

#include <string.h>
#include <strings.h>

int access_visitor(const struct gateway *g, const struct conf *conf, struct door *door,
		   struct visitor *v, struct err *e)
{
	const char *auth = gateway_var(g, "HTTP_AUTHORIZATION");
	bool trusted = conf_bool(conf, "TRUST_REMOTE_USER");
	const char *user = trusted ? gateway_var(g, "REMOTE_USER") : "";

	*v = (struct visitor){0};
	if (*user)
		return scopes_remote(conf_get(conf, "REMOTE_USERS"), user, v, e);
	if (strncasecmp(auth, "Bearer ", 7) == 0)
		return door_token(door, auth + 7, gateway_var(g, "REMOTE_ADDR"), v, e);
	return door_session(door, gateway_var(g, "HTTP_COOKIE"), v, e);
}

int access_check(const struct visitor *v, enum cgi_scope scope, enum scopes_area area,
		 struct err *e)
{
	if (scope == CGI_OPEN || scopes_may(v, area, scope == CGI_WRITE))
		return 0;
	if (scope == CGI_READ)
		return err_set(e, ERR_FORBIDDEN, "this token may not read that");
	if (scopes_may(v, area, false))
		return err_set(e, ERR_FORBIDDEN, "this token may read, not change");
	return err_set(e, ERR_FORBIDDEN, "this token may not change that");
}

/* Whether it is the origin of the address that browsers see, which a proxy may change. */
static bool is_public(const char *origin, const char *public)
{
	size_t n = strlen(public);

	while (n > 0 && public[n - 1] == '/')
		n--;
	return n > 0 && strlen(origin) == n && strncasecmp(origin, public, n) == 0;
}

/* The page of another site makes a browser ask. */
static bool is_foreign(const struct gateway *g, const char *public)
{
	const char *site = gateway_var(g, "HTTP_SEC_FETCH_SITE");
	const char *origin = gateway_var(g, "HTTP_ORIGIN");
	const char *host = strstr(origin, "://");

	if (*site)
		return strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
	return *origin && !is_public(origin, public) &&
	       (host == NULL || strcasecmp(host + 3, gateway_var(g, "HTTP_HOST")) != 0);
}

/* A webhook of ours leads here: what it is told would make new events. */
static bool is_loop(const struct gateway *g)
{
	return *gateway_var(g, "HTTP_X_WEBHOOK_ID") && *gateway_var(g, "HTTP_WEBHOOK_ID");
}

int access_origin(const struct gateway *g, const struct conf *conf, struct err *e)
{
	if (is_foreign(g, conf_get(conf, "PUBLIC_URL")))
		return err_set(e, ERR_FORBIDDEN, "the request comes from another site");
	if (is_loop(g))
		return err_set(e, ERR_FORBIDDEN, "a webhook must not lead back to what sends it");
	return 0;
}
