/* SPDX-License-Identifier: MIT
 *
 * change: Shopify's webhook of a disposition has neither its id nor the order line, so a
 * disposal is known by its line of the reverse fulfillment order and its place among those of
 * that line. The list is read as all of them: of two payloads, what both have counts once.
 */
#include "order/change.h"

#include "base/clock.h"
#include "base/idmap.h"
#include "base/xalloc.h"
#include "order/shape.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static struct order_change *add(struct order *o)
{
	o->changes = xalloc_grow(o->changes, o->nchanges + 1, sizeof *o->changes);
	return &o->changes[o->nchanges++];
}

static const json_t *get(const json_t *j, const char *key)
{
	return json_object_get(j, key);
}

static int64_t id_of(const json_t *j)
{
	int64_t id = shape_part_id(get(j, "id"));

	return id ? id : shape_part_id(get(j, "admin_graphql_api_id"));
}

static int64_t time_of(struct order *o, const json_t *j, const char *key)
{
	const char *s = json_string_value(get(j, key));
	int64_t us;

	if (s == NULL || clock_parse_rfc3339(s, &us))
		return s ? us : ORDER_NEVER;
	order_note(o, "not a time: ", 0, s);
	return ORDER_NEVER;
}

static bool is_word(const json_t *item, const char *key, const char *word)
{
	const char *s = json_string_value(get(item, key));

	return s && strcasecmp(s, word) == 0;
}

static bool is_type(const json_t *item, const char *type)
{
	return is_word(item, "restock_type", type);
}

/* --- refunds and edits --- */

static bool goes_back(const json_t *item, const json_t *refund)
{
	if (!json_is_string(get(item, "restock_type")))
		return json_is_true(get(refund, "restock"));
	return is_type(item, "return") || is_type(item, "cancel") ||
	       is_type(item, "legacy_restock");
}

void change_add_refund(struct order *o, const json_t *refund)
{
	const json_t *items = get(refund, "refund_line_items");
	int64_t refund_id = shape_part_id(get(refund, "id"));
	int64_t at = time_of(o, refund, "created_at"), of = id_of(get(refund, "return"));
	size_t i;
	json_t *j;

	json_array_foreach(items, i, j) {
		int32_t n = order_units(get(j, "quantity"), 1);
		int64_t id = shape_part_id(get(j, "id"));
		int64_t line = shape_part_id(get(j, "line_item_id"));

		if (line == 0)
			line = shape_part_id(get(get(j, "line_item"), "id"));
		if (id == 0)
			id = -refund_id;
		if (n < 0 || id == 0 || line == 0) {
			order_note(o, "a refund's line has no usable id or quantity", i + 1, NULL);
			continue;
		}
		*add(o) = (struct order_change){
			.kind = "refund", .external_id = id, .line_id = line,
			.source_id = refund_id, .removed = n,
			.restocked = goes_back(j, refund) ? n : 0, .at_us = at,
			.returned = is_type(j, "return"), .unshipped = is_type(j, "cancel"),
			.return_id = json_is_null(get(refund, "return")) ? -1 : of};
	}
}

void change_add_edit(struct order *o, const json_t *edit)
{
	const json_t *list = get(get(edit, "line_items"), "additions");
	int64_t at = time_of(o, edit, "committed_at");
	int64_t edit_id = shape_part_id(get(edit, "id"));
	size_t i;
	json_t *j;

	json_array_foreach(list, i, j) {
		int32_t n = order_units(get(j, "delta"), 1);
		int64_t line = shape_part_id(get(j, "id"));

		if (n < 0 || line == 0) {
			order_note(o, "an edit's line has no usable id or delta", i + 1, NULL);
			continue;
		}
		*add(o) = (struct order_change){.kind = "edit", .external_id = edit_id,
						.line_id = line, .source_id = edit_id,
						.removed = -n, .at_us = at};
	}
}

/* --- returns --- */

/* The order line that an object of a return is of; 0: it does not say. */
static int64_t order_line(const json_t *j)
{
	const json_t *shipped = get(j, "fulfillment_line_item");
	int64_t line = shape_part_id(get(j, "line_item_id"));

	if (line == 0)
		line = id_of(get(j, "line_item"));
	return line || shipped == NULL ? line : order_line(shipped);
}

