/* SPDX-License-Identifier: MIT
 *
 * sqlstate: what PostgreSQL's five-character codes mean to us, and so whether
 * the same call may work later. No I/O.
 */
#ifndef SQLSTATE_H
#define SQLSTATE_H

#include "base/err.h"

/* ERR_BUG for a code that none of our statements should meet. */
enum err_code sqlstate_code(const char *state);

/* What helps, to be put behind the server's message; "" if we do not know. */
const char *sqlstate_hint(const char *state);

#endif
