/* SPDX-License-Identifier: MIT
 *
 * shape: GraphQL's order or refund, rewritten key by key into a new object.
 *   - what REST spells otherwise, or elsewhere, is in `rules`
 *   - all other keys go by one rule, so that a field asked for tomorrow is there
 *     under the name that REST gives it
 *   - a connection that has more pages, and errors beside the data, make the
 *     payload incomplete: half an order is never taken for a whole one
 */
#include "order/shape.h"

#include "base/buf.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum kind {
	PLAIN,       /* by the general rule, under another name */
	ENUM,        /* lower case */
	FULFILLMENT, /* REST's words for displayFulfillmentStatus */
	ID,          /* of the object that is the value; null stays null */
	VARIANT,     /* its id, and whether its stock is tracked */
	INNER        /* the member `inner` of the object that is the value */
};

static const struct rule {
	const char *from, *to;
	enum kind kind;
	const char *inner;
} rules[] = {
	{"originalUnitPriceSet", "price", PLAIN, NULL},
	{"priceSet", "price", PLAIN, NULL},
	{"totalPriceSet", "total_price", PLAIN, NULL},
	{"currentTotalPriceSet", "current_total_price", PLAIN, NULL},
	{"currencyCode", "currency", PLAIN, NULL},
	{"isGiftCard", "gift_card", PLAIN, NULL},
	{"unfulfilledQuantity", "fulfillable_quantity", PLAIN, NULL},
	{"displayFinancialStatus", "financial_status", ENUM, NULL},
	{"displayFulfillmentStatus", "fulfillment_status", FULFILLMENT, NULL},
	{"restockType", "restock_type", ENUM, NULL},
	{"cancelReason", "cancel_reason", ENUM, NULL},
	{"status", "status", ENUM, NULL},
	{"type", "type", ENUM, NULL},
	{"product", "product_id", ID, NULL},
	{"lineItem", "line_item_id", ID, NULL},
	{"location", "location_id", ID, NULL},
	{"retailLocation", "location_id", ID, NULL},
	{"order", "order_id", ID, NULL},
	{"variant", "variant_id", VARIANT, NULL},
	{"fulfillmentService", "fulfillment_service", INNER, "handle"},
	{"defaultEmailAddress", "email", INNER, "emailAddress"},
};

/* --- ids --- */

static bool is_gid(const json_t *j)
{
	const char *s = json_string_value(j);

	return s && strncmp(s, "gid://shopify/", 14) == 0;
}

/* True for a gid of that type. */
static bool is_of(const json_t *id, const char *type)
{
	size_t n = strlen(type);

	return is_gid(id) && strncmp(json_string_value(id) + 14, type, n) == 0 &&
	       json_string_value(id)[14 + n] == '/';
}

/* The number at s, to the end or a query; 0: it is none. */
static int64_t number_at(const char *s)
{
	int64_t n = 0;

	for (; isdigit((unsigned char)*s); s++)
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, *s - '0', &n))
			return 0;
	return *s == '\0' || *s == '?' ? n : 0;
}

int64_t shape_id(const json_t *id)
{
	const char *s;

	if (json_is_integer(id))
		return json_integer_value(id) > 0 ? json_integer_value(id) : 0;
	if (!is_gid(id))
		return 0;
	s = json_string_value(id);
	if (strchr(s, '?'))
		s = strchr(s, '?');
	else
		s += json_string_length(id);
	while (s[-1] != '/')
		s--;
	return number_at(s);
}

int64_t shape_part_id(const json_t *id)
{
	const char *s = json_string_value(id);

	return s && isdigit((unsigned char)*s) && strchr(s, '?') == NULL ? number_at(s)
									 : shape_id(id);
}

/* --- values --- */

static int convert(const json_t *v, json_t **out, struct err *e);

static json_t *lower(const json_t *v)
{
	json_t *j = json_deep_copy(v);

	if (json_is_string(j)) {
		char *s = (char *)json_string_value(j); /* the copy is ours */

		for (; *s; s++)
			*s = (char)tolower((unsigned char)*s);
	}
	return j;
}

