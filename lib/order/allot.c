/* SPDX-License-Identifier: MIT
 *
 * allot: for each order in turn
 *   1. what it has and no longer wants goes back on the shelf
 *   2. if there is enough of everything else that it needs, beyond what is set
 *      aside for older orders, it gets that; if not it waits for its next retry,
 *      and after the last one fails, with what it has
 *   3. units that it kept after a refund are taken as far as there are any
 * A cancelled order needs nothing: it gives back, and keeps what was not restocked.
 * In trouble an order waits or fails in the same way and nothing moves.
 * Invariant: stock.on_hand never falls below 0, in any prefix of the moves.
 */
#include "order/allot.h"

#include "base/record.h"
#include "base/utf8.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

struct run {
	struct allot_stock *stock;
	size_t nstock;
	const struct allot_terms *terms;
	struct allot_move *moves;
	size_t nmoves;
};

static const char *const names[] = {"pending", "completed", "failed", "cancelled"};

const char *allot_status_name(enum allot_status s)
{
	return names[s];
}

enum allot_status allot_status_of(const char *name)
{
	enum allot_status s = ALLOT_PENDING;

	while (s < ALLOT_CANCELLED && strcmp(names[s], name) != 0)
		s++;
	return s;
}

static int by_product(const void *key, const void *entry)
{
	int64_t a = *(const int64_t *)key, b = ((const struct allot_stock *)entry)->product;

	return a < b ? -1 : a > b;
}

static struct allot_stock *find(struct run *r, int64_t product)
{
	return r->nstock ? bsearch(&product, r->stock, r->nstock, sizeof *r->stock, by_product)
			 : NULL;
}

/* Takes `units` more off the shelf (fewer if negative). `first`: the order has
 * nothing yet. */
static void move(struct run *r, size_t order, struct allot_want *w, int64_t units, bool first)
{
	struct allot_stock *s = find(r, w->product);
	const char *reason = first && units > 0 ? "order" : w->cause ? w->cause : "change";

	if (units == 0 || s == NULL)
		return;
	s->on_hand -= units;
	s->delta -= units;
	w->taken += units;
	r->moves = xalloc_grow(r->moves, r->nmoves + 1, sizeof *r->moves);
	r->moves[r->nmoves++] = (struct allot_move){order, w->product, -units, s->on_hand, reason,
						    w->cause_id};
}

/* Adds a reason, and the SKU it is about unless that is NULL. */
static void complain(struct allot_order *o, const char *why, const char *sku)
{
	if (o->error.len > 500)
		return;
	buf_addf(&o->error, "%s%s", o->error.len ? "; " : "", why);
	if (sku)
		buf_addf(&o->error, " \"%.*s\"", (int)utf8_fit(sku, strlen(sku), 80), sku);
}

int64_t allot_needs(const struct allot_want *w)
{
	int64_t n = w->units - w->kept - w->taken;

	return n > 0 ? n : 0;
}

static void complain_first(struct allot_order *o, const char *word)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s%s", word, o->error.data);
	buf_release(&o->error);
	o->error = b;
}

static void note_short(struct allot_order *o, const struct allot_want *w, int64_t available)
{
	record_open(&o->shorts, NULL, '{');
	record_text(&o->shorts, "sku", w->sku);
	record_int(&o->shorts, "wanted", allot_needs(w));
	record_int(&o->shorts, "available", available);
	record_close(&o->shorts, '}');
}

/* The place in the line at which a product begins. */
static size_t first_ahead(const struct allot_terms *t, int64_t product)
{
	size_t low = 0, high = t->nahead;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->ahead[middle].product < product)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What is left for an order once older ones that wait have what they would get. */
static int64_t left_for(const struct run *r, const struct allot_order *o,
			const struct allot_stock *s)
{
	const struct allot_terms *t = r->terms;
	int64_t left;

	if (s == NULL || s->held)
		return 0;
	left = s->on_hand;
	for (size_t i = first_ahead(t, s->product); i < t->nahead; i++) {
		const struct allot_ahead *a = &t->ahead[i];

		if (a->product != s->product || a->order >= o->id)
			break;
		if (a->units <= left)
			left -= a->units;
		else if (t->hold)
			return 0;
	}
	return left;
}

