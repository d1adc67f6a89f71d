/* SPDX-License-Identifier: MIT
 *
 * dispatch: a queue a webhook; a round-robin over those that have something
 * to send and room for it.
 * Invariant: a job is in one queue, or under way, or in the list of ended ones.
 */
#include "dispatch.h"

#include "address.h"
#include "clock.h"
#include "xalloc.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* AHEAD: what is queued beyond the window, so that the database is asked for
 * hundreds at a time; STALE_MS: how long it may lie there before its lease gets
 * too short. */
enum {
	FIRST_WINDOW = 8, LEAST_WINDOW = 2, MOST_WINDOW = 64, PER_HOST = 128, UNDER_WAY = 512,
	AHEAD = 1024, STALE_MS = 10000
};

struct host {
	char *name;
	size_t active;
};

struct dispatch_endpoint {
	struct dispatch_endpoint *next;
	int64_t id;
	struct host *host;
	struct job *first, **last;
	size_t queued, active, window;
	size_t asked, got, done; /* since the last dispatch_rooms; done: ended */
	bool failing;
	struct dispatch_note *note; /* of the notes being made */
};

struct dispatch {
	struct http *http;
	struct dispatch_endpoint *endpoints, *turn; /* turn: whose comes next */
	void *by_id, *hosts; /* tsearch's trees */
	size_t queued, nendpoints;
	struct job *ended, **last_ended;
	bool private;
	long base, cap; /* of the waits before retries, in seconds */
};

static void on_answer(void *ctx, void *tag, const struct http_answer *a);

int dispatch_new(struct dispatch **out, const struct conf *conf, struct err *e)
{
	struct dispatch *d = xalloc_zero(1, sizeof *d);

	*out = d;
	d->last_ended = &d->ended;
	d->private = conf_bool(conf, "WEBHOOK_ALLOW_PRIVATE");
	d->base = conf_int(conf, "WEBHOOK_RETRY_BASE");
	d->cap = conf_int(conf, "WEBHOOK_RETRY_CAP");
	if (http_new(&d->http, d->private, conf_get(conf, "WEBHOOK_CA_FILE"), on_answer, d, e) == 0)
		return 0;
	dispatch_free(d);
	*out = NULL;
	return -1;
}

static void free_host(void *p)
{
	struct host *h = p;

	free(h->name);
	free(h);
}

static void leave_alone(void *p)
{
	(void)p;
}

void dispatch_free(struct dispatch *d)
{
	struct dispatch_endpoint *ep;

	if (d == NULL)
		return;
	http_free(d->http);
	job_free_all(d->ended);
	while ((ep = d->endpoints) != NULL) {
		d->endpoints = ep->next;
		job_free_all(ep->first);
		free(ep);
	}
	tdestroy(d->by_id, leave_alone);
	tdestroy(d->hosts, free_host);
	free(d);
}

static int compare_hosts(const void *a, const void *b)
{
	return strcasecmp(((const struct host *)a)->name, ((const struct host *)b)->name);
}

static int compare_endpoints(const void *a, const void *b)
{
	int64_t x = ((const struct dispatch_endpoint *)a)->id, y = ((const struct dispatch_endpoint *)b)->id;

	return x < y ? -1 : x > y;
}

static struct host *host_of(struct dispatch *d, const char *url)
{
	size_t n;
	const char *name = address_host(url, &n);
	struct host key = {.name = xalloc_strndup(name, n)}, **at, *h;

	at = tfind(&key, &d->hosts, compare_hosts);
	if (at) {
		free(key.name);
		return *at;
	}
	h = xalloc_zero(1, sizeof *h);
	h->name = key.name;
	xalloc_checked(tsearch(h, &d->hosts, compare_hosts));
	return h;
}

static struct dispatch_endpoint *endpoint_of(struct dispatch *d, int64_t id)
{
	struct dispatch_endpoint key = {.id = id}, **at, *ep;

	at = tfind(&key, &d->by_id, compare_endpoints);
	if (at)
		return *at;
	ep = xalloc_zero(1, sizeof *ep);
	ep->id = id;
	ep->last = &ep->first;
	ep->window = FIRST_WINDOW;
	ep->next = d->endpoints;
	d->endpoints = ep;
	d->nendpoints++;
	xalloc_checked(tsearch(ep, &d->by_id, compare_endpoints));
	return ep;
}

void dispatch_add(struct dispatch *d, struct job *job, bool failing)
{
	struct dispatch_endpoint *ep = endpoint_of(d, job->webhook);

	job->to = ep;
	job->next = NULL;
	*ep->last = job;
	ep->last = &job->next;
	ep->queued++;
	ep->got++;
	ep->failing |= failing;
	d->queued++;
}

/* --- the end of a try --- */

static void end_job(struct dispatch *d, struct job *job)
{
	job_leave_batch(job);
	job->next = NULL;
	*d->last_ended = job;
	d->last_ended = &job->next;
	job->to->done++;
}

static void resize_window(struct dispatch_endpoint *ep, bool good)
{
	if (good && ep->window < MOST_WINDOW)
		ep->window++;
	else if (!good)
		ep->window = ep->window / 2 > LEAST_WINDOW ? ep->window / 2 : LEAST_WINDOW;
}

static void on_answer(void *ctx, void *tag, const struct http_answer *a)
{
	struct dispatch *d = ctx;
	struct job *job = tag;

	job->http_status = a->status;
	job->connect_ms = a->connect_ms;
	job->first_byte_ms = a->first_byte_ms;
	job->duration_ms = a->duration_ms;
	buf_add(&job->answer, a->body, a->len);
	job_judge(job, a, d->base, d->cap);
	resize_window(job->to, job->state[0] == 'd');
	job->to->active--;
	job->to->host->active--;
	end_job(d, job);
}

