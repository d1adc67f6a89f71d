/* SPDX-License-Identifier: MIT
 *
 * inventory: the lock of a stock row, within a statement, is all that changes
 * need; what they are for stands in the ledger.
 */
#include "api/api.h"
#include "api/products.h"
#include "api/resources.h"
#include "base/clock.h"
#include "base/record.h"
#include "sql.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MOST_REASON = 500, USUAL_SHORTAGES = 200 };

static const struct param sku_param = {"sku", PARAM_TEXT, NULL, 0, 8000};
static const struct param low_param = {"low", PARAM_BOOL, NULL, 0, 0};

static const struct param sort_param = {"sort", PARAM_CHOICE, "-id,quantity,-quantity", 0, 0};

static const struct param *const list_params[] = {PAGING_PARAMS, &sort_param, &sku_param,
						  &products_text, &products_category, &low_param,
						  NULL};
static const struct param *const alert_params[] = {PAGING_PARAMS, NULL};
static const struct param limit_param = {"limit", PARAM_INT, NULL, 1, 1000};
static const struct param *const shortage_params[] = {&limit_param, NULL};

/* Those that are low or out, have `text` in the SKU or the name, and are of the category; NULL:
 * any. */
static int find_low_with(struct cgi *c, struct paging *p, const char *text, const char *category,
			 struct db_rows **found, struct err *e)
{
	enum { TEXT = PAGING_BINDS, ASCII, CATEGORY, BINDS };
	struct db_param binds[BINDS];
	struct api_needle needle;
	int rc;

	paging_bind(p, binds);
	binds[TEXT] = api_needle(&needle, text);
	binds[ASCII] = api_needle_ascii(&needle);
	binds[CATEGORY] = db_param_text(category);
	rc = api_run(cgi_ctx(c), &SQL_FIND_LOW_STOCK, binds, found, e);
	buf_release(&needle.like);
	return rc;
}

static int find_inventory(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e)
{
	enum { SKUS = PAGING_BINDS, LOW, BINDS };
	struct api *a = cgi_ctx(c);
	const char *skus = api_filter(c, &sku_param), *text = api_filter(c, &products_text);
	const char *category = api_filter(c, &products_category);
	struct db_param binds[BINDS];
	bool low = api_flag(c, &low_param);

	if (skus && (text || category))
		return cgi_invalid(c, "parameter", text ? "q" : "category",
				   "does not go with sku", e);
	if (low && skus == NULL)
		return find_low_with(c, p, text, category, found, e);
	if (text || category)
		return products_find_text(c, p, text, category, found, e);
	if (skus == NULL) {
		p->filtered = false;
		p->most = p->size + 1;
		return paging_all(p, &a->tallies.products, a->db, &SQL_TALLY_PRODUCTS,
				  &SQL_PAGE_PRODUCTS, found, e);
	}
	paging_bind(p, binds);
	binds[SKUS] = db_param_text(skus);
	binds[LOW] = db_param_bool(low);
	return api_run(a, &SQL_FIND_SKUS, binds, found, e);
}

static int list_stock(struct cgi *c, struct err *e)
{
	const char *sort = paging_sort(c, &sort_param);
	struct api *a = cgi_ctx(c);
	const struct db_query *all = sort == NULL ? &SQL_PAGE_PRODUCTS
		: *sort == '-' ? &SQL_PAGE_STOCK_DOWN : &SQL_PAGE_STOCK;

	return api_list(c, (struct api_list){
		.name = "inventory", .count = &SQL_TALLY_PRODUCTS, .tally = &a->tallies.products,
		.all = all, .find = find_inventory, .read = &SQL_READ_INVENTORY,
		.sort = &sort_param, .binds = {{0}, db_param_text(a->threshold)}}, e);
}

static int find_low(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e)
{
	return find_low_with(c, p, NULL, NULL, found, e);
}

static int list_alerts(struct cgi *c, struct err *e)
{
	const struct api *a = cgi_ctx(c);

	return api_list(c, (struct api_list){.name = "alerts", .find = find_low,
					     .read = &SQL_READ_INVENTORY,
					     .binds = {{0}, db_param_text(a->threshold)}}, e);
}

