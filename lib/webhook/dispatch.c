/* SPDX-License-Identifier: MIT
 *
 * dispatch: makes requests of deliveries (endpoint.h decides whose turn it is) and
 * outcomes of answers.
 * Invariant: a delivery is in a webhook's queue, in flight as a request's tag, or
 * in `ended`.
 */
#include "webhook/dispatch.h"

#include "base/clock.h"
#include "base/xalloc.h"
#include "webhook/address.h"
#include "webhook/endpoint.h"

#include <stdlib.h>
#include <string.h>

/* AHEAD: most that are queued beyond the window, so that the database is asked for
 * hundreds at a time. STALE_MS: a delivery queued for longer is not sent, for its
 * lease could end during the request. */
enum { AHEAD = 1024, STALE_MS = 10000 };

/* What is known of a webhook beside its endpoint. */
struct supply {
	size_t asked, got, done; /* deliveries asked for, added and ended in this round */
	bool failing;            /* its last try failed */
	size_t note;             /* while notes are made: 1 + its place; 0: it has none */
};

struct dispatch {
	struct http *http;
	struct endpoints endpoints;
	struct supply *supplies; /* by endpoint.index */
	size_t nsupplies;
	size_t queued;
	struct delivery_list ended, unsent; /* since the last call */
	struct err fault;                   /* of this machine, since the last call */
	bool private;
	long base_s, cap_s; /* of the waits before retries */
};

static void on_answer(void *ctx, void *tag, const struct http_answer *a);

int dispatch_new(struct dispatch **out, const struct conf *conf, struct err *e)
{
	struct dispatch *d = xalloc_zero(1, sizeof *d);

	*out = d;
	d->private = conf_bool(conf, "WEBHOOK_ALLOW_PRIVATE");
	d->base_s = conf_int(conf, "WEBHOOK_RETRY_BASE");
	d->cap_s = conf_int(conf, "WEBHOOK_RETRY_CAP");
	if (http_new(&d->http, conf, on_answer, d, e) == 0)
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
	delivery_free_list(&d->ended);
	delivery_free_list(&d->unsent);
	endpoint_free_all(&d->endpoints);
	free(d->supplies);
	free(d);
}

static struct endpoint *endpoint_for(struct dispatch *d, int64_t webhook)
{
	struct endpoint *ep = endpoint_of(&d->endpoints, webhook);
	size_t n = d->nsupplies;

	if (ep->index >= n) {
		d->nsupplies = 2 * ep->index + 16;
		d->supplies = xalloc_grow(d->supplies, d->nsupplies, sizeof *d->supplies);
		memset(d->supplies + n, 0, (d->nsupplies - n) * sizeof *d->supplies);
	}
	return ep;
}

void dispatch_add(struct dispatch *d, struct delivery *delivery)
{
	struct endpoint *ep = endpoint_for(d, delivery->webhook);
	struct supply *s = &d->supplies[ep->index];

	s->got++;
	s->failing |= delivery->failing;
	d->queued++;
	endpoint_add(&d->endpoints, ep, delivery);
}

/* --- the end of a try --- */

static void end(struct dispatch *d, const struct endpoint *ep, struct delivery *delivery)
{
	delivery_free_texts(delivery);
	delivery_append(&d->ended, delivery);
	d->supplies[ep->index].done++;
}

/* A webhook that asked for a pause, or is gone, is sent nothing of its queue. */
static void return_queue(struct dispatch *d, struct endpoint *ep)
{
	d->queued -= ep->queue.count;
	delivery_move(&d->unsent, &ep->queue);
}

static void on_answer(void *ctx, void *tag, const struct http_answer *a)
{
	struct dispatch *d = ctx;
	struct delivery *delivery = tag;
	struct endpoint *ep = endpoint_for(d, delivery->webhook);

	if (a->local) {
		err_set(&d->fault, ERR_AGAIN, "webhooks cannot be sent: %s", a->why);
		endpoint_end(&d->endpoints, ep, false, clock_ms());
		delivery_append(&d->unsent, delivery);
		return;
	}
	delivery->http_status = a->status;
	delivery->connect_ms = a->connect_ms;
	delivery->first_byte_ms = a->first_byte_ms;
	delivery->duration_ms = a->duration_ms;
	buf_add(&delivery->answer, a->body, a->len);
	delivery_judge(delivery, a, d->base_s, d->cap_s);
	endpoint_end(&d->endpoints, ep, delivery->state == DELIVERY_DELIVERED, clock_ms());
	if (delivery->pause_s > 0 || delivery->gone)
		return_queue(d, ep);
	end(d, ep, delivery);
}

int dispatch_collect(struct dispatch *d, struct delivery_list *ended, struct delivery_list *unsent,
		     struct err *e)
{
	int rc = 0;

