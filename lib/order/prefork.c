/* SPDX-License-Identifier: MIT
 *
 * prefork: a crash is an end by a signal, or by itself in the middle of work, as
 * when memory has run out. Crashes in a row while no order is held are no fault
 * of the work, and end the pool.
 */
#include "order/prefork.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/xalloc.h"
#include "filter/log.h"
#include "filter/ndjson.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

enum { MOST_STILLBORN = 10, YOUNG_MS = 1000 };

struct prefork {
	const struct prefork_ops *ops;
	void *ctx;
	int n, status;
	int stillborn; /* crashes in a row while no order was held */
	bool ending;
	pid_t pids[PREFORK_MOST]; /* 0: none */
	int64_t born[PREFORK_MOST];
};

struct prefork *prefork_new(int n, const struct prefork_ops *ops, void *ctx)
{
	struct prefork *p = xalloc_zero(1, sizeof *p);

	p->n = n;
	p->ops = ops;
	p->ctx = ctx;
	return p;
}

void prefork_free(struct prefork *p)
{
	free(p);
}

int prefork_status(const struct prefork *p)
{
	return p->status;
}

static _Noreturn void be_one(struct prefork *p, int slot, pid_t watcher)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != watcher)
		exit(EX_TEMPFAIL); /* it died before that was set */
	signal(SIGPIPE, SIG_IGN);
	exit(p->ops->run(p->ctx, slot));
}

static void start(struct prefork *p, int slot)
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

void prefork_start(struct prefork *p)
{
	for (int i = 0; i < p->n; i++)
		start(p, i);
}

void prefork_stop(struct prefork *p)
{
	p->ending = true;
	for (int i = 0; i < p->n; i++)
		if (p->pids[i])
			kill(p->pids[i], SIGTERM);
}

static void replace(struct prefork *p, int slot, pid_t pid, int st, size_t in_hand)
{
	log_say(LOG_ERROR, "worker %d was ended by %s %d with %zu orders held", (int)pid,
		WIFSIGNALED(st) ? "signal" : "itself, status",
		WIFSIGNALED(st) ? WTERMSIG(st) : WEXITSTATUS(st), in_hand);
	p->ops->crashed(p->ctx, slot);
	p->stillborn = in_hand > 0 ? 0 : p->stillborn + 1;
	if (clock_ms() - p->born[slot] < YOUNG_MS)
		ndjson_wait(-1, 100); /* bounds a crash loop */
	if (p->stillborn >= MOST_STILLBORN) {
		p->status = err_worse(p->status, EX_SOFTWARE);
		prefork_stop(p);
	} else if (!ndjson_stopping() && !p->ending) {
		start(p, slot);
	}
}

static void bury(struct prefork *p, int slot, int st)
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
		prefork_stop(p);
	}
}

bool prefork_reap(struct prefork *p)
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
