/* SPDX-License-Identifier: MIT
 *
 * dispatch: sends deliveries, as the rule of endpoint.h lets it, and sets their
 * outcomes. Knows no SQL; its clock is clock_ms().
 *
 *	dispatch_new(&d, conf, e);
 *	for (;;) {
 *		wait until dispatch_fd(d) can be read, or dispatch_wait_ms(d);
 *		dispatch_collect(d, &ended, &unsent, e);  record, return and free them
 *		dispatch_add(d, delivery);                what was claimed
 *		dispatch_send(d, &ended);
 *	}
 */
#ifndef DISPATCH_H
#define DISPATCH_H

#include "base/conf.h"
#include "base/err.h"
#include "webhook/delivery.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dispatch;

ERR_CHECK int dispatch_new(struct dispatch **out, const struct conf *conf, struct err *e);

/* Aborts requests in flight and frees all deliveries that have not ended. */
void dispatch_free(struct dispatch *d);

/* Queues a delivery, to be sent when it is its webhook's turn; takes ownership. */
void dispatch_add(struct dispatch *d, struct delivery *delivery);

/* Reads the answers that have come, without waiting. Appends the deliveries that
 * ended to `ended`, and those that must not be sent now to `unsent`: their webhook
 * asked for a pause or is gone, or this machine could not send them. For the last
 * reason ERR_AGAIN. The caller owns both lists. */
ERR_CHECK int dispatch_collect(struct dispatch *d, struct delivery_list *ended,
			       struct delivery_list *unsent, struct err *e);

/* Starts the requests that may be sent; appends the deliveries that are refused
 * at once. */
void dispatch_send(struct dispatch *d, struct delivery_list *ended);

/* dispatch_collect() has work once the descriptor can be read or this many
 * milliseconds have passed (-1: never). */
int dispatch_fd(const struct dispatch *d);
int dispatch_wait_ms(const struct dispatch *d);

/* How many deliveries are queued or in flight. */
size_t dispatch_pending(const struct dispatch *d);

/* How many more deliveries of a webhook can be taken. */
struct dispatch_room {
	int64_t webhook;
	int count;
};

/* Begins a round of claiming: a room for each webhook known so far, and how many;
 * the caller frees *rooms. Deliveries added until the next round count as this
 * round's yield. */
size_t dispatch_rooms(struct dispatch *d, struct dispatch_room **rooms);

/* True if a webhook runs out of deliveries and the last round filled its room,
 * so that there are probably more to claim. */
bool dispatch_hungry(const struct dispatch *d);

/* Moves the deliveries that were not sent to the list. */
void dispatch_drop(struct dispatch *d, struct delivery_list *unsent);

/* The health of a webhook, summed up over deliveries that ended, in their order. */
struct dispatch_note {
	int64_t webhook;
	int failures;       /* since the last success or, without one, in all */
	bool after_success; /* there was a success */
	int pause_s;        /* 0: none */
	bool gone;
};

/* Notes for the webhooks whose health changed or that fail; returns how many. The
 * caller frees *notes. */
size_t dispatch_notes(struct dispatch *d, const struct delivery_list *ended,
		      struct dispatch_note **notes);

#endif
