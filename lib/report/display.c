/* SPDX-License-Identifier: MIT
 *
 * display: a function a part; the table is made from the records.
 */
#include "report/display.h"

#include "base/jtext.h"
#include "base/record.h"
#include "base/utf8.h"

#include <stdio.h>

static void add_server(struct buf *b, const char *key, bool up, int64_t us, const char *error)
{
	record_open(b, key, '{');
	record_text(b, "status", up ? "up" : "down");
	if (up)
		record_real(b, "ms", (double)us / 1000, 2);
	else
		record_text(b, "error", error);
}

static void next_part(struct buf *b, const char *key, const char *status)
{
	record_close(b, '}');
	record_open(b, key, '{');
	record_text(b, "status", status);
}

void display_health(struct buf *b, const struct figures_health *h)
{
	record_text(b, "status", h->healthy ? "healthy" : "degraded");
	add_server(b, "database", h->database_up, h->database_us, h->database_error);
	record_close(b, '}');
	add_server(b, "redis", h->redis_up, h->redis_us, h->redis_error);
	record_count(b, "queue_length", h->queue_length);
	next_part(b, "workers", h->workers < 0 ? "unknown" : h->workers > 0 ? "up" : "down");
	record_count(b, "count", h->workers);
	next_part(b, "queue", h->due < 0 ? "unknown"
			      : h->oldest_due_seconds > FIGURES_OVERDUE_SECONDS ? "overdue" : "up");
	record_count(b, "due", h->due);
	record_count(b, "oldest_due_seconds", h->oldest_due_seconds);
	next_part(b, "deliveries", figures_sending(h));
	record_count(b, "senders", h->senders);
	record_count(b, "oldest_due_seconds", h->oldest_delivery_seconds);
	next_part(b, "importing", figures_importing(h));
	record_count(b, "importers", h->importers);
	record_count(b, "queued", h->uploads);
	record_count(b, "oldest_queued_seconds", h->oldest_upload_seconds);
	record_close(b, '}');
}

void display_metrics(struct buf *b, const struct figures_metrics *m)
{
	const struct figures_orders *o = &m->orders;
	int permille = figures_success_permille(o);

	record_int(b, "total_orders", o->total);
	record_count(b, "completed_orders", o->completed);
	record_count(b, "failed_orders", o->failed);
	record_count(b, "pending_orders", o->pending);
	record_count(b, "retrying_orders", o->retrying);
	record_count(b, "cancelled_orders", o->cancelled);
	if (permille < 0)
		record_null(b, "success_rate");
	else
		record_real(b, "success_rate", permille / 10.0, 1);
	if (m->avg_us < 0)
		record_null(b, "avg_processing_time_ms");
	else
		record_real(b, "avg_processing_time_ms", (double)m->avg_us / 1000, 1);
	record_count(b, "orders_last_hour", m->last_hour);
	record_count(b, "low_stock_alerts", m->low + m->out);
	record_count(b, "quarantined", m->quarantined);
	record_count(b, "intake_alarms", m->alarms);
	record_count(b, "last_payload_seconds", m->intake_seconds);
	record_count(b, "last_payload_lag_seconds", m->intake_lag_seconds);
	record_count(b, "total_sync_logs", m->sync_logs);
}

void display_orders(struct buf *b, const struct figures_orders *o, double per_second)
{
	record_int(b, "pending", o->pending);
	record_count(b, "completed", o->completed);
	record_count(b, "failed", o->failed);
	record_count(b, "cancelled", o->cancelled);
	record_real(b, "per_second", per_second, 1);
}

void display_queue(struct buf *b, const struct figures_queue *q)
{
	record_int(b, "due", q->due);
	record_count(b, "oldest_due_seconds", q->oldest_due_seconds);
	record_count(b, "waiting", q->waiting);
	record_count(b, "length", q->length);
}

void display_workers(struct buf *b, const struct figures_workers *w)
{
	record_int(b, "count", w->count);
	record_int(b, "busy", w->busy);
	record_open(b, "workers", '[');
	for (int i = 0; i < w->nsome; i++) {
		record_open(b, NULL, '{');
		record_text(b, "name", w->some[i].name);
		record_text(b, "state", w->some[i].busy ? "busy" : "idle");
		record_count(b, "seconds", w->some[i].seconds);
		record_close(b, '}');
	}
	record_close(b, ']');
}

void display_products(struct buf *b, const struct figures_products *p)
{
	record_int(b, "total", p->total);
	record_count(b, "low", p->low);
	record_count(b, "out", p->out);
}

