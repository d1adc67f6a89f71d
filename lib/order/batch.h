/* SPDX-License-Identifier: MIT
 *
 * batch: the orders of one transaction of a worker, in four round trips
 *   1. batch_claim  begin; lock the due orders
 *   2. batch_read   what they want, and what earlier runs took
 *   3. batch_lock   lock that stock in the order of product ids; read which orders wait for it
 *   4. batch_write  everything; commit
 * with batch_allot() between the last two. Stock is locked from 3 to 4 only. The
 * status that claiming checks and the unique keys of ledger and sync_logs
 * each forbid a second deduction. After an error the caller rolls back.
 */
#ifndef BATCH_H
#define BATCH_H

#include "base/err.h"
#include "order/allot.h"
#include "store/db.h"

#include <stdint.h>

struct batch {
	struct db *db;      /* borrowed, as is worker */
	const char *worker; /* who writes: for the ledger and the sync logs */
	long threshold;     /* LOW_STOCK_THRESHOLD */
	struct allot_terms terms; /* `ahead` is the batch's, once locked */
	int64_t started;    /* clock_ms */
	int duration_ms;    /* set by batch_write */

	struct allot_order *orders; /* all owned, ascending as allot() wants them */
	size_t norders;
	struct allot_want *wants;
	size_t nwants;
	struct allot_stock *stock;
	size_t nstock;
	struct allot_move *moves;
	size_t nmoves;
	struct allot_ahead *ahead;
	struct db_rows *demand, *taken; /* hold the texts that wants borrow */
};

/* Locks what the statement q finds; norders is 0 if that is nothing. `trouble`
 * is that of the orders, as allot() takes it, borrowed for the batch's life. */
ERR_CHECK int batch_claim(struct batch *b, const struct db_query *q, const struct db_param *p,
			  const char *trouble, struct err *e);
ERR_CHECK int batch_read(struct batch *b, struct err *e);
ERR_CHECK int batch_lock(struct batch *b, struct err *e);
void batch_allot(struct batch *b);
ERR_CHECK int batch_write(struct batch *b, struct err *e);
void batch_release(struct batch *b);

/* True for an order that crashed workers too often, or that the database refused:
 * it comes alone, and nothing of it is read, which may be what crashed them. */
bool batch_given_up(const struct batch *b);

#endif
