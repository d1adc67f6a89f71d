/* SPDX-License-Identifier: MIT
 *
 * prefork: a pool of processes, watched by the one that forked them. A process
 * that crashes is replaced. If one exits with a failure, all are ended, since
 * the others would fail in the same way. They get SIGTERM if the watching
 * process is killed. Programs only.
 */
#ifndef PREFORK_H
#define PREFORK_H

#include <stdbool.h>
#include <stddef.h>

enum { PREFORK_MOST = 64 }; /* processes */

struct prefork; /* prefork_free */

struct prefork_ops {
	/* In the process of place `slot`: all of its work; returns its exit status. */
	int (*run)(void *ctx, int slot);
	/* In the watching process, when it has ended: how many orders it held. */
	size_t (*in_hand)(void *ctx, int slot);
	/* It crashed: repairs what it held, before it is replaced. */
	void (*crashed)(void *ctx, int slot);
};

/* A pool of n, none of them started. Borrows all for its life. */
struct prefork *prefork_new(int n, const struct prefork_ops *ops, void *ctx);
void prefork_free(struct prefork *p);

void prefork_start(struct prefork *p);

/* Takes note of those that ended; false once none is left. Where the reader of
 * their records has gone it ends this process, too. */
bool prefork_reap(struct prefork *p);

/* Asks all to end; none is replaced from now on. */
void prefork_stop(struct prefork *p);

/* The gravest exit status there was. */
int prefork_status(const struct prefork *p);

#endif
