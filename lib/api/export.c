/* SPDX-License-Identifier: MIT
 *
 * export: a piece is what one statement finds above the last id, so that no
 * snapshot is held for a slow reader, and no piece is longer than about 1 MiB
 * and one product.
 */
#include "api/api.h"
#include "api/resources.h"
#include "api/products.h"
#include "base/jtext.h"
#include "catalogue/csvhead.h"
#include "catalogue/details.h"
#include "catalogue/product.h"
#include "sql.h"

#include <string.h>

enum { MOST_ROWS = 4000, MOST_BYTES = 1 << 20 };

static const struct param stock_param = {"stock", PARAM_BOOL, NULL, 0, 0};
static const struct param id_param = {"id", PARAM_BOOL, NULL, 0, 0};
static const struct param level_param = {"reorder_level", PARAM_BOOL, NULL, 0, 0};
static const struct param details_param = {"details", PARAM_BOOL, NULL, 0, 0};
static const struct param spreadsheet_param = {"spreadsheet", PARAM_BOOL, NULL, 0, 0};

static const struct param *const export_params[] = {&stock_param, &level_param, &spreadsheet_param,
						    &id_param, &details_param,
						    PRODUCTS_PARAMS, NULL};

static void add_cell(struct buf *b, const char *s, size_t n, bool spreadsheet)
{
	bool quoted = n > 0 &&
		(s[strcspn(s, ",\"\r\n")] || strchr(" \t", s[0]) || strchr(" \t", s[n - 1]));

	if (quoted)
		buf_addstr(b, "\"");
	if (spreadsheet && product_needs_guard((struct product_text){s, n}))
		buf_addstr(b, "'");
	for (size_t k; quoted && (k = strcspn(s, "\"")) < n; s += k + 1, n -= k + 1) {
		buf_add(b, s, k);
		buf_addstr(b, "\"\"");
	}
	buf_add(b, s, n);
	if (quoted)
		buf_addstr(b, "\"");
}

/* What an export has besides its products. */
struct extras {
	bool stock, level, spreadsheet, id;
	struct db_rows *details; /* their names, or NULL */
};

/* The details of one product, a cell for each name. */
static void add_details(struct buf *b, const char *json, size_t n, const struct extras *x)
{
	json_t *details = NULL;
	struct err ignored;

	if (n > 0 && jtext_parse(json, n, &details, &ignored) != 0)
		details = NULL;
	for (int i = 0; i < db_count(x->details); i++) {
		const json_t *v = json_object_get(details, db_text(x->details, i, 0));

		buf_addstr(b, ",");
		if (v)
			add_cell(b, json_string_value(v), json_string_length(v), x->spreadsheet);
	}
	json_decref(details);
}

static void add_rows(struct buf *b, const struct db_rows *rows, const struct extras *x)
{
	enum { NAME = 1, SKU, DESCRIPTION, ACTIVE, PRICE, CATEGORY, QUANTITY, LEVEL, DETAILS };
	enum { EXACT = 15 }; /* characters of a number that a spreadsheet keeps */

	for (int i = 0; i < db_count(rows); i++) {
		if (x->id)
			buf_addf(b, "%s,", db_text(rows, i, 0));
		for (int col = NAME; col <= CATEGORY; col++) {
			if (col > NAME)
				buf_addstr(b, ",");
			if (col == ACTIVE)
				buf_addstr(b, db_bool(rows, i, col) ? "true" : "false");
			else
				add_cell(b, db_text(rows, i, col), (size_t)db_length(rows, i, col),
					 x->spreadsheet && (col != PRICE ||
					 db_length(rows, i, col) > EXACT));
		}
		if (x->stock)
			buf_addf(b, ",%s,%s", db_text(rows, i, QUANTITY),
				 db_text(rows, i, QUANTITY));
		if (x->level)
			buf_addf(b, ",%s", db_text(rows, i, LEVEL));
		if (x->details)
			add_details(b, db_text(rows, i, DETAILS),
				    (size_t)db_length(rows, i, DETAILS), x);
		if (x->spreadsheet)
			buf_addstr(b, ",");
		buf_addstr(b, "\n");
	}
}

