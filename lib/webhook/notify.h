/* SPDX-License-Identifier: MIT
 *
 * notify: delivers webhooks: the outbox into events and deliveries, those that
 * are due to their webhooks, and what came of it back into the database.
 *
 * Deliveries are claimed by the hundred, each with a lease, and recorded by the
 * hundred; while PostgreSQL works on that, requests go on. Any number of
 * processes do this side by side. One that is killed leaves its deliveries to
 * their leases: what it had sent and not recorded is sent once more, with the
 * same id.
 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include "base/conf.h"
#include "base/err.h"
#include "store/db.h"

#include <stdbool.h>
#include <stdint.h>

struct notify;

/* One try that was recorded; everything is borrowed for the call. */
struct notify_result {
	int64_t delivery_id, webhook_id, subject; /* subject: the product or order */
	const char *event_id, *type; /* webhook-id, and product.created or the like */
	int attempt;
	const char *status;          /* delivered, waiting, given_up */
	int http_status;             /* 0: no answer */
	const char *error;           /* "" if delivered */
	int duration_ms, retry_in;   /* retry_in: seconds, -1: no more */
};
typedef void notify_result_fn(void *ctx, const struct notify_result *r);

/* Why a webhook was disabled by what its tries came to; for the log. */
typedef void notify_disabled_fn(void *ctx, int64_t webhook_id, const char *why);

/* Borrows db, conf and worker (a name for the log of attempts) for its life.
 * ERR_CONFIG for bad settings. */
ERR_CHECK int notify_new(struct notify **out, struct db *db, const struct conf *conf,
			 const char *worker, notify_result_fn *fn, notify_disabled_fn *disabled,
			 void *ctx, struct err *e);
void notify_free(struct notify *n);

/* Does what can be done without waiting. ERR_AWAY, ERR_AGAIN: PostgreSQL is away
 * for now; nothing in hand is lost by calling again, at most once a second. */
ERR_CHECK int notify_step(struct notify *n, struct err *e);

/* Can be read when the next step has something to do; it has, besides, after
 * notify_wait_ms. */
int notify_fd(const struct notify *n);
int notify_wait_ms(const struct notify *n);

/* True once nothing is due any more, nor in hand. */
bool notify_idle(const struct notify *n);

/* Claims nothing more and gives back what was not sent; idle once the requests
 * under way have ended and are recorded. */
void notify_stop(struct notify *n);

/* Claims the delivery `id`, which has ended, for one more round of tries, and
 * nothing but it: idle once the first of them was made. */
ERR_CHECK int notify_resend(struct notify *n, int64_t id, bool *found, struct err *e);

#endif
