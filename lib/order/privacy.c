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

void privacy_send(struct db *db, const struct payload *it)
{
	const json_t *j = it->order.json, *customer = json_object_get(j, "customer"), *id, *orders;
	int64_t request = id_of(json_object_get(json_object_get(j, "data_request"), "id"));
	struct array ids;
	char number[24];
	size_t i;

	snprintf(number, sizeof number, "%lld", (long long)request);
	orders = json_object_get(j, "orders_to_redact");
	if (orders == NULL)
		orders = json_object_get(j, "orders_requested");
	array_init(&ids, ARRAY_INT8);
	json_array_foreach(orders, i, id)
		if (id_of(id))
			array_int8(&ids, id_of(id));
	struct db_param p[] = {db_param_text(kind_of(it->topic)), db_param_text(it->shop),
			       id_param(id_of(json_object_get(customer, "id"))),
			       db_param_text(json_string_value(json_object_get(customer, "email"))),
			       db_param_text(json_string_value(json_object_get(customer, "phone"))),
			       array_param(&ids), db_param_text(request ? number : NULL),
			       db_param_bytes(it->digest, SIGN_BYTES)};

	pipeline_send(db, &SQL_INSERT_PRIVACY_REQUEST, p);
	array_release(&ids);
}
