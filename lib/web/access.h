/* SPDX-License-Identifier: MIT
 *
 * access: who asks, by what the request carries: a bearer token, a session cookie, or
 * REMOTE_USER where a setting trusts it; and where it comes from. Programs only.
 */
#ifndef ACCESS_H
#define ACCESS_H

#include "base/conf.h"
#include "base/err.h"
#include "web/door.h"
#include "web/gateway.h"

#include <stdbool.h>

/* What a route asks of a client. */
enum cgi_scope { CGI_OPEN, CGI_READ, CGI_WRITE };

/* Finds out who it is. ERR_AUTH; ERR_BUSY; errors of db.h where only PostgreSQL could tell. */
ERR_CHECK int access_visitor(const struct gateway *g, const struct conf *conf, struct door *door,
			     struct visitor *v, struct err *e);

/* Passes a client that may do that in that area. ERR_FORBIDDEN. */
ERR_CHECK int access_check(const struct visitor *v, enum cgi_scope scope, enum scopes_area area,
			   struct err *e);

/* Passes what changes something unless it comes from a page of another site, or from a webhook
 * of ours. ERR_FORBIDDEN. */
ERR_CHECK int access_origin(const struct gateway *g, const struct conf *conf, struct err *e);

#endif
