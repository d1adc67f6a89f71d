/* SPDX-License-Identifier: MIT
 *
 * link: results of PostgreSQL as they come, the notices between them, and an end to waiting. A
 * part of db; nothing else includes it.
 *
 * A COMMIT whose wait for the synchronous standby was cancelled succeeds, with a warning: what
 * it wrote is on the primary only, and is lost if that is. A caller that needs it kept must
 * not take it for success.
 */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>
#include <stdint.h>

struct pg_conn;
struct pg_result;

struct link {
	struct pg_conn *conn; /* borrowed */
	int commit_ms;  /* the longest wait for a commit; 0: as long as it takes */
	int64_t until;  /* clock_ms of the end of all waiting; 0: none */
	bool unsure;    /* a commit came back without the standby; the caller clears it */
	bool silent;    /* the server did not answer in time: the connection is of no use */
};

/* Takes the notices of conn, which is open, or NULL, from now on. `l` has to stay where it is. */
void link_init(struct link *l, struct pg_conn *conn, int commit_ms);

/* As PQgetResult. Once the time for it is over what is waited for is cancelled, and if even that
 * has no answer `silent` is set, and the result is NULL. `commits`: a transaction's end is what is
 * waited for. */
struct pg_result *link_result(struct link *l, bool commits);

/* Asks the server to end what it does; false if it cannot be reached: 300 ms are enough to know. */
bool link_cancel(struct link *l);

#endif
