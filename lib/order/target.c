/* SPDX-License-Identifier: MIT
 *
 * target: what is known of an order is merged so that the order of arrival does
 * not matter: the newest version by a fixed comparison, the union of refunds and
 * additions, the lowest quantity of each line, the first version.
 */
#include "order/target.h"

#include "base/idmap.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

void target_release(struct target *t)
{
	free(t->lines);
	free(t->changes);
}

/* --- which version is newer --- */

static bool is_refund(const struct order_change *c)
{
	return order_change_is(c, "refund");
}

/* What can only move one way in Shopify. */
struct totals {
	int64_t refunded, ordered, left;
};

static struct totals totals_of(const struct order *o)
{
	struct totals n = {0};

	for (size_t i = 0; i < o->nchanges; i++)
		n.refunded += is_refund(&o->changes[i]) ? o->changes[i].removed : 0;
	for (size_t i = 0; i < o->nlines; i++) {
		n.ordered += o->lines[i].quantity;
		n.left += o->lines[i].current;
	}
	return n;
}

static struct totals totals_known(const struct target *t)
{
	struct totals n = {0};

	for (size_t i = 0; i < t->nchanges; i++)
		if (t->changes[i].listed && is_refund(&t->changes[i].said))
			n.refunded += t->changes[i].said.removed;
	for (size_t i = 0; i < t->nlines; i++)
		if (t->lines[i].seen) {
			n.ordered += t->lines[i].quantity;
			n.left += t->lines[i].current;
		}
	return n;
}

int target_compare_times(int64_t a, int64_t b)
{
	return a == ORDER_NEVER || b == ORDER_NEVER ? 0 : (a > b) - (a < b);
}

static bool is_newer(const struct target *t, const struct order *o)
{
	struct totals a = totals_of(o), b = totals_known(t);
	int by_time = target_compare_times(o->updated_us, t->version_us);

	if (by_time != 0)
		return by_time > 0;
	if (a.refunded != b.refunded)
		return a.refunded > b.refunded;
	if (a.ordered != b.ordered)
		return a.ordered > b.ordered;
	if (o->cancelled != t->cancelled)
		return o->cancelled;
	if (a.left != b.left)
		return a.left < b.left;
	return target_compare_times(o->triggered_us, t->triggered_us) >= 0;
}

/* Units of a version that had been shipped. */
static int64_t shipped_of(const struct order *o)
{
	int64_t n = 0;

	for (size_t i = 0; i < o->nlines; i++)
		if (o->lines[i].fulfillable >= 0 && !o->cancelled)
			n += o->lines[i].current - o->lines[i].fulfillable;
	return n;
}

/* The version that says what had been shipped when the order was first seen: the
 * oldest, or the newest of a history that was taken in as such. Of two with one
 * updated_at the one with fewer refunds, then with fewer units shipped. */
static bool is_first(const struct target *t, const struct order *o)
{
	int64_t refunded = 0, shipped = 0;
	int by_time = target_compare_times(o->updated_us, t->first_us);

	if (t->whole && o->history)
		return is_newer(t, o);
	if (!t->whole || by_time != 0)
		return !t->whole || by_time < 0;
	for (size_t i = 0; i < t->nchanges; i++)
		if (t->changes[i].first && is_refund(&t->changes[i].said))
			refunded += t->changes[i].said.removed;
	for (size_t i = 0; i < t->nlines; i++)
		shipped += t->lines[i].shipped;
	if (totals_of(o).refunded != refunded)
		return totals_of(o).refunded < refunded;
	return shipped_of(o) < shipped;
}

/* The id of the i-th line of a payload, as in struct target_line. */
static int64_t line_id(const struct order *o, size_t i)
{
	return o->lines[i].external_id ? o->lines[i].external_id : -(int64_t)(i + 1);
}

/* --- merging --- */

/* Where a change is looked for: by its own id, and by its refund and line. */
struct changes_known {
	struct idmap by_id, by_source;
};

static int64_t source_key(const struct order_change *c)
{
	return (int64_t)((uint64_t)c->source_id * 31 + (uint64_t)c->line_id);
}

static void note_change(struct changes_known *known, const struct order_change *c, size_t at)
{
	idmap_put(&known->by_id, c->external_id, at);
	if (c->source_id)
		idmap_put(&known->by_source, source_key(c), at);
}

