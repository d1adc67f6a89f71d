/* SPDX-License-Identifier: MIT
 *
 * api: the HTTP API: which path has which parameters and goes where. What it
 * looks like from outside is in openapi.json, which it serves.
 */
#include "api/api.h"
#include "api/deliveries.h"
#include "api/export.h"
#include "api/inventory.h"
#include "api/logs.h"
#include "api/metrics.h"
#include "api/orders.h"
#include "api/products.h"
#include "api/quarantine.h"
#include "api/receive.h"
#include "api/stream.h"
#include "api/trial.h"
#include "api/uploads.h"
#include "api/webhooks.h"
#include "base/conf.h"
#include "filter/log.h"
#include "sql.h"
#include "web/cgi.h"

#include <limits.h>
#include <string.h>

/* The document, linked in as it is. */
__asm__(".pushsection .rodata\n"
	"openapi_json: .incbin \"cgi-bin/openapi.json\"\n"
	".byte 0\n"
	".popsection");
extern const char openapi_json[] __attribute__((visibility("hidden")));

static int show_openapi(struct cgi *c, struct err *e)
{
	(void)e;
	buf_addstr(cgi_out(c), openapi_json);
	return 0;
}

static const struct param no_params[] = {{0}};

static const struct param page_params[] = {PAGING_PARAMS, {0}};

static const struct param order_params[] = {
	PAGING_PARAMS,
	{"sort", PARAM_CHOICE, "-id,id", 0, 0},
	{"status", PARAM_CHOICE, "pending,processing,completed,failed,cancelled", 0, 0},
	{"q", PARAM_TEXT, NULL, 0, 200},
	{"exact", PARAM_TEXT, NULL, 0, 1020},
	{"sku", PARAM_TEXT, NULL, 0, 1020},
	{"since", PARAM_TIME, NULL, 0, 0},
	{0}};

static const struct param retry_params[] = {
	{"status", PARAM_CHOICE, "failed,pending", 0, 0},
	{"q", PARAM_TEXT, NULL, 0, 200},
	{"sku", PARAM_TEXT, NULL, 0, 1020},
	{"since", PARAM_TIME, NULL, 0, 0},
	{0}};

static const struct param product_params[] = {
	PAGING_PARAMS,
	{"sort", PARAM_CHOICE, "-id,sku,-sku", 0, 0},
	PRODUCTS_PARAMS,
	{0}};

static const struct param count_params[] = {
	PRODUCTS_PARAMS,
	{0}};

static const struct param delete_params[] = {
	{"confirm", PARAM_BOOL, NULL, 0, 0},
	PRODUCTS_PARAMS,
	{0}};

static const struct param export_params[] = {
	{"stock", PARAM_BOOL, NULL, 0, 0},
	{"reorder_level", PARAM_BOOL, NULL, 0, 0},
	{"spreadsheet", PARAM_BOOL, NULL, 0, 0},
	PRODUCTS_PARAMS,
	{0}};

static const struct param inventory_params[] = {
	PAGING_PARAMS,
	{"sku", PARAM_TEXT, NULL, 0, 8000},
	{"low", PARAM_BOOL, NULL, 0, 0},
	{0}};

static const struct param shortage_params[] = {
	{"limit", PARAM_INT, NULL, 1, 1000},
	{0}};

static const struct param stock_ledger_params[] = {
	PAGING_PARAMS,
	{"since", PARAM_TIME, NULL, 0, 0},
	{0}};

static const struct param ledger_params[] = {
	PAGING_PARAMS,
	{"product_id", PARAM_INT, NULL, 1, LLONG_MAX},
	{"order_id", PARAM_INT, NULL, 1, LLONG_MAX},
	{"since", PARAM_TIME, NULL, 0, 0},
	{0}};

static const struct param sync_log_params[] = {
	PAGING_PARAMS,
	{"status", PARAM_CHOICE, "success,failure,retry", 0, 0},
	{"task", PARAM_CHOICE, "process_order,import_products,sync_inventory", 0, 0},
	{"order_id", PARAM_INT, NULL, 1, LLONG_MAX},
	{"since", PARAM_TIME, NULL, 0, 0},
	{0}};

