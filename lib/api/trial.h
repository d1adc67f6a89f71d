/* SPDX-License-Identifier: MIT
 *
 * trial: POST /api/webhooks/{id}/test: one request to the webhook, now, the way
 * deliveries go but marked as a test, and all of it told: what was sent, what
 * was answered, and how long each part took. A disabled webhook too; nothing is
 * recorded. At most two tests run at once, else ERR_BUSY: a receiver may be slow.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include "base/err.h"
#include "web/cgi.h"

/* The webhook's timeout applies, up to this many seconds: somebody waits. */
enum { TRIAL_SECONDS = 10 };

int trial_webhook(struct cgi *c, struct err *e);

#endif
