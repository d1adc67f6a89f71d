/* SPDX-License-Identifier: MIT
 *
 * importer: what fulfil-import has to say of an import, and its life as a
 * daemon that imports uploads one after another. Programs only.
 */
#ifndef IMPORTER_H
#define IMPORTER_H

#include "base/conf.h"
#include "catalogue/import.h"
#include "catalogue/upload.h"

/* Writes the `summary` record; that of an upload names it. */
void importer_put_summary(const struct import_counts *n, double seconds, const char *status,
			  bool dry_run, const struct upload_job *job);

/* Imports what was uploaded, until ndjson_stopping: a `summary` record each.
 * Borrows all of it; db must not come from a pooler, for its session holds
 * claims. Returns the exit status: 75 if an import was stopped. */
int importer_run(struct db *db, const struct conf *conf, const char *worker);

#endif
