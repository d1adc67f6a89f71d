/* SPDX-License-Identifier: MIT
 *
 * apiorder: the routes below /api/orders. Handlers of cgi.h; their context is
 * a struct api.
 */
#ifndef APIORDER_H
#define APIORDER_H

#include "cgi.h"
#include "err.h"

int apiorder_list(struct cgi *c, struct err *e);   /* page.h's; status, q, sku, since */
int apiorder_show(struct cgi *c, struct err *e);
/* What was received of it, and who was told: apart, since few who ask for an
 * order want it, and it costs as much again. */
int apiorder_story(struct cgi *c, struct err *e);
int apiorder_retry(struct cgi *c, struct err *e);  /* 202, or 409 */
int apiorder_cancel(struct cgi *c, struct err *e); /* 202, or 409 */

/* Starts the failed orders again that match status (failed), q, sku, since. */
int apiorder_retry_all(struct cgi *c, struct err *e);

#endif
