/* SPDX-License-Identifier: MIT
 *
 * doorbell: RPUSH and BLMPOP (Redis 7.0) on one key, over hiredis calls that
 * 0.14 and 1.x both have. After an error the connection is dropped and made
 * again at the next call, at most once a second, so that a dead Redis costs
 * its callers no time.
 */
#include "store/doorbell.h"

#include "base/clock.h"
#include "base/xalloc.h"
#include "store/redisurl.h"
#include "store/sentinel.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { CONNECT_MS = 1000, REPLY_MS = 3000, PAUSE_MS = 1000, PUSH_AT_ONCE = 1000 };

static const char key[] = "fulfil:orders";

struct doorbell {
	redisContext *redis;
	struct redisurl url; /* owned */
	size_t first;        /* of its hosts: the one that answered last */
	int64_t not_before;  /* clock_ms of the next attempt to connect */
};

int doorbell_open(struct doorbell **out, const char *url, struct err *e)
{
	struct doorbell *q = xalloc_zero(1, sizeof *q);

	*out = q;
	if (redisurl_parse(&q->url, url, e) == 0)
		return 0;
	doorbell_close(q);
	*out = NULL;
	return -1;
}

static void hang_up(struct doorbell *q)
{
	if (q->redis)
		redisFree(q->redis);
	q->redis = NULL;
	q->not_before = clock_ms() + PAUSE_MS;
}

void doorbell_close(struct doorbell *q)
{
	if (q == NULL)
		return;
	hang_up(q);
	redisurl_release(&q->url);
	free(q);
}

static int lost(struct doorbell *q, const char *why, struct err *e)
{
	err_set(e, ERR_AWAY, "Redis: %.200s", why);
	hang_up(q);
	return -1;
}

/* Takes the reply of a command that must succeed; NULL after a failure. */
static redisReply *checked(struct doorbell *q, redisReply *r, struct err *e)
{
	if (r == NULL) {
		lost(q, q->redis->err == REDIS_ERR_EOF ? "the connection was closed"
							: q->redis->errstr, e);
		return NULL;
	}
	if (r->type == REDIS_REPLY_ERROR) {
		lost(q, r->str, e);
		freeReplyObject(r);
		return NULL;
	}
	return r;
}

static int greet(struct doorbell *q, struct err *e)
{
	const struct redisurl *u = &q->url;
	redisReply *r;

	if (u->password) {
		r = u->user ? redisCommand(q->redis, "AUTH %s %s", u->user, u->password)
			    : redisCommand(q->redis, "AUTH %s", u->password);
		if ((r = checked(q, r, e)) == NULL)
			return -1;
		freeReplyObject(r);
	}
	if (u->db > 0) {
		if ((r = checked(q, redisCommand(q->redis, "SELECT %d", u->db), e)) == NULL)
			return -1;
		freeReplyObject(r);
	}
	return 0;
}

