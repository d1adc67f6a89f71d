/* SPDX-License-Identifier: MIT
 *
 * access: who asks, and what they may: by a bearer token, a session cookie, or
 * REMOTE_USER where a setting trusts it. Programs only.
 */
#ifndef ACCESS_H
#define ACCESS_H

#include "conf.h"
#include "gateway.h"

#include <stdbool.h>

/* Each covers those before it. */
enum cgi_scope { CGI_OPEN, CGI_READ, CGI_WRITE };

enum cgi_scope access_scope(const struct gateway *g, const struct conf *conf);

/* REMOTE_USER where that is trusted, else "". */
const char *access_user(const struct gateway *g, const struct conf *conf);

/* True if the page of another site makes a browser ask. */
bool access_is_foreign(const struct gateway *g);

/* True if a webhook of ours leads here: what it is told would make new events. */
bool access_is_loop(const struct gateway *g);

#endif
