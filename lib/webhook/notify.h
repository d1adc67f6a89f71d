/* SPDX-License-Identifier: MIT
 *
 * notify: delivers webhooks. Makes events and deliveries of the outbox, sends the
 * deliveries that are due, and records the outcomes.
 *
 * Deliveries are claimed by the hundred, each with a lease, and recorded by the
 * hundred; requests go on while PostgreSQL works. Any number of processes do this
 * side by side. The deliveries of a process that is killed are claimed by others
 * when their leases have ended; one that was sent and not recorded is sent once
 * more, with the same event id.
 *
 *	notify_new(&n, db, conf, worker, fn, disabled, ctx, e);
 *	while (!notify_idle(n)) {
 *		notify_step(n, e);
 *		wait until notify_fd(n) can be read, or notify_wait_ms(n);
 *	}
 *	notify_free(n);
 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include "base/conf.h"
#include "base/err.h"
#include "store/db.h"

#include <stdbool.h>
#include <stdint.h>

struct notify;

/* One try that was recorded; all borrowed for the call. */
struct notify_result {
	int64_t delivery_id, webhook_id;
	int64_t subject;             /* the product or order */
	const char *event_id, *type; /* webhook-id, and "product.created" for example */
	int attempt;
	const char *status;          /* delivered, waiting, given_up */
	int http_status;             /* 0: no answer */
	const char *error;           /* "" if delivered */
	int duration_ms;
	int retry_in_s;              /* -1: there is no further try */
};
typedef void notify_result_fn(void *ctx, const struct notify_result *r);

/* Called when the outcomes of a webhook's deliveries disabled it. */
typedef void notify_disabled_fn(void *ctx, int64_t webhook_id, const char *why);

/* Borrows db, conf and worker (a name for the log of attempts) for its life.
 * ERR_CONFIG for bad settings. */
ERR_CHECK int notify_new(struct notify **out, struct db *db, const struct conf *conf,
			 const char *worker, notify_result_fn *fn, notify_disabled_fn *disabled,
			 void *ctx, struct err *e);
void notify_free(struct notify *n);

/* Does what can be done without waiting. ERR_AWAY, ERR_AGAIN: PostgreSQL is away, or
 * this machine cannot send, for now; all outcomes are kept and recorded by a later
 * call. Wait a second before that call. */
ERR_CHECK int notify_step(struct notify *n, struct err *e);

/* notify_step() has work once the descriptor can be read or this many milliseconds
 * have passed. */
int notify_fd(const struct notify *n);
int notify_wait_ms(const struct notify *n);

/* How many exchanges PostgreSQL has answered, those that found nothing due too. */
int64_t notify_exchanges(const struct notify *n);

/* True once nothing is due, queued, in flight or waiting to be recorded. */
bool notify_idle(const struct notify *n);

/* Claims nothing more and returns the deliveries that were not sent, also those of
 * a claim that PostgreSQL has not answered yet. notify_idle() is true once the
 * requests in flight have ended and all is recorded. May be called twice. */
void notify_stop(struct notify *n);

/* Claims the delivery `id`, which has ended, for another round of tries, and sends
 * only that delivery: notify_idle() is true after its first try. *found: there is
 * such a delivery and its webhook is enabled. */
ERR_CHECK int notify_resend(struct notify *n, int64_t id, bool *found, struct err *e);

#endif
