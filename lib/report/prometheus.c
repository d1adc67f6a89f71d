/* SPDX-License-Identifier: MIT
 *
 * prometheus: a function a part. All are gauges, since rows are pruned, but what is
 * counted by webhook.
 */
#include "report/prometheus.h"

#include <stddef.h>
#include <stdio.h>

/* HELP and TYPE come once, before all samples of a name. */
static void typed(struct buf *b, const char *name, const char *help, const char *type)
{
	buf_addf(b, "# HELP fulfil_%s %s\n# TYPE fulfil_%s %s\n", name, help, name, type);
}

static void family(struct buf *b, const char *name, const char *help)
{
	typed(b, name, help, "gauge");
}

static void gauge(struct buf *b, const char *name, const char *help, int64_t n)
{
	if (n < 0)
		return;
	family(b, name, help);
	buf_addf(b, "fulfil_%s %lld\n", name, (long long)n);
}

static void gauge_scaled(struct buf *b, const char *name, const char *help, int64_t n, int64_t per)
{
	if (n < 0)
		return;
	family(b, name, help);
	buf_addf(b, "fulfil_%s %lld.%06lld\n", name, (long long)(n / per),
		 (long long)(n % per * (1000000 / per)));
}

static void sample(struct buf *b, const char *name, const char *label, const char *value, int64_t n)
{
	buf_addf(b, "fulfil_%s{%s=\"%s\"} %lld\n", name, label, value, (long long)n);
}

static void prometheus_health(struct buf *b, const struct figures_health *h)
{
	gauge(b, "healthy", "1 if every part is well, 0 if not.", h->healthy);
	gauge(b, "database_up", "1 if PostgreSQL answers.", h->database_up);
	gauge_scaled(b, "database_response_seconds", "Time PostgreSQL took to answer.",
		     h->database_up ? h->database_us : -1, 1000000);
	gauge(b, "redis_up", "1 if Redis answers.", h->redis_up);
	gauge_scaled(b, "redis_response_seconds", "Time Redis took to answer.",
		     h->redis_up ? h->redis_us : -1, 1000000);
	gauge(b, "importers", "Importers of uploads that are at work.", h->importers);
	gauge(b, "uploads_queued", "Uploads that wait for an importer.", h->uploads);
}

static void prometheus_orders(struct buf *b, const struct figures_orders *o)
{
	family(b, "orders", "Orders by status.");
	sample(b, "orders", "status", "pending", o->pending);
	sample(b, "orders", "status", "completed", o->completed);
	sample(b, "orders", "status", "failed", o->failed);
	sample(b, "orders", "status", "cancelled", o->cancelled);
}

static void prometheus_metrics(struct buf *b, const struct figures_metrics *m)
{
	gauge_scaled(b, "order_success_ratio", "Completed orders among completed and failed ones.",
		     figures_success_permille(&m->orders), 1000);
	gauge_scaled(b, "order_processing_seconds", "Mean time of the newest 1000 successful runs.",
		     m->avg_us, 1000000);
	gauge(b, "orders_last_hour", "Orders taken in during the last hour.", m->last_hour);
	gauge(b, "quarantined", "Signed bodies that could not be taken in.", m->quarantined);
	gauge(b, "intake_alarms", "What is wrong with the intake, as the last scan saw it.",
	      m->alarms);
	gauge(b, "last_payload_age_seconds", "Time since the last payload came.",
	      m->intake_seconds);
	gauge(b, "last_payload_lag_seconds", "From the event of that payload to its arrival.",
	      m->intake_lag_seconds);
	gauge(b, "sync_logs", "Rows of the task log.", m->sync_logs);
}

/* Without the part that has a figure, another may have it. */
static void prometheus_queue(struct buf *b, const struct figures_report *r)
{
	const struct figures_health *h = &r->health;
	bool queue = r->parts & FIGURES_QUEUE;

	gauge(b, "queue_length", "Entries of the list in Redis.",
	      queue ? r->queue.length : h->queue_length);
	gauge(b, "orders_due", "Orders whose time has come.", queue ? r->queue.due : h->due);
	gauge(b, "orders_oldest_due_seconds", "How long the first of them has been due.",
	      queue ? r->queue.oldest_due_seconds : h->oldest_due_seconds);
	if (queue)
		gauge(b, "orders_waiting", "Orders whose next attempt is to come.",
		      r->queue.waiting);
}

static void prometheus_stock(struct buf *b, const struct figures_products *p)
{
	gauge(b, "products", "Products in the catalogue.", p->total);
	family(b, "stock_alerts", "Products that are low or out of stock.");
	sample(b, "stock_alerts", "level", "low", p->low);
	sample(b, "stock_alerts", "level", "out", p->out);
}

