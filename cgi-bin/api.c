/* SPDX-License-Identifier: MIT
 *
 * api: the HTTP API: joins the routes of lib/api and serves them, and openapi.json,
 * which describes them.
 */
#include "api/api.h"
#include "api/resources.h"
#include "api/stream.h"
#include "base/conf.h"
#include "filter/log.h"
#include "filter/program.h"
#include "openapi.h"
#include "sql.h"
#include "web/cgi.h"

#include <string.h>

static int show_openapi(struct cgi *c, struct err *e)
{
	(void)e;
	buf_addstr(cgi_out(c), openapi_json);
	return 0;
}

static const struct cgi_route own_routes[] = {
	{"GET", "/openapi.json", CGI_READ, cgi_no_params, show_openapi},
	{0}};

static const struct cgi_table tables[] = {
	{orders_routes, DOOR_ORDERS}, {products_routes, DOOR_CATALOGUE},
	{export_routes, DOOR_CATALOGUE}, {inventory_routes, DOOR_STOCK},
	{logs_ledger_routes, DOOR_STOCK}, {logs_routes, DOOR_ORDERS},
	{logs_payload_routes, DOOR_PERSONAL}, {personal_routes, DOOR_PERSONAL},
	{quarantine_routes, DOOR_PERSONAL}, {receive_routes, DOOR_CATALOGUE},
	{uploads_routes, DOOR_CATALOGUE}, {webhooks_routes, DOOR_WEBHOOKS},
	{trial_routes, DOOR_WEBHOOKS}, {deliveries_routes, DOOR_WEBHOOKS},
	{metrics_routes, DOOR_METRICS}, {stream_routes, DOOR_PERSONAL}, {own_routes, DOOR_ANY},
	{0}};

static struct db *connect_db(void *ctx)
{
	struct api *a = ctx;
	struct err ignored;

	return api_connect(a, &ignored) == 0 ? a->db : NULL;
}

/* What is due to be counted again is counted when nobody waits for it. */
static void recount(void *ctx)
{
	struct api *a = ctx;
	struct err e = {0};

	a->waits = NULL;
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
	const struct cgi_app app = {
		.name = "fulfil-api", .prefix = "/api", .tables = tables, .ctx = &a,
		.after = recount, .before = api_begin, .db = connect_db};
	struct err e = {0};
	int status;

	if (cgi_by_hand(argc, argv, "is the HTTP API", &status))
		return status;
	log_init(app.name);
	if (program_start(&a.conf, CONF_CGI, &e) != 0 ||
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
