/* SPDX-License-Identifier: MIT
 *
 * parse: reads the fields we keep out of a payload.
 *   - shapes: `order_edit` is an edit, `refund_line_items` a refund, all else
 *     under a topic we follow an order
 *   - an odd field never refuses a payload: it is left out, and noted
 *   - only the order's id must be a positive integer
 *   - one that was asked for without cancelled_at has its cancel_reason
 */
#include "order/parse.h"

#include "base/idmap.h"
#include "base/xalloc.h"
#include "order/change.h"
#include "order/member.h"
#include "order/shape.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A line that is no article on a shelf, as far as the payload can tell. */
static bool is_not_shipped(const json_t *j, const struct conf *conf)
{
	return (json_is_false(json_object_get(j, "requires_shipping")) ||
		json_is_null(json_object_get(j, "variant_inventory_management"))) &&
	       strcmp(conf_get(conf, "UNTRACKED_LINES"), "skip") == 0;
}

/* Why a line moves no stock. Keys that are absent are no reason: only what
 * the payload says counts. */
static const char *skip_reason(const struct order *o, const json_t *j, const struct order_line *l,
			       const struct conf *conf)
{
	const char *service = json_string_value(json_object_get(j, "fulfillment_service"));
	const json_t *variant = json_object_get(j, "variant_id");
	const json_t *product = json_object_get(j, "product_id");

	if (l->quantity < 0 || l->current < 0)
		return "bad_quantity";
	if (o->test && !conf_bool(conf, "TEST_ORDERS"))
		return "test_order";
	if (json_is_true(json_object_get(j, "gift_card")))
		return "gift_card";
	if (json_is_object(json_object_get(j, "tip")))
		return "tip";
	if (l->sku == NULL)
		return "no_sku";
	if (service && *service && !conf_lists(conf, "FULFILLMENT_SERVICES", service))
		return "other_service";
	if (json_is_null(variant) && (product == NULL || json_is_null(product)))
		return "custom";
	return is_not_shipped(j, conf) ? "not_shipped" : NULL;
}

/* Units that listed refunds took off a line. */
static int64_t refunded(const struct order *o, int64_t line)
{
	int64_t n = 0;

	for (size_t i = 0; i < o->nchanges; i++)
		if (o->changes[i].line_id == line)
			n += o->changes[i].removed;
	return n;
}

/* Of `current`, what is still to be shipped. */
static int32_t fulfillable(const json_t *j, const struct order_line *l)
{
	const char *status = json_string_value(json_object_get(j, "fulfillment_status"));
	int32_t n = order_units(json_object_get(j, "fulfillable_quantity"), 0);

	if (n < 0)
		return status && strcasecmp(status, "fulfilled") == 0 ? 0 : -1;
	return n < l->current ? n : l->current;
}

/* The refunds that the payload lists have been read. */
static void read_line(struct order *o, const json_t *j, const struct conf *conf)
{
	struct order_line *l = &o->lines[o->nlines++];
	const json_t *current = json_object_get(j, "current_quantity");
	int64_t left;

	l->external_id = shape_part_id(json_object_get(j, "id"));
	l->sku = member_trimmed(o, j, "sku");
	l->name = member_first(o, j, "name", "title");
	l->price = member_money(o, j, "price", o->nlines);
	l->quantity = order_units(json_object_get(j, "quantity"), 1);
	left = l->external_id ? l->quantity - refunded(o, l->external_id) : l->quantity;
	if (l->quantity < 0)
		l->current = -1;
	else if (current && !json_is_null(current))
		l->current = order_units(current, 0);
	else
		l->current = left > 0 ? (int32_t)left : 0;
	if (l->quantity < 0 || l->current < 0)
		order_note(o, "the quantity is not a whole number above 0", o->nlines, NULL);
	l->skip = skip_reason(o, j, l, conf);
	if (l->current < 0)
		l->current = 0;
	l->fulfillable = fulfillable(j, l);
}

/* Of lines of Shopify's they do. */
static bool ids_ascend(const struct order *o)
{
	for (size_t i = 1; i < o->nlines; i++)
		if (o->lines[i].external_id <= o->lines[i - 1].external_id)
			return false;
	return true;
}

