/* SPDX-License-Identifier: MIT
 *
 * logs: lists that only grow, and bytes as they came.
 */
#include "api/logs.h"

#include "api/api.h"
#include "sql.h"

static int find_sync_logs(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e)
{
	enum { STATUS = PAGING_BINDS, TASK, ORDER, FLOOR, SINCE, BINDS };
	const char *since = api_filter(c, "since");
	struct db_param binds[BINDS];
	int64_t floor;

	if (api_floor(cgi_ctx(c), &SQL_FIND_LOG_SINCE, since, &floor, e) != 0)
		return -1;
	paging_bind(p, binds);
	binds[STATUS] = db_param_text(api_filter(c, "status"));
	binds[TASK] = db_param_text(api_filter(c, "task"));
	binds[ORDER] = db_param_text(api_filter(c, "order_id"));
	binds[FLOOR] = db_param_int(floor);
	binds[SINCE] = db_param_text(since ? since : "-infinity");
	return api_run(cgi_ctx(c), &SQL_FIND_SYNC_LOGS, binds, found, e);
}

int logs_sync_logs(struct cgi *c, struct err *e)
{
	struct api *a = cgi_ctx(c);

	return api_list(c, (struct api_list){"sync_logs", &SQL_TALLY_SYNC_LOGS, &SQL_PAGE_SYNC_LOGS,
					     &a->logs, find_sync_logs, &SQL_READ_SYNC_LOGS, {{0}}},
					     e);
}

/* Of the product in the path, or as the parameters say. */
static void ledger_binds(const struct cgi *c, struct db_param of[2])
{
	of[0] = cgi_id(c) ? db_param_int(cgi_id(c)) : db_param_text(api_filter(c, "product_id"));
	of[1] = db_param_text(api_filter(c, "order_id"));
}

static int find_ledger(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e)
{
	enum { OF = PAGING_BINDS, SINCE = OF + 2, BINDS };
	const char *since = api_filter(c, "since");
	struct db_param binds[BINDS];

	paging_bind(p, binds);
	ledger_binds(c, &binds[OF]);
	binds[SINCE] = db_param_text(since ? since : "-infinity");
	return api_run(cgi_ctx(c), &SQL_FIND_LEDGER, binds, found, e);
}

int logs_ledger(struct cgi *c, struct err *e)
{
	struct api_list l = {.name = "ledger", .find = find_ledger, .read = &SQL_READ_LEDGER};

	ledger_binds(c, &l.binds[1]);
	if (db_param_is_null(l.binds[1]) && db_param_is_null(l.binds[2]))
		return cgi_fault(c, "parameter", "product_id", "is needed, or order_id", e);
	return api_list(c, l, e);
}

int logs_stock_ledger(struct cgi *c, struct err *e)
{
	struct db_param binds[1];
	struct db_rows *rows;

	if (api_run_by_id(c, &SQL_READ_PRODUCTS, API_IDS, binds, "product", &rows, e) != 0)
		return -1;
	db_rows_free(rows);
	return logs_ledger(c, e);
}

int logs_payload(struct cgi *c, struct err *e)
{
	return api_send_bytes(c, &SQL_READ_PAYLOAD, "payload", "application/json", e);
}
