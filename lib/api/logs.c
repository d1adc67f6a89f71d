/* SPDX-License-Identifier: MIT
 *
 * logs: lists that only grow, and bytes as they came.
 */
#include "api/api.h"
#include "api/resources.h"
#include "sql.h"

#include <limits.h>

static const struct param status_param = {"status", PARAM_CHOICE, "success,failure,retry", 0, 0};
static const struct param task_param = {
	"task", PARAM_CHOICE, "process_order,import_products,sync_inventory", 0, 0};
static const struct param order_param = {"order_id", PARAM_INT, NULL, 1, LLONG_MAX};
static const struct param product_param = {"product_id", PARAM_INT, NULL, 1, LLONG_MAX};

static const struct param *const sync_log_params[] = {PAGING_PARAMS, &status_param, &task_param,
						      &order_param, &api_since, &api_until, NULL};
static const struct param *const stock_ledger_params[] = {PAGING_PARAMS, &api_since, &api_until,
							  NULL};
static const struct param *const ledger_params[] = {PAGING_PARAMS, &product_param, &order_param,
						    &api_since, &api_until, NULL};

static int find_sync_logs(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e)
{
	enum { STATUS = PAGING_BINDS, TASK, ORDER, FLOOR, SINCE, CEILING, UNTIL, BINDS };
	struct db_param binds[BINDS];
	struct api_span span;

	if (api_span(c, &SQL_FIND_SYNC_LOGS_SINCE, &SQL_FIND_SYNC_LOGS_UNTIL, &span, e) != 0)
		return -1;
	paging_bind(p, binds);
	binds[STATUS] = db_param_text(api_filter(c, &status_param));
	binds[TASK] = db_param_text(api_filter(c, &task_param));
	binds[ORDER] = db_param_text(api_filter(c, &order_param));
	binds[FLOOR] = db_param_int(span.floor);
	binds[SINCE] = db_param_text(span.since);
	binds[CEILING] = db_param_int(span.ceiling);
	binds[UNTIL] = db_param_text(span.until);
	return api_run(cgi_ctx(c), &SQL_FIND_SYNC_LOGS, binds, found, e);
}

static int list_sync_logs(struct cgi *c, struct err *e)
{
	struct api *a = cgi_ctx(c);

	return api_list(c,
			(struct api_list){.name = "sync_logs",
					  .count = &SQL_TALLY_SYNC_LOGS,
					  .tally = &a->logs,
					  .all = &SQL_PAGE_SYNC_LOGS,
					  .find = find_sync_logs,
					  .read = &SQL_READ_SYNC_LOGS},
			e);
}

/* Of the product in the path, or as the parameters say. */
static void ledger_binds(struct cgi *c, struct db_param of[2])
{
	bool in_path = cgi_id(c) > 0;

	of[0] = in_path ? db_param_int(cgi_id(c)) : db_param_text(api_filter(c, &product_param));
	of[1] = db_param_text(in_path ? NULL : api_filter(c, &order_param));
}

static int find_ledger(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e)
{
	enum { OF = PAGING_BINDS, SINCE = OF + 2, UNTIL, BINDS };
	struct db_param binds[BINDS];
	struct api_span span;

	if (api_span(c, NULL, NULL, &span, e) != 0)
		return -1;
	paging_bind(p, binds);
	ledger_binds(c, &binds[OF]);
	binds[SINCE] = db_param_text(span.since);
	binds[UNTIL] = db_param_text(span.until);
	return api_run(cgi_ctx(c), &SQL_FIND_LEDGER, binds, found, e);
}

static int list_ledger(struct cgi *c, struct err *e)
{
	struct api_list l = {.name = "ledger", .find = find_ledger, .read = &SQL_READ_LEDGER};

	ledger_binds(c, &l.binds[1]);
	if (db_param_is_null(l.binds[1]) && db_param_is_null(l.binds[2]))
		return cgi_invalid(c, "parameter", "product_id", "is needed, or order_id", e);
	return api_list(c, l, e);
}

static int list_stock_ledger(struct cgi *c, struct err *e)
{
	struct db_param binds[1];
	struct db_rows *rows;

	if (api_run_by_id(c, &SQL_READ_PRODUCTS, API_IDS, binds, "product", &rows, e) != 0)
		return -1;
	db_rows_free(rows);
	return list_ledger(c, e);
}

static int send_payload(struct cgi *c, struct err *e)
{
	return api_send_bytes(c, &SQL_READ_PAYLOAD, "payload", "application/json", e);
}

const struct cgi_route logs_ledger_routes[] = {
	{"GET", "/api/inventory/{id}/ledger", CGI_READ, stock_ledger_params, list_stock_ledger},
	{"GET", "/api/ledger", CGI_READ, ledger_params, list_ledger},
	{0}};

const struct cgi_route logs_routes[] = {
	{"GET", "/api/sync-logs", CGI_READ, sync_log_params, list_sync_logs},
	{0}};

const struct cgi_route logs_payload_routes[] = {
	{"GET", "/api/payloads/{id}", CGI_READ, cgi_no_params, send_payload},
	{0}};
