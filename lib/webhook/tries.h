/* SPDX-License-Identifier: MIT
 *
 * tries: deliveries that were claimed become jobs, and jobs that ended are
 * recorded. What is sent here is sent in a pipeline (db.h), whose results the
 * caller takes.
 */
#ifndef TRIES_H
#define TRIES_H

#include "store/db.h"
#include "webhook/dispatch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Gives the rows of claim-deliveries or resend-delivery to dispatch, and says
 * how many. Takes ownership of them. */
size_t tries_take(struct dispatch *d, struct db_rows *rows, int64_t claimed);

/* Sends what came of these. */
void tries_send_results(struct db *db, const struct job *ended, const char *worker);

/* Sends what they say of their webhooks; false if there is nothing to say. After
 * so many seconds of failure a webhook is disabled. */
bool tries_send_notes(struct db *db, struct dispatch *d, const struct job *ended,
		      long disable_after);

#endif
