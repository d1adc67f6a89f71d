/* SPDX-License-Identifier: MIT
 *
 * apilog: lists that only grow, and bytes as they came.
 */
#include "apilog.h"

#include "api.h"
#include "sql.h"

#include <stdio.h>

static int find_sync_logs(struct cgi *c, struct page *p, struct db_rows **found, struct err *e)
{
	enum { STATUS = PAGE_BINDS, TASK, ORDER, FLOOR, SINCE, BINDS };
	const char *since = api_filter(c, "since");
	struct db_param binds[BINDS];
	char floor[DB_INT_TEXT];

	if (api_floor(cgi_ctx(c), &SQL_FIND_LOG_SINCE, since, floor, e) != 0)
		return -1;
	page_bind(p, binds);
	binds[STATUS] = db_param_text(api_filter(c, "status"));
	binds[TASK] = db_param_text(api_filter(c, "task"));
	binds[ORDER] = db_param_text(api_filter(c, "order_id"));
	binds[FLOOR] = db_param_text(floor);
	binds[SINCE] = db_param_text(since ? since : "-infinity");
	return api_run(cgi_ctx(c), &SQL_FIND_SYNC_LOGS, binds, found, e);
}

int apilog_sync_logs(struct cgi *c, struct err *e)
{
	struct api *a = cgi_ctx(c);
	struct db_rows *found = NULL;
	struct db_param ids;
	struct page p;
	int rc;

	if (page_read(c, &p, e) != 0)
		return -1;
	rc = p.filtered ? find_sync_logs(c, &p, &found, e)
			: api_list_all(c, &p, &a->logs, &SQL_PAGE_SYNC_LOGS, &found, e);
	if (rc == 0)
		rc = page_put(c, &p, "sync_logs", a->db, &SQL_READ_SYNC_LOGS, &ids, found, e);
	db_rows_free(found);
	return rc;
}

static int list_ledger(struct cgi *c, const char *product, const char *order, struct err *e)
{
	enum { PRODUCT = PAGE_BINDS, ORDER, SINCE, BINDS };
	struct api *a = cgi_ctx(c);
	const char *since = api_filter(c, "since");
	struct db_param finds[BINDS], binds[] = {{0}, db_param_text(product), db_param_text(order)};
	struct db_rows *found = NULL;
	struct page p;
	int rc;

	if (page_read(c, &p, e) != 0)
		return -1;
	page_cap(&p);
	page_bind(&p, finds);
	finds[PRODUCT] = binds[1];
	finds[ORDER] = binds[2];
	finds[SINCE] = db_param_text(since ? since : "-infinity");
	rc = api_run(a, &SQL_FIND_LEDGER, finds, &found, e);
	if (rc == 0)
		rc = page_put(c, &p, "ledger", a->db, &SQL_READ_LEDGER, binds, found, e);
	db_rows_free(found);
	return rc;
}

int apilog_ledger(struct cgi *c, struct err *e)
{
	const char *product = api_filter(c, "product_id"), *order = api_filter(c, "order_id");

	if (product == NULL && order == NULL)
		return cgi_fault(c, "parameter", "product_id", "is needed, or order_id", e);
	return list_ledger(c, product, order, e);
}

int apilog_stock_ledger(struct cgi *c, struct err *e)
{
	struct db_param binds[1];
	struct db_rows *rows;
	char id[DB_INT_TEXT];

	if (api_run_by_id(c, &SQL_READ_PRODUCTS, API_IDS, binds, "product", &rows, e) != 0)
		return -1;
	db_rows_free(rows);
	snprintf(id, sizeof id, "%lld", (long long)cgi_id(c));
	return list_ledger(c, id, NULL, e);
}

int apilog_quarantine(struct cgi *c, struct err *e)
{
	struct api *a = cgi_ctx(c);
	struct page_tally none = {0};
	struct db_rows *found = NULL;
	struct db_param ids;
	struct page p;
	int rc;

	if (page_read(c, &p, e) != 0)
		return -1;
	rc = api_list_all(c, &p, &none, &SQL_PAGE_QUARANTINE, &found, e);
	if (rc == 0)
		rc = page_put(c, &p, "quarantine", a->db, &SQL_READ_QUARANTINE, &ids, found, e);
	db_rows_free(found);
	return rc;
}

int apilog_quarantined(struct cgi *c, struct err *e)
{
	return api_send_bytes(c, &SQL_READ_QUARANTINED, "quarantined", "application/octet-stream", e);
}

int apilog_payload(struct cgi *c, struct err *e)
{
	return api_send_bytes(c, &SQL_READ_PAYLOAD, "payload", "application/json", e);
}
