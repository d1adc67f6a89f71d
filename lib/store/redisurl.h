/* SPDX-License-Identifier: MIT
 *
 * redisurl: a REDIS_URL in its parts. No I/O.
 *	redis://[user[:password]@]host[:port][,host[:port]…][/db]
 *	redis+sentinel://[user[:password]@]host[:port][,host[:port]…]/master[/db]
 *	unix:///path
 */
#ifndef REDISURL_H
#define REDISURL_H

#include "base/err.h"

#include <stddef.h>

enum { REDISURL_MOST = 16 };

struct redisurl {
	struct redisurl_host {
		char *name;
		int port;
	} hosts[REDISURL_MOST]; /* of Redis, or of the sentinels */
	size_t nhosts;
	char *path;             /* of a Unix socket; else NULL */
	char *master;           /* the name that the sentinels know it by; NULL: none are asked */
	char *user, *password;  /* NULL: none */
	int db;
};

/* The caller owns what is in *u, whatever this returns: redisurl_release. */
ERR_CHECK int redisurl_parse(struct redisurl *u, const char *url, struct err *e);
void redisurl_release(struct redisurl *u);

#endif
