/* SPDX-License-Identifier: MIT
 *
 * payload: what parse_order() made of a payload, spelled for PostgreSQL.
 */
#include "order/payload.h"

#include <stdlib.h>

void payload_release(struct payload *p)
{
	order_release(&p->order);
	free(p->body);
	free(p->shop);
	free(p->topic);
	free(p->webhook_id);
	free(p->triggered_at);
	free(p->api_version);
	free(p->event_id);
}

/* The one place that has the order of the fields. */
static void fields(const struct payload *p, struct db_param out[PAYLOAD_FIELDS])
{
	const struct order *o = &p->order;
	const struct db_param all[PAYLOAD_FIELDS] = {
		db_param_text(p->shop), db_param_int(o->external_id), db_param_text(o->name),
		db_param_text(o->customer_name), db_param_text(o->customer_email),
		db_param_text(o->total), db_param_text(o->currency), db_param_bool(o->test),
		db_param_bool(o->cancelled), db_param_text(o->updated_at),
		db_param_text(o->notes.data), db_param_text(p->topic), db_param_text(p->webhook_id),
		db_param_text(p->triggered_at), db_param_text(p->api_version),
		db_param_text(p->event_id), db_param_text(p->history ? "t" : NULL),
		db_param_bytes(p->digest, SIGN_BYTES), db_param_bytes(p->body, p->len)};

	for (int i = 0; i < PAYLOAD_FIELDS; i++)
		out[i] = all[i];
}

/* Fields from this one on are bytes. */
enum { DIGEST = PAYLOAD_FIELDS - 2 };

/* Of an item. */
enum { LINE, ID, SKU, NAME, QUANTITY, CURRENT, PRICE, SKIP };

static void items_init(struct payload_items *items)
{
	static const uint32_t types[PAYLOAD_ITEM_FIELDS] = {
		[LINE] = ARRAY_INT4, [ID] = ARRAY_INT8, [SKU] = ARRAY_TEXT, [NAME] = ARRAY_TEXT,
		[QUANTITY] = ARRAY_INT4, [CURRENT] = ARRAY_INT4, [PRICE] = ARRAY_TEXT,
		[SKIP] = ARRAY_TEXT};

	for (int i = 0; i < PAYLOAD_ITEM_FIELDS; i++)
		array_init(&items->a[i], types[i]);
}

static void items_add(struct payload_items *items, const struct payload *p)
{
	struct array *a = items->a;

	for (size_t i = 0; i < p->order.nlines; i++) {
		const struct order_line *l = &p->order.lines[i];

		array_int4(&a[LINE], (int32_t)i + 1);
		if (l->external_id)
			array_int8(&a[ID], l->external_id);
		else
			array_null(&a[ID]);
		array_text(&a[SKU], l->sku);
		array_text(&a[NAME], l->name);
		if (l->quantity >= 0)
			array_int4(&a[QUANTITY], l->quantity);
		else
			array_null(&a[QUANTITY]);
		array_int4(&a[CURRENT], l->current);
		array_text(&a[PRICE], l->price);
		array_text(&a[SKIP], l->skip);
	}
}

static void items_params(struct payload_items *items, struct db_param out[PAYLOAD_ITEM_FIELDS])
{
	for (int i = 0; i < PAYLOAD_ITEM_FIELDS; i++)
		out[i] = array_param(&items->a[i]);
}

void payload_items_release(struct payload_items *items)
{
	for (int i = 0; i < PAYLOAD_ITEM_FIELDS; i++)
		array_release(&items->a[i]);
}

void payload_params(const struct payload *p, struct payload_items *items,
		    struct db_param out[PAYLOAD_PARAMS])
{
	fields(p, out);
	items_init(items);
	items_add(items, p);
	items_params(items, out + PAYLOAD_FIELDS);
}

void payload_arrays_init(struct payload_arrays *a)
{
	for (int i = 0; i < PAYLOAD_FIELDS; i++)
		array_init(&a->fields[i], i < DIGEST ? ARRAY_TEXT : ARRAY_BYTEA);
	items_init(&a->items);
	array_init(&a->places, ARRAY_INT4);
}

void payload_arrays_add(struct payload_arrays *a, const struct payload *p, int place)
{
	struct db_param one[PAYLOAD_FIELDS];

	fields(p, one);
	for (int i = 0; i < PAYLOAD_FIELDS; i++)
		array_value(&a->fields[i], &one[i]);
	items_add(&a->items, p);
	for (size_t i = 0; i < p->order.nlines; i++)
		array_int4(&a->places, place);
}

void payload_arrays_params(struct payload_arrays *a, struct db_param out[PAYLOAD_PARAMS + 1])
{
	for (int i = 0; i < PAYLOAD_FIELDS; i++)
		out[i] = array_param(&a->fields[i]);
	items_params(&a->items, out + PAYLOAD_FIELDS);
	out[PAYLOAD_PARAMS] = array_param(&a->places);
}

void payload_arrays_release(struct payload_arrays *a)
{
	for (int i = 0; i < PAYLOAD_FIELDS; i++)
		array_release(&a->fields[i]);
	payload_items_release(&a->items);
	array_release(&a->places);
}
