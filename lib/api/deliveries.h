/* SPDX-License-Identifier: MIT
 *
 * deliveries: what a webhook was told, and telling it once more: routes below
 * /api/webhooks/{id} and /api/deliveries. Handlers of cgi.h; their context is a
 * struct api.
 */
#ifndef DELIVERIES_H
#define DELIVERIES_H

#include "base/err.h"
#include "web/cgi.h"

int deliveries_list(struct cgi *c, struct err *e);   /* paging.h's; status, since */
int deliveries_replay(struct cgi *c, struct err *e); /* 202, or 409 */

/* Replays what a webhook was not delivered; since. 202: how many. */
int deliveries_replay_all(struct cgi *c, struct err *e);

#endif
