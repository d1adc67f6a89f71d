/* SPDX-License-Identifier: MIT
 *
 * privacy: members are read leniently: a request with an odd field is a request all the same.
 */
#include "order/privacy.h"

#include "base/conftype.h"
#include "sql.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Orders that are redacted while Shopify waits for the answer. */
enum { AT_ONCE = 100 };

static const char *kind_of(const char *topic)
{
	return order_is_topic(topic, "customers/data_request") ? "data_request"
	       : order_is_topic(topic, "customers/redact") ? "customer_redact"
	       : order_is_topic(topic, "shop/redact") ? "shop_redact" : NULL;
}

bool privacy_topic(const char *topic)
{
	return kind_of(topic) != NULL;
}

/* A number, or one that is spelled as text or as the end of a gid://; 0: none. */
static int64_t id_of(const json_t *j)
{
	const char *s = json_string_value(j), *slash = s ? strrchr(s, '/') : NULL;
	char *end;
	long long id;

	if (json_is_integer(j))
		return json_integer_value(j) > 0 ? json_integer_value(j) : 0;
	if (s == NULL)
		return 0;
	s = slash ? slash + 1 : s;
	id = strtoll(s, &end, 10);
	return isdigit((unsigned char)*s) && *end == '\0' && id > 0 ? id : 0;
}

static struct db_param id_param(int64_t id)
{
	return id ? db_param_int(id) : db_param_text(NULL);
}

int privacy_check(const struct payload *it, struct err *e)
{
	const char *domain = json_string_value(json_object_get(it->order.json, "shop_domain"));

	if (domain == NULL || !conftype_is_shop(domain, strlen(domain)) ||
	    strcasecmp(domain, it->shop) == 0)
		return 0;
	return err_set(e, ERR_SEMANTIC, "it is about the data of %.80s, and came for %.80s", domain,
		       it->shop);
}

/* Adds the ids of the orders that the request names. */
static void add_orders(const struct payload *it, struct array *ids)
{
	const json_t *orders = json_object_get(it->order.json, "orders_to_redact"), *id;
	size_t i;

	if (orders == NULL)
		orders = json_object_get(it->order.json, "orders_requested");
	json_array_foreach(orders, i, id)
		if (id_of(id))
			array_int8(ids, id_of(id));
}

/* The customer's; NULL: it does not say. */
static const char *address(const struct payload *it)
{
	const json_t *customer = json_object_get(it->order.json, "customer");
	const char *s = json_string_value(json_object_get(customer, "email"));

	return s && *s ? s : NULL;
}

void privacy_send(struct db *db, const struct payload *it)
{
	const json_t *j = it->order.json, *customer = json_object_get(j, "customer");
	int64_t request = id_of(json_object_get(json_object_get(j, "data_request"), "id"));
	struct array ids;
	char number[24];

	snprintf(number, sizeof number, "%lld", (long long)request);
	array_init(&ids, ARRAY_INT8);
	add_orders(it, &ids);
	struct db_param p[] = {db_param_text(kind_of(it->topic)), db_param_text(it->shop),
			       id_param(id_of(json_object_get(customer, "id"))),
			       db_param_text(address(it)),
			       db_param_text(json_string_value(json_object_get(customer, "phone"))),
			       array_param(&ids), db_param_text(request ? number : NULL),
			       db_param_bytes(it->digest, SIGN_BYTES)};

	pipeline_send(db, &SQL_INSERT_PRIVACY_REQUEST, p);
	array_release(&ids);
}

/* They are locked first, so that the last statement sees all their payloads and events. */
int privacy_redact(struct db *db, struct array *ids, int64_t *fresh, struct err *e)
{
	struct db_param p = array_param(ids);
	struct db_rows *count = NULL;
	int rc = db_exec(db, &SQL_LOCK_ORDERS, &p, NULL, e);

	if (rc == 0)
		rc = db_exec(db, &SQL_REDACT_OUTBOX, &p, NULL, e);
	if (rc == 0)
		rc = db_exec(db, &SQL_REDACT_ORDERS, &p, &count, e);
	if (rc == 0)
		*fresh += db_int(count, 0, 0);
	db_rows_free(count);
	return rc;
}

/* *fresh: how many orders had not been redacted before. */
static int redact_named(struct db *db, const struct payload *it, int64_t *fresh, struct err *e)
{
	struct db_rows *rows = NULL;
	struct array named, ids;
	int rc;

	*fresh = 0;
	array_init(&named, ARRAY_INT8);
	array_init(&ids, ARRAY_INT8);
	add_orders(it, &named);
	struct db_param p[] = {db_param_text(it->shop), array_param(&named), db_param_int(AT_ONCE),
			       db_param_text(address(it))};

	rc = db_exec(db, &QUERY_BEGIN, NULL, NULL, e);
	if (rc == 0)
		rc = db_exec(db, &SQL_FIND_NAMED_ORDERS, p, &rows, e);
	for (int i = 0; rc == 0 && i < db_count(rows); i++)
		array_int8(&ids, db_int(rows, i, 0));
	if (rc == 0 && ids.n > 0)
		rc = privacy_redact(db, &ids, fresh, e);
	if (rc == 0)
		rc = db_exec(db, &QUERY_COMMIT, NULL, NULL, e);
	if (rc != 0)
		db_rollback(db);
	db_rows_free(rows);
	array_release(&named);
	array_release(&ids);
	return rc;
}

int privacy_begin(struct db *db, const struct payload *items, size_t n,
		  struct intake_result *results, struct err *e)
{
	int64_t fresh;

	for (size_t i = 0; i < n; i++) {
		if (!order_is_topic(items[i].topic, "customers/redact"))
			continue;
		if (redact_named(db, &items[i], &fresh, e) != 0)
			return -1;
		if (fresh > 0)
			snprintf(results[i].why, sizeof results[i].why,
				 "it is recorded as a request about people's data; the names are "
				 "gone from %lld order%s, the rest goes with fulfil-scan",
				 (long long)fresh, fresh == 1 ? "" : "s");
	}
	return 0;
}
