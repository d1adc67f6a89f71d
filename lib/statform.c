/* SPDX-License-Identifier: MIT
 *
 * statform: a function a part and format. A figure that is not known is null
 * in JSON, a dash in the table, and absent from Prometheus' text.
 */
#include "statform.h"

#include "jtext.h"

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

void statform_health(struct buf *b, const struct stat_health *h)
{
	buf_addf(b, "\"status\":\"%s\"", h->healthy ? "healthy" : "degraded");
	add_server(b, "database", h->database_up, h->database_us, h->database_error);
	buf_addstr(b, "}");
	add_server(b, "redis", h->redis_up, h->redis_us, h->redis_error);
	add_count(b, "queue_length", h->queue_length);
	buf_addf(b, "},\"workers\":{\"status\":\"%s\"", h->workers > 0 ? "up" : "down");
	add_count(b, "count", h->workers);
	buf_addf(b, "},\"queue\":{\"status\":\"%s\"",
		 h->due < 0 ? "unknown" : h->oldest_due_seconds > STAT_OVERDUE_SECONDS ? "overdue" : "up");
	add_count(b, "due", h->due);
	add_count(b, "oldest_due_seconds", h->oldest_due_seconds);
	buf_addstr(b, "}");
}

void statform_metrics(struct buf *b, const struct stat_metrics *m)
{
	const struct stat_orders *o = &m->orders;
	int permille = stat_success_permille(o);

	buf_addf(b, "\"total_orders\":%lld", (long long)o->total);
	add_count(b, "completed_orders", o->completed);
	add_count(b, "failed_orders", o->failed);
	add_count(b, "pending_orders", o->pending);
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
	add_count(b, "total_sync_logs", m->sync_logs);
}

void statform_orders(struct buf *b, const struct stat_orders *o, double per_second)
{
	buf_addf(b, "\"pending\":%lld", (long long)o->pending);
	add_count(b, "completed", o->completed);
	add_count(b, "failed", o->failed);
	add_count(b, "cancelled", o->cancelled);
	buf_addf(b, ",\"per_second\":%.1f", per_second);
}

void statform_queue(struct buf *b, const struct stat_queue *q)
{
	buf_addf(b, "\"due\":%lld", (long long)q->due);
	add_count(b, "oldest_due_seconds", q->oldest_due_seconds);
	add_count(b, "waiting", q->waiting);
	add_count(b, "length", q->length);
}

void statform_workers(struct buf *b, const struct stat_workers *w)
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

void statform_products(struct buf *b, const struct stat_products *p)
{
	buf_addf(b, "\"total\":%lld", (long long)p->total);
	add_count(b, "low", p->low);
	add_count(b, "out", p->out);
}

static const char *const names[] = {"health", "metrics", "orders", "queue", "workers", "products"};

enum { PARTS = sizeof names / sizeof *names };

static void add_part(struct buf *b, const struct stat_report *r, enum stat_part part)
{
	switch (part) {
	case STAT_METRICS:
		statform_metrics(b, &r->metrics);
		break;
	case STAT_ORDERS:
		statform_orders(b, &r->orders, r->per_second);
		break;
	case STAT_QUEUE:
		statform_queue(b, &r->queue);
		break;
	case STAT_WORKERS:
		statform_workers(b, &r->workers);
		break;
	case STAT_PRODUCTS:
		statform_products(b, &r->products);
		break;
	default:
		statform_health(b, &r->health);
	}
}

void statform_ndjson(struct buf *b, const struct stat_report *r)
{
	for (int i = 0; i < PARTS; i++) {
		if ((r->parts & 1u << i) == 0)
			continue;
		buf_addf(b, "{\"v\":1,\"type\":\"%s\",\"time\":\"%s\",", names[i], r->time);
		add_part(b, r, (enum stat_part)(1u << i));
		buf_addstr(b, "}\n");
	}
}