static int list_shortages(struct cgi *c, struct err *e)
{
	struct db_param limit = db_param_int(cgi_int(c, &limit_param, USUAL_SHORTAGES));
	struct buf *b = cgi_out(c);
	struct db_rows *rows;

	if (api_run(cgi_ctx(c), &SQL_READ_SHORTAGES, &limit, &rows, e) != 0)
		return -1;
	record_open(b, NULL, '{');
	record_open(b, "shortages", '[');
	for (int i = 0; i < db_count(rows); i++)
		buf_addf(b, "%s%s", i ? ",\n" : "", db_text(rows, i, 0));
	record_close(b, ']');
	record_int(b, "total", db_count(rows) ? db_int(rows, 0, 1) : 0);
	record_end(b);
	db_rows_free(rows);
	return 0;
}

static int show_stock(struct cgi *c, struct err *e)
{
	const struct api *a = cgi_ctx(c);
	struct db_param binds[2] = {{0}, db_param_text(a->threshold)};

	return api_show(c, &SQL_READ_INVENTORY, API_IDS, binds, "product", e);
}

/* --- changes --- */

struct change {
	enum { CHANGE_NONE, CHANGE_SET, CHANGE_ADD, CHANGE_LEVEL } kind;
	int64_t units;
	bool none; /* reorder_level null */
	const char *reason;
	const char *counted_at; /* RFC 3339; NULL: now */
	bool adds;              /* POST: what is sent twice counts twice */
};

static int read_number(struct cgi *c, const char *key, const json_t *j, int64_t min,
		       struct change *ch, struct err *e)
{
	char why[100];

	ch->units = json_is_integer(j) ? json_integer_value(j) : INT64_MAX;
	if (ch->kind == CHANGE_ADD && ch->units == 0)
		return api_invalid_member(c, key, "must not be 0", e);
	if (ch->units >= min && ch->units <= INT32_MAX)
		return 0;
	snprintf(why, sizeof why, "must be a whole number from %lld to %d", (long long)min,
		 INT32_MAX);
	return api_invalid_member(c, key, why, e);
}

static int read_reason(struct cgi *c, const json_t *j, struct change *ch, struct err *e)
{
	ch->reason = json_string_value(j);
	if (ch->reason && *ch->reason && json_string_length(j) <= MOST_REASON &&
	    strlen(ch->reason) == json_string_length(j))
		return 0;
	return cgi_invalid(c, "pointer", "/reason", "must be a text of 1 to 500 bytes", e);
}

static int read_time(struct cgi *c, const json_t *j, struct change *ch, struct err *e)
{
	int64_t us;

	ch->counted_at = json_string_value(j);
	if (ch->counted_at == NULL || !clock_parse_rfc3339(ch->counted_at, &us))
		return cgi_invalid(c, "pointer", "/counted_at", "must be an RFC 3339 time", e);
	if (us > clock_wall_us())
		return cgi_invalid(c, "pointer", "/counted_at", "is in the future", e);
	return 0;
}

static int read_member(struct cgi *c, const char *key, const json_t *j, struct change *ch,
		       struct err *e)
{
	static const char *const kinds[] = {"", "quantity", "add", "reorder_level"};
	static const int64_t least[] = {0, 0, INT32_MIN, 0};
	int kind = CHANGE_LEVEL;

	if (strcmp(key, "reason") == 0)
		return read_reason(c, j, ch, e);
	if (strcmp(key, "counted_at") == 0)
		return read_time(c, j, ch, e);
	while (kind > 0 && strcmp(key, kinds[kind]) != 0)
		kind--;
	if (kind == CHANGE_NONE)
		return api_invalid_member(c, key, "is not known here", e);
	if ((kind == CHANGE_ADD) != ch->adds)
		return api_invalid_member(c, key, ch->adds ? "is set with PUT"
					  : "is added with POST, since a PUT may be sent twice", e);
	if (ch->kind != CHANGE_NONE)
		return api_invalid_member(
			c, key, "stands beside another: one of quantity and reorder_level", e);
	ch->kind = kind;
	ch->none = kind == CHANGE_LEVEL && json_is_null(j);
	return ch->none ? 0 : read_number(c, key, j, least[kind], ch, e);
}

