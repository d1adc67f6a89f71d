/* SPDX-License-Identifier: MIT
 *
 * verb: what `fulfil` knows to do, each a noun and a verb for one route of the HTTP API:
 * `fulfil orders retry 7` is POST /api/orders/7/retry. No I/O.
 */
#ifndef VERB_H
#define VERB_H

#include "base/buf.h"
#include "web/cgi.h"

#include <stdbool.h>
#include <stddef.h>

struct verb {
	const char *noun, *name;   /* "orders", "retry" */
	const char *method, *path; /* of its route */
	const char *columns;       /* of its table at a terminal; NULL: all that is no list */
};

/* A table that ends with {0}, the verbs of a noun together. */
extern const struct verb verb_table[];

/* The first verb of the noun; NULL if there is no such noun. */
const struct verb *verb_noun(const char *noun);

/* NULL: the noun has no such verb. Some have two by one name, for one path with {id} and
 * one without: `with_id` says which is meant, and the other one is taken if it is alone. */
const struct verb *verb_find(const char *noun, const char *name, bool with_id);

/* The route of the verb; never NULL (a test holds the tables together). */
const struct cgi_route *verb_route(const struct verb *v);

bool verb_has_id(const struct verb *v);   /* {id} or {task_id} is in its path */
bool verb_has_body(const struct verb *v); /* it takes the members of a JSON object */

/* What it does, of the API's description: "One order, with its lines, …". Borrowed for good. */
const char *verb_summary(const struct verb *v);

/* What the description says of a parameter; "" if nothing. */
const char *verb_explains(const struct verb *v, const char *param);

/* The description's type of a member of the body: "string", "integer", "array", "boolean" …, and
 * "time" for a string that is one; NULL if the body has no such member. */
const char *verb_member(const struct verb *v, const char *name);

/* Adds the names of all of them, commas between. */
void verb_members(const struct verb *v, struct buf *b);

#endif
