/* SPDX-License-Identifier: MIT
 *
 * apistock: what is common is soon found among the newest products; for what
 * is not, all of them are read, which PostgreSQL shares among its workers.
 */
#include "apistock.h"

#include "api.h"
#include "sql.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { PRODUCTS_AT_ONCE = 60000, MOST_REASON = 500 };

/* What is common is soon found among the newest; for the rest all are read. */
static int find_products(struct cgi *c, struct page *p, struct db_rows **found, struct err *e)
{
	enum { ACTIVE = PAGE_BINDS, PATTERN, ASCII = PATTERN + 3, AT_ONCE = ASCII + 3, BINDS };
	static const char *const columns[] = {"sku", "name", "description"};
	struct db_param binds[BINDS];
	struct api_needle n[3];
	char room[DB_INT_TEXT];
	int rc;

	page_bind(p, binds);
	binds[ACTIVE] = db_param_text(cgi_text(c, "active"));
	for (int i = 0; i < 3; i++) {
		binds[PATTERN + i] = api_needle(&n[i], api_filter(c, columns[i]));
		binds[ASCII + i] = api_needle_ascii(&n[i]);
	}
	binds[AT_ONCE] = db_param_int(PRODUCTS_AT_ONCE, room);
	rc = api_run(cgi_ctx(c), &SQL_FIND_PRODUCTS, binds, found, e);
	if (rc == 0 && db_int(*found, 0, 1) < p->most && !db_is_null(*found, 0, 2)) {
		db_rows_free(*found);
		rc = api_run(cgi_ctx(c), &SQL_SCAN_PRODUCTS, binds, found, e);
	}
	for (int i = 0; i < 3; i++)
		buf_release(&n[i].like);
	return rc;
}

int apistock_products(struct cgi *c, struct err *e)
{
	struct api *a = cgi_ctx(c);
	struct db_rows *found = NULL;
	struct db_param ids;
	struct page p;
	int rc;

	if (page_read(c, &p, e) != 0)
		return -1;
	rc = p.filtered ? find_products(c, &p, &found, e)
			: api_list_all(c, &p, &a->products, &SQL_PAGE_PRODUCTS, &found, e);
	if (rc == 0)
		rc = page_put(c, &p, "products", a->db, &SQL_READ_PRODUCTS, &ids, found, e);
	db_rows_free(found);
	return rc;
}

int apistock_product(struct cgi *c, struct err *e)
{
	struct db_param binds[1];

	return api_show(c, &SQL_READ_PRODUCTS, API_IDS, binds, "product", e);
}

static int find_inventory(struct cgi *c, struct page *p, struct db_rows **found, struct err *e)
{
	enum { SKUS = PAGE_BINDS, LOW, BINDS };
	struct api *a = cgi_ctx(c);
	const char *skus = api_filter(c, "sku"), *low = cgi_text(c, "low");
	bool only_low = low && (strcmp(low, "true") == 0 || strcmp(low, "1") == 0);
	struct db_param binds[BINDS];

	if (skus == NULL && !only_low) {
		p->filtered = false;
		p->most = p->size + 1;
		return api_list_all(c, p, &a->products, &SQL_PAGE_PRODUCTS, found, e);
	}
	page_bind(p, binds);
	binds[SKUS] = db_param_text(skus);
	binds[LOW] = db_param_text(only_low ? "t" : "f");
	return api_run(a, skus ? &SQL_FIND_SKUS : &SQL_FIND_LOW_STOCK, binds, found, e);
}

int apistock_inventory(struct cgi *c, struct err *e)
{
	struct api *a = cgi_ctx(c);
	struct db_param binds[2] = {{0}, db_param_text(a->threshold)};
	struct db_rows *found = NULL;
	struct page p;
	int rc;

	if (page_read(c, &p, e) != 0)
		return -1;
	rc = find_inventory(c, &p, &found, e);
	if (rc == 0)
		rc = page_put(c, &p, "inventory", a->db, &SQL_READ_INVENTORY, binds, found, e);
	db_rows_free(found);
	return rc;
}

int apistock_alerts(struct cgi *c, struct err *e)
{
	struct api *a = cgi_ctx(c);
	struct db_param finds[PAGE_BINDS], binds[2] = {{0}, db_param_text(a->threshold)};
	struct db_rows *found = NULL;
	struct page p;
	int rc;

	if (page_read(c, &p, e) != 0)
		return -1;
	page_cap(&p);
	page_bind(&p, finds);
	rc = api_run(a, &SQL_FIND_LOW_STOCK, finds, &found, e);
	if (rc == 0)
		rc = page_put(c, &p, "alerts", a->db, &SQL_READ_INVENTORY, binds, found, e);
	db_rows_free(found);
	return rc;
}