/* REST knows fulfilled, partial, restocked and null. */
static json_t *fulfillment(const json_t *v)
{
	const char *s = json_is_string(v) ? json_string_value(v) : "";

	if (strcmp(s, "PARTIALLY_FULFILLED") == 0)
		return json_string("partial");
	if (strcmp(s, "FULFILLED") == 0 || strcmp(s, "RESTOCKED") == 0)
		return lower(v);
	return json_null();
}

static json_t *id_value(const json_t *object)
{
	const json_t *id = json_object_get(object, "id");

	return shape_id(id) ? json_integer(shape_id(id)) : json_null();
}

/* "currentQuantity" is "current_quantity". */
static void add_snake(struct buf *b, const char *key)
{
	buf_addstr(b, "");
	for (; *key; key++)
		if (isupper((unsigned char)*key))
			buf_addf(b, "%s%c", b->len ? "_" : "", tolower((unsigned char)*key));
		else
			buf_add(b, key, 1);
}

static int put(json_t *to, const char *key, const json_t *v, struct err *e)
{
	json_t *made;

	if (convert(v, &made, e) != 0)
		return -1;
	json_object_set_new(to, key, made);
	return 0;
}

static void put_variant(json_t *to, const json_t *v)
{
	const json_t *tracked = json_object_get(json_object_get(v, "inventoryItem"), "tracked");

	json_object_set_new(to, "variant_id", id_value(v));
	if (json_is_boolean(tracked))
		json_object_set_new(to, "variant_inventory_management",
				    json_is_true(tracked) ? json_string("shopify") : json_null());
}

static int put_by_rule(json_t *to, const struct rule *r, const json_t *v, struct err *e)
{
	switch (r->kind) {
	case ENUM:
		json_object_set_new(to, r->to, lower(v));
		return 0;
	case FULFILLMENT:
		json_object_set_new(to, r->to, fulfillment(v));
		return 0;
	case ID:
		json_object_set_new(to, r->to, id_value(v));
		return 0;
	case VARIANT:
		put_variant(to, v);
		return 0;
	case INNER:
		return put(to, r->to, json_is_object(v) ? json_object_get(v, r->inner) : v, e);
	default:
		return put(to, r->to, v, e);
	}
}

static int put_member(json_t *to, const char *key, const json_t *v, struct err *e)
{
	struct buf name = BUF_INIT;
	int rc;

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (strcmp(key, rules[i].from) == 0 &&
		    (rules[i].kind != ID || json_is_object(v) || json_is_null(v)))
			return put_by_rule(to, &rules[i], v, e);
	add_snake(&name, key);
	rc = put(to, name.data, v, e);
	buf_release(&name);
	return rc;
}

static int convert_object(const json_t *v, json_t **out, struct err *e)
{
	const char *key;
	json_t *member;

	*out = json_object();
	json_object_foreach((json_t *)v, key, member)
		if (put_member(*out, key, member, e) != 0) {
			json_decref(*out);
			return -1;
		}
	return 0;
}

static int convert_array(const json_t *v, bool edges, json_t **out, struct err *e)
{
	size_t i;
	json_t *j, *made;

	*out = json_array();
	json_array_foreach(v, i, j) {
		if (convert(edges ? json_object_get(j, "node") : j, &made, e) != 0) {
			json_decref(*out);
			return -1;
		}
		json_array_append_new(*out, made);
	}
	return 0;
}

/* *out is the caller's. A NULL value is null. */
static int convert(const json_t *v, json_t **out, struct err *e)
{
	const json_t *nodes = json_object_get(v, "nodes"), *edges = json_object_get(v, "edges");
	const json_t *money = json_object_get(json_object_get(v, "shopMoney"), "amount");

	if (json_is_array(nodes) || json_is_array(edges)) {
		if (json_is_true(json_object_get(json_object_get(v, "pageInfo"), "hasNextPage")))
			return err_set(e, ERR_INCOMPLETE,
				       "incomplete: a list in it has more pages than it brings");
		return convert_array(json_is_array(nodes) ? nodes : edges, !json_is_array(nodes),
				     out, e);
	}
	if (money)
		*out = json_deep_copy(money);
	else if (json_is_object(v))
		return convert_object(v, out, e);
	else if (json_is_array(v))
		return convert_array(v, false, out, e);
	else if (shape_id(v) && json_is_string(v))
		*out = json_integer(shape_id(v));
	else
		*out = v ? json_deep_copy(v) : json_null();
	return 0;
}

