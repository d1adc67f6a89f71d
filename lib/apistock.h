/* SPDX-License-Identifier: MIT
 *
 * apistock: the routes below /api/inventory. Handlers of cgi.h; their
 * context is a struct api.
 */
#ifndef APISTOCK_H
#define APISTOCK_H

#include "cgi.h"
#include "err.h"

int apistock_inventory(struct cgi *c, struct err *e); /* page.h's; sku (several), low */
int apistock_alerts(struct cgi *c, struct err *e);    /* page.h's */
int apistock_show(struct cgi *c, struct err *e);

/* Takes one of {"quantity": N, "reason": …}, {"add": N, "reason": …} and
 * {"reorder_level": N or null}; answers with the stock as it is then. */
int apistock_change(struct cgi *c, struct err *e);

#endif