/* An idle connection that the server ended: nothing is there to be read but its end. */
static bool ended(const struct doorbell *q)
{
	struct pollfd p = {.fd = q->redis->fd, .events = POLLIN};
	ssize_t n;
	char c;

	if (poll(&p, 1, 0) != 1)
		return false;
	n = recv(q->redis->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT);
	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

/* Of several hosts, or of one that a sentinel named, some may follow the one that is written to. */
static int check_role(struct doorbell *q, struct err *e)
{
	redisReply *r = checked(q, redisCommand(q->redis, "ROLE"), e);
	bool master;

	if (r == NULL)
		return -1;
	master = r->type == REDIS_REPLY_ARRAY && r->elements > 0 && r->element[0]->str &&
		 strcmp(r->element[0]->str, "master") == 0;
	freeReplyObject(r);
	return master ? 0 : lost(q, "this one follows another, and cannot be written to", e);
}

static int dial(struct doorbell *q, const char *host, int port, bool one_of_many, struct err *e)
{
	struct timeval connect = {CONNECT_MS / 1000, 0}, reply = {REPLY_MS / 1000, 0};

	q->redis = host ? redisConnectWithTimeout(host, port, connect)
			: redisConnectUnixWithTimeout(q->url.path, connect);
	if (q->redis == NULL || q->redis->err)
		return lost(q, q->redis ? q->redis->errstr : "out of memory", e);
	if (redisSetTimeout(q->redis, reply) != REDIS_OK)
		return lost(q, q->redis->errstr, e);
	if (greet(q, e) != 0)
		return -1;
	return one_of_many ? check_role(q, e) : 0;
}

/* The first of the hosts that will do, from the one that did last. */
static int dial_any(struct doorbell *q, struct err *e)
{
	const struct redisurl *u = &q->url;
	struct sentinel_answer a;
	int rc = -1;

	for (size_t i = 0; rc != 0 && i < u->nhosts; i++) {
		size_t at = (q->first + i) % u->nhosts;

		if (u->master) {
			rc = sentinel_ask(u, at, &a, e);
			if (rc == 0)
				rc = dial(q, a.host, a.port, true, e);
			else
				hang_up(q);
		} else {
			rc = dial(q, u->hosts[at].name, u->hosts[at].port, u->nhosts > 1, e);
		}
		if (rc == 0)
			q->first = at;
	}
	return rc;
}

/* A connection that was cut while nobody used it is made again at once. */
static int connected(struct doorbell *q, struct err *e)
{
	if (q->redis && ended(q)) {
		redisFree(q->redis);
		q->redis = NULL;
	} else if (q->redis) {
		return 0;
	}
	if (clock_ms() < q->not_before)
		return err_set(e, ERR_AWAY, "Redis: was not there a moment ago");
	return q->url.path ? dial(q, NULL, 0, false, e) : dial_any(q, e);
}

static int push_some(struct doorbell *q, const int64_t *ids, size_t n, struct err *e)
{
	const char *argv[PUSH_AT_ONCE + 2] = {"RPUSH", key};
	char text[PUSH_AT_ONCE][24];
	redisReply *r;

	for (size_t i = 0; i < n; i++) {
		snprintf(text[i], sizeof text[i], "%lld", (long long)ids[i]);
		argv[i + 2] = text[i];
	}
	r = checked(q, redisCommandArgv(q->redis, (int)n + 2, argv, NULL), e);
	if (r == NULL)
		return -1;
	freeReplyObject(r);
	return 0;
}

int doorbell_push(struct doorbell *q, const int64_t *ids, size_t n, struct err *e)
{
	if (connected(q, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i += PUSH_AT_ONCE)
		if (push_some(q, ids + i, n - i < PUSH_AT_ONCE ? n - i : PUSH_AT_ONCE, e) != 0)
			return -1;
	return 0;
}

/* Takes the answers to earlier rings that have come by now. */
static int hear_answers(struct doorbell *q, struct err *e)
{
	struct pollfd p = {.fd = q->redis->fd, .events = POLLIN};
	void *r = NULL;

	if (poll(&p, 1, 0) == 1 && redisBufferRead(q->redis) != REDIS_OK)
		return lost(q, q->redis->errstr, e);
	do {
		if (redisGetReplyFromReader(q->redis, &r) != REDIS_OK)
			return lost(q, q->redis->errstr, e);
		if (r && ((redisReply *)r)->type == REDIS_REPLY_ERROR)
			lost(q, ((redisReply *)r)->str, e);
		if (r)
			freeReplyObject(r);
	} while (r && q->redis);
	return q->redis ? 0 : -1;
}

int doorbell_ring(struct doorbell *q, int64_t id, struct err *e)
{
	int sent = 0;

	if (connected(q, e) != 0 || hear_answers(q, e) != 0)
		return -1;
	if (redisAppendCommand(q->redis, "RPUSH %s %lld", key, (long long)id) != REDIS_OK)
		return lost(q, q->redis->errstr, e);
	while (!sent)
		if (redisBufferWrite(q->redis, &sent) != REDIS_OK)
			return lost(q, q->redis->errstr, e);
	return 0;
}

/* [key, [id, id, …]], or nil when the wait ended. */
static size_t read_ids(const redisReply *r, int64_t *ids, size_t most)
{
	size_t n = 0;

	if (r->type != REDIS_REPLY_ARRAY || r->elements != 2)
		return 0;
	for (size_t i = 0; i < r->element[1]->elements && n < most; i++) {
		const char *s = r->element[1]->element[i]->str;
		char *end;
		int64_t id = s && *s >= '1' && *s <= '9' ? strtoll(s, &end, 10) : 0;

		if (id > 0 && *end == '\0')
			ids[n++] = id;
	}
	return n;
}

int doorbell_pop(struct doorbell *q, int64_t *ids, size_t most, int ms, size_t *n, struct err *e)
{
	redisReply *r;

	*n = 0;
	if (connected(q, e) != 0)
		return -1;
	r = redisCommand(q->redis, "BLMPOP %d.%03d 1 %s LEFT COUNT %d", ms / 1000, ms % 1000, key,
			 (int)most);
	if ((r = checked(q, r, e)) == NULL)
		return -1;
	*n = read_ids(r, ids, most);
	freeReplyObject(r);
	return 0;
}

int doorbell_length(struct doorbell *q, int64_t *n, struct err *e)
{
	redisReply *r;

	if (connected(q, e) != 0 ||
	    (r = checked(q, redisCommand(q->redis, "LLEN %s", key), e)) == NULL)
		return -1;
	*n = r->type == REDIS_REPLY_INTEGER ? r->integer : 0;
	freeReplyObject(r);
	return 0;
}