/* --- what it is --- */

/* Why an object is no order of Shopify, whatever its topic says; NULL: it may be one.
 * WooCommerce and others have id and line_items too, but never Shopify's created_at. */
static const char *stranger(const json_t *json)
{
	const json_t *gid = json_object_get(json, "admin_graphql_api_id");

	if (is_gid(gid))
		return is_of(gid, "Order") || is_of(gid, "Refund") || is_of(gid, "Return") ||
		       is_of(gid, "ReverseFulfillmentOrder") ? NULL
			: "its admin_graphql_api_id is not that of an order";
	if (json_object_get(json, "created_at"))
		return NULL;
	if (json_object_get(json, "order_key") ||
	    (json_object_get(json, "date_created") && json_object_get(json, "line_items")))
		return "it is an order of WooCommerce, not of Shopify";
	if (json_object_get(json, "increment_id") || json_object_get(json, "date_created"))
		return "it is an order of another system, not of Shopify";
	return NULL;
}

/* True for what read_graphql() reads. */
static bool is_subject(const json_t *id)
{
	return is_of(id, "Order") || is_of(id, "Refund") || is_of(id, "Return") ||
	       is_of(id, "ReverseFulfillmentOrder");
}

/* The order, the refund or the return of the data that a query gave, under whatever name. */
static const json_t *find_subject(const json_t *data)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)data, key, v) {
		if (is_subject(json_object_get(v, "id")))
			return v;
	}
	v = json_object_get(data, "order");
	return json_is_object(v) ? v : NULL;
}

/* A query need not ask for the order's id, which is in its variables. */
static int read_graphql(struct shape *s, const json_t *subject, const json_t *whole,
			struct err *e)
{
	const json_t *errors = json_object_get(whole, "errors");
	const json_t *id = json_object_get(json_object_get(whole, "query_variables"), "orderId");
	const json_t *own = json_object_get(subject, "id");
	bool refund = is_of(own, "Refund");
	bool part = refund || (is_subject(own) && !is_of(own, "Order"));
	const char *key = part ? "order_id" : "id";

	if (json_is_array(errors) && json_array_size(errors) > 0)
		return err_set(e, ERR_INCOMPLETE, "incomplete: it has errors beside its data");
	if (convert_object(subject, &s->json, e) != 0)
		return -1;
	s->topic = refund ? "refunds/create" : part ? "returns/update" : "orders/updated";
	if (shape_id(id) && json_object_get(s->json, key) == NULL)
		json_object_set_new(s->json, key, json_integer(shape_id(id)));
	return 0;
}

/* An Event or a record of a payload: data, and what it is about. */
static bool is_event(const json_t *json)
{
	return json_is_object(json_object_get(json, "data")) &&
	       json_is_string(json_object_get(json, "topic"));
}

static bool is_deletion(const json_t *json)
{
	const char *action = json_string_value(json_object_get(json, "action"));

	return action && strcmp(action, "delete") == 0;
}

static bool is_rest(const json_t *json)
{
	return json_object_get(json, "line_items") || json_object_get(json, "refund_line_items");
}

int shape_read(struct shape *s, json_t *json, struct err *e)
{
	const json_t *id = json_object_get(json, "id");
	const json_t *subject = NULL;

	*s = (struct shape){0};
	if (json_is_string(json_object_get(json, "__parentId")))
		return err_set(e, ERR_INCOMPLETE, "incomplete: a line of a bulk export that "
			       "belongs to another one, its __parentId");
	if (is_event(json) && !is_deletion(json))
		subject = find_subject(json_object_get(json, "data"));
	else if (is_subject(id))
		subject = is_rest(json) ? NULL : json;
	if (subject)
		return read_graphql(s, subject, json, e);
	if (is_event(json))
		s->why = is_deletion(json) ? "what was deleted moves nothing"
					   : "there is no order and no refund in its data";
	else
		s->why = stranger(json);
	s->json = json_incref(json);
	return 0;
}

void shape_release(struct shape *s)
{
	json_decref(s->json);
	s->json = NULL;
}
