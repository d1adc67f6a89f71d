/* SPDX-License-Identifier: MIT
 *
 * paging: lists, newest first unless another order is asked for, a page at a
 * time, by number or by cursor.
 *
 * A route that lists declares page, page_size and cursor (PAGING_PARAMS) beside
 * its filters, and sort if it has several orders: "-id", which is what leaving
 * it out means, "id", and others, which go with no filter. Its SQL comes in
 * two steps: one statement finds the ids of the page, another reads those rows
 * as JSON, one a row. A cursor is the last id that was shown, and is good for
 * the same path and filters only.
 *
 * A statement that finds takes $1 an id, $2 the number of matches to skip, $3 of
 * those to show, $4 of those to count at most. It finds rows with ids below $1;
 * in another order than "-id", rows that come after the row with the id $1 (0 at
 * the start). It returns one row: the ids as an array; the number of matches, up to
 * $4; and, if it read only a part of the table, the id from which the next call
 * continues, else null.
 */
#ifndef PAGING_H
#define PAGING_H

#include "base/err.h"
#include "store/db.h"
#include "store/tally.h"
#include "web/cgi.h"

#include <stdbool.h>
#include <stdint.h>

/* How many matches of a filter are counted, and reached by a page's number; an
 * order that is not by id reaches no further either. */
enum { PAGING_COUNTED = 10000, PAGING_BINDS = 4 };

extern const struct param paging_page, paging_size, paging_cursor;
#define PAGING_PARAMS &paging_page, &paging_size, &paging_cursor

struct paging {
	int64_t number; /* from 1; 0: by cursor */
	int64_t size, skip, below, most;
	const struct param *sort_param; /* NULL: there is one order */
	const char *sort; /* NULL: newest first; borrows the request */
	bool filtered;
	int64_t total;  /* of a cursor: what its first page said */
	bool capped;
};

/* The order that is asked for, NULL for newest first. `sort` is the route's
 * parameter for it, NULL where it has none. */
const char *paging_sort(struct cgi *c, const struct param *sort);

/* Reads the parameters; 400 for a cursor of another list. */
ERR_CHECK int paging_read(struct cgi *c, const struct param *sort, struct paging *p, struct err *e);

/* Count no more than PAGING_COUNTED even though nothing is filtered. */
void paging_cap(struct paging *p);

/* $1 to $4 of a statement that finds. Borrows p. */
void paging_bind(struct paging *p, struct db_param binds[PAGING_BINDS]);

/* Finds a page of all rows, with the exact total, by `count` of tally.h; q
 * takes that total as $5 besides. *found: db_rows_free. */
ERR_CHECK int paging_all(struct paging *p, struct tally *t, struct db *db,
			 const struct db_query *count,
		       const struct db_query *q, struct db_rows **found, struct err *e);

/* Reads the rows that were found by `read`, whose binds[0] takes their ids,
 * and answers {NAME: […], total, total_capped, page, page_size, total_pages,
 * next_cursor}. */
ERR_CHECK int paging_put(struct cgi *c, struct paging *p, const char *name, struct db *db,
		       const struct db_query *read, struct db_param *binds,
		       const struct db_rows *found, struct err *e);

#endif
