/* SPDX-License-Identifier: MIT
 *
 * products: what is common is soon found among the newest products, or among
 * WIDER times as many; for what is not, all of them are read, which PostgreSQL
 * shares among its workers.
 * A body goes to PostgreSQL as one object of checked values, so one statement
 * does for whichever columns it names.
 */
#include "api/products.h"

#include "api/api.h"
#include "api/detail.h"
#include "api/resources.h"
#include "base/record.h"
#include "catalogue/product.h"
#include "sql.h"

#include <stdio.h>
#include <string.h>

/* A description of 1 MiB may be spelled in six bytes each, as \u0001 is. */
enum { PRODUCTS_AT_ONCE = 60000, WIDER = 4, MOST_BODY = 7 << 20, INT_TEXT = 24 };

const struct param products_sku = {"sku", PARAM_TEXT, NULL, 0, 1020};
const struct param products_name = {"name", PARAM_TEXT, NULL, 0, 1020};
const struct param products_description = {"description", PARAM_TEXT, NULL, 0, 1020};
const struct param products_text = {"q", PARAM_TEXT, NULL, 0, 1020};
const struct param products_active = {"active", PARAM_BOOL, NULL, 0, 0};
const struct param products_barcode = {"barcode", PARAM_TEXT, NULL, 0, 1020};
const struct param products_vendor = {"vendor", PARAM_TEXT, NULL, 0, 1020};
const struct param products_group = {"group", PARAM_TEXT, NULL, 0, 1020};
const struct param products_tag = {"tag", PARAM_TEXT, NULL, 0, 1020};
const struct param products_category = {"category", PARAM_TEXT, NULL, 0, 1020};
static const struct param sort_param = {"sort", PARAM_CHOICE, "-id,sku,-sku", 0, 0};
static const struct param confirm_param = {"confirm", PARAM_BOOL, NULL, 0, 0};

static const struct param *const list_params[] = {PAGING_PARAMS, &sort_param, PRODUCTS_PARAMS,
						  NULL};
static const struct param *const count_params[] = {PRODUCTS_PARAMS, NULL};
static const struct param *const delete_params[] = {&confirm_param, PRODUCTS_PARAMS, NULL};

/* --- finding --- */

static void fill_texts(struct products_filter *f, const char *const texts[PRODUCTS_TEXTS])
{
	for (int i = 0; i < PRODUCTS_TEXTS; i++) {
		f->binds[1 + 2 * i] = api_needle(&f->text[i], texts[i]);
		f->binds[2 + 2 * i] = api_needle_ascii(&f->text[i]);
	}
}

void products_filter_init(struct products_filter *f, struct cgi *c)
{
	const char *const texts[PRODUCTS_TEXTS] = {
		api_filter(c, &products_sku), api_filter(c, &products_name),
		api_filter(c, &products_description), api_filter(c, &products_text)};

	fill_texts(f, texts);
	f->binds[0] = db_param_text(api_filter(c, &products_active));
	f->binds[PRODUCTS_EXACT] = db_param_text(api_filter(c, &products_barcode));
	f->binds[PRODUCTS_EXACT + 1] = db_param_text(api_filter(c, &products_vendor));
	f->binds[PRODUCTS_EXACT + 2] = db_param_text(api_filter(c, &products_group));
	f->binds[PRODUCTS_EXACT + 3] = db_param_text(api_filter(c, &products_tag));
	f->binds[PRODUCTS_CATEGORY] = db_param_text(api_filter(c, &products_category));
}

void products_filter_release(struct products_filter *f)
{
	for (int i = 0; i < PRODUCTS_TEXTS; i++)
		buf_release(&f->text[i].like);
}

/* Too few were found, and there are more to look at. */
static bool is_short(const struct paging *p, const struct db_rows *found, int64_t *matched)
{
	enum { MATCHED = 1, REST };

	*matched = db_int(found, 0, MATCHED);
	return *matched < p->most && !db_is_null(found, 0, REST);
}

