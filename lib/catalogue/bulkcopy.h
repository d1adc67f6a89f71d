/* SPDX-License-Identifier: MIT
 *
 * bulkcopy: the rows of a bulk on their way into the database, a chunk at a time.
 */
#ifndef BULKCOPY_H
#define BULKCOPY_H

#include "base/err.h"
#include "catalogue/bulkstate.h"

/* As bulk_add. */
ERR_CHECK int bulkcopy_add(struct bulk *b, const struct product_row *row, int64_t line,
			   struct product_text raw, struct err *e);

/* Writes the chunk that is not full. */
ERR_CHECK int bulkcopy_flush(struct bulk *b, struct err *e);

/* Ends the COPY that is open. */
ERR_CHECK int bulkcopy_end(struct bulk *b, struct err *e);

#endif
