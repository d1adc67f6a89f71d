/* SPDX-License-Identifier: MIT
 *
 * deliveries: what a webhook was sent, and sending it again. The statements decide
 * what can be sent again.
 */
#include "api/api.h"
#include "api/resources.h"
#include "sql.h"

static const struct param status_param = {
	"status", PARAM_CHOICE, "waiting,delivered,given_up,skipped", 0, 0};

static const struct param *const list_params[] = {PAGING_PARAMS, &status_param, &api_since, NULL};
static const struct param *const replay_params[] = {&api_since, NULL};

static int find_deliveries(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e)
{
	enum { WEBHOOK = PAGING_BINDS, STATUS, SINCE, BINDS };
	const char *since = api_filter(c, &api_since);
	struct db_param binds[BINDS];

	paging_bind(p, binds);
	binds[WEBHOOK] = db_param_int(cgi_id(c));
	binds[STATUS] = db_param_text(api_filter(c, &status_param));
	binds[SINCE] = db_param_text(since ? since : "-infinity");
	return api_run(cgi_ctx(c), &SQL_FIND_DELIVERIES, binds, found, e);
}

static int list_deliveries(struct cgi *c, struct err *e)
{
	struct api_list l = {.name = "deliveries", .find = find_deliveries,
			     .read = &SQL_READ_DELIVERIES};
	struct db_param binds[2] = {{0}, db_param_text("f")};
	struct db_rows *rows;

	if (api_run_by_id(c, &SQL_READ_WEBHOOKS, API_IDS, binds, "webhook", &rows, e) != 0)
		return -1;
	db_rows_free(rows);
	l.binds[1] = db_param_int(cgi_id(c));
	return api_list(c, l, e);
}

static int replay_delivery(struct cgi *c, struct err *e)
{
	enum { STATE, DONE, ENABLED };
	struct db_param binds[1];
	struct db_rows *rows;
	int rc = 0;

	if (api_run_by_id(c, &SQL_REPLAY_DELIVERY, API_ID, binds, "delivery", &rows, e) != 0)
		return -1;
	if (db_bool(rows, 0, DONE)) {
		cgi_status(c, 202);
		buf_addf(cgi_out(c), "{\"delivery_id\":%lld,\"status\":\"waiting\"}\n",
			 (long long)cgi_id(c));
	} else {
		rc = err_set(e, ERR_CONFLICT, "delivery %lld %s", (long long)cgi_id(c),
			     db_bool(rows, 0, ENABLED) ? "is waiting already"
						       : "is of a webhook that is disabled or "
						       "deleted");
	}
	db_rows_free(rows);
	return rc;
}

static int replay_all(struct cgi *c, struct err *e)
{
	const char *since = api_filter(c, &api_since);
	struct db_param shows[2] = {{0}, db_param_text("f")};
	struct db_param binds[] = {{0}, db_param_text(since ? since : "-infinity")};
	struct db_rows *rows;

	if (api_run_by_id(c, &SQL_READ_WEBHOOKS, API_IDS, shows, "webhook", &rows, e) != 0)
		return -1;
	db_rows_free(rows);
	if (api_run_by_id(c, &SQL_REPLAY_DELIVERIES, API_ID, binds, "webhook", &rows, e) != 0)
		return e->code == ERR_NOTFOUND ? err_set(e, ERR_CONFLICT, "the webhook is disabled")
					       : -1;
	cgi_status(c, 202);
	buf_addf(cgi_out(c), "{\"replayed\":%s}\n", db_text(rows, 0, 0));
	db_rows_free(rows);
	return 0;
}

const struct cgi_route deliveries_routes[] = {
	{"GET", "/api/webhooks/{id}/deliveries", CGI_READ, list_params, list_deliveries},
	{"POST", "/api/webhooks/{id}/replay", CGI_WRITE, replay_params, replay_all},
	{"POST", "/api/deliveries/{id}/replay", CGI_WRITE, cgi_no_params, replay_delivery},
	{0}};
