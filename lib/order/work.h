/* SPDX-License-Identifier: MIT
 *
 * work: processes orders. A batch is one transaction: the orders' rows are
 * locked (those locked elsewhere are left to their holder), then the stock
 * rows in one fixed order, allot() decides, and stock, ledger, statuses and
 * sync logs are written together. Nothing else marks an order as taken, so a
 * worker that dies leaves no trace.
 */
#ifndef WORK_H
#define WORK_H

#include "base/conf.h"
#include "base/err.h"
#include "order/allot.h"
#include "store/db.h"

#include <stdint.h>

enum { WORK_MOST = 1024 }; /* orders in one batch */

struct work; /* work_free */

/* One order was processed; everything is borrowed for the call. */
typedef void work_result_fn(void *ctx, const struct allot_order *o, int duration_ms);

/* Ids of the running batch, where a process that watches this one can see
 * them: n is 0 while no batch runs. May be NULL. */
struct work_in_hand {
	_Atomic size_t n; /* set after the ids, wherever the process is killed */
	int64_t ids[WORK_MOST];
};

/* Borrows db, worker and in_hand for its life. */
struct work *work_new(struct db *db, const struct conf *conf, const char *worker,
		      struct work_in_hand *in_hand, work_result_fn *fn, void *ctx);
void work_free(struct work *w);

/* Processes those of the ids that are due; *done says how many. A deadlock, a
 * lost connection and the like are tried again here and cost no attempt. A
 * batch that the database refuses is halved until the order at fault stands
 * alone; that one counts as an attempt that failed, and the last of these as
 * a failure that gives back what the order had. */
ERR_CHECK int work_ids(struct work *w, const int64_t *ids, size_t n, size_t *done, struct err *e);

/* The same for up to `most` orders that PostgreSQL says are due. */
ERR_CHECK int work_due(struct work *w, size_t most, size_t *done, struct err *e);

/* Starts the orders that wait for stock or a product and whose turn has come; they
 * are due from then on. Ends the waiting of those that waited for WAIT_DAYS. */
ERR_CHECK int work_wake(struct work *w, struct err *e);

/* The same as work_due for one order that a worker died of, tried alone. */
ERR_CHECK int work_crashed(struct work *w, size_t *done, struct err *e);

/* Notes that a worker died while it held these orders. */
ERR_CHECK int work_count_crash(struct db *db, const int64_t *ids, size_t n, struct err *e);

#endif