/* The figure at this offset of those webhooks that are worst off. */
static void prometheus_line(struct buf *b, const struct figures_deliveries *d, const char *name,
			    const char *help, size_t offset)
{
	char id[24];

	if (d->nsome > 0)
		family(b, name, help);
	for (int i = 0; i < d->nsome; i++) {
		snprintf(id, sizeof id, "%lld", (long long)d->some[i].webhook);
		sample(b, name, "webhook", id,
		       *(const int64_t *)((const char *)&d->some[i] + offset));
	}
}

static void outcome(struct buf *b, const struct figures_counts *c, const char *word, int64_t n)
{
	buf_addf(b, "fulfil_webhook_attempts_total{webhook=\"%lld\",outcome=\"%s\"} %lld\n",
		 (long long)c->webhook, word, (long long)n);
}

static void prometheus_counts(struct buf *b, const struct figures_deliveries *d)
{
	if (d->ncounts > 0)
		typed(b, "webhook_attempts_total",
		      "Attempts at a webhook, the first 100, by what became of them.", "counter");
	for (const struct figures_counts *c = d->counts; c < d->counts + d->ncounts; c++) {
		outcome(b, c, "delivered", c->delivered);
		outcome(b, c, "retried", c->retried);
		outcome(b, c, "given_up", c->given_up);
	}
	if (d->ncounts > 0)
		typed(b, "webhook_attempts_seconds_total",
		      "Time that these attempts took, together.", "counter");
	for (const struct figures_counts *c = d->counts; c < d->counts + d->ncounts; c++)
		buf_addf(b,
			 "fulfil_webhook_attempts_seconds_total{webhook=\"%lld\"} %lld.%03lld\n",
			 (long long)c->webhook, (long long)(c->ms / 1000),
			 (long long)(c->ms % 1000));
}

static void prometheus_deliveries(struct buf *b, const struct figures_deliveries *d)
{
	family(b, "webhooks", "Webhooks by state.");
	sample(b, "webhooks", "state", "enabled", d->enabled - d->paused);
	sample(b, "webhooks", "state", "paused", d->paused);
	sample(b, "webhooks", "state", "disabled", d->disabled);
	gauge(b, "outbox", "Rows of the outbox, 1000 at most.", d->outbox);
	gauge(b, "outbox_events", "Events that these rows will make.", d->outbox_events);
	family(b, "deliveries", "Deliveries that have not ended, 10000 of each state at most.");
	sample(b, "deliveries", "state", "due", d->due);
	sample(b, "deliveries", "state", "sending", d->sending);
	sample(b, "deliveries", "state", "waiting", d->waiting);
	gauge(b, "deliveries_delivered_last_hour",
	      "Delivered in the last hour, 10000 at most.", d->made);
	gauge(b, "deliveries_given_up_last_hour",
	      "Given up or skipped in the last hour, 10000 at most.", d->given_up);
	prometheus_line(b, d, "webhook_queued",
			"Deliveries that wait for a webhook, 10000 at most.",
			offsetof(struct figures_line, queued));
	prometheus_line(b, d, "webhook_oldest_due_seconds",
			"How long a webhook's first delivery has been due.",
			offsetof(struct figures_line, oldest_due_seconds));
	prometheus_line(b, d, "webhook_failures", "Failures of a webhook in a row.",
			offsetof(struct figures_line, failures));
	prometheus_counts(b, d);
}

/* As with the queue, either part has them. */
static void prometheus_senders(struct buf *b, const struct figures_report *r)
{
	bool own = r->parts & FIGURES_DELIVERIES;

	gauge(b, "senders", "Senders of webhooks that are at work.",
	      own ? r->deliveries.senders : r->health.senders);
	gauge(b, "deliveries_oldest_due_seconds", "How long the first delivery has been due.",
	      own ? r->deliveries.oldest_due_seconds : r->health.oldest_delivery_seconds);
}

void prometheus_add(struct buf *b, const struct figures_report *r)
{
	if (r->parts & FIGURES_HEALTH)
		prometheus_health(b, &r->health);
	if (r->parts & (FIGURES_HEALTH | FIGURES_QUEUE))
		prometheus_queue(b, r);
	if (r->parts & FIGURES_WORKERS) {
		gauge(b, "workers", "Workers that are connected.", r->workers.count);
		gauge(b, "workers_busy", "Workers that hold orders.", r->workers.busy);
	} else if (r->parts & FIGURES_HEALTH) {
		gauge(b, "workers", "Workers that are connected.", r->health.workers);
	}
	if (r->parts & (FIGURES_ORDERS | FIGURES_METRICS))
		prometheus_orders(b, r->parts & FIGURES_ORDERS ? &r->orders : &r->metrics.orders);
	if (r->parts & FIGURES_METRICS)
		prometheus_metrics(b, &r->metrics);
	if (r->parts & FIGURES_PRODUCTS)
		prometheus_stock(b, &r->products);
	if (r->parts & (FIGURES_HEALTH | FIGURES_DELIVERIES))
		prometheus_senders(b, r);
	if (r->parts & FIGURES_DELIVERIES)
		prometheus_deliveries(b, &r->deliveries);
}