/* --- the start of one --- */

static void start(struct dispatch *d, struct dispatch_endpoint *ep, struct job *job)
{
	struct buf body = BUF_INIT, headers = BUF_INIT;
	struct err e = {0};

	job->started = clock_us();
	if (address_check_url(job->url, d->private, &e) != 0) {
		job_refuse(job, "the URL is refused", e.msg);
		end_job(d, job);
	} else if (job_request(job, &headers, &body, &e) != 0) {
		job_refuse(job, "the event's data", e.msg);
		end_job(d, job);
	} else {
		struct http_request r = {job->url, &headers, &body, job->timeout};

		ep->active++;
		ep->host->active++;
		http_post(d->http, &r, job);
		job_leave_batch(job);
	}
	buf_release(&body);
	buf_release(&headers);
}

/* The first job of the queue, unless it lay there for too long: then it is
 * left to its lease, and whoever claims it next. */
static struct job *pop(struct dispatch *d, struct dispatch_endpoint *ep, int64_t now)
{
	struct job *job;

	while ((job = ep->first) != NULL) {
		ep->first = job->next;
		if (ep->first == NULL)
			ep->last = &ep->first;
		ep->queued--;
		d->queued--;
		if (now - job->claimed < STALE_MS)
			return job;
		job_free(job);
	}
	return NULL;
}

/* One job of one webhook; false if it may not or has none. */
static bool start_one(struct dispatch *d, struct dispatch_endpoint *ep, int64_t now)
{
	struct job *job;

	if (ep->first == NULL || ep->active >= ep->window)
		return false;
	ep->host = host_of(d, ep->first->url); /* it may have changed while nothing is under way */
	if (ep->host->active >= PER_HOST || (job = pop(d, ep, now)) == NULL)
		return false;
	start(d, ep, job);
	return true;
}

/* Webhooks take turns, one request each. */
static void start_some(struct dispatch *d)
{
	int64_t now = clock_ms();
	bool any = true;

	while (any && d->queued > 0) {
		struct dispatch_endpoint *ep = d->turn ? d->turn : d->endpoints;

		any = false;
		for (; ep && http_active(d->http) < UNDER_WAY; ep = ep->next)
			any |= start_one(d, ep, now);
		d->turn = ep;
		if (ep)
			return; /* all room is taken; it is this one's turn then */
	}
}

void dispatch_step(struct dispatch *d)
{
	http_step(d->http);
	start_some(d);
}

int dispatch_fd(const struct dispatch *d)
{
	return http_fd(d->http);
}

int dispatch_wait_ms(const struct dispatch *d)
{
	return http_wait_ms(d->http);
}

struct job *dispatch_ended(struct dispatch *d)
{
	struct job *ended = d->ended;

	d->ended = NULL;
	d->last_ended = &d->ended;
	return ended;
}

size_t dispatch_under_way(const struct dispatch *d)
{
	return http_active(d->http);
}

size_t dispatch_in_hand(const struct dispatch *d)
{
	return d->queued + http_active(d->http);
}

/* --- how much to claim --- */

void dispatch_rooms(struct dispatch *d, struct array *ids, struct array *rooms)
{
	for (struct dispatch_endpoint *ep = d->endpoints; ep; ep = ep->next) {
		size_t ahead = 2 * ep->done < AHEAD ? 2 * ep->done : AHEAD;
		size_t want = ep->window + ahead, have = ep->active + ep->queued;

		ep->asked = want > have ? want - have : 0;
		ep->got = ep->done = 0;
		array_int8(ids, ep->id);
		array_int4(rooms, (int32_t)ep->asked);
	}
}

bool dispatch_hungry(const struct dispatch *d)
{
	for (const struct dispatch_endpoint *ep = d->endpoints; ep; ep = ep->next)
		if (ep->got >= ep->asked && ep->done > 0 &&
		    (ep->queued < ep->window || ep->queued < ep->asked / 2))
			return true;
	return false;
}

void dispatch_drop(struct dispatch *d, struct array *webhooks, struct array *ids)
{
	for (struct dispatch_endpoint *ep = d->endpoints; ep; ep = ep->next) {
		for (struct job *job = ep->first; job; job = job->next) {
			array_int8(webhooks, ep->id);
			array_int8(ids, job->delivery);
		}
		job_free_all(ep->first);
		ep->first = NULL;
		ep->last = &ep->first;
		ep->queued = 0;
	}
	d->queued = 0;
}

/* --- what is to be noted of them --- */

size_t dispatch_notes(struct dispatch *d, const struct job *ended, struct dispatch_note **notes)
{
	size_t n = 0;

	*notes = xalloc_zero(d->nendpoints + 1, sizeof **notes);
	for (const struct job *job = ended; job; job = job->next) {
		bool good = job->state[0] == 'd';
		struct dispatch_note *note = job->to->note;

		if (good && !job->to->failing)
			continue;
		if (note == NULL) {
			note = job->to->note = &(*notes)[n++];
			note->webhook = job->webhook;
		}
		note->after_success |= good;
		note->failures = good ? 0 : note->failures + 1;
		note->pause = job->pause > note->pause ? job->pause : note->pause;
		note->gone |= job->gone;
		job->to->failing = !good;
	}
	for (const struct job *job = ended; job; job = job->next)
		job->to->note = NULL;
	return n;
}
