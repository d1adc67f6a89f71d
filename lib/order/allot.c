/* SPDX-License-Identifier: MIT
 *
 * allot: for each order in turn
 *   cancelled   gives back what it has beyond what must stay off the shelf
 *   otherwise   moves the difference between what it wants and what it has,
 *               if there is enough of everything; if not it waits for its next
 *               retry with what it had, and after the last one gives all back
 *   in trouble  waits or gives back in the same way; a cancelled one gives
 *               nothing back, since it is not known what may go on the shelf
 * Invariant: stock.on_hand never falls below 0, in any prefix of the moves.
 */
#include "order/allot.h"

#include "base/jtext.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

struct run {
	struct allot_stock *stock;
	size_t nstock;
	const struct backoff *delays;
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

/* Takes `units` more off the shelf (fewer if negative). */
static void move(struct run *r, size_t order, const struct allot_want *w, int64_t units,
		 const char *reason)
{
	struct allot_stock *s = find(r, w->product);

	if (units == 0 || s == NULL)
		return;
	s->on_hand -= units;
	s->delta -= units;
	r->moves = xalloc_grow(r->moves, r->nmoves + 1, sizeof *r->moves);
	r->moves[r->nmoves++] = (struct allot_move){order, w->product, -units, s->on_hand, reason};
}

/* Adds a reason, and the SKU it is about unless that is NULL. */
static void complain(struct allot_order *o, const char *why, const char *sku)
{
	if (o->error.len > 500)
		return;
	buf_addf(&o->error, "%s%s", o->error.len ? "; " : "", why);
	if (sku)
		buf_addf(&o->error, " \"%.80s\"", sku);
}

static void note_short(struct allot_order *o, const struct allot_want *w, int64_t available)
{
	buf_addstr(&o->shorts, o->shorts.len ? ",{\"sku\":" : "{\"sku\":");
	jtext_add(&o->shorts, w->sku);
	buf_addf(&o->shorts, ",\"wanted\":%lld,\"available\":%lld}",
		 (long long)(w->units - w->taken), (long long)available);
}

/* False, with the reason noted, if this want cannot be met. */
static bool can_have(struct run *r, struct allot_order *o, const struct allot_want *w)
{
	const struct allot_stock *s;
	int64_t available;

	if (w->sku == NULL) {
		complain(o, "a line's quantity is unusable: needs review", NULL);
		return false;
	}
	if (w->product == 0) {
		complain(o, "unknown SKU", w->sku);
		note_short(o, w, 0);
		return false;
	}
	s = find(r, w->product);
	available = s ? s->on_hand : 0;
	if (w->units - w->taken <= available)
		return true;
	complain(o, "insufficient stock of", w->sku);
	buf_addf(&o->error, ": wants %lld, has %lld", (long long)(w->units - w->taken),
		 (long long)available);
	note_short(o, w, available);
	return false;
}

static void give_back(struct run *r, struct allot_order *o, size_t index,
		      const struct allot_want *w, size_t n)
{
	o->ok = true;
	for (size_t i = 0; i < n; i++) {
		int64_t keep = w[i].units < w[i].taken ? w[i].units : w[i].taken;

		move(r, index, &w[i], keep - w[i].taken, "cancel");
	}
}

/* A line that nobody can count, or an order that kills workers, is not helped
 * by waiting. */
static bool is_hopeless(const struct allot_order *o, const struct allot_want *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (w[i].sku == NULL)
			return true;
	return o->crashes >= ALLOT_MOST_CRASHES;
}

static void refuse(struct run *r, struct allot_order *o, size_t index, const struct allot_want *w,
		   size_t n)
{
	o->wait = is_hopeless(o, w, n) ? -1 : backoff_seconds(r->delays, o->retries + 1);
	if (o->wait >= 0) {
		o->retries++;
		return;
	}
	if (o->status == ALLOT_CANCELLED)
		return;
	o->status = ALLOT_FAILED;
	for (size_t i = 0; i < n; i++)
		move(r, index, &w[i], -w[i].taken, "release");
}

static void decide(struct run *r, struct allot_order *o, size_t index, const struct allot_want *w,
		   size_t n)
{
	bool cancelled = o->status == ALLOT_CANCELLED, had = false, ok;

	if (o->crashes >= ALLOT_MOST_CRASHES)
		complain(o, ALLOT_CRASHED, NULL);
	if (o->trouble)
		complain(o, o->trouble, NULL);
	ok = o->error.len == 0;
	if (cancelled && ok) {
		give_back(r, o, index, w, n);
		return;
	}
	for (size_t i = 0; i < n && !cancelled; i++) {
		ok = can_have(r, o, &w[i]) && ok;
		had |= w[i].taken > 0;
	}
	if (!ok) {
		refuse(r, o, index, w, n);
		return;
	}
	o->ok = true;
	o->status = ALLOT_COMPLETED;
	for (size_t i = 0; i < n; i++)
		move(r, index, &w[i], w[i].units - w[i].taken, had ? "change" : "order");
}

size_t allot(struct allot_order *orders, size_t norders, const struct allot_want *wants,
	     size_t nwants, struct allot_stock *stock, size_t nstock, const struct backoff *delays,
	     struct allot_move **moves)
{
	struct run r = {stock, nstock, delays, NULL, 0};
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
