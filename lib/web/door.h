/* SPDX-License-Identifier: MIT
 *
 * door: who a client is and what it may, by what it shows. Tokens of the settings are known
 * without PostgreSQL; those that fulfil-token made, and which sessions were ended, are asked
 * for and remembered for a second, so that a revoked token is refused within that time. Wrong
 * tokens are counted by network (an IPv4 address, the /64 of an IPv6 one): past
 * DOOR_MOST_WRONG in a minute they are refused with ERR_BUSY. A right token is never refused
 * for what others tried. Passwords can be guessed and take time to check: after
 * DOOR_MOST_WRONG wrong passwords for one user from one network, or DOOR_MOST_GUESSES in all
 * from it, no more are checked for the rest of the minute, except from a browser that the user
 * has signed in on before. After DOOR_MOST_STRANGE for one user from wherever, no more are
 * but from such browsers, and from networks that the user has signed in from.
 */
#ifndef DOOR_H
#define DOOR_H

#include "base/conf.h"
#include "base/err.h"
#include "store/db.h"
#include "web/scopes.h"
#include "web/session.h"

#include <stdbool.h>
#include <stddef.h>

enum { DOOR_MOST_WRONG = 10, DOOR_MOST_GUESSES = 60, DOOR_MOST_STRANGE = 20 };

struct door;

/* `conf` and `ctx` are borrowed until door_free. `db` gives a connection, NULL where PostgreSQL
 * is away; it is asked only where PostgreSQL is needed. */
typedef struct db *door_db_fn(void *ctx);
struct door *door_new(const struct conf *conf, door_db_fn *db, void *ctx);
void door_free(struct door *d);

/* By a token. ERR_AUTH: there is none such; ERR_BUSY: and
 * there were too many from `address` (REMOTE_ADDR); errors of db.h: it cannot be known. */
ERR_CHECK int door_token(struct door *d, const char *token, const char *address, struct visitor *v,
			 struct err *e);

/* By the session of a Cookie header: it may what its token may now. While PostgreSQL is away a
 * token of the settings is enough. ERR_AUTH, errors of db.h. */
ERR_CHECK int door_session(struct door *d, const char *cookies, struct visitor *v, struct err *e);

/* By a name and a password, as fulfil-token made the user; `cookies` of the browser. ERR_AUTH: it
 * is another password, or there is nobody called so; ERR_BUSY: and there were too many; errors of
 * db.h. */
ERR_CHECK int door_user(struct door *d, const char *name, const char *password, const char *cookies,
			const char *address, struct visitor *v, struct err *e);

/* By a code of fulfil-token, which is gone then. As door_token. */
ERR_CHECK int door_code(struct door *d, const char *code, const char *address, struct visitor *v,
			struct err *e);

/* Whether browsers reach us by HTTPS alone: PUBLIC_URL says so. */
bool door_https_only(const struct conf *conf);

#endif
