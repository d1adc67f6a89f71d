/* SPDX-License-Identifier: MIT
 *
 * dispatch: a queue a webhook; a round-robin over those that have something
 * to send and room for it.
 * Invariant: a job is in one queue, or under way, or in the list of ended ones.
 */
#include "dispatch.h"

#include "address.h"
#include "clock.h"
#include "event.h"
#include "xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* AHEAD: what is queued beyond the window, so that the database is asked for
 * hundreds at a time; STALE_MS: how long it may lie there before its lease gets
 * too short. */
enum {
	FIRST_WINDOW = 8, LEAST_WINDOW = 2, MOST_WINDOW = 64, PER_HOST = 128, UNDER_WAY = 512,
	AHEAD = 1024, STALE_MS = 10000, MOST_RETRY_AFTER = 86400
};

struct host {
	struct host *next;
	char *name;
	size_t active;
};

struct dispatch_endpoint {
	struct dispatch_endpoint *next;
	int64_t id;
	struct host *host;
	struct dispatch_job *first, **last;
	size_t queued, active, window;
	size_t asked, got, done; /* since the last dispatch_rooms; done: ended */
	bool failing;
};

struct dispatch {
	struct http *http;
	struct dispatch_endpoint *endpoints, *turn; /* turn: whose comes next */
	struct host *hosts;
	size_t queued;
	struct dispatch_job *ended, **last_ended;
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

static void leave_batch(struct dispatch_job *job)
{
	struct dispatch_batch *b = job->batch;

	job->batch = NULL;
	if (b && --b->jobs == 0) {
		db_rows_free(b->rows);
		free(b);
	}
}

void dispatch_free_job(struct dispatch_job *job)
{
	leave_batch(job);
	buf_release(&job->answer);
	free(job);
}

static void free_jobs(struct dispatch_job *job)
{
	for (struct dispatch_job *next; job; job = next) {
		next = job->next;
		dispatch_free_job(job);
	}
}

void dispatch_free(struct dispatch *d)
{
	struct dispatch_endpoint *ep;
	struct host *host;

	if (d == NULL)
		return;
	http_free(d->http);
	free_jobs(d->ended);
	while ((ep = d->endpoints) != NULL) {
		d->endpoints = ep->next;
		free_jobs(ep->first);
		free(ep);
	}
	while ((host = d->hosts) != NULL) {
		d->hosts = host->next;
		free(host->name);
		free(host);
	}
	free(d);
}

static struct host *host_of(struct dispatch *d, const char *url)
{
	size_t n;
	const char *name = address_host(url, &n);
	struct host *h = d->hosts;

	while (h && (strncasecmp(h->name, name, n) != 0 || h->name[n] != '\0'))
		h = h->next;
	if (h == NULL) {
		h = xalloc_zero(1, sizeof *h);
		h->name = xalloc_strndup(name, n);
		h->next = d->hosts;
		d->hosts = h;
	}
	return h;
}

static struct dispatch_endpoint *endpoint_of(struct dispatch *d, int64_t id)
{
	struct dispatch_endpoint *ep = d->endpoints;

