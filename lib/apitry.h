/* SPDX-License-Identifier: MIT
 *
 * apitry: POST /api/webhooks/{id}/test: one request to the webhook, now, the way
 * deliveries go but marked as a test, and all of it told: what was sent, what
 * was answered, and how long each part took. A disabled webhook too; nothing is
 * recorded. Two are tested at once, or ERR_BUSY: whoever is tested may be slow.
 */
#ifndef APITRY_H
#define APITRY_H

#include "cgi.h"
#include "err.h"

/* The webhook's timeout holds, up to so many seconds, since somebody waits. */
enum { APITRY_SECONDS = 10 };

int apitry_webhook(struct cgi *c, struct err *e);

#endif
