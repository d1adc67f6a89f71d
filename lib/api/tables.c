/* SPDX-License-Identifier: MIT
 *
 * tables: the routes of each resource, and whom a token must be for to use them.
 */
#include "api/tables.h"

#include "api/resources.h"
#include "openapi.h"
#include "sql.h"

const char *const tables_openapi = openapi_json;

static int show_openapi(struct cgi *c, struct err *e)
{
	(void)e;
	buf_addstr(cgi_out(c), tables_openapi);
	return 0;
}

static const struct cgi_route own_routes[] = {
	{"GET", "/openapi.json", CGI_READ, cgi_no_params, show_openapi},
	{0}};

const struct cgi_table tables_of_api[] = {
	{orders_routes, DOOR_ORDERS}, {causes_routes, DOOR_ORDERS},
	{products_routes, DOOR_CATALOGUE}, {export_routes, DOOR_CATALOGUE},
	{inventory_routes, DOOR_STOCK}, {logs_ledger_routes, DOOR_STOCK},
	{logs_routes, DOOR_ORDERS}, {logs_payload_routes, DOOR_PERSONAL},
	{personal_routes, DOOR_PERSONAL}, {quarantine_routes, DOOR_PERSONAL},
	{receive_routes, DOOR_CATALOGUE}, {uploads_routes, DOOR_CATALOGUE},
	{webhooks_routes, DOOR_WEBHOOKS}, {trial_routes, DOOR_WEBHOOKS},
	{deliveries_routes, DOOR_WEBHOOKS}, {sent_routes, DOOR_PERSONAL},
	 {events_routes, DOOR_WEBHOOKS},
	{metrics_routes, DOOR_METRICS}, {timeline_routes, DOOR_METRICS},
	{stream_routes, DOOR_PERSONAL}, {own_routes, DOOR_ANY},
	{0}};

const struct cgi_version tables_versions[] = {
	{"/api/products/{id}", &SQL_LOCK_PRODUCT, &SQL_READ_PRODUCT_VERSION},
	{"/api/inventory/{id}", &SQL_LOCK_PRODUCT, &SQL_READ_STOCK_VERSION},
	{"/api/webhooks/{id}", &SQL_LOCK_WEBHOOK, &SQL_READ_WEBHOOK_VERSION},
	{0}};
