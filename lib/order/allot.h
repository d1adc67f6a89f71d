/* SPDX-License-Identifier: MIT
 *
 * allot: who gets what. Decides a batch of locked orders against locked
 * stock, first come first served: stock that an older waiting order outside the
 * batch would get is reserved for that order. An order gets all that it needs or
 * nothing; what it has too much of goes back at once. An order keeps the units it
 * has even when an attempt fails: only a payload or a person makes it want less.
 * No I/O.
 */
#ifndef ALLOT_H
#define ALLOT_H

#include "base/backoff.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum allot_status { ALLOT_PENDING, ALLOT_COMPLETED, ALLOT_FAILED, ALLOT_CANCELLED };

struct allot_order {
	int64_t id, external_id;
	enum allot_status before; /* as locked */
	enum allot_status status; /* in: the same; out: as decided */
	int run, retries;         /* retries: out too */
	int crashes;
	bool had_waited;          /* as locked: it waits, or waited, for stock */
	bool waited;              /* in: the same; out: as decided */
	const char *trouble;      /* in: why it cannot be served now, or NULL; borrowed */
	int wait;                 /* out: seconds before the next attempt, -1: none */
	bool ok;                  /* out: the attempt was a success */
	struct buf error;         /* out: why not, for people */
	struct buf shorts;        /* out: JSON objects of what was short, commas between */
};

/* What one order wants of one product, and has of it already. Exactly one
 * entry for each pair. */
struct allot_want {
	size_t order;        /* index into the orders */
	int64_t product;     /* 0: no product has this SKU */
	const char *sku;     /* borrowed; NULL: a line's quantity is unusable, and nothing of
				the order moves, unless it is cancelled */
	int64_t units;       /* that must be off the shelf; below 0: more came back than left it */
	int64_t kept;        /* of these, refunded and not put back: they never make an order
				wait, and are not taken from stock it had to wait for */
	int64_t taken;       /* that are off it for this order */
	const char *cause;   /* why units changed, borrowed; NULL: it is the order itself */
	int64_t cause_id;    /* of the refund or the edit; 0: none */
	bool missing;        /* out: the order waits for allot_needs() units of it */
};

struct allot_stock {
	int64_t product, on_hand; /* on_hand: out too */
	int64_t delta;            /* out: the sum of the moves */
	bool held;                /* out: an order that did not fit holds the line */
};

/* An order that is not in the batch and waits for a product. */
struct allot_ahead {
	int64_t product, order, units;
};

/* The settings, and the line of those who wait. */
struct allot_terms {
	struct backoff delays;           /* RETRY_DELAYS */
	bool hold;                       /* HOLD_LINE: nobody passes one that does not fit */
	bool keep_pending;               /* BACKORDER=wait: short of stock never fails */
	const struct allot_ahead *ahead; /* by product, then by order; borrowed */
	size_t nahead;
};

struct allot_move {
	size_t order;
	int64_t product, delta, balance; /* balance: after the move */
	const char *reason;              /* of the ledger; borrowed from the want */
	int64_t source_id;               /* of the refund or the edit; 0: none */
};

/* How many workers may die while they hold an order, before it fails with this
 * reason. */
enum { ALLOT_MOST_CRASHES = 3 };
#define ALLOT_CRASHED "workers crashed on it three times"

/* Orders ascend by id, wants by order, stock by product. Fills in the orders,
 * what the wants have taken and the stock, and returns the moves in *moves (owned by the caller).
 */
size_t allot(struct allot_order *orders, size_t norders, struct allot_want *wants,
	     size_t nwants, struct allot_stock *stock, size_t nstock,
	     const struct allot_terms *terms, struct allot_move **moves);

/* How many units an order must get, beyond those it has. */
int64_t allot_needs(const struct allot_want *w);

const char *allot_status_name(enum allot_status s);
enum allot_status allot_status_of(const char *name); /* the way back; one of the names */

#endif
