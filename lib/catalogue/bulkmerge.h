/* SPDX-License-Identifier: MIT
 *
 * bulkmerge: what becomes of the rows of a bulk that were put aside.
 */
#ifndef BULKMERGE_H
#define BULKMERGE_H

#include "base/err.h"
#include "catalogue/bulkstate.h"

/* Compares them with the products there are, and inserts, changes or leaves each. */
ERR_CHECK int bulkmerge_all(struct bulk *b, struct err *e);

#endif