/* Prometheus: HELP and TYPE come once, before all samples of a name. */
static void family(struct buf *b, const char *name, const char *help)
{
	buf_addf(b, "# HELP fulfil_%s %s\n# TYPE fulfil_%s gauge\n", name, help, name);
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

static void prometheus_health(struct buf *b, const struct stat_health *h)
{
	gauge(b, "healthy", "1 if every part is well, 0 if not.", h->healthy);
	gauge(b, "database_up", "1 if PostgreSQL answers.", h->database_up);
	gauge_scaled(b, "database_response_seconds", "Time PostgreSQL took to answer.",
		     h->database_up ? h->database_us : -1, 1000000);
	gauge(b, "redis_up", "1 if Redis answers.", h->redis_up);
	gauge_scaled(b, "redis_response_seconds", "Time Redis took to answer.",
		     h->redis_up ? h->redis_us : -1, 1000000);
}

static void prometheus_orders(struct buf *b, const struct stat_orders *o)
{
	family(b, "orders", "Orders by status.");
	sample(b, "orders", "status", "pending", o->pending);
	sample(b, "orders", "status", "completed", o->completed);
	sample(b, "orders", "status", "failed", o->failed);
	sample(b, "orders", "status", "cancelled", o->cancelled);
}

static void prometheus_metrics(struct buf *b, const struct stat_metrics *m)
{
	gauge_scaled(b, "order_success_ratio", "Completed orders among completed and failed ones.",
		     stat_success_permille(&m->orders), 1000);
	gauge_scaled(b, "order_processing_seconds", "Mean time of the newest 1000 successful runs.",
		     m->avg_us, 1000000);
	gauge(b, "orders_last_hour", "Orders taken in during the last hour.", m->last_hour);
	gauge(b, "sync_logs", "Rows of the task log.", m->sync_logs);
}

/* Without the part that has a figure, another may have it. */
static void prometheus_queue(struct buf *b, const struct stat_report *r)
{
	const struct stat_health *h = &r->health;
	bool queue = r->parts & STAT_QUEUE;

	gauge(b, "queue_length", "Entries of the list in Redis.",
	      queue ? r->queue.length : h->queue_length);
	gauge(b, "orders_due", "Orders whose time has come.", queue ? r->queue.due : h->due);
	gauge(b, "orders_oldest_due_seconds", "How long the first of them has been due.",
	      queue ? r->queue.oldest_due_seconds : h->oldest_due_seconds);
	if (queue)
		gauge(b, "orders_waiting", "Orders whose next attempt is to come.", r->queue.waiting);
}

static void prometheus_stock(struct buf *b, const struct stat_products *p)
{
	gauge(b, "products", "Products in the catalogue.", p->total);
	family(b, "stock_alerts", "Products that are low or out of stock, 10000 at most.");
	sample(b, "stock_alerts", "level", "low", p->low);
	sample(b, "stock_alerts", "level", "out", p->out);
}

void statform_prometheus(struct buf *b, const struct stat_report *r)
{
	if (r->parts & STAT_HEALTH)
		prometheus_health(b, &r->health);
	if (r->parts & (STAT_HEALTH | STAT_QUEUE))
		prometheus_queue(b, r);
	if (r->parts & STAT_WORKERS) {
		gauge(b, "workers", "Workers that are connected.", r->workers.count);
		gauge(b, "workers_busy", "Workers with orders in hand.", r->workers.busy);
	} else if (r->parts & STAT_HEALTH) {
		gauge(b, "workers", "Workers that are connected.", r->health.workers);
	}
	if (r->parts & (STAT_ORDERS | STAT_METRICS))
		prometheus_orders(b, r->parts & STAT_ORDERS ? &r->orders : &r->metrics.orders);
	if (r->parts & STAT_METRICS)
		prometheus_metrics(b, &r->metrics);
	if (r->parts & STAT_PRODUCTS)
		prometheus_stock(b, &r->products);
}

/* A table is the records again, two levels deep at most: health's parts, and
 * the list of workers. */
static void table_value(struct buf *b, const char *label, const json_t *j)
{
	const char *s = json_string_value(j);

	buf_addf(b, "  %-26s ", label);
	if (json_is_integer(j))
		buf_addf(b, "%lld", (long long)json_integer_value(j));
	for (; s && *s; s++) /* a terminal must not obey what a server said */
		buf_add(b, (unsigned char)*s < 0x20 || *s == 0x7F ? "?" : s, 1);
	buf_addstr(b, json_is_null(j) ? "-\n" : "\n");
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
			table_value(b, json_string_value(json_object_get(item, "name")),
				    json_object_get(item, "state"));
		buf_release(&label);
	}
}

void statform_table(struct buf *b, const struct stat_report *r)
{
	buf_addf(b, "%s\n", r->time);
	for (int i = 0; i < PARTS; i++) {
		struct buf text = BUF_INIT;
		json_t *json;

		if ((r->parts & 1u << i) == 0)
			continue;
		buf_addstr(&text, "{");
		add_part(&text, r, (enum stat_part)(1u << i));
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