static const struct param stream_params[] = {
	{"retry", PARAM_INT, NULL, 1000, 600000},
	{"last_event_id", PARAM_TEXT, NULL, 0, 0},
	{0}};

static const struct param upload_params[] = {
	PAGING_PARAMS,
	{"status", PARAM_CHOICE, "receiving,queued,running,completed,failed,cancelled", 0, 0},
	{0}};

#define YES_OR_NO "true,false,yes,no,on,off,1,0"

static const struct param upload_options[] = {
	{"filename", PARAM_TEXT, NULL, 0, 1020},
	{"active", PARAM_CHOICE, "yes,no,random", 0, 0},
	{"stock", PARAM_CHOICE, YES_OR_NO, 0, 0},
	{"dry_run", PARAM_CHOICE, YES_OR_NO, 0, 0},
	{"spreadsheet", PARAM_CHOICE, YES_OR_NO, 0, 0},
	{"delimiter", PARAM_TEXT, NULL, 0, 3},
	{"encoding", PARAM_TEXT, NULL, 0, 40},
	{"max_errors", PARAM_TEXT, NULL, 0, 20},
	{"map", PARAM_TEXT, NULL, 0, 4096},
	{"like", PARAM_TEXT, NULL, 0, 40},
	{"location", PARAM_TEXT, NULL, 0, 255},
	{"columns", PARAM_TEXT, NULL, 0, 4096},
	{"decimal", PARAM_TEXT, NULL, 0, 1},
	{"only", PARAM_CHOICE, "all,update,create", 0, 0},
	{"header_line", PARAM_INT, NULL, 1, 1000000},
	{0}};

static const struct param delivery_params[] = {
	PAGING_PARAMS,
	{"status", PARAM_CHOICE, "waiting,delivered,given_up,skipped", 0, 0},
	{"since", PARAM_TIME, NULL, 0, 0},
	{0}};

static const struct param replay_params[] = {
	{"since", PARAM_TIME, NULL, 0, 0},
	{0}};