/* What f asks for, which is released. */
static int find_by(struct cgi *c, struct paging *p, struct products_filter *f,
		   struct db_rows **found, struct err *e)
{
	enum { FILTER = PAGING_BINDS, AT_ONCE = FILTER + PRODUCTS_BINDS, BINDS };
	struct db_param binds[BINDS];
	int64_t matched;
	int rc;

	paging_bind(p, binds);
	memcpy(&binds[FILTER], f->binds, sizeof f->binds);
	binds[AT_ONCE] = db_param_int(PRODUCTS_AT_ONCE);
	rc = api_run(cgi_ctx(c), &SQL_FIND_PRODUCTS, binds, found, e);
	if (rc == 0 && is_short(p, *found, &matched) && matched > p->most / WIDER) {
		db_rows_free(*found);
		binds[AT_ONCE] = db_param_int((int64_t)PRODUCTS_AT_ONCE * WIDER);
		rc = api_run(cgi_ctx(c), &SQL_FIND_PRODUCTS, binds, found, e);
	}
	if (rc == 0 && is_short(p, *found, &matched)) {
		db_rows_free(*found);
		rc = api_run(cgi_ctx(c), &SQL_SCAN_PRODUCTS, binds, found, e);
	}
	products_filter_release(f);
	return rc;
}

static int find_products(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e)
{
	struct products_filter f;

	products_filter_init(&f, c);
	return find_by(c, p, &f, found, e);
}

int products_find_text(struct cgi *c, struct paging *p, const char *text, const char *category,
		       struct db_rows **found, struct err *e)
{
	const char *texts[PRODUCTS_TEXTS] = {NULL, NULL, NULL, text};
	struct products_filter f;

	fill_texts(&f, texts);
	f.binds[0] = db_param_text(NULL);
	for (int i = PRODUCTS_EXACT; i < PRODUCTS_CATEGORY; i++)
		f.binds[i] = db_param_text(NULL);
	f.binds[PRODUCTS_CATEGORY] = db_param_text(category);
	return find_by(c, p, &f, found, e);
}

static int list_products(struct cgi *c, struct err *e)
{
	const char *sort = paging_sort(c, &sort_param);
	struct api *a = cgi_ctx(c);
	const struct db_query *all = sort == NULL ? &SQL_PAGE_PRODUCTS
		: *sort == '-' ? &SQL_PAGE_PRODUCTS_SKU_DOWN : &SQL_PAGE_PRODUCTS_SKU;

	return api_list(c,
			(struct api_list){.name = "products",
					  .count = &SQL_TALLY_PRODUCTS,
					  .tally = &a->tallies.products,
					  .all = all,
					  .find = find_products,
					  .read = &SQL_READ_PRODUCTS,
					  .sort = &sort_param},
			e);
}

static int show_product(struct cgi *c, struct err *e)
{
	struct db_param binds[1];

	return api_show(c, &SQL_READ_PRODUCTS, API_IDS, binds, "product", e);
}

/* --- what a body says --- */

/* The text of a member as product_check takes it: the digits of a number go to
 * `digits`. NULL, or what the member must be. */
static const char *read_text(enum product_column column, const json_t *j, struct product_text *v,
			     char digits[INT_TEXT])
{
	bool null = json_is_null(j), number = json_is_integer(j);

	*v = (struct product_text){json_string_value(j), json_string_length(j)};
	if (number || json_is_boolean(j)) {
		snprintf(digits, INT_TEXT, "%lld", (long long)json_integer_value(j));
		v->s = number ? digits : json_is_true(j) ? "t" : "f";
		v->n = strlen(v->s);
	}
	switch (column) {
	case PRODUCT_ACTIVE:
		return json_is_boolean(j) ? NULL : "must be true or false";
	case PRODUCT_REORDER_LEVEL:
		return null || number ? NULL : "must be a whole number or null";
	case PRODUCT_PRICE: /* jtext makes a string of a decimal number */
		return null || number || json_is_string(j) ? NULL : "must be a decimal or null";
	case PRODUCT_SKU:
	case PRODUCT_NAME:
		return json_is_string(j) ? NULL : "must be a text";
	default:
		return null || json_is_string(j) ? NULL : "must be a text or null";
	}
}

