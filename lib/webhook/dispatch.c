/* SPDX-License-Identifier: MIT
 *
 * dispatch: jobs into requests (endpoint.h has whose turn it is), and answers
 * into what is to be recorded.
 * Invariant: a job is in one queue, or under way, or in the list of ended ones.
 */
#include "webhook/dispatch.h"

#include "base/clock.h"
#include "base/xalloc.h"
#include "webhook/address.h"
#include "webhook/endpoint.h"

#include <stdlib.h>

/* AHEAD: what is queued beyond the window, so that the database is asked for
 * hundreds at a time; STALE_MS: how long it may lie there before its lease gets
 * too short. */
enum { AHEAD = 1024, STALE_MS = 10000 };

struct dispatch {
	struct http *http;
	struct endpoints endpoints;
	size_t queued;
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

void dispatch_free(struct dispatch *d)
{
	if (d == NULL)
		return;
	http_free(d->http);
	job_free_all(d->ended);
	endpoint_free_all(&d->endpoints);
	free(d);
}

void dispatch_add(struct dispatch *d, struct job *job, bool failing)
{
	struct endpoint *ep = endpoint_of(&d->endpoints, job->webhook);

	job->to = ep;
	ep->got++;
	ep->failing |= failing;
	d->queued++;
	endpoint_add(&d->endpoints, ep, job);
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
	endpoint_end(&d->endpoints, job->to, job->state[0] == 'd', clock_ms());
	end_job(d, job);
}

/* --- the start of one --- */

static void start(struct dispatch *d, struct job *job)
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

		endpoint_start(&d->endpoints, job->to, clock_ms());
		http_post(d->http, &r, job);
		job_leave_batch(job);
	}
	buf_release(&body);
	buf_release(&headers);
}

/* One that lay there for too long is left to its lease, and whoever claims it
 * next. */
static void start_some(struct dispatch *d)
{
	int64_t now = clock_ms();
	struct job *job;

	while ((job = endpoint_take(&d->endpoints)) != NULL) {
		d->queued--;
		if (now - job->claimed < STALE_MS)
			start(d, job);
		else
			job_free(job);
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

size_t dispatch_in_hand(const struct dispatch *d)
{
	return d->queued + http_active(d->http);
}

/* --- how much to claim --- */

void dispatch_rooms(struct dispatch *d, struct array *ids, struct array *rooms)
{
	endpoint_look(&d->endpoints, clock_ms());
	for (struct endpoint *ep = d->endpoints.first; ep; ep = ep->next) {
		size_t ahead = 2 * ep->done < AHEAD ? 2 * ep->done : AHEAD;
		size_t want = endpoint_limit(ep) + ahead, have = ep->active + ep->queued;

		ep->asked = want > have ? want - have : 0;
		ep->got = ep->done = 0;
		array_int8(ids, ep->id);
		array_int4(rooms, (int32_t)ep->asked);
	}
}

bool dispatch_hungry(const struct dispatch *d)
{
	for (const struct endpoint *ep = d->endpoints.first; ep; ep = ep->next)
		if (ep->got >= ep->asked && ep->done > 0 &&
		    (ep->queued < endpoint_limit(ep) || ep->queued < ep->asked / 2))
			return true;
	return false;
}

void dispatch_drop(struct dispatch *d, struct array *webhooks, struct array *ids)
{
	for (struct endpoint *ep = d->endpoints.first; ep; ep = ep->next) {
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

	*notes = xalloc_zero(d->endpoints.count + 1, sizeof **notes);
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
