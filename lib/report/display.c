/* SPDX-License-Identifier: MIT
 *
 * display: a function a part; the table is made from the records.
 */
#include "report/display.h"

#include "base/jtext.h"
#include "base/utf8.h"

#include <stdio.h>

static void add_count(struct buf *b, const char *key, int64_t n)
{
	if (n < 0)
		buf_addf(b, ",\"%s\":null", key);
	else
		buf_addf(b, ",\"%s\":%lld", key, (long long)n);
}

static void add_text(struct buf *b, const char *key, const char *s)
{
	buf_addf(b, ",\"%s\":", key);
	jtext_add(b, s);
}

static void add_server(struct buf *b, const char *key, bool up, int64_t us, const char *error)
{
	buf_addf(b, ",\"%s\":{\"status\":\"%s\"", key, up ? "up" : "down");
	if (up)
		buf_addf(b, ",\"ms\":%.2f", (double)us / 1000);
	else
		add_text(b, "error", error);
}

void display_health(struct buf *b, const struct figures_health *h)
{
	buf_addf(b, "\"status\":\"%s\"", h->healthy ? "healthy" : "degraded");
	add_server(b, "database", h->database_up, h->database_us, h->database_error);
	buf_addstr(b, "}");
	add_server(b, "redis", h->redis_up, h->redis_us, h->redis_error);
	add_count(b, "queue_length", h->queue_length);
	buf_addf(b, "},\"workers\":{\"status\":\"%s\"",
		 h->workers < 0 ? "unknown" : h->workers > 0 ? "up" : "down");
	add_count(b, "count", h->workers);
	buf_addf(b, "},\"queue\":{\"status\":\"%s\"",
		 h->due < 0 ? "unknown" : h->oldest_due_seconds > FIGURES_OVERDUE_SECONDS
			 ? "overdue" : "up");
	add_count(b, "due", h->due);
	add_count(b, "oldest_due_seconds", h->oldest_due_seconds);
	buf_addf(b, "},\"deliveries\":{\"status\":\"%s\"", figures_sending(h));
	add_count(b, "senders", h->senders);
	add_count(b, "oldest_due_seconds", h->oldest_delivery_seconds);
	buf_addf(b, "},\"importing\":{\"status\":\"%s\"", figures_importing(h));
	add_count(b, "importers", h->importers);
	add_count(b, "queued", h->uploads);
	add_count(b, "oldest_queued_seconds", h->oldest_upload_seconds);
	buf_addstr(b, "}");
}

static void add_known(struct buf *b, const char *name, int64_t n)
{
	if (n < 0)
		buf_addf(b, ",\"%s\":null", name);
	else
		buf_addf(b, ",\"%s\":%lld", name, (long long)n);
}

void display_metrics(struct buf *b, const struct figures_metrics *m)
{
	const struct figures_orders *o = &m->orders;
	int permille = figures_success_permille(o);

	buf_addf(b, "\"total_orders\":%lld", (long long)o->total);
	add_count(b, "completed_orders", o->completed);
	add_count(b, "failed_orders", o->failed);
	add_count(b, "pending_orders", o->pending);
	add_count(b, "retrying_orders", o->retrying);
	add_count(b, "cancelled_orders", o->cancelled);
	if (permille < 0)
		buf_addstr(b, ",\"success_rate\":null");
	else
		buf_addf(b, ",\"success_rate\":%d.%d", permille / 10, permille % 10);
	if (m->avg_us < 0)
		buf_addstr(b, ",\"avg_processing_time_ms\":null");
	else
		buf_addf(b, ",\"avg_processing_time_ms\":%.1f", (double)m->avg_us / 1000);
	add_count(b, "orders_last_hour", m->last_hour);
	add_count(b, "low_stock_alerts", m->low + m->out);
	add_count(b, "quarantined", m->quarantined);
	add_count(b, "intake_alarms", m->alarms);
	add_known(b, "last_payload_seconds", m->intake_seconds);
	add_known(b, "last_payload_lag_seconds", m->intake_lag_seconds);
	add_count(b, "total_sync_logs", m->sync_logs);
}

void display_orders(struct buf *b, const struct figures_orders *o, double per_second)
{
	buf_addf(b, "\"pending\":%lld", (long long)o->pending);
	add_count(b, "completed", o->completed);
	add_count(b, "failed", o->failed);
	add_count(b, "cancelled", o->cancelled);
	buf_addf(b, ",\"per_second\":%.1f", per_second);
}

void display_queue(struct buf *b, const struct figures_queue *q)
{
	buf_addf(b, "\"due\":%lld", (long long)q->due);
	add_count(b, "oldest_due_seconds", q->oldest_due_seconds);
	add_count(b, "waiting", q->waiting);
	add_count(b, "length", q->length);
}

void display_workers(struct buf *b, const struct figures_workers *w)
{
	buf_addf(b, "\"count\":%lld,\"busy\":%lld,\"workers\":[", (long long)w->count,
		 (long long)w->busy);
	for (int i = 0; i < w->nsome; i++) {
		buf_addstr(b, i ? ",{\"name\":" : "{\"name\":");
		jtext_add(b, w->some[i].name);
		buf_addf(b, ",\"state\":\"%s\"", w->some[i].busy ? "busy" : "idle");
		add_count(b, "seconds", w->some[i].seconds);
		buf_addstr(b, "}");
	}
	buf_addstr(b, "]");
}

void display_products(struct buf *b, const struct figures_products *p)
{
	buf_addf(b, "\"total\":%lld", (long long)p->total);
	add_count(b, "low", p->low);
	add_count(b, "out", p->out);
}

void display_deliveries(struct buf *b, const struct figures_deliveries *d)
{
	buf_addf(b, "\"webhooks_enabled\":%lld", (long long)d->enabled);
	add_count(b, "webhooks_paused", d->paused);
	add_count(b, "webhooks_disabled", d->disabled);
	add_count(b, "senders", d->senders);
	add_count(b, "outbox", d->outbox);
	add_count(b, "outbox_events", d->outbox_events);
	add_count(b, "due", d->due);
	add_count(b, "oldest_due_seconds", d->oldest_due_seconds);
	add_count(b, "sending", d->sending);
	add_count(b, "waiting", d->waiting);
	add_count(b, "delivered_last_hour", d->made);
	add_count(b, "given_up_last_hour", d->given_up);
	buf_addf(b, ",\"per_second\":%.1f,\"webhooks\":[", d->per_second);
	for (int i = 0; i < d->nsome; i++) {
		const struct figures_line *l = &d->some[i];

		buf_addf(b, "%s{\"id\":%lld,\"state\":\"%s\"", i ? "," : "", (long long)l->webhook,
			 l->state);
		add_count(b, "queued", l->queued);
		add_count(b, "oldest_due_seconds", l->oldest_due_seconds);
		add_count(b, "failures", l->failures);
		buf_addstr(b, "}");
	}
	buf_addstr(b, "]");
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
		buf_addf(b, "{\"v\":1,\"type\":\"%s\",\"time\":\"%s\",", names[i], r->time);
		add_part(b, r, (enum figures_part)(1u << i));
		buf_addstr(b, "}\n");
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