/* False, with the reason noted, if this want cannot be met. */
static bool can_have(struct run *r, struct allot_order *o, struct allot_want *w)
{
	const struct allot_stock *s;
	int64_t available;

	if (w->product == 0 && allot_needs(w) > 0) {
		complain(o, "unknown SKU", w->sku);
		note_short(o, w, 0);
		w->missing = true;
		return false;
	}
	s = find(r, w->product);
	if (allot_needs(w) == 0)
		return true;
	available = left_for(r, o, s);
	if (allot_needs(w) <= available)
		return true;
	complain(o, "insufficient stock of", w->sku);
	buf_addf(&o->error, ": wants %lld, has %lld", (long long)allot_needs(w),
		 (long long)available);
	if (s && s->on_hand > available)
		buf_addstr(&o->error, " beyond what older orders wait for");
	note_short(o, w, available);
	w->missing = true;
	return false;
}

static bool is_unusable(const struct allot_want *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (w[i].sku == NULL)
			return true;
	return false;
}

/* A line that nobody can count, or an order that kills workers, is not helped
 * by waiting. */
static bool is_hopeless(const struct allot_order *o, const struct allot_want *w, size_t n)
{
	return is_unusable(w, n) || o->crashes >= ALLOT_MOST_CRASHES;
}

/* A completed order stays completed: it is the change to it that failed. */
static void refuse(const struct run *r, struct allot_order *o, const struct allot_want *w, size_t n)
{
	bool hopeless = is_hopeless(o, w, n);

	o->wait = hopeless ? -1 : backoff_seconds(&r->terms->delays, o->retries + 1);
	if (o->wait >= 0)
		o->retries++;
	else if (o->status == ALLOT_PENDING && !(o->waited && r->terms->keep_pending))
		o->status = ALLOT_FAILED;
}

/* It is short of something. Where it is of one product only, and the setting
 * says so, nobody after it gets any of that. */
static void refuse_short(struct run *r, struct allot_order *o, const struct allot_want *w, size_t n)
{
	struct allot_stock *held = NULL;
	size_t missing = 0;

	o->waited = !is_hopeless(o, w, n);
	refuse(r, o, w, n);
	if (o->waited && r->terms->keep_pending && o->wait < 0)
		complain_first(o, "waiting: ");
	for (size_t i = 0; i < n; i++)
		if (w[i].missing) {
			missing++;
			held = find(r, w[i].product);
		}
	if (held && o->waited && missing == 1 && r->terms->hold)
		held->held = true;
}

/* What an order is to get of a product now: what it needs, and of what was
 * refunded and not put back as much as there is. */
static int64_t share(struct run *r, const struct allot_order *o, const struct allot_want *w)
{
	const struct allot_stock *s = find(r, w->product);
	int64_t must = o->status == ALLOT_CANCELLED ? 0 : allot_needs(w),
		more = w->units - w->taken - must, left;

	if (s == NULL || more <= 0 || o->waited)
		return must;
	left = left_for(r, o, s) - must;
	return must + (more < left ? more : left > 0 ? left : 0);
}

static void decide(struct run *r, struct allot_order *o, size_t index, struct allot_want *w,
		   size_t n)
{
	bool ok = true, first = true;

	if (o->crashes >= ALLOT_MOST_CRASHES)
		complain(o, ALLOT_CRASHED, NULL);
	if (o->trouble)
		complain(o, o->trouble, NULL);
	/* What cannot be counted is no reason to give back what was taken. */
	if (o->status != ALLOT_CANCELLED && is_unusable(w, n))
		complain(o, "a line's quantity is unusable: needs review", NULL);
	if (o->error.len > 0) {
		o->waited = o->waited && backoff_seconds(&r->terms->delays, o->retries + 1) >= 0 &&
			    !is_hopeless(o, w, n);
		refuse(r, o, w, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		first = first && w[i].taken == 0;
		if (w[i].units < w[i].taken)
			move(r, index, &w[i], w[i].units - w[i].taken, false);
	}
	for (size_t i = 0; i < n && o->status != ALLOT_CANCELLED; i++)
		ok = can_have(r, o, &w[i]) && ok;
	if (!ok) {
		refuse_short(r, o, w, n);
		return;
	}
	o->ok = true;
	if (o->status != ALLOT_CANCELLED)
		o->status = ALLOT_COMPLETED;
	for (size_t i = 0; i < n; i++)
		move(r, index, &w[i], share(r, o, &w[i]), first);
}

size_t allot(struct allot_order *orders, size_t norders, struct allot_want *wants,
	     size_t nwants, struct allot_stock *stock, size_t nstock,
	     const struct allot_terms *terms, struct allot_move **moves)
{
	struct run r = {stock, nstock, terms, NULL, 0};
	size_t at = 0;

	for (size_t i = 0; i < norders; i++) {
		size_t n = 0;

		while (at + n < nwants && wants[at + n].order == i)
			n++;
		orders[i].wait = -1;
		orders[i].ok = false;
		decide(&r, &orders[i], i, wants + at, n);
		at += n;
	}
	*moves = r.moves;
	return r.nmoves;
}