/* Of two lines with one id the second has none: nothing could tell which one is meant. */
static void drop_repeated_ids(struct order *o)
{
	struct idmap known = {0};

	if (ids_ascend(o))
		return;
	for (size_t i = 0; i < o->nlines; i++) {
		int64_t *id = &o->lines[i].external_id;
		size_t slot = IDMAP_START, at;

		if (*id && idmap_next(&known, *id, &slot, &at)) {
			order_note(o, "its id is that of a line before it", i + 1, NULL);
			*id = 0;
		} else if (*id) {
			idmap_put(&known, *id, i);
		}
	}
	idmap_release(&known);
}

static void read_lines(struct order *o, const json_t *lines, const struct conf *conf)
{
	size_t i;
	json_t *j;

	o->lines = xalloc_zero(json_array_size(lines), sizeof *o->lines);
	json_array_foreach(lines, i, j)
		if (json_is_object(j))
			read_line(o, j, conf);
		else
			order_note(o, "a line item is no object", i + 1, NULL);
	drop_repeated_ids(o);
}

/* A refund told by itself has the lines that it is of, in a genuine payload: what
 * there is to know of an order that has not been seen. */
static void read_refunded_lines(struct order *o, const json_t *refund, const struct conf *conf)
{
	const json_t *items = json_object_get(refund, "refund_line_items");
	size_t i;
	json_t *j;

	o->lines = xalloc_zero(json_array_size(items), sizeof *o->lines);
	json_array_foreach(items, i, j) {
		json_t *line = json_object_get(j, "line_item");

		if (json_is_object(line) && shape_part_id(json_object_get(line, "id")))
			read_line(o, line, conf);
	}
}

static void read_customer(struct order *o, const json_t *json)
{
	const json_t *c = json_object_get(json, "customer");
	const char *first = member_text(o, c, "first_name"), *last = member_text(o, c, "last_name");
	struct buf b = BUF_INIT;

	if (first && *first)
		buf_addstr(&b, first);
	if (last && *last)
		buf_addf(&b, "%s%s", b.len ? " " : "", last);
	if (b.len == 0 &&
	    (first = member_text(o, json_object_get(json, "billing_address"), "name")))
		buf_addstr(&b, first);
	if (b.len == 0 &&
	    (first = member_text(o, json_object_get(json, "shipping_address"), "name")))
		buf_addstr(&b, first);
	o->customer_name = b.data;
	o->customer_email = member_first(o, json, "email", "contact_email");
	if (o->customer_email == NULL || *o->customer_email == '\0')
		o->customer_email = member_text(o, c, "email");
}

/* Says so: an order that says nothing of it may be paid elsewhere. What was shipped has left the
 * shelf, paid or not. */
static bool is_unpaid(const struct order *o, const json_t *json)
{
	static const char *const paid[] = {"paid", "partially_refunded", "refunded"};
	const char *s = json_string_value(json_object_get(json, "financial_status"));

	if (s == NULL || *s == '\0' || o->fulfilled || o->closed)
		return false;
	for (size_t i = 0; i < sizeof paid / sizeof *paid; i++)
		if (strcasecmp(s, paid[i]) == 0)
			return false;
	return true;
}

static void read_whole(struct order *o, const json_t *json, const struct conf *conf)
{
	const char *status = json_string_value(json_object_get(json, "fulfillment_status"));
	size_t i;
	json_t *refund;

	o->name = member_text(o, json, "name");
	o->total = member_money(o, json, "total_price", 0);
	o->currency = member_text(o, json, "currency");
	o->updated_at = member_time(o, json, "updated_at");
	o->updated_us = member_us(o->updated_at);
	o->created_us = member_us(member_time(o, json, "created_at"));
	o->cancelled = json_object_get(json, "cancelled_at")
			       ? member_time(o, json, "cancelled_at") != NULL
			       : json_string_length(json_object_get(json, "cancel_reason")) > 0;
	o->closed = member_time(o, json, "closed_at") != NULL;
	o->fulfilled = status && (strcasecmp(status, "fulfilled") == 0 ||
				  strcasecmp(status, "partial") == 0);
	o->unpaid = is_unpaid(o, json);
	o->test = o->test || json_is_true(json_object_get(json, "test"));
	read_customer(o, json);
	json_array_foreach(json_object_get(json, "refunds"), i, refund)
		change_add_refund(o, refund);
	change_add_returns(o, json);
	read_lines(o, json_object_get(json, "line_items"), conf);
	for (i = 0; i < o->nlines; i++)
		if (o->closed || (o->lines[i].fulfillable < 0 && status &&
				  strcasecmp(status, "fulfilled") == 0))
			o->lines[i].fulfillable = 0;
}

