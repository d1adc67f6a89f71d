/* SPDX-License-Identifier: MIT
 *
 * sqlstate: maps PostgreSQL's five-character error codes to error codes of
 * err.h, and so to whether a retry can succeed. No I/O.
 */
#ifndef SQLSTATE_H
#define SQLSTATE_H

#include "base/err.h"

/* ERR_BUG for a code that our statements should never cause. */
enum err_code sqlstate_code(const char *state);

/* Advice to append to the server's message; "" if there is none. */
const char *sqlstate_hint(const char *state);

#endif