/* The same, or the same refund of that line with ids in one payload and without in the other. */
static struct target_change *find_change(struct target *t, const struct changes_known *known,
					 const struct order_change *c)
{
	size_t i = IDMAP_START, at;

	while (idmap_next(&known->by_id, c->external_id, &i, &at)) {
		const struct order_change *k = &t->changes[at].said;

		if (k->external_id == c->external_id && k->line_id == c->line_id &&
		    strcmp(k->kind, c->kind) == 0)
			return &t->changes[at];
	}
	i = IDMAP_START;
	while (is_refund(c) && c->source_id &&
	       idmap_next(&known->by_source, source_key(c), &i, &at)) {
		const struct order_change *k = &t->changes[at].said;

		if (k->source_id == c->source_id && k->line_id == c->line_id &&
		    (k->external_id < 0) != (c->external_id < 0) && strcmp(k->kind, c->kind) == 0)
			return &t->changes[at];
	}
	return NULL;
}

static bool has_id(const struct order_change *c)
{
	return c->external_id >= 0;
}

/* Of lines with ids that one without speaks of, all are meant. */
static void mark(struct target *t, const struct changes_known *known, struct target_change *c,
		 const struct order_change *said, bool listed, bool first)
{
	size_t i = IDMAP_START, at;

	c->listed |= listed;
	c->first |= first;
	while (is_refund(said) && has_id(said) != has_id(&c->said) &&
	       idmap_next(&known->by_source, source_key(said), &i, &at)) {
		struct target_change *k = &t->changes[at];

		if (k->said.source_id == said->source_id && k->said.line_id == said->line_id &&
		    strcmp(k->said.kind, said->kind) == 0) {
			k->listed |= listed;
			k->first |= first;
		}
	}
}

/* A disposal without an id that is told again, with other units: the larger one counts. */
static bool widen(struct order_change *known, const struct order_change *said)
{
	if (!order_change_is(known, "disposal") ||
	    (said->removed <= known->removed &&
	     (said->removed < known->removed || said->restocked <= known->restocked)))
		return false;
	known->removed = said->removed;
	known->restocked = said->restocked;
	return true;
}

/* Adds what the payload tells of refunds, edits and returns; true if any was new. */
static bool add_changes(struct target *t, const struct order *o, bool listed, bool first)
{
	struct changes_known known = {{0}, {0}};
	size_t before = t->nchanges;
	bool added = false;

	for (size_t i = 0; o->nchanges && i < t->nchanges; i++)
		note_change(&known, &t->changes[i].said, i);
	for (size_t i = 0; i < o->nchanges; i++) {
		const struct order_change *said = &o->changes[i];
		struct target_change *c = find_change(t, &known, said);

		if (c == NULL) {
			note_change(&known, said, t->nchanges);
			t->changes = xalloc_grow(t->changes, t->nchanges + 1, sizeof *t->changes);
			c = &t->changes[t->nchanges++];
			*c = (struct target_change){.said = *said, .fresh = true};
			added = true;
		} else if (!is_refund(said)) {
			added |= widen(&c->said, said);
		} else if (said->external_id < 0 && c->said.external_id < 0 &&
			   (size_t)(c - t->changes) >= before) {
			/* one more line without an id, of the same payload */
			c->said.removed += said->removed;
			c->said.restocked += said->restocked;
		}
		mark(t, &known, c, said, listed, first);
	}
	idmap_release(&known.by_id);
	idmap_release(&known.by_source);
	return added;
}

static struct target_line *add_line(struct target *t, int64_t id, const struct order_line *l)
{
	int32_t line_no = t->nlines ? t->lines[t->nlines - 1].line_no + 1 : 1;

	t->lines = xalloc_grow(t->lines, t->nlines + 1, sizeof *t->lines);
	t->lines[t->nlines] = (struct target_line){.id = id,
						   .line_no = line_no,
						   .sku = l->sku,
						   .name = l->name,
						   .price = l->price,
						   .skip = l->skip,
						   .quantity = l->quantity,
						   .least = t->whole ? 0 : l->quantity,
						   .product = l->product};
	return &t->lines[t->nlines++];
}

/* The payload no longer says what the line is of: a deleted product, a field that
 * was left out. */
static bool is_lost(const char *skip)
{
	return skip && (order_skip_asks(skip) || strcmp(skip, "no_sku") == 0);
}

/* What a version says of a line that was known. */
static void merge_line(struct target_line *k, const struct order_line *l, bool newer)
{
	if (k->product == 0)
		k->product = l->product;
	if (!k->seen || l->quantity < k->least)
		k->least = l->quantity;
	if (l->sku && (newer || k->sku == NULL))
		k->sku = l->sku;
	if (is_lost(k->skip) ? !is_lost(l->skip) || newer : newer && !is_lost(l->skip))
		k->skip = l->skip;
	if (!newer)
		return;
	k->quantity = l->quantity;
	k->current = l->current;
	k->name = l->name;
	k->price = l->price;
}

