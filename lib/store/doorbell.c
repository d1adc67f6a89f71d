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

#include <ctype.h>
#include <errno.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum { CONNECT_MS = 1000, REPLY_MS = 3000, PAUSE_MS = 1000, PUSH_AT_ONCE = 1000 };

static const char key[] = "fulfil:orders";

struct doorbell {
	redisContext *redis;
	char *host, *path, *user, *password; /* owned; path: a unix socket */
	int port, db;
	int64_t not_before; /* clock_ms of the next attempt to connect */
};

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* Replaces each %XX of s by its byte, in place; any other % is itself, so that
 * a password that was never encoded works as long as it holds no such triple.
 * False for %00, which no value can hold. */
static bool decode(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (*s == '%' && isxdigit((unsigned char)s[1]) && isxdigit((unsigned char)s[2])) {
			*to = (char)(hex(s[1]) * 16 + hex(s[2]));
			if (*to++ == '\0')
				return false;
			s += 2;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
	return true;
}

static bool number(const char *s, int most, int *out)
{
	char *end;
	long v = s && *s ? strtol(s, &end, 10) : -1;

	if (v < 0 || v > most || *end)
		return false;
	*out = (int)v;
	return true;
}

/* What stands before the last @: user:password, user, or nothing. */
static bool parse_user(struct doorbell *q, char *s)
{
	char *password = strchr(s, ':');

	if (password)
		*password++ = '\0';
	if (!decode(s) || (password && !decode(password)))
		return false;
	q->user = *s ? xalloc_strdup(s) : NULL;
	q->password = password && *password ? xalloc_strdup(password) : NULL;
	return true;
}

/* An unencoded password may hold / and @, so the last @ is looked for first. */
static bool parse_tcp(struct doorbell *q, char *s)
{
	char *at = strrchr(s, '@'), *db, *colon;

	if (at) {
		*at = '\0';
		if (!parse_user(q, s))
			return false;
		s = at + 1;
	}
	db = strchr(s, '/');
	if (db)
		*db++ = '\0';
	if (db && *db && !number(db, 1 << 20, &q->db))
		return false;
	colon = strrchr(s, ':');
	if (colon && strchr(colon, ']') == NULL) {
		*colon = '\0';
		if (!number(colon + 1, 65535, &q->port))
			return false;
	}
	if (*s == '[' && s[strlen(s) - 1] == ']') {
		s[strlen(s) - 1] = '\0';
		s++;
	}
	q->host = xalloc_strdup(*s ? s : "localhost");
	return true;
}

int doorbell_open(struct doorbell **out, const char *url, struct err *e)
{
	struct doorbell *q = xalloc_zero(1, sizeof *q);
	char *copy = NULL;
	bool ok = false;

	q->port = 6379;
	if (strncasecmp(url, "unix://", 7) == 0 && url[7] == '/') {
		q->path = xalloc_strndup(url + 7, strcspn(url + 7, "?"));
		ok = decode(q->path);
	} else if (strncasecmp(url, "redis://", 8) == 0) {
		copy = xalloc_strndup(url + 8, strcspn(url + 8, "?"));
		ok = parse_tcp(q, copy);
	}
	free(copy);
	*out = q;
	if (ok)
		return 0;
	doorbell_close(q);
	*out = NULL;
	return err_set(e, ERR_CONFIG, "REDIS_URL is neither "
		       "redis://[user:password@]host[:port][/db] nor unix:///path");
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
	free(q->host);
	free(q->path);
	free(q->user);
	free(q->password);
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
	redisReply *r;

	if (q->password) {
		r = q->user ? redisCommand(q->redis, "AUTH %s %s", q->user, q->password)
			    : redisCommand(q->redis, "AUTH %s", q->password);
		if ((r = checked(q, r, e)) == NULL)
			return -1;
		freeReplyObject(r);
	}
	if (q->db > 0) {
		if ((r = checked(q, redisCommand(q->redis, "SELECT %d", q->db), e)) == NULL)
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

/* A connection that was cut while nobody used it is made again at once. */
static int connected(struct doorbell *q, struct err *e)
{
	struct timeval connect = {CONNECT_MS / 1000, 0}, reply = {REPLY_MS / 1000, 0};

	if (q->redis && ended(q)) {
		redisFree(q->redis);
		q->redis = NULL;
	} else if (q->redis) {
		return 0;
	}
	if (clock_ms() < q->not_before)
		return err_set(e, ERR_AWAY, "Redis: was not there a moment ago");
	q->redis = q->path ? redisConnectUnixWithTimeout(q->path, connect)
			   : redisConnectWithTimeout(q->host, q->port, connect);
	if (q->redis == NULL || q->redis->err)
		return lost(q, q->redis ? q->redis->errstr : "out of memory", e);
	if (redisSetTimeout(q->redis, reply) != REDIS_OK)
		return lost(q, q->redis->errstr, e);
	return greet(q, e);
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
