/* SPDX-License-Identifier: MIT
 *
 * metrics: the figures of report/figures, as JSON and for Prometheus.
 */
#include "api/api.h"
#include "api/resources.h"
#include "base/clock.h"
#include "base/record.h"
#include "report/demo.h"
#include "report/display.h"
#include "report/figures.h"
#include "report/prometheus.h"

#include <time.h>

static int report(struct api *a, unsigned parts, struct figures_report *r, struct err *e)
{
	struct err why = {0};
	struct timespec t;
	int rc = 0;

	if (a->demo) {
		clock_gettime(CLOCK_REALTIME, &t);
		demo_report(r, parts, (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000);
		return 0;
	}
	a->deadline_ms = clock_ms() + API_FIGURES_SECONDS * 1000;
	if (api_open(a, &why) != 0)
		rc = -1;
	return figures_report(r, parts, a->db, a->queue, &a->tallies, rc ? &why : NULL, e);
}

static int show_health(struct cgi *c, struct err *e)
{
	struct buf *b = cgi_out(c);
	struct figures_report r;

	if (report(cgi_ctx(c), FIGURES_HEALTH, &r, e) != 0 || !r.health.serves)
		cgi_status(c, 503);
	buf_addstr(b, "{");
	if (cgi_may(c, CGI_READ))
		display_health(b, &r.health);
	else
		record_text(b, "status", r.health.healthy ? "healthy" : "degraded");
	record_end(b);
	return 0;
}

/* On a line of its own. */
static void begin_part(struct buf *b, const char *name)
{
	buf_addstr(b, ",\n");
	record_open(b, name, '{');
}

static int show_metrics(struct cgi *c, struct err *e)
{
	struct buf *b = cgi_out(c);
	struct figures_report r;

	if (report(cgi_ctx(c), FIGURES_ALL, &r, e) != 0)
		return -1;
	record_open(b, NULL, '{');
	record_text(b, "time", r.time);
	display_metrics(b, &r.metrics);
	begin_part(b, "orders");
	display_orders(b, &r.orders, r.per_second);
	record_close(b, '}');
	begin_part(b, "queue");
	display_queue(b, &r.queue);
	record_close(b, '}');
	begin_part(b, "workers");
	display_workers(b, &r.workers);
	record_close(b, '}');
	begin_part(b, "products");
	display_products(b, &r.products);
	record_close(b, '}');
	begin_part(b, "deliveries");
	display_deliveries(b, &r.deliveries);
	record_close(b, '}');
	record_end(b);
	return 0;
}

static int show_prometheus(struct cgi *c, struct err *e)
{
	struct figures_report r;

	if (report(cgi_ctx(c), FIGURES_ALL, &r, e) != 0)
		*e = (struct err){0}; /* its health says so */
	cgi_type(c, "text/plain; version=0.0.4; charset=utf-8");
	prometheus_add(cgi_out(c), &r);
	return 0;
}

const struct cgi_route metrics_routes[] = {
	{"GET", "/api/metrics", CGI_READ, cgi_no_params, show_metrics},
	{"GET", "/api/health", CGI_OPEN, cgi_no_params, show_health},
	{"GET", "/metrics", CGI_READ, cgi_no_params, show_prometheus},
	{0}};
