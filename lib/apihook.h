/* SPDX-License-Identifier: MIT
 *
 * apihook: the routes below /api/webhooks and /api/deliveries. Handlers of
 * cgi.h; their context is a struct api. What is wrong with a webhook is said of
 * each member at once. A secret is taken and never shown.
 */
#ifndef APIHOOK_H
#define APIHOOK_H

#include "cgi.h"
#include "err.h"

int apihook_list(struct cgi *c, struct err *e);       /* page.h's */
int apihook_show(struct cgi *c, struct err *e);
int apihook_create(struct cgi *c, struct err *e);     /* 201; 409: the URL is another's */
int apihook_change(struct cgi *c, struct err *e);     /* only what is given; 409 */
int apihook_delete(struct cgi *c, struct err *e);     /* 204 */
int apihook_deliveries(struct cgi *c, struct err *e); /* page.h's; status, since */
int apihook_replay(struct cgi *c, struct err *e);     /* 202, or 409 */

/* Replays what a webhook was not delivered; since. 202: how many. */
int apihook_replay_all(struct cgi *c, struct err *e);

#endif