/* Shopify keeps a line that was removed and sets its current_quantity to 0. A
 * version without the line means the same. */
static void remove_line(struct target_line *l)
{
	l->seen = true;
	l->quantity = l->current = 0;
	if (l->skip && strcmp(l->skip, "bad_quantity") == 0)
		l->skip = NULL;
}

static void merge_lines(struct target *t, const struct order *o, bool newer, bool first)
{
	struct idmap known = {0};
	size_t nknown = t->nlines;

	for (size_t i = 0; i < nknown; i++) {
		idmap_put(&known, t->lines[i].id, i);
		t->lines[i].shipped = first ? 0 : t->lines[i].shipped;
		t->lines[i].here = false;
	}
	for (size_t i = 0; i < o->nlines; i++) {
		const struct order_line *l = &o->lines[i];
		size_t slot = IDMAP_START, at = t->nlines;
		struct target_line *k;

		if (idmap_next(&known, line_id(o, i), &slot, &at)) {
			k = &t->lines[at];
			merge_line(k, l, newer);
		} else {
			idmap_put(&known, line_id(o, i), at);
			k = add_line(t, line_id(o, i), l);
			k->current = newer ? l->current : 0;
			k->quantity = newer ? l->quantity : 0;
		}
		k->seen = k->here = true;
		if (first && l->fulfillable >= 0 && !o->cancelled)
			k->shipped = l->current - l->fulfillable;
	}
	for (size_t i = 0; i < nknown; i++) {
		if (!t->lines[i].here)
			t->lines[i].least = 0;
		if (!t->lines[i].here && newer)
			remove_line(&t->lines[i]);
	}
	idmap_release(&known);
}

static void set_version(struct target *t, const struct order *o)
{
	for (size_t i = 0; i < t->nchanges; i++)
		t->changes[i].listed = false;
	t->version_us = o->updated_us == ORDER_NEVER && t->whole ? t->version_us : o->updated_us;
	t->triggered_us = o->triggered_us;
}

static void set_first(struct target *t, const struct order *o)
{
	for (size_t i = 0; i < t->nchanges; i++)
		t->changes[i].first = false;
	t->first_us = o->updated_us;
	t->shipped = o->closed || o->fulfilled || o->cancelled;
}

static enum target_news add_whole(struct target *t, const struct order *o, int64_t history_us)
{
	bool newer = !t->whole || is_newer(t, o), first = is_first(t, o);

	if ((!t->whole || o->history) && o->created_us != ORDER_NEVER && o->created_us < history_us)
		t->history_us = history_us;
	if (newer)
		set_version(t, o);
	if (first)
		set_first(t, o);
	add_changes(t, o, newer, first);
	merge_lines(t, o, newer, first);
	t->cancelled |= o->cancelled;
	t->paid |= !o->unpaid;
	t->whole = true;
	return newer ? TARGET_NEWER : TARGET_OLDER;
}

/* Of an order that has not been seen, the lines that a refund is of. */
static void add_refunded_lines(struct target *t, const struct order *o)
{
	struct idmap known = {0};
	size_t slot, at;

	for (size_t i = 0; i < t->nlines; i++)
		idmap_put(&known, t->lines[i].id, i);
	for (size_t i = 0; i < o->nlines; i++) {
		slot = IDMAP_START;
		if (idmap_next(&known, o->lines[i].external_id, &slot, &at))
			continue;
		idmap_put(&known, o->lines[i].external_id, t->nlines);
		add_line(t, o->lines[i].external_id, &o->lines[i]);
	}
	idmap_release(&known);
}

enum target_news target_add(struct target *t, const struct order *o, int64_t history_us)
{
	if (o->kind == ORDER_WHOLE)
		return add_whole(t, o, history_us);
	if (o->kind == ORDER_REFUND && !t->whole)
		add_refunded_lines(t, o);
	return add_changes(t, o, false, false) ? TARGET_CHANGE : TARGET_NOTHING;
}

bool target_is_unpaid(const struct target *t)
{
	return t->gated && t->whole && !t->paid;
}

void target_settle(struct target *t)
{
	for (size_t i = 0; i < t->nlines; i++) {
		struct target_line *l = &t->lines[i];

		l->was = (struct target_was){l->target, l->kept, l->base, l->sku, l->skip};
	}
	for (size_t i = 0; i < t->nchanges; i++)
		t->changes[i].fresh = false;
}
