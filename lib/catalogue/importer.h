/* SPDX-License-Identifier: MIT
 *
 * importer: fulfil-import as a daemon that imports uploads one after another.
 * Programs only.
 */
#ifndef IMPORTER_H
#define IMPORTER_H

#include "base/conf.h"
#include "store/db.h"

/* Imports what was uploaded, until ndjson_stopping: a `summary` record each.
 * Borrows all of it; db must not come from a pooler, for its session holds
 * claims. Returns the exit status: 75 if an import was stopped. */
int importer_run(struct db *db, const struct conf *conf, const char *worker);

#endif