void display_deliveries(struct buf *b, const struct figures_deliveries *d)
{
	record_int(b, "webhooks_enabled", d->enabled);
	record_count(b, "webhooks_paused", d->paused);
	record_count(b, "webhooks_disabled", d->disabled);
	record_count(b, "senders", d->senders);
	record_count(b, "outbox", d->outbox);
	record_count(b, "outbox_events", d->outbox_events);
	record_count(b, "due", d->due);
	record_count(b, "oldest_due_seconds", d->oldest_due_seconds);
	record_count(b, "sending", d->sending);
	record_count(b, "waiting", d->waiting);
	record_count(b, "delivered_last_hour", d->made);
	record_count(b, "given_up_last_hour", d->given_up);
	record_real(b, "per_second", d->per_second, 1);
	record_open(b, "webhooks", '[');
	for (int i = 0; i < d->nsome; i++) {
		const struct figures_line *l = &d->some[i];

		record_open(b, NULL, '{');
		record_int(b, "id", l->webhook);
		record_text(b, "state", l->state);
		record_count(b, "queued", l->queued);
		record_count(b, "oldest_due_seconds", l->oldest_due_seconds);
		record_count(b, "failures", l->failures);
		record_close(b, '}');
	}
	record_close(b, ']');
}

static const char *const names[] = {"health",  "metrics",  "orders",    "queue",
				    "workers", "products", "deliveries"};

enum { PARTS = sizeof names / sizeof *names };

static void add_part(struct buf *b, const struct figures_report *r, enum figures_part part)
{
	switch (part) {
	case FIGURES_METRICS:
		display_metrics(b, &r->metrics);
		break;
	case FIGURES_ORDERS:
		display_orders(b, &r->orders, r->per_second);
		break;
	case FIGURES_QUEUE:
		display_queue(b, &r->queue);
		break;
	case FIGURES_WORKERS:
		display_workers(b, &r->workers);
		break;
	case FIGURES_PRODUCTS:
		display_products(b, &r->products);
		break;
	case FIGURES_DELIVERIES:
		display_deliveries(b, &r->deliveries);
		break;
	default:
		display_health(b, &r->health);
	}
}

void display_ndjson(struct buf *b, const struct figures_report *r)
{
	for (int i = 0; i < PARTS; i++) {
		if ((r->parts & 1u << i) == 0)
			continue;
		record_begin(b, names[i]);
		record_text(b, "time", r->time);
		add_part(b, r, (enum figures_part)(1u << i));
		record_end(b);
	}
}

/* A table is the records again, two levels deep at most: health's parts, and
 * the lists of workers and of webhooks. */
static void table_value(struct buf *b, const char *label, const json_t *j)
{
	const char *s = json_string_value(j);

	buf_addf(b, "  %-30s ", label);
	if (json_is_integer(j))
		buf_addf(b, "%lld", (long long)json_integer_value(j));
	for (size_t steers; s && *s; s += steers ? steers : 1) {
		/* a terminal must not obey what a server said */
		steers = utf8_control(s, strlen(s));
		buf_add(b, (unsigned char)*s < 0x20 || *s == 0x7F || steers ? "?" : s, 1);
	}
	buf_addstr(b, json_is_null(j) ? "-\n" : "\n");
}

static void table_item(struct buf *b, const json_t *item)
{
	const char *name = json_string_value(json_object_get(item, "name"));
	const char *state = json_string_value(json_object_get(item, "state"));
	char label[40];

	if (name) {
		table_value(b, name, json_object_get(item, "state"));
		return;
	}
	snprintf(label, sizeof label, "webhook %lld",
		 (long long)json_integer_value(json_object_get(item, "id")));
	buf_addf(b, "  %-30s %s, %lld queued\n", label, state,
		 (long long)json_integer_value(json_object_get(item, "queued")));
}

static void table_object(struct buf *b, const char *of, json_t *object)
{
	const char *key;
	json_t *j, *item;
	size_t i;

	json_object_foreach(object, key, j) {
		struct buf label = BUF_INIT;

		buf_addf(&label, "%s%s%s", of, *of ? " " : "", key);
		if (json_is_object(j))
			table_object(b, key, j);
		else if (!json_is_array(j))
			table_value(b, label.data, j);
		json_array_foreach(j, i, item)
			table_item(b, item);
		buf_release(&label);
	}
}

void display_table(struct buf *b, const struct figures_report *r)
{
	buf_addf(b, "%s\n", r->time);
	for (int i = 0; i < PARTS; i++) {
		struct buf text = BUF_INIT;
		json_t *json;

		if ((r->parts & 1u << i) == 0)
			continue;
		buf_addstr(&text, "{");
		add_part(&text, r, (enum figures_part)(1u << i));
		buf_addstr(&text, "}");
		buf_addf(b, "%s\n", names[i]);
		if (jtext_parse(text.data, text.len, &json, NULL) == 0) {
			table_object(b, "", json);
			json_decref(json);
		}
		buf_release(&text);
	}
	buf_addstr(b, "\n");
}