/* What is read of the returns of one payload. */
struct reader {
	struct order *o;
	struct idmap reverses;  /* lines of reverse fulfillment orders that were added */
	struct idmap lines;     /* to their places in `count` */
	int64_t *count;         /* owned: disposals without an id, by line */
	size_t n;
};

/* The next disposal without an id of that line. */
static int64_t place(struct reader *r, int64_t line)
{
	size_t slot = IDMAP_START, at;

	if (!idmap_next(&r->lines, line, &slot, &at)) {
		at = r->n++;
		idmap_put(&r->lines, line, at);
		r->count = xalloc_grow(r->count, r->n, sizeof *r->count);
		r->count[at] = 0;
	}
	return -++r->count[at];
}

/* `reverse`: the line of the reverse fulfillment order that it is of; 0: it does not say. */
static void add_disposal(struct reader *r, const json_t *j, int64_t reverse, int64_t line,
			 int64_t source)
{
	int32_t n = order_units(get(j, "quantity"), 1);
	int64_t of = reverse ? -reverse : line;
	struct order *o = r->o;

	if (is_word(j, "type", "processing_required"))
		return;
	if (n < 0 || of == 0) {
		order_note(o, "a disposition has no usable line or quantity", 0, NULL);
		return;
	}
	*add(o) = (struct order_change){
		.kind = "disposal", .external_id = id_of(j) ? id_of(j) : place(r, of),
		.line_id = of,
		.source_id = source, .removed = n,
		.restocked = is_word(j, "type", "restocked") ? n : 0,
		.at_us = time_of(o, j, "created_at")};
}

static void add_reverse(struct reader *r, int64_t reverse, int64_t line, int64_t source)
{
	size_t slot = IDMAP_START, at;

	if (reverse == 0 || line == 0 || idmap_next(&r->reverses, reverse, &slot, &at))
		return;
	idmap_put(&r->reverses, reverse, 0);
	*add(r->o) = (struct order_change){.kind = "reverse", .external_id = reverse,
					   .line_id = line, .source_id = source,
					   .at_us = ORDER_NEVER};
}

/* Disposals, as a webhook lists them: each names the line of the reverse order. */
static void add_listed(struct reader *r, const json_t *list, int64_t source)
{
	size_t i;
	json_t *j;

	json_array_foreach(list, i, j) {
		const json_t *of = get(j, "reverse_fulfillment_order_line_item");
		int64_t line = order_line(of) ? order_line(of) : order_line(j);

		add_reverse(r, id_of(of), line, source);
		add_disposal(r, j, id_of(of), line, source);
	}
}

static void add_reverse_order(struct reader *r, const json_t *reverse, int64_t source)
{
	size_t i, k;
	json_t *item, *j;

	add_listed(r, get(reverse, "dispositions"), source);
	json_array_foreach(get(reverse, "line_items"), i, item) {
		add_reverse(r, id_of(item), order_line(item), source);
		json_array_foreach(get(item, "dispositions"), k, j)
			add_disposal(r, j, id_of(item), order_line(item), source);
	}
}

static void add_return(struct reader *r, const json_t *ret)
{
	size_t i;
	json_t *reverse;

	json_array_foreach(get(ret, "reverse_fulfillment_orders"), i, reverse)
		add_reverse_order(r, reverse, id_of(ret));
}

void change_add_returns(struct order *o, const json_t *json)
{
	struct reader r = {.o = o};
	size_t i;
	json_t *ret;

	if (json_is_array(get(json, "returns")))
		json_array_foreach(get(json, "returns"), i, ret)
			add_return(&r, ret);
	else if (get(json, "reverse_fulfillment_orders"))
		add_return(&r, json);
	else if (o->kind == ORDER_RETURN)
		add_reverse_order(&r, json, id_of(get(json, "return")));
	idmap_release(&r.reverses);
	idmap_release(&r.lines);
	free(r.count);
}
