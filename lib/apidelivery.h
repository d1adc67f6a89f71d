/* SPDX-License-Identifier: MIT
 *
 * apidelivery: what a webhook was told, and telling it once more: routes below
 * /api/webhooks/{id} and /api/deliveries. Handlers of cgi.h; their context is a
 * struct api.
 */
#ifndef APIDELIVERY_H
#define APIDELIVERY_H

#include "cgi.h"
#include "err.h"

int apidelivery_list(struct cgi *c, struct err *e);   /* page.h's; status, since */
int apidelivery_replay(struct cgi *c, struct err *e); /* 202, or 409 */

/* Replays what a webhook was not delivered; since. 202: how many. */
int apidelivery_replay_all(struct cgi *c, struct err *e);

#endif
