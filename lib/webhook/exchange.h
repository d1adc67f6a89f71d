/* SPDX-License-Identifier: MIT
 *
 * exchange: the sender's database half. An exchange is one pipeline (db.h) of two
 * transactions, sent with exchange_send() and taken with exchange_take() once the
 * connection can be read; requests go on meanwhile:
 *   1. the outbox becomes events and deliveries
 *   2. ended deliveries are recorded with the health of their webhooks, unsent ones
 *      are returned, and due ones are claimed
 * Recording a delivery twice changes nothing, so that an exchange whose fate is
 * unknown can be repeated.
 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "base/err.h"
#include "store/db.h"
#include "webhook/delivery.h"
#include "webhook/dispatch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exchange;

/* Borrows db and worker, the name in the log of attempts. A webhook that has
 * failed for disable_after_s seconds is disabled; 0: never. */
struct exchange *exchange_new(struct db *db, const char *worker, long disable_after_s);
void exchange_free(struct exchange *x);

/* What is sent; all borrowed for the call. */
struct exchange_order {
	const struct delivery_list *ended, *unsent;
	const struct dispatch_note *notes;
	size_t nnotes;
	bool claim;                         /* expand the outbox and claim: */
	const struct dispatch_room *rooms;  /* at most these */
	size_t nrooms;
};

ERR_CHECK int exchange_send(struct exchange *x, const struct exchange_order *o, struct err *e);

/* True from a successful exchange_send() to the next exchange_take(). */
bool exchange_sent(const struct exchange *x);

struct exchange_result {
	bool recorded;                /* the second transaction was committed */
	int64_t events;               /* made of the outbox */
	struct delivery_list claimed; /* the caller's */
};

/* Called for each webhook that the exchange disabled. */
typedef void exchange_disabled_fn(void *ctx, int64_t webhook, const char *why);

/* Waits for the results. The transactions succeed or fail each for itself: on an
 * error look at out->recorded. */
ERR_CHECK int exchange_take(struct exchange *x, struct exchange_result *out,
			    exchange_disabled_fn *disabled, void *ctx, struct err *e);

/* Claims the delivery `id`, which has ended, for another round of tries; appends
 * it to the list unless there is none or its webhook is not enabled. */
ERR_CHECK int exchange_resend(struct exchange *x, int64_t id, struct delivery_list *claimed,
			      struct err *e);

#endif
