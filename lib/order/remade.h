/* SPDX-License-Identifier: MIT
 *
 * remade: orders of a product that was deleted, and perhaps made again under its SKU. An order
 * keeps what it took of it. Units that come back go on to the product that is on the shelf now,
 * its heir, by two rows of the ledger that belong to no order. Further units that the order needs
 * come from the heir.
 */
#ifndef REMADE_H
#define REMADE_H

#include "order/allot.h"
#include "store/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Divides what is wanted of a product that was deleted, of which the order has `taken` units, so
 * that none is taken from it any more. True if the order wants more: *rest is that, of `heir`
 * (0: no product has the SKU now). */
bool remade_split(struct allot_want *w, int64_t taken, int64_t heir, struct allot_want *rest);

/* Sends the statement if a move gives anything back; after those that store the moves. Returns
 * how many results are owed. */
int remade_send(struct db *db, const struct allot_move *moves, size_t n, const char *worker,
		int64_t threshold);

#endif
