/* SPDX-License-Identifier: MIT
 *
 * orders: the routes below /api/orders. Handlers of cgi.h; their context is
 * a struct api.
 */
#ifndef ORDERS_H
#define ORDERS_H

#include "base/err.h"
#include "web/cgi.h"

int orders_list(struct cgi *c, struct err *e);   /* paging.h's; status, q, sku, since */
int orders_show(struct cgi *c, struct err *e);
/* What was received of it, and who was told: apart, since few who ask for an
 * order want it, and it costs as much again. */
int orders_story(struct cgi *c, struct err *e);
int orders_retry(struct cgi *c, struct err *e);  /* 202, or 409 */
int orders_cancel(struct cgi *c, struct err *e); /* 202, or 409 */

/* Starts the failed orders again that match status (failed), q, sku, since. */
int orders_retry_all(struct cgi *c, struct err *e);

#endif
