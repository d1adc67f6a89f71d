/* SPDX-License-Identifier: MIT
 *
 * delivery: lists, the retry schedule, and the messages for failures.
 */
#include "webhook/delivery.h"

#include "base/xalloc.h"
#include "webhook/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* LATE_WAIT_S: least wait before a retry beyond retry_count. */
enum { MAX_RETRY_AFTER_S = 86400, LATE_WAIT_S = 60 };

/* --- memory and lists --- */

/* Copies a text to *at and moves *at past it. */
static const char *put(char **at, const char *text, size_t n)
{
	char *copy = *at;

	if (text == NULL)
		return NULL;
	memcpy(copy, text, n);
	copy[n] = '\0';
	*at += n + 1;
	return copy;
}

static size_t size_of(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

struct delivery *delivery_new(const struct delivery_texts *t)
{
	struct delivery *d = xalloc_zero(1, sizeof *d);
	size_t url = size_of(t->url), secret = size_of(t->secret), old = size_of(t->old_secrets),
	       headers = size_of(t->headers);
	char *at = xalloc_zero(url + secret + old + headers + t->data_len + 1, 1);

	d->block = at;
	d->texts.url = put(&at, t->url, url - 1);
	d->texts.secret = put(&at, t->secret, secret - 1);
	d->texts.old_secrets = put(&at, t->old_secrets, old - 1);
	d->texts.headers = put(&at, t->headers, headers - 1);
	d->texts.data = put(&at, t->data, t->data_len);
	d->texts.data_len = t->data_len;
	return d;
}

void delivery_free_texts(struct delivery *d)
{
	free(d->block);
	d->block = NULL;
	d->texts = (struct delivery_texts){0};
}

void delivery_free(struct delivery *d)
{
	free(d->block);
	buf_release(&d->answer);
	free(d);
}

void delivery_append(struct delivery_list *list, struct delivery *d)
{
	d->next = NULL;
	if (list->first)
		list->last->next = d;
	else
		list->first = d;
	list->last = d;
	list->count++;
}

struct delivery *delivery_take(struct delivery_list *list)
{
	struct delivery *d = list->first;

	if (d == NULL)
		return NULL;
	list->first = d->next;
	list->count--;
	d->next = NULL;
	return d;
}

void delivery_move(struct delivery_list *to, struct delivery_list *from)
{
	if (from->first == NULL)
		return;
	if (to->first)
		to->last->next = from->first;
	else
		to->first = from->first;
	to->last = from->last;
	to->count += from->count;
	*from = (struct delivery_list){0};
}

void delivery_free_list(struct delivery_list *list)
{
	struct delivery *d;

	while ((d = delivery_take(list)) != NULL)
		delivery_free(d);
}

/* --- the request --- */

int delivery_request(const struct delivery *d, struct buf *headers, struct buf *body, struct err *e)
{
	const struct delivery_texts *t = &d->texts;
	const struct event_request r = {
		.type = d->type, .id = d->event_id, .webhook = d->webhook, .sequence = d->sequence,
		.time = time(NULL), .attempt = d->number, .secret = t->secret,
		.old_secrets = t->old_secrets, .own = t->headers,
		.trace = d->trace[0] ? d->trace : NULL,
		.cloud = d->cloud, .subject = d->subject, .event_time = d->time};

	if (event_fill(&r, body, t->data, t->data_len, e) != 0)
		return -1;
	event_add_headers(headers, &r, body);
	return 0;
}

/* --- the outcome --- */

const char *delivery_state_name(enum delivery_state state)
{
	static const char *const names[] = {
		[DELIVERY_WAITING] = "waiting",
		[DELIVERY_DELIVERED] = "delivered",
		[DELIVERY_GIVEN_UP] = "given_up"};

	return names[state];
}

/* How long the retry after this try, from 1, waits. */
static long wait_after(const struct delivery *d, int try, long base_s, long cap_s)
{
	long wait_s = base_s;

	for (int i = 1; i < try && wait_s < cap_s; i++)
		wait_s *= 2;
	if (wait_s > cap_s)
		wait_s = cap_s;
	return try > d->retry_count && wait_s < LATE_WAIT_S ? LATE_WAIT_S : wait_s;
}

/* -1: there is no further try. */
static int next_wait(const struct delivery *d, long base_s, long cap_s)
{
	long wait_s = wait_after(d, d->in_run, base_s, cap_s), due_s = wait_s;

	if (d->in_run <= d->retry_count)
		return (int)wait_s;
	for (int try = 1; try < d->in_run && due_s <= d->retry_for_s; try++)
		due_s += wait_after(d, try, base_s, cap_s);
	return due_s <= d->retry_for_s ? (int)wait_s : -1;
}

static void explain_status(struct delivery *d, const struct http_answer *a)
{
	if (a->status >= 300 && a->status < 400 && *a->location)
		snprintf(d->error, sizeof d->error,
			 "answered %d, moved to %.200s; redirects are not followed", a->status,
			 a->location);
	else
		snprintf(d->error, sizeof d->error, "answered %d", a->status);
}

void delivery_judge(struct delivery *d, const struct http_answer *a, long base_s, long cap_s)
{
	long after_s = a->retry_after_s < MAX_RETRY_AFTER_S ? a->retry_after_s : MAX_RETRY_AFTER_S;

	d->wait_s = -1;
	d->state = DELIVERY_DELIVERED;
	if (a->status >= 200 && a->status < 300)
		return;
	if (a->status)
		explain_status(d, a);
	else
		snprintf(d->error, sizeof d->error, "%s", a->why);
	d->gone = a->status == 410;
	if ((a->status == 429 || a->status == 503) && after_s > 0)
		d->pause_s = (int)after_s; /* whatever becomes of this delivery */
	d->state = DELIVERY_GIVEN_UP;
	if (d->gone || a->forbidden)
		return;
	d->wait_s = next_wait(d, base_s, cap_s);
	if (d->wait_s < 0)
		return;
	d->state = DELIVERY_WAITING;
	if (d->wait_s < d->pause_s)
		d->wait_s = d->pause_s;
}

void delivery_refuse(struct delivery *d, const char *what, const char *why)
{
	d->state = DELIVERY_GIVEN_UP;
	d->wait_s = d->connect_ms = d->first_byte_ms = -1;
	snprintf(d->error, sizeof d->error, "%s: %.250s", what, why);
}