/* A return, a reverse fulfillment order, or an order asked for its returns alone. */
static bool is_return(const json_t *json, const char *topic)
{
	if (topic && (order_is_return(topic) || !order_topic_known(topic)))
		return order_is_return(topic);
	return json_is_array(json_object_get(json, "dispositions")) ||
	       json_is_array(json_object_get(json, "reverse_fulfillment_orders")) ||
	       (json_is_array(json_object_get(json, "returns")) &&
		json_object_get(json, "line_items") == NULL);
}

static enum order_kind kind_of(const json_t *json, const char *topic)
{
	if (is_return(json, topic))
		return ORDER_RETURN;
	if (topic && !order_topic_known(topic))
		return ORDER_OTHER;
	if (json_is_object(json_object_get(json, "order_edit")))
		return ORDER_EDIT;
	if (json_is_array(json_object_get(json, "refund_line_items")) ||
	    order_is_topic(topic, "refunds/create"))
		return ORDER_REFUND;
	if (order_is_topic(topic, "orders/edited"))
		return ORDER_EDIT;
	return json_is_array(json_object_get(json, "line_items")) ? ORDER_WHOLE : ORDER_STUB;
}

/* An order's id; one that was asked for without it has the other. */
static int64_t order_id(const json_t *json)
{
	const json_t *id = json_object_get(json, "id");

	return shape_id(id ? id : json_object_get(json, "admin_graphql_api_id"));
}

/* One that moves nothing is kept unread; one that does, of an order that it does not name, is
 * for the caller. */
static void read_return(struct order *o, const json_t *json)
{
	const json_t *order = json_object_get(json, "order");

	o->external_id = shape_id(json_object_get(json, "order_id"));
	if (o->external_id == 0)
		o->external_id = json_is_array(json_object_get(json, "returns"))
					 ? order_id(json)
					 : json_is_object(order) ? order_id(order) : 0;
	change_add_returns(o, json);
	if (o->nchanges > 0)
		return;
	o->kind = ORDER_OTHER;
	order_note(o, "the return moves nothing", 0, NULL);
}

/* Fills in `o`, whose json is in REST's shape. */
static int read_rest(struct order *o, const char *topic, const struct conf *conf, struct err *e)
{
	const json_t *json = o->json, *edit = json_object_get(json, "order_edit");

	if (o->kind == ORDER_OTHER)
		return 0;
	if (!json_is_object(json))
		return err_set(e, ERR_SEMANTIC, "not a JSON object");
	switch (o->kind) {
	case ORDER_EDIT:
		o->external_id = shape_id(json_object_get(edit, "order_id"));
		change_add_edit(o, edit);
		break;
	case ORDER_REFUND:
		o->external_id = shape_id(json_object_get(json, "order_id"));
		change_add_refund(o, json);
		read_refunded_lines(o, json, conf);
		break;
	case ORDER_RETURN:
		read_return(o, json);
		return 0;
	case ORDER_WHOLE:
		o->external_id = order_id(json);
		read_whole(o, json, conf);
		break;
	default:
		o->external_id = topic ? order_id(json) : 0;
	}
	if (o->external_id > 0)
		return 0;
	if (o->kind == ORDER_STUB && topic == NULL)
		return err_set(e, ERR_SEMANTIC,
			       "neither an order (no line_items), a refund nor an edit");
	return err_set(e, ERR_SEMANTIC, "%s is not a whole number from 1 to 2^63-1",
		       o->kind == ORDER_REFUND ? "the refund's order_id"
		       : o->kind == ORDER_EDIT ? "the edit's order_id" : "the order's id");
}

int parse_order(struct order *o, json_t *json, const char *topic, bool test,
		const struct conf *conf, struct err *e)
{
	struct shape s;

	if (shape_read(&s, json, e) != 0)
		return -1;
	/* A webhook of another topic may have ids in GraphQL's spelling, too. */
	if (s.topic && !(topic && strchr(topic, '/') && !order_topic_known(topic)))
		topic = s.topic;
	*o = (struct order){.kind = kind_of(s.json, topic), .test = test, .notes = BUF_INIT,
			    .updated_us = ORDER_NEVER, .created_us = ORDER_NEVER,
			    .triggered_us = ORDER_NEVER, .json = s.json};
	if (s.why && (o->kind == ORDER_WHOLE || o->kind == ORDER_STUB))
		o->kind = ORDER_OTHER;
	if (s.why && o->kind == ORDER_OTHER)
		order_note(o, s.why, 0, NULL);
	if (read_rest(o, topic, conf, e) == 0)
		return 0;
	order_release(o);
	return -1;
}
