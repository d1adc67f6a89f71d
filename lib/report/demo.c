/* SPDX-License-Identifier: MIT
 *
 * demo: waves of different lengths, so that no two figures move alike.
 */
#include "report/demo.h"

#include "base/clock.h"

#include <stdio.h>

/* Up and down in a straight line between 0 and `height`. */
static int64_t wave(int64_t ms, int64_t period, int64_t height)
{
	int64_t at = ms % period;

	return (at < period / 2 ? at : period - at) * height * 2 / period;
}

static void demo_orders(struct figures_orders *o, int64_t ms)
{
	/* 4.5 a second, faster and slower by 2 with each wave. */
	o->completed = 182340 + ms * 9 / 2000 + wave(ms, 60000, 60);
	o->failed = o->completed / 83;
	o->cancelled = o->completed / 61;
	o->pending = 3 + wave(ms, 7000, 9) + wave(ms + 400, 90000, 14);
	o->retrying = 3;
	o->total = o->completed + o->failed + o->cancelled + o->pending;
	o->minute = 270;
}

static void demo_workers(struct figures_workers *w, int64_t ms)
{
	*w = (struct figures_workers){.count = 4, .nsome = 4};
	for (int i = 0; i < 4; i++) {
		snprintf(w->some[i].name, sizeof w->some[i].name,
			 "fulfil-work shop%d %d", i / 2 + 1, 4711 + i * 13);
		w->some[i].busy = ms / 700 % (i + 2) == 0;
		w->some[i].seconds = ms / 1000 % (3 + i);
		w->busy += w->some[i].busy;
	}
}

/* Two subscribers that are well, and one that comes and goes. */
static void demo_deliveries(struct figures_deliveries *d, int64_t ms)
{
	int64_t behind = ms % 120000 > 70000 ? wave(ms % 120000 - 70000, 50000, 180) : 0;

	*d = (struct figures_deliveries){.senders = 1, .enabled = 3, .disabled = 1,
				      .outbox = ms / 900 % 2, .outbox_events = ms / 900 % 2 * 3,
				      .due = wave(ms, 11000, 6), .sending = wave(ms, 3000, 9),
				      .waiting = behind, .made = 9100 + wave(ms, 900000, 800),
				      .given_up = wave(ms, 1700000, 4),
				      .per_second = (double)wave(ms, 60000, 40) / 10 + 7,
				      .nsome = 3};
	d->some[0] = (struct figures_line){3, "up", behind, 0, behind / 4};
	if (behind / 4 > 0)
		snprintf(d->some[0].state, sizeof d->some[0].state, "failing");
	d->some[1] = (struct figures_line){1, "up", d->due, 0, 0};
	d->some[2] = (struct figures_line){2, "up", d->sending, 0, 0};
}

void demo_report(struct figures_report *r, unsigned parts, int64_t ms)
{
	struct figures_orders *o = &r->orders;

	ms %= (int64_t)7 * 86400 * 1000;
	*r = (struct figures_report){.parts = parts};
	clock_now_text(r->time);
	demo_orders(o, ms);
	demo_workers(&r->workers, ms);
	r->per_second = ms % 60000 < 30000 ? 6.5 : 2.5;
	r->queue = (struct figures_queue){.length = o->pending / 2, .due = o->pending - 3,
				       .oldest_due_seconds = o->pending > 12, .waiting = 3};
	r->products = (struct figures_products){1250, 17 + wave(ms, 300000, 6),
						4 + wave(ms, 500000, 3)};
	r->metrics = (struct figures_metrics){.orders = *o, .avg_us = 3800 + wave(ms, 45000, 2900),
					   .last_hour = 16200 + wave(ms, 900000, 700),
					   .low = r->products.low, .out = r->products.out,
					   .quarantined = 2, .intake_seconds = ms / 1000 % 9,
					   .intake_lag_seconds = 1,
					   .sync_logs = o->completed + o->failed * 4 + 2016};
	demo_deliveries(&r->deliveries, ms);
	r->health = (struct figures_health){.serves = true, .healthy = true,
					 .database_up = true, .redis_up = true,
					 .database_us = 310 + wave(ms, 9000, 240),
					 .redis_us = 70 + wave(ms, 5000, 60),
					 .queue_length = r->queue.length, .workers = 4,
					 .due = r->queue.due,
					 .oldest_due_seconds = r->queue.oldest_due_seconds,
					 .webhooks = 3, .senders = 1, .importers = 1,
					 .oldest_delivery_seconds =
						 r->deliveries.oldest_due_seconds};
}
