/* SPDX-License-Identifier: MIT
 *
 * route: paths and methods of requests against those of a table. No I/O.
 */
#ifndef ROUTE_H
#define ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ROUTE_UUID = 36 };

/* What stands in a path for the braces of its pattern. */
struct route_match {
	int64_t id;                /* {id}: a whole number above 0; else 0 */
	char task[ROUTE_UUID + 1]; /* {task_id}: a UUID; else "" */
};

/* True if all of `path` fits `pattern`, which has one pair of braces or none. */
bool route_fits(const char *pattern, const char *path, struct route_match *m);

/* How much of SCRIPT_NAME is not the path, but where the server has the program: /cgi-bin of
 * /cgi-bin/api, and all of /cgi-bin/shopify where PATH_INFO begins with the prefix by itself. */
size_t route_skip(const char *script, const char *path_info, const char *prefix);

/* True if the request's target has what a server makes a plain path of: a slash spelled %2F, two of
 * them, or a part that begins with a dot. A route would have a second name by it. */
bool route_is_disguised(const char *target);

/* True if a route for `method` answers `asked`: that of GET answers HEAD too. */
bool route_answers(const char *method, const char *asked);

#endif
