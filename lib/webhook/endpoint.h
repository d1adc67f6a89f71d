/* SPDX-License-Identifier: MIT
 *
 * endpoint: which webhook may be sent a request next. The rule:
 *   - each webhook may have one request under way, whatever the others do
 *   - one whose last request succeeded may have more: its window, which grows by
 *     one with every success and halves with every failure
 *   - for these there is room that the others cannot take, of a host and in all;
 *     one that has been silent for some seconds counts with the others
 * They take turns. No I/O; times are clock_ms.
 */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include "webhook/job.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct endpoint_host;

struct endpoint {
	struct endpoint *next, *next_ready;
	int64_t id;                /* the webhook's */
	struct endpoint_host *host;
	struct job *first, **last; /* its queue */
	size_t queued, active, window;
	bool answers, ready;       /* ready: waits for its turn */
	int64_t heard;             /* when it last answered, or was first sent something */
	size_t asked, got, done;   /* dispatch's: of claims */
	bool failing;
	struct dispatch_note *note;
};

struct endpoint_queue {
	struct endpoint *first, *last;
};

/* Zeroed there are none. */
struct endpoints {
	struct endpoint *first;
	size_t count;
	struct endpoint_queue ready, passed; /* passed: over, in this round */
	void *by_id, *hosts;  /* tsearch's trees */
	size_t active[2];     /* of those that do not answer, and that do */
};

/* Frees them and their queues. */
void endpoint_free_all(struct endpoints *all);

/* The webhook `id`, which is made if need be. */
struct endpoint *endpoint_of(struct endpoints *all, int64_t id);

/* Adds to its queue; takes ownership. */
void endpoint_add(struct endpoints *all, struct endpoint *ep, struct job *job);

/* How many requests it may have under way, room given. */
size_t endpoint_limit(const struct endpoint *ep);

/* The next job of whose turn it is, not in its queue any more; NULL, which ends a
 * round, if none may be sent. The caller owns it, and says endpoint_start if it
 * is sent. */
struct job *endpoint_take(struct endpoints *all);
void endpoint_start(struct endpoints *all, struct endpoint *ep, int64_t now);
void endpoint_end(struct endpoints *all, struct endpoint *ep, bool good, int64_t now);

/* To be called now and then: finds those that have fallen silent. */
void endpoint_look(struct endpoints *all, int64_t now);

#endif
