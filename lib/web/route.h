/* SPDX-License-Identifier: MIT
 *
 * route: paths and methods of requests against those of a table. No I/O.
 */
#ifndef ROUTE_H
#define ROUTE_H

#include <stdbool.h>
#include <stdint.h>

enum { ROUTE_UUID = 36 };

/* What stands in a path for the braces of its pattern. */
struct route_match {
	int64_t id;                /* {id}: a whole number above 0; else 0 */
	char task[ROUTE_UUID + 1]; /* {task_id}: a UUID; else "" */
};

/* True if all of `path` fits `pattern`, which has one pair of braces or none. */
bool route_fits(const char *pattern, const char *path, struct route_match *m);

/* The part of `path` that starts with the last `prefix` that ends with a part of
 * it; all of it if there is none. Servers differ in what they cut off:
 * /cgi-bin/api/orders is /api/orders. */
const char *route_from(const char *path, const char *prefix);

/* True if a route for `method` answers `asked`: that of GET answers HEAD too. */
bool route_answers(const char *method, const char *asked);

#endif
