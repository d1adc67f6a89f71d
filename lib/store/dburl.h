/* SPDX-License-Identifier: MIT
 *
 * dburl: whether a DATABASE_URL can work at all.
 */
#ifndef DBURL_H
#define DBURL_H

#include "base/err.h"

#include <stdbool.h>

/* ERR_CONFIG if libpq would refuse this DATABASE_URL whatever the server: its
 * form, a parameter's name, or a value that only connecting would find wrong. Never with a part of
 * its password. */
ERR_CHECK int dburl_check(const char *url, struct err *e);

/* Whether libpq cannot connect with this at all; `keys` and `values` are PQconnectdbParams'. May
 * try a server. */
bool dburl_is_malformed(const char *url, const char *const *keys, const char *const *values);

#endif
