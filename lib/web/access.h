/* SPDX-License-Identifier: MIT
 *
 * access: who asks, and what they may: by a bearer token, a session cookie, or
 * REMOTE_USER where a setting trusts it. Programs only.
 */
#ifndef ACCESS_H
#define ACCESS_H

#include "base/conf.h"
#include "base/err.h"
#include "web/gateway.h"

#include <stdbool.h>

/* Each covers those before it. */
enum cgi_scope { CGI_OPEN, CGI_READ, CGI_WRITE };

enum cgi_scope access_scope(const struct gateway *g, const struct conf *conf);

/* REMOTE_USER where that is trusted, else "". */
const char *access_user(const struct gateway *g, const struct conf *conf);

/* Passes a request whose client has `scope`; one that `changes` something must
 * come neither from another site's page nor from a webhook of ours. ERR_AUTH,
 * ERR_FORBIDDEN. */
ERR_CHECK int access_check(const struct gateway *g, const struct conf *conf, enum cgi_scope scope,
			   bool changes, struct err *e);

#endif