/* The pointer names the member; what is wrong need not do so again. */
static const char *unnamed(const char *detail, const char *key)
{
	size_t n = strlen(key);

	return strncmp(detail, key, n) == 0 && detail[n] == ' ' ? detail + n + 1 : detail;
}

static int read_member(struct cgi *c, const char *key, const json_t *j, json_t *columns,
		       struct err *e)
{
	struct product_fault f;
	struct product_text v;
	char digits[INT_TEXT];
	const char *wanted;
	int column = 0;

	if (strcmp(key, "details") == 0)
		return detail_read(c, j, columns, e);
	while (column < PRODUCT_QUANTITY && strcmp(key, product_column_name(column)) != 0)
		column++;
	if (column == PRODUCT_QUANTITY)
		return api_invalid_member(c, key,
					  strcmp(key, "quantity") == 0
						  ? "is changed at /api/inventory/{id}"
						  : "is not known here",
					  e);
	wanted = read_text(column, j, &v, digits);
	if (wanted)
		return api_invalid_member(c, key, wanted, e);
	if (product_check(column, &v, &f) != 0)
		return api_invalid_member(c, key, unnamed(f.detail, key), e);
	json_object_set_new_nocheck(columns, key,
				    v.s ? json_stringn_nocheck(v.s, v.n) : json_null());
	return 0;
}

/* The columns of the body, checked, as JSON text that the caller frees. A new
 * product `needs` a SKU and a name. All that is wrong is said at once. */
static int read_columns(struct cgi *c, bool needs, char **text, struct buf *sku, struct err *e)
{
	json_t *body, *j, *columns;
	const char *key;
	int rc = 0;

	*text = NULL;
	if (cgi_json_within(c, MOST_BODY, &body, e) != 0)
		return -1;
	columns = json_object();
	json_object_foreach(body, key, j)
		if (read_member(c, key, j, columns, e) != 0)
			rc = -1;
	for (int i = PRODUCT_SKU; needs && i <= PRODUCT_NAME; i++)
		if (json_object_get(body, product_column_name(i)) == NULL)
			rc = api_invalid_member(c, product_column_name(i), "is missing", e);
	j = json_object_get(columns, "sku");
	if (j)
		buf_addstr(sku, json_string_value(j));
	if (rc == 0)
		*text = json_dumps(columns, 0);
	json_decref(columns);
	return rc;
}

/* --- changing --- */

/* The SKU is another product's: says whose. */
static int say_taken(struct cgi *c, const struct buf *sku, struct err *e)
{
	struct db_param bind = db_param_text(sku->data);
	char text[100] = "the SKU was taken a moment ago; try again";
	struct db_rows *rows;

	if (api_run(cgi_ctx(c), &SQL_FIND_SKU, &bind, &rows, e) != 0)
		return -1;
	if (db_count(rows) > 0) {
		snprintf(text, sizeof text, "/api/products/%s", db_text(rows, 0, 0));
		cgi_header(c, "Location", text);
		snprintf(text, sizeof text, "the SKU is that of product %s", db_text(rows, 0, 0));
	}
	db_rows_free(rows);
	cgi_invalid(c, "pointer", "/sku", "is taken", e);
	return err_set(e, ERR_CONFLICT, "%s", text);
}

static int insert(struct cgi *c, const char *text, struct err *e)
{
	struct db_param bind = db_param_text(text);
	char room[40];
	struct db_rows *rows;

	if (api_run(cgi_ctx(c), &SQL_INSERT_PRODUCT, &bind, &rows, e) != 0)
		return -1;
	snprintf(room, sizeof room, "/api/products/%s", db_text(rows, 0, 0));
	cgi_header(c, "Location", room);
	snprintf(room, sizeof room, "{%s}", db_text(rows, 0, 0));
	db_rows_free(rows);
	bind = db_param_text(room);
	if (api_run(cgi_ctx(c), &SQL_READ_PRODUCTS, &bind, &rows, e) != 0)
		return -1;
	cgi_status(c, 201);
	buf_addf(cgi_out(c), "%s\n", db_count(rows) ? db_text(rows, 0, 0) : "null");
	db_rows_free(rows);
	return 0;
}