int apistock_show(struct cgi *c, struct err *e)
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
};

static int read_number(struct cgi *c, const char *pointer, const json_t *j, int64_t min,
		       struct change *ch, struct err *e)
{
	char why[100];

	ch->units = json_is_integer(j) ? json_integer_value(j) : INT64_MAX;
	if (ch->units >= min && ch->units <= INT32_MAX)
		return 0;
	snprintf(why, sizeof why, "must be a whole number from %lld to %d", (long long)min, INT32_MAX);
	return cgi_fault(c, "pointer", pointer, why, e);
}

static int read_reason(struct cgi *c, const json_t *j, struct change *ch, struct err *e)
{
	ch->reason = json_string_value(j);
	if (ch->reason && *ch->reason && json_string_length(j) <= MOST_REASON &&
	    strlen(ch->reason) == json_string_length(j))
		return 0;
	return cgi_fault(c, "pointer", "/reason", "must be a text of 1 to 500 bytes", e);
}

/* The JSON pointer (RFC 6901) of a member of the body. */
static void add_pointer(struct buf *b, const char *key)
{
	buf_addstr(b, "/");
	for (const char *s = key; *s && s - key < 100; s++)
		if (*s == '~' || *s == '/')
			buf_addstr(b, *s == '~' ? "~0" : "~1");
		else
			buf_add(b, s, 1);
}

static int read_member(struct cgi *c, const char *key, const json_t *j, struct change *ch,
		       struct err *e)
{
	static const char *const kinds[] = {"", "quantity", "add", "reorder_level"};
	static const int64_t least[] = {0, 0, INT32_MIN, 0};
	struct buf pointer = BUF_INIT;
	int kind = CHANGE_LEVEL, rc;

	if (strcmp(key, "reason") == 0)
		return read_reason(c, j, ch, e);
	while (kind > 0 && strcmp(key, kinds[kind]) != 0)
		kind--;
	add_pointer(&pointer, key);
	if (kind == CHANGE_NONE) {
		rc = cgi_fault(c, "pointer", pointer.data, "is not known here", e);
	} else if (ch->kind != CHANGE_NONE) {
		rc = cgi_fault(c, "pointer", pointer.data,
			       "stands beside another: one of quantity, add and reorder_level", e);
	} else {
		ch->kind = kind;
		ch->none = kind == CHANGE_LEVEL && json_is_null(j);
		rc = ch->none ? 0 : read_number(c, pointer.data, j, least[kind], ch, e);
	}
	buf_release(&pointer);
	return rc;
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
		rc = cgi_fault(c, "pointer", "", "needs one of quantity, add and reorder_level", e);
	else if (rc == 0 && ch->kind != CHANGE_LEVEL && ch->reason == NULL)
		rc = cgi_fault(c, "pointer", "/reason", "is missing", e);
	return rc;
}

static int adjust(struct cgi *c, const struct change *ch, struct err *e)
{
	const struct api *a = cgi_ctx(c);
	const char *user = cgi_user(c);
	char units[DB_INT_TEXT];
	struct db_param binds[] = {{0},
				   db_param_int(ch->units, units),
				   db_param_text(ch->kind == CHANGE_SET ? "t" : "f"),
				   db_param_text(ch->reason),
				   db_param_text(*user ? user : "api"),
				   db_param_text(a->threshold)};
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
	char units[DB_INT_TEXT];
	struct db_param binds[] = {{0},
				   ch->none ? db_param_text(NULL) : db_param_int(ch->units, units),
				   db_param_text(a->threshold)};
	struct db_rows *rows;

	if (api_run_by_id(c, &SQL_SET_REORDER_LEVEL, API_ID, binds, "product", &rows, e) != 0)
		return -1;
	db_rows_free(rows);
	return 0;
}

int apistock_change(struct cgi *c, struct err *e)
{
	struct change ch = {0};

	if (read_change(c, &ch, e) != 0)
		return -1;
	if ((ch.kind == CHANGE_LEVEL ? set_level(c, &ch, e) : adjust(c, &ch, e)) != 0)
		return -1;
	return apistock_show(c, e);
}
