/* SPDX-License-Identifier: MIT
 *
 * explain: what an import would make of each column of a file, before a byte
 * is written. Programs only.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "catalogue/csvtable.h"

/* Reads standard input as far as the header, and writes a `column` record for
 * each of its fields. Needs no database. Returns the exit status. */
int explain_run(const struct csvtable_options *options);

#endif
