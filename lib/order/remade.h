/* SPDX-License-Identifier: MIT
 *
 * remade: units that come back of a product that was deleted and made again under its SKU. The
 * order keeps the product it took from; the units go on to the one that is on the shelf now, by
 * two rows of the ledger that are no order's.
 */
#ifndef REMADE_H
#define REMADE_H

#include "order/allot.h"
#include "store/db.h"

#include <stddef.h>
#include <stdint.h>

/* Sends the statement if a move gives anything back; after those that store the moves. Returns
 * how many results are owed. */
int remade_send(struct db *db, const struct allot_move *moves, size_t n, const char *worker,
		int64_t threshold);

#endif
