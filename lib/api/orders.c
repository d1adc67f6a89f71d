/* SPDX-License-Identifier: MIT
 *
 * orders: filters that an index serves are PostgreSQL's to follow, an exact name
 * too; a text is looked for in ORDERS_AT_ONCE orders at a time, the newest first.
 */
#include "api/api.h"
#include "api/resources.h"
#include "base/clock.h"
#include "base/record.h"
#include "filter/log.h"
#include "order/money.h"
#include "sql.h"

#include <stdlib.h>
#include <string.h>

/* RING_MOST ids of a bulk retry are worth a place on the list. */
enum { ORDERS_AT_ONCE = 10000, SEARCH_MS = 150, RING_MOST = 1000, ID_DIGITS = 18 };

static const struct param sort_param = {"sort", PARAM_CHOICE, "-id,id", 0, 0};
static const struct param status_param = {
	"status", PARAM_CHOICE, "pending,processing,completed,failed,cancelled", 0, 0};
static const struct param retry_status_param = {"status", PARAM_CHOICE, "failed,pending", 0, 0};
static const struct param text_param = {"q", PARAM_TEXT, NULL, 0, 200};
static const struct param exact_param = {"exact", PARAM_TEXT, NULL, 0, 1020};
static const struct param sku_param = {"sku", PARAM_TEXT, NULL, 0, 1020};

static const struct param *const list_params[] = {PAGING_PARAMS, &sort_param, &status_param,
						  &text_param, &exact_param, &sku_param,
						  &api_since, &api_until, NULL};
static const struct param *const retry_params[] = {&retry_status_param, &text_param, &sku_param,
						   &api_since, &api_until, NULL};

/* Searches ORDERS_AT_ONCE orders at a time until something is found, SEARCH_MS are
 * over or the list ends. binds: those of find-orders. */
static int search(struct api *a, struct paging *p, struct db_param *binds, struct db_rows **found,
		  struct err *e)
{
	enum { MATCHED = 1, RESUME };
	int64_t until = clock_ms() + SEARCH_MS;

	for (;;) {
		paging_bind(p, binds);
		if (api_run(a, p->sort ? &SQL_FIND_ORDERS_UP : &SQL_FIND_ORDERS, binds, found,
			    e) != 0)
			return -1;
		if (db_int(*found, 0, MATCHED) > 0 || db_is_null(*found, 0, RESUME) ||
		    clock_ms() > until)
			return 0;
		p->below = db_int(*found, 0, RESUME);
		db_rows_free(*found);
	}
}

static struct db_param number_bind(const char *q)
{
	size_t n = q ? strlen(q) : 0;

	return db_param_text(n > 0 && n <= ID_DIGITS && strspn(q, "0123456789") == n ? q : NULL);
}

/* room: what the answer points at. */
static struct db_param amount_bind(char room[MONEY_TEXT], const char *q)
{
	return db_param_text(q && money_read(room, q) ? room : NULL);
}

/* What is not shown is not found either, letter by letter. */
static struct db_param may_find_people(struct cgi *c)
{
	return db_param_bool(cgi_may_in(c, CGI_READ, SCOPES_PERSONAL));
}

/* Those that are called so exactly, by indexes alone. */
static int find_exact(struct cgi *c, struct paging *p, const char *exact, struct db_rows **found,
		      struct err *e)
{
	enum { FLOOR = PAGING_BINDS, SINCE, STATUS, TEXT, NUMBER, UNTIL, PEOPLE, BINDS };
	struct api *a = cgi_ctx(c);
	struct db_param binds[BINDS];
	struct api_span span;

	if (api_filter(c, &text_param) || api_filter(c, &sku_param))
		return cgi_invalid(c, "parameter", "exact", "does not go with q or sku", e);
	if (p->sort)
		return cgi_invalid(c, "parameter", "sort", "does not go with exact", e);
	if (api_span(c, &SQL_FIND_ORDERS_SINCE, NULL, &span, e) != 0)
		return -1;
	paging_bind(p, binds);
	binds[FLOOR] = db_param_int(span.floor);
	binds[SINCE] = db_param_text(span.since);
	binds[STATUS] = db_param_text(api_filter(c, &status_param));
	binds[TEXT] = db_param_text(exact);
	binds[NUMBER] = number_bind(exact);
	binds[UNTIL] = db_param_text(span.until);
	binds[PEOPLE] = may_find_people(c);
	return api_run(a, &SQL_FIND_ORDERS_EXACT, binds, found, e);
}

