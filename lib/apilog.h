/* SPDX-License-Identifier: MIT
 *
 * apilog: the routes that show what was recorded: sync logs, the ledger,
 * payloads as received, the quarantine. Handlers of cgi.h; their context is a
 * struct api.
 */
#ifndef APILOG_H
#define APILOG_H

#include "cgi.h"
#include "err.h"

int apilog_sync_logs(struct cgi *c, struct err *e);  /* page.h's; status, task, order_id, since */
int apilog_ledger(struct cgi *c, struct err *e);     /* page.h's; product_id, order_id, since */
int apilog_stock_ledger(struct cgi *c, struct err *e); /* page.h's; since; the path's product */
int apilog_quarantine(struct cgi *c, struct err *e); /* page.h's */
int apilog_quarantined(struct cgi *c, struct err *e);
int apilog_payload(struct cgi *c, struct err *e);

#endif
