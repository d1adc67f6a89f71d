/* SPDX-License-Identifier: MIT
 *
 * tally: the exact number of rows of a growing table. It remembers the last
 * count, so that each call counts only the rows that were added since. Only the
 * oldest rows of such a table may be deleted.
 *
 * A call costs one round trip; the first one, and one every hour, also scans an
 * index. An idle caller can run that scan early with tally_recount().
 */
#ifndef TALLY_H
#define TALLY_H

#include "base/err.h"
#include "store/db.h"

#include <stdint.h>

/* Zero it before the first call. */
struct tally {
	int64_t rows, upto;     /* `rows` rows have an id of at most `upto` */
	int64_t settling, xmax; /* the next `upto`: final once all transactions before xmax ended */
	int64_t first;          /* the lowest id at the last count */
	int64_t since, at;      /* clock_ms() of the first count, and of `settling` */
	int64_t hidden;         /* how many of the rows were hidden by hidden_upto */
	char hidden_upto[40];   /* "" before the first count */
};

/* Counts with the statement q, a tally-*.sql file:
 *	$1 `rows`, $2 `upto`, $3 `settling`; if rows can be hidden also
 *	$4 `hidden`, $5 `hidden_upto`
 * It returns the total, the number of rows with ids from $2 to $3, the lowest
 * and the highest id, and xmin and xmax of its snapshot. If rows can be hidden,
 * the total leaves these out, and two more columns follow: a time such that no
 * running transaction can still hide a row at or before it, after the number of
 * rows hidden by then. Further columns are the caller's: *rows, unless NULL,
 * which db_rows_free frees. `order by … offset 0` in q keeps PostgreSQL from
 * starting parallel workers to count a few rows. */
enum { TALLY_COLUMNS = 6 };
ERR_CHECK int tally_count(struct tally *t, struct db *db, const struct db_query *q, int64_t *total,
			  struct db_rows **rows, struct err *e);

/* Counts all rows again, into *next, if the last time was ten minutes ago; an
 * idle program calls it now and then. Zero *next before the first call; a count
 * that is final is moved to *t. */
ERR_CHECK int tally_recount(struct tally *t, struct tally *next, struct db *db,
			    const struct db_query *q, struct err *e);

#endif
