/* SPDX-License-Identifier: MIT
 *
 * endpoint: the webhooks that have something to send and are below their own
 * limit stand in one queue; one whose host or the total has no room is passed over
 * until the next round.
 * Invariant: `active` of a host, and of the total, is the sum over its webhooks.
 */
#include "webhook/endpoint.h"

#include "base/xalloc.h"
#include "webhook/address.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIRST_WINDOW = 2, MAX_WINDOW = 64, SILENT_MS = 2000 };

/* Most requests in flight, by endpoint.answers. */
static const size_t per_host[2] = {512, 128}, in_all[2] = {1024, 512};

struct endpoint_host {
	char *name;
	size_t active[2];
};

static void free_host(void *p)
{
	struct endpoint_host *h = p;

	free(h->name);
	free(h);
}

/* The tree of ids borrows its webhooks. */
static void keep(void *p)
{
	(void)p;
}

void endpoint_free_all(struct endpoints *all)
{
	struct endpoint *ep;

	while ((ep = all->first) != NULL) {
		all->first = ep->next;
		delivery_free_list(&ep->queue);
		free(ep);
	}
	tdestroy(all->by_id, keep);
	tdestroy(all->hosts, free_host);
}

static int compare_hosts(const void *a, const void *b)
{
	const struct endpoint_host *x = a, *y = b;

	return strcasecmp(x->name, y->name);
}

static int compare_ids(const void *a, const void *b)
{
	int64_t x = ((const struct endpoint *)a)->id, y = ((const struct endpoint *)b)->id;

	return x < y ? -1 : x > y;
}

static struct endpoint_host *host_of(struct endpoints *all, const char *name, size_t n)
{
	struct endpoint_host key = {.name = xalloc_strndup(name, n)}, **at, *h;

	at = tfind(&key, &all->hosts, compare_hosts);
	if (at) {
		free(key.name);
		return *at;
	}
	h = xalloc_zero(1, sizeof *h);
	h->name = key.name;
	xalloc_checked(tsearch(h, &all->hosts, compare_hosts));
	return h;
}

struct endpoint *endpoint_of(struct endpoints *all, int64_t id)
{
	struct endpoint key = {.id = id}, **at, *ep;

	at = tfind(&key, &all->by_id, compare_ids);
	if (at)
		return *at;
	ep = xalloc_zero(1, sizeof *ep);
	ep->id = id;
	ep->index = all->count++;
	ep->window = FIRST_WINDOW;
	ep->next = all->first;
	all->first = ep;
	xalloc_checked(tsearch(ep, &all->by_id, compare_ids));
	return ep;
}

/* --- whose turn it is --- */

static void push(struct endpoint_queue *q, struct endpoint *ep)
{
	ep->next_ready = NULL;
	if (q->first)
		q->last->next_ready = ep;
	else
		q->first = ep;
	q->last = ep;
}

size_t endpoint_limit(const struct endpoint *ep)
{
	return ep->answers ? ep->window : 1;
}

static void make_ready(struct endpoints *all, struct endpoint *ep)
{
	if (ep->ready || ep->queue.first == NULL || ep->active >= endpoint_limit(ep))
		return;
	ep->ready = true;
	push(&all->ready, ep);
}

void endpoint_add(struct endpoints *all, struct endpoint *ep, struct delivery *d)
{
	delivery_append(&ep->queue, d);
	make_ready(all, ep);
}

void endpoint_empty(struct endpoints *all, struct delivery_list *list)
{
	for (struct endpoint *ep = all->first; ep; ep = ep->next)
		delivery_move(list, &ep->queue);
}

/* The webhook's URL may have changed since its last request; its requests in
 * flight are counted at the new host. */
static void find_host(struct endpoints *all, struct endpoint *ep)
{
	size_t n;
	const char *name = address_host(ep->queue.first->texts.url, &n);
	struct endpoint_host *old = ep->host;

	if (old && strncasecmp(old->name, name, n) == 0 && old->name[n] == '\0')
		return;
	ep->host = host_of(all, name, n);
	if (old)
		old->active[ep->answers] -= ep->active;
	ep->host->active[ep->answers] += ep->active;
}

static bool has_room(const struct endpoints *all, const struct endpoint *ep)
{
	return ep->host->active[ep->answers] < per_host[ep->answers] &&
	       all->active[ep->answers] < in_all[ep->answers];
}

struct delivery *endpoint_take(struct endpoints *all)
{
	struct endpoint *ep;

	while ((ep = all->ready.first) != NULL) {
		all->ready.first = ep->next_ready;
		ep->ready = false;
		if (ep->queue.first == NULL || ep->active >= endpoint_limit(ep))
			continue;
		find_host(all, ep);
		if (has_room(all, ep)) {
			struct delivery *d = delivery_take(&ep->queue);

			make_ready(all, ep);
			return d;
		}
		ep->ready = true;
		push(&all->passed, ep);
	}
	all->ready = all->passed;
	all->passed.first = NULL;
	return NULL;
}

/* --- requests in flight --- */

static void count(struct endpoints *all, struct endpoint *ep, bool answers, size_t more,
		  size_t less)
{
	ep->host->active[answers] += more - less;
	all->active[answers] += more - less;
}

static void set_answers(struct endpoints *all, struct endpoint *ep, bool answers)
{
	if (ep->answers == answers)
		return;
	count(all, ep, ep->answers, 0, ep->active);
	count(all, ep, answers, ep->active, 0);
	ep->answers = answers;
}

void endpoint_start(struct endpoints *all, struct endpoint *ep, int64_t now_ms)
{
	if (ep->active == 0)
		ep->heard_ms = now_ms;
	ep->active++;
	count(all, ep, ep->answers, 1, 0);
}

void endpoint_end(struct endpoints *all, struct endpoint *ep, bool good, int64_t now_ms)
{
	ep->active--;
	count(all, ep, ep->answers, 0, 1);
	ep->heard_ms = now_ms;
	if (good && ep->window < MAX_WINDOW)
		ep->window++;
	else if (!good && ep->window > FIRST_WINDOW)
		ep->window /= 2;
	set_answers(all, ep, good);
	make_ready(all, ep);
}

void endpoint_find_silent(struct endpoints *all, int64_t now_ms)
{
	for (struct endpoint *ep = all->first; ep; ep = ep->next)
		if (ep->answers && ep->active > 0 && now_ms - ep->heard_ms > SILENT_MS)
			set_answers(all, ep, false);
}