static int find_orders(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e)
{
	enum { AT_ONCE = PAGING_BINDS, FLOOR, SINCE, STATUS, NUMBER, PATTERN, SKU, ASCII,
	       CEILING, UNTIL, AMOUNT, PEOPLE, BINDS };
	struct api *a = cgi_ctx(c);
	char amount[MONEY_TEXT];
	const char *q = api_filter(c, &text_param), *sku = api_filter(c, &sku_param);
	struct db_param binds[BINDS];
	struct api_needle n;
	struct api_span span;
	int rc;

	if (api_filter(c, &exact_param))
		return find_exact(c, p, api_filter(c, &exact_param), found, e);
	if (api_span(c, &SQL_FIND_ORDERS_SINCE, &SQL_FIND_ORDERS_UNTIL, &span, e) != 0)
		return -1;
	binds[AT_ONCE] = db_param_int(q || sku ? ORDERS_AT_ONCE : p->most);
	binds[FLOOR] = db_param_int(span.floor);
	binds[SINCE] = db_param_text(span.since);
	binds[STATUS] = db_param_text(api_filter(c, &status_param));
	binds[NUMBER] = number_bind(q);
	binds[PATTERN] = api_needle(&n, q);
	binds[SKU] = db_param_text(sku);
	binds[ASCII] = api_needle_ascii(&n);
	binds[CEILING] = db_param_int(span.ceiling);
	binds[UNTIL] = db_param_text(span.until);
	binds[AMOUNT] = amount_bind(amount, q);
	binds[PEOPLE] = may_find_people(c);
	rc = search(a, p, binds, found, e);
	buf_release(&n.like);
	return rc;
}

static int list_orders(struct cgi *c, struct err *e)
{
	struct api *a = cgi_ctx(c);
	const struct db_query *all =
		paging_sort(c, &sort_param) ? &SQL_PAGE_ORDERS_UP : &SQL_PAGE_ORDERS;

	return api_list(c,
			(struct api_list){.name = "orders",
					  .count = &SQL_TALLY_ORDERS,
					  .tally = &a->tallies.orders,
					  .all = all,
					  .find = find_orders,
					  .read = &SQL_READ_ORDERS,
					  .sort = &sort_param},
			e);
}

static int show_order(struct cgi *c, struct err *e)
{
	struct db_param binds[1];

	return api_show(c, &SQL_READ_ORDER, API_ID, binds, "order", e);
}

/* What was received of an order and who was told: a route of its own, since few who
 * ask for an order want it and it costs as much again. */
static int show_story(struct cgi *c, struct err *e)
{
	struct db_param binds[2] = {
		{0}, db_param_bool(cgi_may_in(c, CGI_WRITE, SCOPES_WEBHOOKS))};

	return api_show(c, &SQL_READ_ORDER_STORY, API_ID, binds, "order", e);
}

/* Workers also poll for due orders, so a failure is only logged. */
static void ring(struct api *a, const int64_t *ids, size_t n)
{
	struct err e = {0};

	if (n > 0 && doorbell_push(a->queue, ids, n, &e) != 0)
		log_say(LOG_DEBUG, "%s; workers find the orders by themselves", e.msg);
}

