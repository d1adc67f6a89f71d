/* SPDX-License-Identifier: MIT
 *
 * ask: calls a route of the HTTP API in this very process, without a web server and a token:
 * a user who can read the settings already has the access that they grant. Programs only.
 */
#ifndef ASK_H
#define ASK_H

#include "base/buf.h"
#include "base/err.h"

struct ask; /* ask_close */

/* Reads the settings and makes sure of PostgreSQL. What is changed is kept in the name of the
 * user of this process. */
ERR_CHECK int ask_open(struct ask **out, struct err *e);
void ask_close(struct ask *a);

/* A request: its query without the "?" ("": none), and its body, a JSON object, or NULL. */
struct ask_request {
	const char *method, *path, *query, *body;
};

/* Calls the route. JSON goes to `answer`; anything else, such as a CSV file, goes to standard
 * output as it comes. Errors are those of the handler. */
ERR_CHECK int ask_route(struct ask *a, const struct ask_request *r, struct buf *answer,
			struct err *e);

#endif
