/* SPDX-License-Identifier: MIT
 *
 * feeds: the files that come again and again under a name, as they were the last time.
 */
#include "api/api.h"
#include "api/resources.h"
#include "base/record.h"
#include "catalogue/product.h"
#include "sql.h"

enum { USUAL_FEEDS = 200 };

static const struct param limit_param = {"limit", PARAM_INT, NULL, 1, 1000};
static const struct param *const feeds_params[] = {&limit_param, NULL};

static void put_columns(struct buf *b, int64_t bits)
{
	record_open(b, "columns", '[');
	for (int i = 0; i < PRODUCT_COLUMNS; i++)
		if (bits & (int64_t)1 << i)
			record_text(b, NULL, product_column_name((enum product_column)i));
	record_close(b, ']');
}

static int list_feeds(struct cgi *c, struct err *e)
{
	enum { NAME, ROWS, COLUMNS, OPTIONS, AT, REFUSED, REFUSED_AT, TOTAL };
	struct db_param limit = db_param_int(cgi_int(c, &limit_param, USUAL_FEEDS));
	struct buf *b = cgi_out(c);
	struct db_rows *rows;

	if (api_run(cgi_ctx(c), &SQL_READ_FEEDS, &limit, &rows, e) != 0)
		return -1;
	record_open(b, NULL, '{');
	record_open(b, "feeds", '[');
	for (int i = 0; i < db_count(rows); i++) {
		record_open(b, NULL, '{');
		record_text(b, "name", db_text(rows, i, NAME));
		record_int(b, "rows", db_int(rows, i, ROWS));
		put_columns(b, db_int(rows, i, COLUMNS));
		record_json(b, "options", db_text(rows, i, OPTIONS));
		record_text(b, "imported_at", db_text(rows, i, AT));
		record_text(b, "refused", db_text_or_null(rows, i, REFUSED));
		record_text(b, "refused_at", db_text_or_null(rows, i, REFUSED_AT));
		record_close(b, '}');
	}
	record_close(b, ']');
	record_int(b, "total", db_count(rows) ? db_int(rows, 0, TOTAL) : 0);
	record_end(b);
	db_rows_free(rows);
	return 0;
}

const struct cgi_route feeds_routes[] = {
	{"GET", "/api/feeds", CGI_READ, feeds_params, list_feeds},
	{0}};