static int change_order(struct cgi *c, const struct db_query *q, const char *why, struct err *e)
{
	enum { STATUS, DONE };
	struct buf *b = cgi_out(c);
	struct db_param binds[1];
	struct db_rows *rows;
	int64_t id = cgi_id(c);
	int rc = 0;

	if (api_run_by_id(c, q, API_ID, binds, "order", &rows, e) != 0)
		return -1;
	if (db_bool(rows, 0, DONE)) {
		ring(cgi_ctx(c), &id, 1);
		cgi_status(c, 202);
		record_open(b, NULL, '{');
		record_int(b, "order_id", id);
		record_text(b, "status", db_text(rows, 0, STATUS));
		record_end(b);
	} else {
		rc = err_set(e, ERR_CONFLICT, "order %lld is %s; %s", (long long)id,
			     db_text(rows, 0, STATUS), why);
	}
	db_rows_free(rows);
	return rc;
}

static int retry_order(struct cgi *c, struct err *e)
{
	return change_order(c, &SQL_RETRY_ORDER, "only one that failed, waits for its next "
			    "attempt, or was cancelled and could not put back what it took, can be "
			    "started again", e);
}

static int cancel_order(struct cgi *c, struct err *e)
{
	return change_order(c, &SQL_CANCEL_ORDER, "it cannot be cancelled again", e);
}

/* Rings for the ids of "{7,9}". */
static void ring_all(struct api *a, const char *array)
{
	int64_t ids[RING_MOST];
	size_t n = 0;
	char *end;

	for (const char *s = array; n < RING_MOST && (*s == '{' || *s == ','); s = end) {
		ids[n] = strtoll(s + 1, &end, 10);
		n += end != s + 1;
	}
	ring(a, ids, n);
}

/* Starts the orders again that match, which have failed or wait for another try. */
static int retry_all(struct cgi *c, struct err *e)
{
	enum { FLOOR, SINCE, NUMBER, PATTERN, SKU, ASCII, MOST, STATUS, CEILING, UNTIL,
	       AMOUNT, PEOPLE, BINDS };
	struct api *a = cgi_ctx(c);
	struct buf *b = cgi_out(c);
	const char *q = api_filter(c, &text_param);
	char amount[MONEY_TEXT];
	struct db_param binds[BINDS];
	struct db_rows *rows;
	struct api_needle n;
	struct api_span span;
	int rc;

	if (api_filter(c, &retry_status_param) == NULL)
		return cgi_invalid(c, "parameter", "status", "must say failed or pending", e);
	if (api_span(c, &SQL_FIND_ORDERS_SINCE, &SQL_FIND_ORDERS_UNTIL, &span, e) != 0)
		return -1;
	binds[FLOOR] = db_param_int(span.floor);
	binds[SINCE] = db_param_text(span.since);
	binds[NUMBER] = number_bind(q);
	binds[PATTERN] = api_needle(&n, q);
	binds[SKU] = db_param_text(api_filter(c, &sku_param));
	binds[ASCII] = api_needle_ascii(&n);
	binds[CEILING] = db_param_int(span.ceiling);
	binds[UNTIL] = db_param_text(span.until);
	binds[MOST] = db_param_int(RING_MOST);
	binds[STATUS] = db_param_text(api_filter(c, &retry_status_param));
	binds[AMOUNT] = amount_bind(amount, q);
	binds[PEOPLE] = may_find_people(c);
	rc = api_run(a, &SQL_RETRY_ORDERS, binds, &rows, e);
	buf_release(&n.like);
	if (rc != 0)
		return -1;
	ring_all(a, db_text(rows, 0, 1));
	cgi_status(c, 202);
	record_open(b, NULL, '{');
	record_int(b, "retried", db_int(rows, 0, 0));
	record_end(b);
	db_rows_free(rows);
	return 0;
}

const struct cgi_route orders_routes[] = {
	{"GET", "/api/orders", CGI_READ, list_params, list_orders},
	{"GET", "/api/orders/{id}", CGI_READ, cgi_no_params, show_order},
	{"GET", "/api/orders/{id}/story", CGI_READ, cgi_no_params, show_story},
	{"POST", "/api/orders/retry", CGI_WRITE, retry_params, retry_all},
	{"POST", "/api/orders/{id}/retry", CGI_WRITE, cgi_no_params, retry_order},
	{"POST", "/api/orders/{id}/cancel", CGI_WRITE, cgi_no_params, cancel_order},
	{0}};
