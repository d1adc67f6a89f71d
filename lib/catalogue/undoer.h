/* SPDX-License-Identifier: MIT
 *
 * undoer: fulfil-import --undo. Programs only.
 */
#ifndef UNDOER_H
#define UNDOER_H

#include "base/conf.h"
#include "store/db.h"

#include <stdint.h>

/* Takes the import back, and writes a `kept` record for each product that is left
 * as it is, and an `undo` record. Returns the exit status. */
int undoer_run(struct db *db, const struct conf *conf, const char *worker, int64_t import);

#endif
