/* SPDX-License-Identifier: MIT
 *
 * endpoint: a queue of those that have something to send and may, by their own
 * limit; whom the host or the whole has no room for is passed over.
 * Invariant: a host's and the whole's `active` are the sums of their endpoints'.
 */
#include "webhook/endpoint.h"

#include "base/xalloc.h"
#include "webhook/address.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIRST_WINDOW = 2, MOST_WINDOW = 64, SILENT_MS = 2000 };

/* Of those that do not answer, and that do. */
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

static void leave_alone(void *p)
{
	(void)p;
}

void endpoint_free_all(struct endpoints *all)
{
	struct endpoint *ep;

	while ((ep = all->first) != NULL) {
		all->first = ep->next;
		job_free_all(ep->first);
		free(ep);
	}
	tdestroy(all->by_id, leave_alone);
	tdestroy(all->hosts, free_host);
}

static int compare_hosts(const void *a, const void *b)
{
	return strcasecmp(((const struct endpoint_host *)a)->name,
			  ((const struct endpoint_host *)b)->name);
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
	ep->last = &ep->first;
	ep->window = FIRST_WINDOW;
	ep->next = all->first;
	all->first = ep;
	all->count++;
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
	if (ep->ready || ep->first == NULL || ep->active >= endpoint_limit(ep))
		return;
	ep->ready = true;
	push(&all->ready, ep);
}

void endpoint_add(struct endpoints *all, struct endpoint *ep, struct job *job)
{
	job->next = NULL;
	*ep->last = job;
	ep->last = &job->next;
	ep->queued++;
	make_ready(all, ep);
}

/* Its URL may have changed since the last job; what is under way goes with it. */
static void find_host(struct endpoints *all, struct endpoint *ep)
{
	size_t n;
	const char *name = address_host(ep->first->url, &n);
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

static struct job *take_first(struct endpoint *ep)
{
	struct job *job = ep->first;

	ep->first = job->next;
	if (ep->first == NULL)
		ep->last = &ep->first;
	ep->queued--;
	return job;
}

struct job *endpoint_take(struct endpoints *all)
{
	struct endpoint *ep;

	while ((ep = all->ready.first) != NULL) {
		all->ready.first = ep->next_ready;
		ep->ready = false;
		if (ep->first == NULL || ep->active >= endpoint_limit(ep))
			continue;
		find_host(all, ep);
		if (has_room(all, ep)) {
			struct job *job = take_first(ep);

			make_ready(all, ep);
			return job;
		}
		ep->ready = true;
		push(&all->passed, ep);
	}
	all->ready = all->passed;
	all->passed.first = NULL;
	return NULL;
}

/* --- what is under way --- */

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

void endpoint_start(struct endpoints *all, struct endpoint *ep, int64_t now)
{
	if (ep->active == 0)
		ep->heard = now;
	ep->active++;
	count(all, ep, ep->answers, 1, 0);
}

void endpoint_end(struct endpoints *all, struct endpoint *ep, bool good, int64_t now)
{
	ep->active--;
	count(all, ep, ep->answers, 0, 1);
	ep->heard = now;
	if (good && ep->window < MOST_WINDOW)
		ep->window++;
	else if (!good && ep->window > FIRST_WINDOW)
		ep->window /= 2;
	set_answers(all, ep, good);
	make_ready(all, ep);
}

void endpoint_look(struct endpoints *all, int64_t now)
{
	for (struct endpoint *ep = all->first; ep; ep = ep->next)
		if (ep->answers && ep->active > 0 && now - ep->heard > SILENT_MS)
			set_answers(all, ep, false);
}
