/* SPDX-License-Identifier: MIT
 *
 * exporter: the events that are kept, as `event` records; sends nothing.
 *
 * Programs only.
 */
#ifndef EXPORTER_H
#define EXPORTER_H

#include "base/err.h"
#include "store/db.h"

/* Those after the event `since`, or from that time on (feed.h); NULL: all. Ends early once the
 * program is told to stop. */
ERR_CHECK int exporter_run(struct db *db, const char *since, struct err *e);

#endif
