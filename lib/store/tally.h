/* SPDX-License-Identifier: MIT
 *
 * tally: how many rows a growing table has, exactly, kept from one look to the
 * next so that only what is new has to be counted. Rows that are taken away
 * again must be the oldest. No thread of its own: counting costs one round
 * trip, the first time and every hour a pass over an index, which who has time
 * to spare in between can take on himself by tally_recount.
 */
#ifndef TALLY_H
#define TALLY_H

#include "base/err.h"
#include "store/db.h"

#include <stdint.h>

/* Starts as all zero. */
struct tally {
	int64_t rows, upto;     /* so many have an id up to this one */
	int64_t settling, xmax; /* the next `upto`, once the transactions below xmax have ended */
	int64_t first;          /* the lowest id there was */
	int64_t since, at;      /* clock_ms of the first count, and of `settling` */
	int64_t hidden;         /* of the rows, those that were hidden by hidden_upto */
	char hidden_upto[40];   /* "" before the first count */
};

/* Counts on by q, which takes $1 the rows up to the id $2, and $3 the id that
 * is settling; it answers with the total, the rows between $2 and $3, the
 * lowest and the highest id, and the snapshot's xmin and xmax. Where rows can
 * be hidden it takes $4 those hidden by the time $5, subtracts all that are,
 * and answers besides with how many were by a time after which no transaction
 * that is under way hides any, and that time. What follows is the caller's:
 * *rows, if it is not NULL, to be freed by db_rows_free. `order by … offset 0`
 * in q keeps PostgreSQL from starting workers to count a handful of rows. */
enum { TALLY_COLUMNS = 6 };
ERR_CHECK int tally_count(struct tally *t, struct db *db, const struct db_query *q, int64_t *total,
			  struct db_rows **rows, struct err *e);

/* Counts all anew, into *next, if ten minutes have passed: to be called now and
 * then where nobody waits. *next starts as all zero; once it has settled it
 * takes the place of *t. */
ERR_CHECK int tally_recount(struct tally *t, struct tally *next, struct db *db,
			    const struct db_query *q, struct err *e);

#endif
