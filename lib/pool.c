/* SPDX-License-Identifier: MIT
 *
 * pool: a crash is an end by a signal, or by itself in the middle of work, as
 * when memory has run out. Crashes in a row with nothing in hand are no fault
 * of the work, and end the pool.
 */
#include "pool.h"

#include "clock.h"
#include "err.h"
#include "log.h"
#include "ndjson.h"
#include "xalloc.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

enum { MOST_STILLBORN = 10, YOUNG_MS = 1000 };

struct pool {
	const struct pool_ops *ops;
	void *ctx;
	int n, status;
	int stillborn; /* crashes in a row with nothing in hand */
	bool ending;
	pid_t pids[POOL_MOST]; /* 0: none */
	int64_t born[POOL_MOST];
};

struct pool *pool_new(int n, const struct pool_ops *ops, void *ctx)
{
	struct pool *p = xalloc_zero(1, sizeof *p);

	p->n = n;
	p->ops = ops;
	p->ctx = ctx;
	return p;
}

void pool_free(struct pool *p)
{
	free(p);
}

int pool_status(const struct pool *p)
{
	return p->status;
}

static _Noreturn void be_one(struct pool *p, int slot, pid_t watcher)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != watcher)
		exit(EX_TEMPFAIL); /* it died before that was set */
	signal(SIGPIPE, SIG_IGN);
	exit(p->ops->run(p->ctx, slot));
}

static void start(struct pool *p, int slot)
{
	pid_t watcher = getpid(), pid = fork();

	if (pid == 0)
		be_one(p, slot, watcher);
	if (pid < 0) {
		log_say(LOG_ERROR, "cannot fork: %s", strerror(errno));
		p->status = err_worse(p->status, EX_TEMPFAIL);
		p->ending = true;
	}
	p->pids[slot] = pid > 0 ? pid : 0;
	p->born[slot] = clock_ms();
}

void pool_start(struct pool *p)
{
	for (int i = 0; i < p->n; i++)
		start(p, i);
}

void pool_stop(struct pool *p)
{
	p->ending = true;
	for (int i = 0; i < p->n; i++)
		if (p->pids[i])
			kill(p->pids[i], SIGTERM);
}

static void replace(struct pool *p, int slot, pid_t pid, int st, size_t in_hand)
{
	log_say(LOG_ERROR, "worker %d was ended by %s %d with %zu orders in hand", (int)pid,
		WIFSIGNALED(st) ? "signal" : "itself, status",
		WIFSIGNALED(st) ? WTERMSIG(st) : WEXITSTATUS(st), in_hand);
	p->ops->crashed(p->ctx, slot);
	p->stillborn = in_hand > 0 ? 0 : p->stillborn + 1;
	if (clock_ms() - p->born[slot] < YOUNG_MS)
		ndjson_wait(-1, 100); /* bounds a crash loop */
	if (p->stillborn >= MOST_STILLBORN) {
		p->status = err_worse(p->status, EX_SOFTWARE);
		pool_stop(p);
	} else if (!ndjson_stopping() && !p->ending) {
		start(p, slot);
	}
}

static void bury(struct pool *p, int slot, int st)
{
	size_t in_hand = p->ops->in_hand(p->ctx, slot);
	pid_t pid = p->pids[slot];

	p->pids[slot] = 0;
	if (WIFSIGNALED(st) && WTERMSIG(st) == SIGPIPE) {
		/* The reader has gone: the others end as we do. */
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	if (WIFSIGNALED(st) || (WEXITSTATUS(st) != 0 && in_hand > 0)) {
		replace(p, slot, pid, st, in_hand);
	} else if (WEXITSTATUS(st) != 0) {
		p->status = err_worse(p->status, WEXITSTATUS(st));
		pool_stop(p);
	}
}

bool pool_reap(struct pool *p)
{
	bool left = false;
	int st;

	for (int i = 0; i < p->n; i++) {
		if (p->pids[i] && waitpid(p->pids[i], &st, WNOHANG) == p->pids[i])
			bury(p, i, st);
		left |= p->pids[i] != 0;
	}
	return left;
}