	while (ep && ep->id != id)
		ep = ep->next;
	if (ep == NULL) {
		ep = xalloc_zero(1, sizeof *ep);
		ep->id = id;
		ep->last = &ep->first;
		ep->window = FIRST_WINDOW;
		ep->next = d->endpoints;
		d->endpoints = ep;
	}
	return ep;
}

void dispatch_add(struct dispatch *d, struct dispatch_job *job, bool failing)
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

static void end_job(struct dispatch *d, struct dispatch_job *job)
{
	leave_batch(job);
	job->next = NULL;
	*d->last_ended = job;
	d->last_ended = &job->next;
	job->to->done++;
}

static int wait_before(const struct dispatch *d, int retry)
{
	int64_t wait = d->base;

	for (int i = 1; i < retry && wait < d->cap; i++)
		wait *= 2;
	return (int)(wait < d->cap ? wait : d->cap);
}

static void say_status(struct dispatch_job *job, const struct http_answer *a)
{
	if (a->status >= 300 && a->status < 400 && *a->location)
		snprintf(job->error, sizeof job->error,
			 "answered %d, moved to %.200s; redirects are not followed", a->status,
			 a->location);
	else
		snprintf(job->error, sizeof job->error, "answered %d", a->status);
}

static void judge(const struct dispatch *d, struct dispatch_job *job, const struct http_answer *a)
{
	long after = a->retry_after < MOST_RETRY_AFTER ? a->retry_after : MOST_RETRY_AFTER;

	job->wait = -1;
	job->state = "delivered";
	if (a->status >= 200 && a->status < 300)
		return;
	if (a->status)
		say_status(job, a);
	else
		snprintf(job->error, sizeof job->error, "%s", a->why);
	job->gone = a->status == 410;
	job->state = "given_up";
	if (job->gone || a->forbidden || job->in_run > job->retry_count)
		return;
	job->state = "waiting";
	job->wait = wait_before(d, job->in_run);
	if ((a->status == 429 || a->status == 503) && after > 0) {
		job->pause = (int)after;
		job->wait = job->wait > job->pause ? job->wait : job->pause;
	}
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
	struct dispatch_job *job = tag;

	job->http_status = a->status;
	job->connect_ms = a->connect_ms;
	job->first_byte_ms = a->first_byte_ms;
	job->duration_ms = a->duration_ms;
	buf_add(&job->answer, a->body, a->len);
	judge(d, job, a);
	resize_window(job->to, job->state[0] == 'd');
	job->to->active--;
	job->to->host->active--;
	end_job(d, job);
}

/* --- the start of one --- */

static void add_headers(struct buf *b, const struct dispatch_job *job, const struct buf *body)
{
	const struct event_request r = {
		.type = job->type, .id = job->event_id, .webhook = job->webhook,
		.sequence = job->sequence, .time = time(NULL), .attempt = job->number,
		.secret = job->secret, .old_secret = job->previous, .own = job->headers};

	event_add_headers(b, &r, body);
}

static void refuse(struct dispatch *d, struct dispatch_job *job, const char *what, const char *why)
{
	job->state = "given_up";
	job->wait = job->connect_ms = job->first_byte_ms = -1;
	snprintf(job->error, sizeof job->error, "%s: %.250s", what, why);
	end_job(d, job);
}

static void start(struct dispatch *d, struct dispatch_endpoint *ep, struct dispatch_job *job)
{
	struct buf body = BUF_INIT, headers = BUF_INIT;
	struct err e = {0};

	job->started = clock_us();
	if (address_check_url(job->url, d->private, &e) != 0) {
		refuse(d, job, "the URL is refused", e.msg);
	} else if (event_body(&body, job->type, job->time, job->data, job->data_len, &e) != 0) {
		refuse(d, job, "the event's data", e.msg);
	} else {
		struct http_request r = {job->url, &headers, &body, job->timeout};

		add_headers(&headers, job, &body);
		ep->active++;
		ep->host->active++;
		http_post(d->http, &r, job);
		leave_batch(job);
	}
	buf_release(&body);
	buf_release(&headers);
}

/* The first job of the queue, unless it lay there for too long: then it is
 * left to its lease, and whoever claims it next. */
static struct dispatch_job *pop(struct dispatch *d, struct dispatch_endpoint *ep, int64_t now)
{
	struct dispatch_job *job;

	while ((job = ep->first) != NULL) {
		ep->first = job->next;
		if (ep->first == NULL)
			ep->last = &ep->first;
		ep->queued--;
		d->queued--;
		if (now - job->claimed < STALE_MS)
			return job;
		dispatch_free_job(job);
	}
	return NULL;
}

/* One job of one webhook; false if it may not or has none. */
static bool start_one(struct dispatch *d, struct dispatch_endpoint *ep, int64_t now)
{
	struct dispatch_job *job;

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

struct dispatch_job *dispatch_ended(struct dispatch *d)
{
	struct dispatch_job *ended = d->ended;

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
		for (struct dispatch_job *job = ep->first; job; job = job->next) {
			array_int8(webhooks, ep->id);
			array_int8(ids, job->delivery);
		}
		free_jobs(ep->first);
		ep->first = NULL;
		ep->last = &ep->first;
		ep->queued = 0;
	}
	d->queued = 0;
}

/* --- what is to be noted of them --- */

static struct dispatch_note *note_of(struct dispatch_note *notes, size_t *n, int64_t webhook)
{
	size_t i = 0;

	while (i < *n && notes[i].webhook != webhook)
		i++;
	if (i == *n)
		notes[(*n)++] = (struct dispatch_note){.webhook = webhook};
	return &notes[i];
}

size_t dispatch_notes(struct dispatch *d, const struct dispatch_job *ended,
		      struct dispatch_note **notes)
{
	size_t n = 0, most = 0;

	for (const struct dispatch_endpoint *ep = d->endpoints; ep; ep = ep->next)
		most++;
	*notes = xalloc_zero(most + 1, sizeof **notes);
	for (const struct dispatch_job *job = ended; job; job = job->next) {
		bool good = job->state[0] == 'd';
		struct dispatch_note *note;

		if (good && !job->to->failing)
			continue;
		note = note_of(*notes, &n, job->webhook);
		note->after_success |= good;
		note->failures = good ? 0 : note->failures + 1;
		note->pause = job->pause > note->pause ? job->pause : note->pause;
		note->gone |= job->gone;
		job->to->failing = !good;
	}
	return n;
}
