/* SPDX-License-Identifier: MIT
 *
 * shipment: REST has tracking_numbers and line_items; what was GraphQL has tracking_info
 * and fulfillment_line_items.
 */
#include "order/shipment.h"

#include "base/clock.h"
#include "order/shape.h"
#include "sql.h"
#include "store/array.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { SHOP, ORDER, ID, STATUS, MADE, CHANGED, COMPANY, TRACKING, LINES, COLUMNS };

bool shipment_topic(const char *topic)
{
	return order_is_topic(topic, "fulfillments/create") ||
	       order_is_topic(topic, "fulfillments/update");
}

int64_t shipment_order(const struct payload *it)
{
	return shape_id(json_object_get(it->order.json, "order_id"));
}

bool shipment_listed(const struct payload *it)
{
	return it->order.kind == ORDER_WHOLE &&
	       json_array_size(json_object_get(it->order.json, "fulfillments")) > 0;
}

static const char *text(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s && *s ? s : NULL;
}

static const char *moment(const json_t *j, const char *key)
{
	const char *s = text(j, key);

	return s && clock_is_rfc3339(s) ? s : NULL;
}

/* The screen makes a link of a URL, so only one of the web is kept. A text ends at a NUL, which
 * PostgreSQL does not store. */
static void add_tracking(json_t *list, const char *number, const char *url)
{
	json_t *one;

	if (url && strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
		url = NULL;
	if ((number == NULL || *number == '\0') && url == NULL)
		return;
	one = json_object();
	json_object_set_new(one, "number", number && *number ? json_string(number) : json_null());
	json_object_set_new(one, "url", url ? json_string(url) : json_null());
	json_array_append_new(list, one);
}

/* The caller's. */
static json_t *read_tracking(const json_t *f)
{
	const json_t *info = json_object_get(f, "tracking_info");
	const json_t *numbers = json_object_get(f, "tracking_numbers");
	const json_t *urls = json_object_get(f, "tracking_urls");
	size_t n = json_array_size(numbers), i;
	json_t *list = json_array(), *j;

	json_array_foreach(info, i, j)
		add_tracking(list, text(j, "number"), text(j, "url"));
	if (n < json_array_size(urls))
		n = json_array_size(urls);
	for (i = 0; i < n; i++)
		add_tracking(list, json_string_value(json_array_get(numbers, i)),
			     json_string_value(json_array_get(urls, i)));
	if (json_array_size(list) == 0)
		add_tracking(list, text(f, "tracking_number"), text(f, "tracking_url"));
	return list;
}

/* The caller's. */
static json_t *read_lines(const json_t *f)
{
	const json_t *rest = json_object_get(f, "line_items");
	const json_t *lines = rest ? rest : json_object_get(f, "fulfillment_line_items");
	json_t *list = json_array(), *j;
	size_t i;

	json_array_foreach(lines, i, j) {
		int64_t id = shape_part_id(json_object_get(j, rest ? "id" : "line_item_id"));
		json_int_t units = json_integer_value(json_object_get(j, "quantity"));
		json_t *one;

		if (id == 0 || units < 1 || units > INT32_MAX)
			continue;
		one = json_object();
		json_object_set_new(one, "id", json_integer(id));
		json_object_set_new(one, "quantity", json_integer(units));
		json_array_append_new(list, one);
	}
	return list;
}

static void add_json(struct array *a, json_t *list)
{
	char *s = json_dumps(list, JSON_COMPACT);

	array_text(a, s ? s : "[]");
	free(s);
	json_decref(list);
}

static int64_t id_of(const json_t *f)
{
	const json_t *id = json_object_get(f, "id");

	return shape_id(id ? id : json_object_get(f, "admin_graphql_api_id"));
}

/* One without an id, or of no order, says nothing. */
static void add(struct array *a, const char *shop, int64_t order, const json_t *f)
{
	const char *company = text(f, "tracking_company"), *status = text(f, "status");
	const json_t *info = json_array_get(json_object_get(f, "tracking_info"), 0);
	char word[32] = "";

	if (order == 0 || id_of(f) == 0)
		return;
	for (size_t i = 0; status && status[i] && i + 1 < sizeof word; i++)
		word[i] = (char)tolower((unsigned char)status[i]);
	array_text(&a[SHOP], shop);
	array_int8(&a[ORDER], order);
	array_int8(&a[ID], id_of(f));
	array_text(&a[STATUS], *word ? word : NULL);
	array_text(&a[MADE], moment(f, "created_at"));
	array_text(&a[CHANGED], moment(f, "updated_at"));
	array_text(&a[COMPANY], company ? company : text(info, "company"));
	add_json(&a[TRACKING], read_tracking(f));
	add_json(&a[LINES], read_lines(f));
}

static void add_all(struct array *a, const struct payload *it)
{
	const json_t *json = it->order.json;
	size_t i;
	json_t *f;

	if (it->order.kind == ORDER_OTHER && shipment_topic(it->topic))
		add(a, it->shop, shipment_order(it), json);
	if (shipment_listed(it))
		json_array_foreach(json_object_get(json, "fulfillments"), i, f)
			add(a, it->shop, it->order.external_id, f);
}

int shipment_store(struct db *db, struct payload *const *items, size_t n, struct err *e)
{
	static const uint32_t types[COLUMNS] = {
		[SHOP] = ARRAY_TEXT,   [ORDER] = ARRAY_INT8,  [ID] = ARRAY_INT8,
		[STATUS] = ARRAY_TEXT, [MADE] = ARRAY_TEXT,   [CHANGED] = ARRAY_TEXT,
		[COMPANY] = ARRAY_TEXT, [TRACKING] = ARRAY_TEXT, [LINES] = ARRAY_TEXT};
	struct db_param p[COLUMNS];
	struct array a[COLUMNS];
	int rc = 0;

	for (int i = 0; i < COLUMNS; i++)
		array_init(&a[i], types[i]);
	for (size_t i = 0; i < n; i++)
		if (!items[i]->stored)
			add_all(a, items[i]);
	for (int i = 0; i < COLUMNS; i++)
		p[i] = array_param(&a[i]);
	if (a[ID].n > 0)
		rc = db_exec(db, &SQL_UPSERT_SHIPMENTS, p, NULL, e);
	for (int i = 0; i < COLUMNS; i++)
		array_release(&a[i]);
	return rc;
}
