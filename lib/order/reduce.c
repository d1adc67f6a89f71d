/* SPDX-License-Identifier: MIT
 *
 * reduce: a member stays if its key is in the list, whether it is spelled as REST
 * does or as GraphQL does, and if all objects around it stayed. So what is not known
 * is left out: a field that Shopify adds tomorrow may be somebody's name.
 */
#include "order/reduce.h"

#include "base/err.h"
#include "base/jtext.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* In REST's spelling, sorted. */
static const char *const kept[] = {
	"action", "additions", "admin_graphql_api_id", "amount", "api_version", "cancel_reason",
	"cancelled_at", "closed_at", "committed_at", "created_at", "currency", "currency_code",
	"current_quantity", "current_total_price", "current_total_price_set", "data", "delta",
	"display_financial_status", "display_fulfillment_status", "dispositions", "edges",
	"exchange_line_items", "financial_status", "fulfillable_quantity", "fulfillment_id",
	"fulfillment_line_item", "fulfillment_order", "fulfillment_orders",
	"fulfillment_service", "fulfillment_status", "fulfillments", "gift_card", "handle",
	"has_next_page", "id", "inventory_item", "is_gift_card", "key", "line_item",
	"line_item_id", "line_items", "location", "location_id", "name", "node", "nodes",
	"order", "order_edit", "order_id", "original_unit_price_set", "page_info", "price",
	"price_set", "processed_at", "product", "product_exists", "product_id", "quantity",
	"query_variables", "refund", "refund_line_items", "refunded_quantity", "refunds",
	"remaining_quantity", "removals", "requires_shipping", "restock", "restock_type",
	"restocked", "return", "return_id", "return_line_items", "returns",
	"reverse_fulfillment_order_line_item", "reverse_fulfillment_orders", "shop",
	"shop_domain", "shop_id", "shop_money", "sku", "source_name", "status", "test", "tip",
	"title", "topic", "total_price", "total_price_set", "total_quantity", "tracked", "type",
	"unfulfilled_quantity", "updated_at", "v", "variant", "variant_id",
	"variant_inventory_management", "variant_title"};

static int compare(const void *key, const void *entry)
{
	return strcmp(key, *(const char *const *)entry);
}

static bool is_kept(const char *key)
{
	char name[64] = "";
	size_t n = 0;

	if (strcmp(key, "orderId") == 0)
		return true;
	for (; *key && n + 2 < sizeof name; key++) {
		if (isupper((unsigned char)*key) && n > 0)
			name[n++] = '_';
		name[n++] = (char)tolower((unsigned char)*key);
	}
	return *key == '\0' &&
	       bsearch(name, kept, sizeof kept / sizeof *kept, sizeof *kept, compare) != NULL;
}

json_t *reduce_json(const json_t *json)
{
	const char *key;
	json_t *v, *out;
	size_t i;

	if (json_is_object(json)) {
		out = json_object();
		json_object_foreach((json_t *)json, key, v)
			if (is_kept(key))
				json_object_set_new(out, key, reduce_json(v));
		return out;
	}
	if (json_is_array(json)) {
		out = json_array();
		json_array_foreach(json, i, v)
			json_array_append_new(out, reduce_json(v));
		return out;
	}
	return json_deep_copy(json);
}

void reduce_text(const char *text, size_t len, struct buf *out)
{
	json_t *json = NULL, *less;
	struct err e;
	char *s;

	if (jtext_parse(text, len, &json, &e) != 0)
		return;
	if (json_is_object(json) || json_is_array(json)) {
		less = reduce_json(json);
		s = json_dumps(less, JSON_COMPACT);
		buf_addstr(out, s ? s : "");
		free(s);
		json_decref(less);
	}
	json_decref(json);
}
