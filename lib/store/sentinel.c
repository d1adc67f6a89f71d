/* SPDX-License-Identifier: MIT
 *
 * sentinel: one question to one sentinel over a connection of its own, since the answer is
 * needed once a failover only.
 */
#include "store/sentinel.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 300, REPLY_MS = 500 };

static redisReply *get(redisContext *c, const char *master)
{
	return redisCommand(c, "SENTINEL get-master-addr-by-name %s", master);
}

static redisReply *authenticate(redisContext *c, const struct redisurl *u)
{
	redisReply *r = u->user ? redisCommand(c, "AUTH %s %s", u->user, u->password)
				: redisCommand(c, "AUTH %s", u->password);

	if (r && r->type == REDIS_REPLY_ERROR)
		return r;
	if (r)
		freeReplyObject(r);
	return get(c, u->master);
}

static int read_answer(const redisReply *r, const struct redisurl *u, struct sentinel_answer *a,
		       struct err *e)
{
	if (r->type == REDIS_REPLY_ERROR)
		return err_set(e, ERR_AWAY, "Redis: a sentinel says: %.200s", r->str);
	if (r->type != REDIS_REPLY_ARRAY || r->elements != 2 || r->element[0]->str == NULL ||
	    r->element[1]->str == NULL)
		return err_set(e, ERR_AWAY, "Redis: a sentinel knows no \"%.80s\"", u->master);
	snprintf(a->host, sizeof a->host, "%s", r->element[0]->str);
	a->port = (int)strtol(r->element[1]->str, NULL, 10);
	return 0;
}

int sentinel_ask(const struct redisurl *u, size_t at, struct sentinel_answer *a, struct err *e)
{
	struct timeval connect = {0, CONNECT_MS * 1000}, reply = {0, REPLY_MS * 1000};
	redisContext *c = redisConnectWithTimeout(u->hosts[at].name, u->hosts[at].port, connect);
	redisReply *r = NULL;
	int rc = -1;

	if (c && !c->err && redisSetTimeout(c, reply) == REDIS_OK) {
		r = get(c, u->master);
		if (r && r->type == REDIS_REPLY_ERROR && strncmp(r->str, "NOAUTH", 6) == 0 &&
		    u->password) {
			freeReplyObject(r);
			r = authenticate(c, u);
		}
	}
	if (r)
		rc = read_answer(r, u, a, e);
	else
		err_set(e, ERR_AWAY, "Redis: the sentinel at %.100s: %.200s", u->hosts[at].name,
			c && c->err ? c->errstr : "no connection");
	if (r)
		freeReplyObject(r);
	if (c)
		redisFree(c);
	return rc;
}
