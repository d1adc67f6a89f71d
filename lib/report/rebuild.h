/* SPDX-License-Identifier: MIT
 *
 * rebuild: plays all payloads that are stored, in the order in which they came, through the
 * intake and the worker into an empty database, and holds what comes out against what is here:
 * each line's units, each order's status and what it took. So it does not rest on what the
 * programs wrote when the payloads came.
 *
 * Each SKU is one product there, with more stock than anybody orders: who got the last unit is
 * no part of the question, and orders that are not done are compared by their lines alone. An
 * order whose payloads are not all here any more is left out. The settings are those of now.
 */
#ifndef REBUILD_H
#define REBUILD_H

#include "base/conf.h"
#include "base/err.h"
#include "report/audit.h"
#include "store/db.h"

#include <stdint.h>

struct rebuild_result {
	int64_t orders, payloads; /* that were played and compared */
	int64_t left_out;         /* orders */
};

/* `into` is an empty database, which keeps what was played; NULL makes NAME_rebuild_PID beside
 * the one of DATABASE_URL and drops it in the end. fulfil-migrate makes its tables. Tells
 * breaches to ops and adds them to *audit. `db` is to be outside a transaction. ERR_CONFIG: the
 * role may not make a database, or `into` is not empty. Changes DATABASE_URL of the process while
 * it runs. */
ERR_CHECK int rebuild_run(struct db *db, const struct conf *conf, const char *into,
			  const char *worker, const struct audit_ops *ops, void *ctx,
			  struct audit_result *audit, struct rebuild_result *r, struct err *e);

#endif
