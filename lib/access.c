/* SPDX-License-Identifier: MIT
 *
 * access: reads the request's headers; session does the cryptography.
 */
#include "access.h"

#include "session.h"

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

bool access_is_foreign(const struct gateway *g)
{
	const char *site = gateway_var(g, "HTTP_SEC_FETCH_SITE");
	const char *origin = gateway_var(g, "HTTP_ORIGIN");
	const char *host = strstr(origin, "://");

	if (*site)
		return strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
	return *origin && (host == NULL || strcasecmp(host + 3, gateway_var(g, "HTTP_HOST")) != 0);
}

bool access_is_loop(const struct gateway *g)
{
	return *gateway_var(g, "HTTP_X_WEBHOOK_ID") && *gateway_var(g, "HTTP_WEBHOOK_ID");
}
