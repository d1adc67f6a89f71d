/* SPDX-License-Identifier: MIT
 *
 * recount: works out again what each order must have off the shelf, from the payloads
 * as they were received, and holds it against what is stored: the audit's check
 * "order-target". What each line is (counted, or skipped and why) is taken as it was
 * decided when the order came; an order whose payloads retention has removed is passed
 * over. In pieces of a hundred orders, so that memory does not grow with the shop.
 */
#ifndef RECOUNT_H
#define RECOUNT_H

#include "base/conf.h"
#include "base/err.h"
#include "report/audit.h"
#include "store/db.h"

/* Adds one check to *r. Outside a transaction: it reads one snapshot of its own. */
ERR_CHECK int recount_run(struct db *db, const struct conf *conf, const struct audit_ops *ops,
			  void *ctx, struct audit_result *r, struct err *e);

#endif
