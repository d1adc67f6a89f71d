/* SPDX-License-Identifier: MIT
 *
 * feed: the events themselves, for programs that fetch them instead of being told: in
 * the order in which they were made, each once; none ever appears before one that was read
 * already. A cursor is the id of an event, as the header webhook-id has
 * it.
 */
#ifndef FEED_H
#define FEED_H

#include "base/err.h"
#include "store/db.h"

#include <stdbool.h>
#include <stdint.h>

enum { FEED_CURSOR = 64 };

struct feed_from {
	int64_t after;               /* the event to go on after; 0: none */
	char micros[FEED_CURSOR];    /* its time, as its id says it */
	const char *time;            /* or what is not older; NULL: none. Borrowed */
};

/* Reads a cursor or an RFC 3339 time. ERR_DATA: it is neither. NULL is the start. */
ERR_CHECK int feed_since(struct feed_from *from, const char *since, struct err *e);

/* ERR_DATA unless it is a list of types or patterns with commas between. */
ERR_CHECK int feed_check_types(const char *types, struct err *e);

struct feed_page {
	struct db_rows *rows;        /* owned: feed_free */
	int count;
	const char *next;            /* the cursor to go on with; "": nothing was ever made */
	bool more;
	bool complete;               /* the cursor's event is there, so none after it is gone */
};

/* At most `limit` events of those types (NULL: any). */
ERR_CHECK int feed_read(struct feed_page *p, struct db *db, const struct feed_from *from,
			const char *types, int limit, struct err *e);

/* Event i from 0: the members of a JSON object and its closing brace. */
const char *feed_event(const struct feed_page *p, int i);
void feed_free(struct feed_page *p);

#endif