static int read_change(struct cgi *c, struct change *ch, struct err *e)
{
	const char *key;
	json_t *body, *j;
	int rc = 0;

	if (cgi_json(c, &body, e) != 0)
		return -1;
	json_object_foreach(body, key, j)
		if (read_member(c, key, j, ch, e) != 0)
			rc = -1;
	if (rc == 0 && ch->kind == CHANGE_NONE)
		rc = cgi_invalid(c, "pointer", "", ch->adds ? "needs add"
				 : "needs one of quantity and reorder_level", e);
	else if (rc == 0 && ch->counted_at && ch->kind != CHANGE_SET)
		rc = cgi_invalid(c, "pointer", "/counted_at", "belongs to quantity", e);
	else if (rc == 0 && ch->kind != CHANGE_LEVEL && ch->reason == NULL)
		rc = cgi_invalid(c, "pointer", "/reason", "is missing", e);
	return rc;
}

static int adjust(struct cgi *c, const struct change *ch, struct err *e)
{
	const struct api *a = cgi_ctx(c);
	const char *user = cgi_user(c);
	struct db_param binds[] = {{0},
				   db_param_int(ch->units),
				   db_param_text(ch->counted_at ? "count"
						 : ch->kind == CHANGE_SET ? "set" : "add"),
				   db_param_text(ch->reason),
				   db_param_text(*user ? user : "api"),
				   db_param_text(a->threshold),
				   db_param_text(ch->counted_at)};
	struct db_rows *rows;

	if (api_run_by_id(c, &SQL_ADJUST_STOCK, API_ID, binds, "product", &rows, e) == 0) {
		db_rows_free(rows);
		return 0;
	}
	if (strcmp(e->sqlstate, "23514") == 0)
		return err_set(e, ERR_CONFLICT, "the stock would fall below 0");
	if (strcmp(e->sqlstate, "22003") == 0)
		return err_set(e, ERR_CONFLICT, "the stock would rise above %d", INT32_MAX);
	return -1;
}

static int set_level(struct cgi *c, const struct change *ch, struct err *e)
{
	const struct api *a = cgi_ctx(c);
	struct buf column = BUF_INIT;
	struct db_rows *rows;
	int rc;

	record_open(&column, NULL, '{');
	if (ch->none)
		record_null(&column, "reorder_level");
	else
		record_int(&column, "reorder_level", ch->units);
	record_close(&column, '}');
	struct db_param binds[] = {{0}, db_param_text(column.data), db_param_text(a->threshold)};
	rc = api_run_by_id(c, &SQL_UPDATE_PRODUCT, API_ID, binds, "product", &rows, e);
	buf_release(&column);
	if (rc != 0)
		return -1;
	db_rows_free(rows);
	return 0;
}

/* Answers with the stock after it. */
static int change(struct cgi *c, bool adds, struct err *e)
{
	struct change ch = {.adds = adds};

	if (read_change(c, &ch, e) != 0)
		return -1;
	if ((ch.kind == CHANGE_LEVEL ? set_level(c, &ch, e) : adjust(c, &ch, e)) != 0)
		return -1;
	return show_stock(c, e);
}

/* Takes one of {"quantity": N, "reason": …} and {"reorder_level": N or null}. */
static int set_stock(struct cgi *c, struct err *e)
{
	return change(c, false, e);
}

/* Takes {"add": N, "reason": …}. */
static int add_stock(struct cgi *c, struct err *e)
{
	return change(c, true, e);
}

const struct cgi_route inventory_routes[] = {
	{"GET", "/api/inventory", CGI_READ, list_params, list_stock},
	{"GET", "/api/inventory/alerts", CGI_READ, alert_params, list_alerts},
	{"GET", "/api/inventory/shortages", CGI_READ, shortage_params, list_shortages},
	{"GET", "/api/inventory/{id}", CGI_READ, cgi_no_params, show_stock},
	{"PUT", "/api/inventory/{id}", CGI_WRITE, cgi_no_params, set_stock},
	{"POST", "/api/inventory/{id}", CGI_WRITE, cgi_no_params, add_stock},
	{0}};
