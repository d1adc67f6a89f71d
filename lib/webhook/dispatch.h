/* SPDX-License-Identifier: MIT
 *
 * dispatch: which webhook is sent what next, and what an answer means.
 *
 * Webhooks take turns as endpoint.h says, so that one that does not answer takes
 * no room from the others. Knows no SQL; time is its own monotonic clock's.
 */
#ifndef DISPATCH_H
#define DISPATCH_H

#include "base/conf.h"
#include "base/err.h"
#include "store/array.h"
#include "webhook/job.h"

#include <stdbool.h>
#include <stdint.h>

struct dispatch;

ERR_CHECK int dispatch_new(struct dispatch **out, const struct conf *conf, struct err *e);
void dispatch_free(struct dispatch *d);

/* Takes the job, to be sent when it is its turn. `failing`: the webhook's last
 * try failed, as the database has it. */
void dispatch_add(struct dispatch *d, struct job *job, bool failing);

/* Sends and reads what can be without waiting; when there is more to do is said
 * as by http.h. */
void dispatch_step(struct dispatch *d);
int dispatch_fd(const struct dispatch *d);
int dispatch_wait_ms(const struct dispatch *d);

/* The jobs that ended since the last call, as a list; the caller owns them. */
struct job *dispatch_ended(struct dispatch *d);

size_t dispatch_in_hand(const struct dispatch *d); /* queued or under way */

/* How many more of each webhook known so far are wanted, beginning a round of
 * claiming; what is added until the next one counts as its yield. */
void dispatch_rooms(struct dispatch *d, struct array *ids, struct array *rooms);

/* True if a webhook runs out of jobs while the last round had more for it. */
bool dispatch_hungry(const struct dispatch *d);

/* Drops what was not sent, and adds the ids of these deliveries and their
 * webhooks. */
void dispatch_drop(struct dispatch *d, struct array *webhooks, struct array *ids);

/* How a webhook did, from jobs that ended, in their order. */
struct dispatch_note {
	int64_t webhook;
	int failures;       /* since the last success, or since the last note */
	bool after_success; /* there was one */
	int pause;
	bool gone;
};
/* Notes for those that have something to note; the caller frees *notes. */
size_t dispatch_notes(struct dispatch *d, const struct job *ended, struct dispatch_note **notes);

#endif
