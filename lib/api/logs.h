/* SPDX-License-Identifier: MIT
 *
 * logs: the routes that show what was recorded: sync logs, the ledger,
 * payloads as received. Handlers of cgi.h; their context is a struct api.
 */
#ifndef LOGS_H
#define LOGS_H

#include "base/err.h"
#include "web/cgi.h"

int logs_sync_logs(struct cgi *c, struct err *e);  /* paging.h's; status, task, order_id, since */
int logs_ledger(struct cgi *c, struct err *e);     /* paging.h's; product_id, order_id, since */
int logs_stock_ledger(struct cgi *c, struct err *e); /* paging.h's; since; the path's product */
int logs_payload(struct cgi *c, struct err *e);

#endif
