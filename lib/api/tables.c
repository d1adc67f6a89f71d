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
	{orders_routes, SCOPES_ORDERS}, {causes_routes, SCOPES_ORDERS},
	{products_routes, SCOPES_CATALOGUE}, {export_routes, SCOPES_CATALOGUE},
	{inventory_routes, SCOPES_STOCK}, {logs_ledger_routes, SCOPES_STOCK},
	{logs_routes, SCOPES_ORDERS}, {logs_payload_routes, SCOPES_PERSONAL},
	{personal_routes, SCOPES_PERSONAL}, {quarantine_routes, SCOPES_PERSONAL},
	{receive_routes, SCOPES_CATALOGUE}, {uploads_routes, SCOPES_CATALOGUE},
	{feeds_routes, SCOPES_CATALOGUE},
	{webhooks_routes, SCOPES_WEBHOOKS}, {trial_routes, SCOPES_WEBHOOKS},
	{deliveries_routes, SCOPES_WEBHOOKS}, {sent_routes, SCOPES_PERSONAL},
	 {events_routes, SCOPES_WEBHOOKS},
	{metrics_routes, SCOPES_METRICS}, {timeline_routes, SCOPES_METRICS},
	{stream_routes, SCOPES_PERSONAL}, {own_routes, SCOPES_ANY},
	{0}};

const struct cgi_version tables_versions[] = {
	{"/api/products/{id}", &SQL_LOCK_PRODUCT, &SQL_READ_PRODUCT_VERSION},
	{"/api/inventory/{id}", &SQL_LOCK_PRODUCT, &SQL_READ_STOCK_VERSION},
	{"/api/webhooks/{id}", &SQL_LOCK_WEBHOOK, &SQL_READ_WEBHOOK_VERSION},
	{0}};
