/* SPDX-License-Identifier: MIT
 *
 * knownwrite: what became of known orders, back into the database.
 */
#ifndef KNOWNWRITE_H
#define KNOWNWRITE_H

#include "base/err.h"
#include "order/knownrow.h"

/* Writes the orders that were touched and the payloads that are not stored; commits
 * if `alone`. */
ERR_CHECK int knownwrite_all(struct taking *k, bool alone, struct err *e);

#endif