static int update(struct cgi *c, const char *text, struct err *e)
{
	const struct api *a = cgi_ctx(c);
	struct db_param binds[] = {{0}, db_param_text(text), db_param_text(a->threshold)};
	struct db_rows *rows;

	if (api_run_by_id(c, &SQL_UPDATE_PRODUCT, API_ID, binds, "product", &rows, e) != 0)
		return -1;
	db_rows_free(rows);
	return show_product(c, e);
}

static int write_product(struct cgi *c, bool new, struct err *e)
{
	struct buf sku = BUF_INIT;
	char *text;
	int rc = read_columns(c, new, &text, &sku, e);

	if (rc == 0)
		rc = new ? insert(c, text, e) : update(c, text, e);
	if (rc != 0 && strcmp(e->sqlstate, "23505") == 0)
		rc = say_taken(c, &sku, e);
	free(text);
	buf_release(&sku);
	return rc;
}

static int create_product(struct cgi *c, struct err *e)
{
	return write_product(c, true, e);
}

static int change_product(struct cgi *c, struct err *e)
{
	return write_product(c, false, e);
}

static int delete_product(struct cgi *c, struct err *e)
{
	struct db_param binds[1];
	struct db_rows *rows;

	if (api_run_by_id(c, &SQL_DELETE_PRODUCT, API_ID, binds, "product", &rows, e) != 0)
		return -1;
	db_rows_free(rows);
	cgi_status(c, 204);
	return 0;
}

/* A filter that is there but empty is a script's unset variable rather than
 * the wish to delete everything. */
static int check_filters(struct cgi *c, struct err *e)
{
	int rc = 0;

	if (!api_flag(c, &confirm_param))
		rc = cgi_invalid(c, "parameter", "confirm",
				 "must be true: this deletes all that match", e);
	for (const struct param *const *p = cgi_params(c); *p; p++)
		if (cgi_text(c, *p) && *cgi_text(c, *p) == '\0')
			rc = cgi_invalid(c, "parameter", (*p)->name,
					 "is empty; leave it out to delete any", e);
	return rc;
}

/* Answers with how many the filters mean, as q says, which may do something to them. */
static int put_count(struct cgi *c, const struct db_query *q, const char *name, struct err *e)
{
	struct products_filter f;
	struct db_rows *rows;
	int rc;

	products_filter_init(&f, c);
	rc = api_run(cgi_ctx(c), q, f.binds, &rows, e);
	products_filter_release(&f);
	if (rc != 0)
		return -1;
	record_open(cgi_out(c), NULL, '{');
	record_json(cgi_out(c), name, db_text(rows, 0, 0));
	record_end(cgi_out(c));
	db_rows_free(rows);
	return 0;
}

static int count_products(struct cgi *c, struct err *e)
{
	return put_count(c, &SQL_COUNT_PRODUCTS, "total", e);
}

static int delete_all(struct cgi *c, struct err *e)
{
	return check_filters(c, e) != 0 ? -1 : put_count(c, &SQL_DELETE_PRODUCTS, "deleted", e);
}

const struct cgi_route products_routes[] = {
	{"GET", "/api/products", CGI_READ, list_params, list_products},
	{"POST", "/api/products", CGI_WRITE, cgi_no_params, create_product},
	{"DELETE", "/api/products/bulk", CGI_WRITE, delete_params, delete_all},
	{"GET", "/api/products/count", CGI_READ, count_params, count_products},
	{"GET", "/api/products/{id}", CGI_READ, cgi_no_params, show_product},
	{"PUT", "/api/products/{id}", CGI_WRITE, cgi_no_params, change_product},
	{"DELETE", "/api/products/{id}", CGI_WRITE, cgi_no_params, delete_product},
	{0}};
