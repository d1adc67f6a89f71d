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
	char floor[DB_INT_TEXT];

	if (api_floor(cgi_ctx(c), &SQL_FIND_LOG_SINCE, since, floor, e) != 0)
		return -1;
	paging_bind(p, binds);
	binds[STATUS] = db_param_text(api_filter(c, "status"));
	binds[TASK] = db_param_text(api_filter(c, "task"));
	binds[ORDER] = db_param_text(api_filter(c, "order_id"));
	binds[FLOOR] = db_param_text(floor);
	binds[SINCE] = db_param_text(since ? since : "-infinity");
	return api_run(cgi_ctx(c), &SQL_FIND_SYNC_LOGS, binds, found, e);
}

int logs_sync_logs(struct cgi *c, struct err *e)
{
	struct api *a = cgi_ctx(c);

	return api_list(c, (struct api_list){"sync_logs", &SQL_TALLY_SYNC_LOGS, &SQL_PAGE_SYNC_LOGS,
					     &a->logs, find_sync_logs, &SQL_READ_SYNC_LOGS, {{0}}}, e);
}

/* Of the product in the path, or as the parameters say. */
static void ledger_binds(const struct cgi *c, char room[DB_INT_TEXT], struct db_param of[2])
{
	of[0] = cgi_id(c) ? db_param_int(cgi_id(c), room) : db_param_text(api_filter(c, "product_id"));
	of[1] = db_param_text(api_filter(c, "order_id"));
}

static int find_ledger(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e)
{
	enum { OF = PAGING_BINDS, SINCE = OF + 2, BINDS };
	const char *since = api_filter(c, "since");
	struct db_param binds[BINDS];
	char room[DB_INT_TEXT];

	paging_bind(p, binds);
	ledger_binds(c, room, &binds[OF]);
	binds[SINCE] = db_param_text(since ? since : "-infinity");
	return api_run(cgi_ctx(c), &SQL_FIND_LEDGER, binds, found, e);
}

int logs_ledger(struct cgi *c, struct err *e)
{
	struct api_list l = {.name = "ledger", .find = find_ledger, .read = &SQL_READ_LEDGER};
	char room[DB_INT_TEXT];

	ledger_binds(c, room, &l.binds[1]);
	if (l.binds[1].value == NULL && l.binds[2].value == NULL)
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

int logs_quarantine(struct cgi *c, struct err *e)
{
	struct tally none = {0};

	return api_list(c, (struct api_list){"quarantine", &SQL_TALLY_QUARANTINE, &SQL_PAGE_QUARANTINE,
					     &none, NULL, &SQL_READ_QUARANTINE, {{0}}}, e);
}

int logs_quarantined(struct cgi *c, struct err *e)
{
	return api_send_bytes(c, &SQL_READ_QUARANTINED, "quarantined", "application/octet-stream", e);
}

int logs_payload(struct cgi *c, struct err *e)
{
	return api_send_bytes(c, &SQL_READ_PAYLOAD, "payload", "application/json", e);
}