static const struct cgi_route routes[] = {
	{"GET", "/api/orders", CGI_READ, order_params, orders_list},
	{"GET", "/api/orders/{id}", CGI_READ, no_params, orders_show},
	{"GET", "/api/orders/{id}/story", CGI_READ, no_params, orders_story},
	{"POST", "/api/orders/retry", CGI_WRITE, retry_params, orders_retry_all},
	{"POST", "/api/orders/{id}/retry", CGI_WRITE, no_params, orders_retry},
	{"POST", "/api/orders/{id}/cancel", CGI_WRITE, no_params, orders_cancel},
	{"GET", "/api/products", CGI_READ, product_params, products_list},
	{"POST", "/api/products", CGI_WRITE, no_params, products_create},
	{"DELETE", "/api/products/bulk", CGI_WRITE, delete_params, products_delete_all},
	{"GET", "/api/products/count", CGI_READ, count_params, products_count},
	{"GET", "/api/products/export.csv", CGI_READ, export_params, export_products},
	{"GET", "/api/products/{id}", CGI_READ, no_params, products_show},
	{"PUT", "/api/products/{id}", CGI_WRITE, no_params, products_change},
	{"DELETE", "/api/products/{id}", CGI_WRITE, no_params, products_delete},
	{"GET", "/api/inventory", CGI_READ, inventory_params, inventory_list},
	{"GET", "/api/inventory/alerts", CGI_READ, page_params, inventory_alerts},
	{"GET", "/api/inventory/shortages", CGI_READ, shortage_params, inventory_shortages},
	{"GET", "/api/inventory/{id}", CGI_READ, no_params, inventory_show},
	{"PUT", "/api/inventory/{id}", CGI_WRITE, no_params, inventory_change},
	{"GET", "/api/inventory/{id}/ledger", CGI_READ, stock_ledger_params, logs_stock_ledger},
	{"GET", "/api/ledger", CGI_READ, ledger_params, logs_ledger},
	{"POST", "/api/upload", CGI_WRITE, upload_options, receive_file},
	{"GET", "/api/upload", CGI_READ, upload_params, uploads_list},
	{"GET", "/api/upload/{task_id}/progress", CGI_READ, no_params, uploads_progress},
	{"GET", "/api/upload/{task_id}/stream", CGI_READ, no_params, uploads_stream},
	{"GET", "/api/upload/{task_id}/rejects", CGI_READ, no_params, uploads_rejects},
	{"POST", "/api/upload/{task_id}/cancel", CGI_WRITE, no_params, uploads_cancel},
	{"GET", "/api/sync-logs", CGI_READ, sync_log_params, logs_sync_logs},
	{"GET", "/api/payloads/{id}", CGI_READ, no_params, logs_payload},
	{"GET", "/api/quarantine", CGI_READ, page_params, quarantine_list},
	{"GET", "/api/quarantine/{id}", CGI_READ, no_params, quarantine_show},
	{"DELETE", "/api/quarantine/{id}", CGI_WRITE, no_params, quarantine_delete},
	{"POST", "/api/quarantine/{id}/retry", CGI_WRITE, no_params, quarantine_retry},
	{"GET", "/api/webhooks", CGI_READ, page_params, webhooks_list},
	{"POST", "/api/webhooks", CGI_WRITE, no_params, webhooks_create},
	{"GET", "/api/webhooks/{id}", CGI_READ, no_params, webhooks_show},
	{"PUT", "/api/webhooks/{id}", CGI_WRITE, no_params, webhooks_change},
	{"DELETE", "/api/webhooks/{id}", CGI_WRITE, no_params, webhooks_delete},
	{"POST", "/api/webhooks/{id}/test", CGI_WRITE, no_params, trial_webhook},
	{"GET", "/api/webhooks/{id}/deliveries", CGI_READ, delivery_params, deliveries_list},
	{"POST", "/api/webhooks/{id}/replay", CGI_WRITE, replay_params, deliveries_replay_all},
	{"POST", "/api/deliveries/{id}/replay", CGI_WRITE, no_params, deliveries_replay},
	{"GET", "/api/metrics", CGI_READ, no_params, metrics_show},
	{"GET", "/api/health", CGI_OPEN, no_params, metrics_health},
	{"GET", "/api/events/stream", CGI_READ, stream_params, stream_events},
	{"GET", "/metrics", CGI_READ, no_params, metrics_prometheus},
	{"GET", "/openapi.json", CGI_READ, no_params, show_openapi},
	{0}};

/* What is due to be counted again is counted when nobody waits for it. */
static void recount(void *ctx)
{
	struct api *a = ctx;
	struct err e = {0};

	if (a->db && db_alive(a->db) &&
	    (tally_recount(&a->tallies.products, &a->again.products, a->db, &SQL_TALLY_PRODUCTS,
			   &e) != 0 ||
	     tally_recount(&a->tallies.orders, &a->again.orders, a->db, &SQL_TALLY_ORDERS,
			   &e) != 0))
		log_say(LOG_DEBUG, "%s; the totals are counted again later", e.msg);
}

int main(int argc, char **argv)
{
	struct api a = {0};
	const struct cgi_app app = {"fulfil-api", "/api", routes, &a, recount};
	struct err e = {0};
	int status;

	if (cgi_by_hand(argc, argv, "is the HTTP API", &status))
		return status;
	log_init(app.name);
	if (conf_load(&a.conf, CONF_CGI, &e) != 0 ||
	    log_set_level(conf_get(a.conf, "LOG_LEVEL"), &e) != 0 ||
	    doorbell_open(&a.queue, conf_get(a.conf, "REDIS_URL"), &e) != 0) {
		status = cgi_cannot_start(app.name, &e);
	} else {
		a.threshold = conf_get(a.conf, "LOW_STOCK_THRESHOLD");
		a.demo = conf_bool(a.conf, "DEMO_MODE");
		status = cgi_run(&app, a.conf);
	}

	stream_release(&a);
	doorbell_close(a.queue);
	db_close(a.db);
	conf_free(a.conf);
	return status;
}
