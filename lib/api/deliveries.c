/* SPDX-License-Identifier: MIT
 *
 * deliveries: what a webhook was sent, and sending it again. The statements decide
 * what can be sent again.
 */
#include "api/api.h"
#include "api/resources.h"
#include "base/record.h"
#include "sql.h"
#include "webhook/event.h"
#include "webhook/feed.h"

#include <string.h>

static const struct param status_param = {
	"status", PARAM_CHOICE, "waiting,delivered,given_up,skipped", 0, 0};

static const struct param webhook_param = {"webhook_id", PARAM_INT, NULL, 1, INT64_MAX};
static const struct param event_param = {"event", PARAM_TEXT, NULL, 0, 64};
static const struct param order_param = {"order", PARAM_TEXT, NULL, 0, 255};
static const struct param sku_param = {"sku", PARAM_TEXT, NULL, 0, 1020};

#define SEARCH_PARAMS &status_param, &event_param, &order_param, &sku_param, &api_since, &api_until

static const struct param *const list_params[] = {PAGING_PARAMS, SEARCH_PARAMS, NULL};
static const struct param *const all_params[] = {PAGING_PARAMS, &webhook_param, SEARCH_PARAMS,
						 NULL};
static const struct param *const replay_params[] = {&api_since, NULL};

/* --- the list --- */

/* An event by its id, or all of a type. */
static int read_event(struct cgi *c, struct db_param *id, struct db_param *type, struct err *e)
{
	const char *event = api_filter(c, &event_param);
	struct feed_from from = {0};
	struct err why;

	*id = *type = db_param_text(NULL);
	if (event == NULL)
		return 0;
	if (event_known(event, false))
		*type = db_param_text(event);
	else if (strncmp(event, "evt_", 4) == 0 && feed_since(&from, event, &why) == 0)
		*id = db_param_int(from.after);
	else
		return cgi_invalid(c, "parameter", "event",
				   "must be a type of events, or the id of one, evt_…", e);
	return 0;
}

static int find(struct cgi *c, struct paging *p, struct db_param webhook, struct db_rows **found,
		struct err *e)
{
	enum { WEBHOOK = PAGING_BINDS, STATUS, SINCE, EVENT, ORDER, SKU, TYPE, UNTIL, BINDS };
	const char *until = api_filter(c, &api_until);
	struct db_param binds[BINDS];

	paging_bind(p, binds);
	binds[WEBHOOK] = webhook;
	binds[STATUS] = db_param_text(api_filter(c, &status_param));
	binds[SINCE] = db_param_text(api_filter(c, &api_since));
	binds[UNTIL] = db_param_text(until ? until : "infinity");
	binds[ORDER] = db_param_text(api_filter(c, &order_param));
	binds[SKU] = db_param_text(api_filter(c, &sku_param));
	if (read_event(c, &binds[EVENT], &binds[TYPE], e) != 0)
		return -1;
	return api_run(cgi_ctx(c), &SQL_FIND_DELIVERIES, binds, found, e);
}

static int find_of_one(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e)
{
	return find(c, p, db_param_int(cgi_id(c)), found, e);
}

static int list_of_one(struct cgi *c, struct err *e)
{
	struct api_list l = {.name = "deliveries", .find = find_of_one,
			     .read = &SQL_READ_DELIVERIES};
	struct db_param binds[2] = {{0}, db_param_text("f")};
	struct db_rows *rows;

	if (api_run_by_id(c, &SQL_READ_WEBHOOKS, API_IDS, binds, "webhook", &rows, e) != 0)
		return -1;
	db_rows_free(rows);
	l.binds[1] = db_param_int(cgi_id(c));
	return api_list(c, l, e);
}

static struct db_param webhook_of(struct cgi *c)
{
	int64_t id = cgi_int(c, &webhook_param, 0);

	return id ? db_param_int(id) : db_param_text(NULL);
}

static int find_of_all(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e)
{
	return find(c, p, webhook_of(c), found, e);
}

static int list_of_all(struct cgi *c, struct err *e)
{
	struct api_list l = {.name = "deliveries", .find = find_of_all,
			     .read = &SQL_READ_DELIVERIES};

	l.binds[1] = webhook_of(c);
	return api_list(c, l, e);
}

/* --- once more --- */

static int replay_delivery(struct cgi *c, struct err *e)
{
	enum { STATE, DONE, ENABLED };
	struct buf *b = cgi_out(c);
	struct db_param binds[1];
	struct db_rows *rows;
	int rc = 0;

	if (api_run_by_id(c, &SQL_REPLAY_DELIVERY, API_ID, binds, "delivery", &rows, e) != 0)
		return -1;
	if (db_bool(rows, 0, DONE)) {
		cgi_status(c, 202);
		record_open(b, NULL, '{');
		record_int(b, "delivery_id", cgi_id(c));
		record_text(b, "status", "waiting");
		record_end(b);
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
	struct buf *b = cgi_out(c);
	struct db_rows *rows;

	if (api_run_by_id(c, &SQL_READ_WEBHOOKS, API_IDS, shows, "webhook", &rows, e) != 0)
		return -1;
	db_rows_free(rows);
	if (api_run_by_id(c, &SQL_REPLAY_DELIVERIES, API_ID, binds, "webhook", &rows, e) != 0)
		return e->code == ERR_NOTFOUND ? err_set(e, ERR_CONFLICT, "the webhook is disabled")
					       : -1;
	cgi_status(c, 202);
	record_open(b, NULL, '{');
	record_int(b, "replayed", db_int(rows, 0, 0));
	record_end(b);
	db_rows_free(rows);
	return 0;
}

const struct cgi_route deliveries_routes[] = {
	{"GET", "/api/webhooks/{id}/deliveries", CGI_READ, list_params, list_of_one},
	{"GET", "/api/deliveries", CGI_READ, all_params, list_of_all},
	{"POST", "/api/webhooks/{id}/replay", CGI_WRITE, replay_params, replay_all},
	{"POST", "/api/deliveries/{id}/replay", CGI_WRITE, cgi_no_params, replay_delivery},
	{0}};