	http_step(d->http);
	delivery_move(ended, &d->ended);
	delivery_move(unsent, &d->unsent);
	if (d->fault.code)
		rc = err_set(e, d->fault.code, "%s", d->fault.msg);
	d->fault.code = ERR_NONE;
	return rc;
}

/* --- the start of one --- */

static void start(struct dispatch *d, struct delivery *delivery)
{
	struct endpoint *ep = endpoint_for(d, delivery->webhook);
	struct buf body = BUF_INIT, headers = BUF_INIT;
	struct err e = {0};

	delivery->started_us = clock_us();
	if (address_check_url(delivery->texts.url, d->private, &e) != 0) {
		delivery_refuse(delivery, "the URL is refused", e.msg);
		end(d, ep, delivery);
	} else if (delivery_request(delivery, &headers, &body, &e) != 0) {
		delivery_refuse(delivery, "the event's data", e.msg);
		end(d, ep, delivery);
	} else {
		struct http_request r = {delivery->texts.url, &headers, &body, delivery->timeout_s};

		endpoint_start(&d->endpoints, ep, clock_ms());
		http_post(d->http, &r, delivery);
	}
	buf_release(&body);
	buf_release(&headers);
}

/* A stale delivery is claimed again, by any process, once its lease has ended. */
void dispatch_send(struct dispatch *d, struct delivery_list *ended)
{
	int64_t now_ms = clock_ms();
	struct delivery *delivery;

	while ((delivery = endpoint_take(&d->endpoints)) != NULL) {
		d->queued--;
		if (now_ms - delivery->claimed_ms < STALE_MS)
			start(d, delivery);
		else
			delivery_free(delivery);
	}
	delivery_move(ended, &d->ended);
}

int dispatch_fd(const struct dispatch *d)
{
	return http_fd(d->http);
}

int dispatch_wait_ms(const struct dispatch *d)
{
	return http_wait_ms(d->http);
}

size_t dispatch_pending(const struct dispatch *d)
{
	return d->queued + http_active(d->http);
}

/* --- how much to claim --- */

size_t dispatch_rooms(struct dispatch *d, struct dispatch_room **rooms)
{
	size_t n = 0;

	*rooms = xalloc_zero(d->endpoints.count + 1, sizeof **rooms);
	endpoint_find_silent(&d->endpoints, clock_ms());
	for (struct endpoint *ep = d->endpoints.first; ep; ep = ep->next) {
		struct supply *s = &d->supplies[ep->index];
		size_t ahead = 2 * s->done < AHEAD ? 2 * s->done : AHEAD;
		size_t want = endpoint_limit(ep) + ahead, have = ep->active + ep->queue.count;

		s->asked = want > have ? want - have : 0;
		s->got = s->done = 0;
		(*rooms)[n++] = (struct dispatch_room){ep->id, (int)s->asked};
	}
	return n;
}

bool dispatch_hungry(const struct dispatch *d)
{
	for (const struct endpoint *ep = d->endpoints.first; ep; ep = ep->next) {
		const struct supply *s = &d->supplies[ep->index];

		if (s->got >= s->asked && s->done > 0 &&
		    (ep->queue.count < endpoint_limit(ep) || ep->queue.count < s->asked / 2))
			return true;
	}
	return false;
}

void dispatch_drop(struct dispatch *d, struct delivery_list *unsent)
{
	endpoint_empty(&d->endpoints, unsent);
	d->queued = 0;
}

/* --- the health of webhooks --- */

static void add_to_note(struct dispatch_note *note, const struct delivery *delivery)
{
	bool good = delivery->state == DELIVERY_DELIVERED;

	note->webhook = delivery->webhook;
	note->after_success |= good;
	note->failures = good ? 0 : note->failures + 1;
	note->pause_s = delivery->pause_s > note->pause_s ? delivery->pause_s : note->pause_s;
	note->gone |= delivery->gone;
}

size_t dispatch_notes(struct dispatch *d, const struct delivery_list *ended,
		      struct dispatch_note **notes)
{
	size_t n = 0;

	*notes = xalloc_zero(d->endpoints.count + 1, sizeof **notes);
	for (const struct delivery *at = ended->first; at; at = at->next) {
		struct supply *s = &d->supplies[endpoint_for(d, at->webhook)->index];
		bool good = at->state == DELIVERY_DELIVERED;

		if (good && !s->failing)
			continue;
		if (s->note == 0)
			s->note = ++n;
		add_to_note(&(*notes)[s->note - 1], at);
		s->failing = !good;
	}
	for (size_t i = 0; i < d->nsupplies; i++)
		d->supplies[i].note = 0;
	return n;
}
