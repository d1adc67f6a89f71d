/* SPDX-License-Identifier: MIT
 *
 * knownrow: what known.c works on, from the database: which payloads are stored
 * already, and what is known of their orders.
 */
#ifndef KNOWNROW_H
#define KNOWNROW_H

#include "base/err.h"
#include "order/payload.h"
#include "order/target.h"
#include "store/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An order that is locked, with what is known of it. */
struct known {
	int64_t id, external_id;
	const char *shop;
	const char *status;
	bool awaited;    /* no version of it is here */
	int run;
	bool started;    /* it was due before */
	bool moved;      /* it has rows in the ledger */
	bool redacted;   /* payloads are stored without what they say of people */
	struct target t;

	bool touched;             /* something is to be written */
	const struct payload *newest; /* the newest version among the payloads, or NULL */
	bool due, settled;        /* due now; nothing is to be done any more */
	const char *error;
};

struct taking {
	struct db *db;
	int64_t history_us;
	bool when_paid;
	struct payload *const *payloads;
	struct intake_result *const *results;
	size_t n;
	bool *stored;           /* owned: the payload was here already */
	struct known *orders;   /* owned, by external id and shop */
	size_t norders;
	struct db_rows *order_rows, *item_rows, *change_rows; /* hold the texts of orders */
};

/* Says in a result what became of a payload. why: NULL for nothing. */
void knownrow_note(struct intake_result *r, const struct known *k, const char *status,
		   const char *why);

/* Marks the payloads that are stored already; takes no lock. */
ERR_CHECK int knownrow_find_stored(struct taking *k, struct err *e);

/* Makes the orders that are not there, locks them and reads what is known of them.
 * Payloads are looked for once more: they may have come twice at once. `alone`: begins
 * a transaction. */
ERR_CHECK int knownrow_lock(struct taking *k, bool alone, struct err *e);

void knownrow_release(struct taking *k);

#endif
