/* SPDX-License-Identifier: MIT
 *
 * endpoint: which webhook may be sent the next request. The rule:
 *   - each webhook may have one request in flight, whatever the others do
 *   - one whose last request succeeded may have more, up to its window, which
 *     grows by one with every success and halves with every failure
 *   - requests of these webhooks have room, per host and in all, that the others
 *     cannot take; a webhook that has been silent for some seconds counts with
 *     the others
 * Webhooks take turns. No I/O; times are clock_ms().
 */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include "webhook/delivery.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct endpoint_host;

/* One webhook, for the life of struct endpoints; written by endpoint.c alone. */
struct endpoint {
	struct endpoint *next, *next_ready;
	int64_t id;                 /* the webhook's */
	size_t index;               /* 0 for the first one made, and so on */
	struct endpoint_host *host;
	struct delivery_list queue; /* owned; not sent yet */
	size_t active, window;      /* requests in flight, and how many it may have */
	bool answers;               /* its last request succeeded and it is not silent */
	bool ready;                 /* it waits for its turn */
	int64_t heard_ms;           /* when it last answered, or was first sent a request */
};

struct endpoint_queue {
	struct endpoint *first, *last;
};

/* All webhooks; zeroed it is empty. */
struct endpoints {
	struct endpoint *first;
	size_t count;
	struct endpoint_queue ready, passed; /* passed: no room for them in this round */
	void *by_id, *hosts;  /* trees of tsearch(3) */
	size_t active[2];     /* requests in flight, by endpoint.answers */
};

/* Frees the webhooks and their queues. */
void endpoint_free_all(struct endpoints *all);

/* The webhook `id`, made on first use. */
struct endpoint *endpoint_of(struct endpoints *all, int64_t id);

/* Adds to the webhook's queue; takes ownership. */
void endpoint_add(struct endpoints *all, struct endpoint *ep, struct delivery *d);

/* Moves the queue of every webhook to the list. */
void endpoint_empty(struct endpoints *all, struct delivery_list *list);

/* How many requests the webhook may have in flight, if host and total have room. */
size_t endpoint_limit(const struct endpoint *ep);

/* Takes the next delivery that may be sent off its queue; NULL, which ends the
 * round, if there is none. The caller owns it. */
struct delivery *endpoint_take(struct endpoints *all);

/* Count a request that started or ended; `good`: it succeeded. */
void endpoint_start(struct endpoints *all, struct endpoint *ep, int64_t now_ms);
void endpoint_end(struct endpoints *all, struct endpoint *ep, bool good, int64_t now_ms);

/* Finds webhooks that have fallen silent; call it some times a second. */
void endpoint_find_silent(struct endpoints *all, int64_t now_ms);

#endif