/* A client may take a broken connection for the end of the file, so the text says
 * that it is not: no import accepts a quotation mark that is not closed. */
static int break_off(struct cgi *c, struct err *e)
{
	struct err why = *e;

	buf_addstr(cgi_out(c), "\"the export broke off here and is not complete");
	if (cgi_flush(c, e) == 0)
		*e = why;
	return -1;
}

static int send_rows(struct cgi *c, const struct extras *x, const struct db_param *filter,
		     struct err *e)
{
	enum { ABOVE, ROWS, BYTES, FILTER, MORE = FILTER + PRODUCTS_BINDS, BINDS };
	int64_t above = 0;
	struct db_param binds[BINDS] = {
		[ABOVE] = db_param_int(above),
		[ROWS] = db_param_int(MOST_ROWS), [BYTES] = db_param_int(MOST_BYTES)};
	struct db_rows *rows;
	int n, rc = 0;

	memcpy(&binds[FILTER], filter, PRODUCTS_BINDS * sizeof *filter);
	binds[MORE] = db_param_bool(x->details != NULL);
	do {
		if (api_run(cgi_ctx(c), &SQL_EXPORT_PRODUCTS, binds, &rows, e) != 0)
			return above == 0 ? -1 : break_off(c, e);
		n = db_count(rows);
		add_rows(cgi_out(c), rows, x);
		if (n > 0)
			above = db_int(rows, n - 1, 0);
		binds[ABOVE] = db_param_int(above);
		db_rows_free(rows);
		rc = cgi_flush(c, e);
	} while (rc == 0 && n > 0 && strcmp(cgi_method(c), "HEAD") != 0);
	return rc;
}

/* Which details the products have. */
static int find_details(struct cgi *c, const struct db_param *filter, struct extras *x,
			struct err *e)
{
	struct db_param binds[PRODUCTS_BINDS + 1];

	if (!api_flag(c, &details_param))
		return 0;
	memcpy(binds, filter, PRODUCTS_BINDS * sizeof *filter);
	binds[PRODUCTS_BINDS] = db_param_text(DETAILS_EXTRA);
	return api_run(cgi_ctx(c), &SQL_LIST_DETAILS, binds, &x->details, e);
}

static void add_header(struct buf *b, const struct extras *x)
{
	/* Without the mark Excel takes the file for Windows-1252. */
	buf_addstr(b, x->spreadsheet ? "\xEF\xBB\xBF" : "");
	buf_addf(b, "%sname,sku,description,active,price,category%s%s",
		 x->id ? "fulfil_id," : "", x->stock ? ",quantity,quantity_was" : "",
		 x->level ? ",reorder_level" : "");
	for (int i = 0; x->details && i < db_count(x->details); i++) {
		buf_addstr(b, ",");
		add_cell(b, db_text(x->details, i, 0), (size_t)db_length(x->details, i, 0), false);
	}
	/* The last column of it is how the import knows the file for what it is. */
	buf_addf(b, "%s\n", x->spreadsheet ? "," CSVHEAD_SPREADSHEET : "");
}

static int export_products(struct cgi *c, struct err *e)
{
	struct extras x = {api_flag(c, &stock_param), api_flag(c, &level_param),
			   api_flag(c, &spreadsheet_param), api_flag(c, &id_param), NULL};
	struct products_filter f;
	int rc;

	cgi_type(c, "text/csv; charset=utf-8; header=present");
	cgi_header(c, "Content-Disposition", "attachment; filename=\"products.csv\"");
	products_filter_init(&f, c);
	rc = find_details(c, f.binds, &x, e);
	if (rc == 0) {
		add_header(cgi_out(c), &x);
		rc = send_rows(c, &x, f.binds, e);
	}
	db_rows_free(x.details);
	products_filter_release(&f);
	return rc;
}

const struct cgi_route export_routes[] = {
	{"GET", "/api/products/export.csv", CGI_READ, export_params, export_products},
	{0}};
