/* SPDX-License-Identifier: MIT
 *
 * retake: what is in quarantine, tried again or deleted by a person.
 */
#ifndef RETAKE_H
#define RETAKE_H

#include "base/conf.h"
#include "base/err.h"
#include "order/intake.h"
#include "store/db.h"

#include <stdbool.h>
#include <stdint.h>

/* Takes in body `id` as if it came now, and deletes it from quarantine. ERR_CONFLICT:
 * it cannot be taken in now either; it stays, with that reason. ERR_NOTFOUND. A crash
 * in between leaves both, and the next try finds a duplicate and deletes it. */
ERR_CHECK int retake_one(struct db *db, const struct conf *conf, int64_t id,
			 struct intake_result *r, struct err *e);

/* Deletes body `id` unread. ERR_NOTFOUND. */
ERR_CHECK int retake_drop(struct db *db, int64_t id, struct err *e);

/* The lowest id above `after` that is in quarantine; 0: there is none. */
ERR_CHECK int retake_next(struct db *db, int64_t after, int64_t *id, struct err *e);

#endif
