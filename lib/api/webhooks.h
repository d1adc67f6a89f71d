/* SPDX-License-Identifier: MIT
 *
 * webhooks: webhooks, at /api/webhooks. Handlers of cgi.h; their context is a
 * struct api. What is wrong with a webhook is said of each member at once. A
 * secret is taken and never shown.
 */
#ifndef WEBHOOKS_H
#define WEBHOOKS_H

#include "base/err.h"
#include "web/cgi.h"

int webhooks_list(struct cgi *c, struct err *e);       /* paging.h's */
int webhooks_show(struct cgi *c, struct err *e);
int webhooks_create(struct cgi *c, struct err *e);     /* 201; 409: the URL is another's */
int webhooks_change(struct cgi *c, struct err *e);     /* only what is given; 409 */
int webhooks_delete(struct cgi *c, struct err *e);     /* 204 */

#endif
