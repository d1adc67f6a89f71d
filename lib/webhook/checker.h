/* SPDX-License-Identifier: MIT
 *
 * checker: tries a receiver, with a `check` record for each thing that it must do.
 *
 * Programs only.
 */
#ifndef CHECKER_H
#define CHECKER_H

#include "base/conf.h"
#include "base/err.h"
#include "store/db.h"

/* The receiver at the URL of one of our webhooks, whose secret it knows. ERR_DATA: there is no
 * such webhook, it has no secret, or the receiver does not do what it must. */
ERR_CHECK int checker_run(struct db *db, const struct conf *conf, const char *receiver,
			  struct err *e);

#endif
