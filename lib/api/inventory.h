/* SPDX-License-Identifier: MIT
 *
 * inventory: the routes below /api/inventory. Handlers of cgi.h; their
 * context is a struct api.
 */
#ifndef INVENTORY_H
#define INVENTORY_H

#include "base/err.h"
#include "web/cgi.h"

int inventory_list(struct cgi *c, struct err *e); /* paging.h's; sku (several), low */
int inventory_alerts(struct cgi *c, struct err *e);    /* paging.h's */
int inventory_shortages(struct cgi *c, struct err *e); /* limit */
int inventory_show(struct cgi *c, struct err *e);

/* Takes one of {"quantity": N, "reason": …}, {"add": N, "reason": …} and
 * {"reorder_level": N or null}; answers with the stock as it is then. */
int inventory_change(struct cgi *c, struct err *e);

#endif
