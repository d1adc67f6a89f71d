/* SPDX-License-Identifier: MIT
 *
 * known: one transaction's part
 *   1. which payloads are stored already: without a lock, which is enough for those that come again
 *   2. the orders, made if they are not there, locked in one order; their lines
 *      and changes; which products have the SKUs of the payloads' lines
 *   3. orders, lines, changes and payloads, with what became of them
 */
#include "order/known.h"

#include "base/clock.h"
#include "base/xalloc.h"
#include "order/decide.h"
#include "order/knownrow.h"
#include "order/knownwrite.h"

#include <string.h>

/* What an order says while it waits. */
#define UNPAID "it is not paid yet: it takes its stock when it is"

/* An attempt is due, with all its retries. */
static void make_due(struct known *o, bool new_run)
{
	o->due = true;
	o->settled = false;
	o->error = NULL;
	o->run += new_run;
	o->started = true;
	if (strcmp(o->status, "failed") == 0)
		o->status = "pending";
}

static bool wants_any(const struct target *t)
{
	for (size_t i = 0; i < t->nlines; i++)
		if (t->lines[i].target != t->lines[i].base)
			return true;
	return false;
}

/* True if that makes it due. */
static bool cancel(struct known *o)
{
	o->status = "cancelled";
	o->due = false;
	o->settled = true;
	o->error = NULL;
	if (!o->moved && !wants_any(&o->t))
		return false;
	make_due(o, true);
	return true;
}

static const char *outcome(const struct payload *p, enum target_news news)
{
	switch (news) {
	case TARGET_NEWER:
		return "updated";
	case TARGET_OLDER:
		return "ignored";
	case TARGET_CHANGE:
		return p->order.kind == ORDER_REFUND ? "refunded" : "updated";
	default:
		return p->order.nchanges ? "duplicate" : "ignored";
	}
}

static const char *reason(const struct known *o, const struct payload *p, enum target_news news)
{
	if (p->order.kind == ORDER_STUB)
		return o->awaited
			       ? "the payload has no list of line_items: the whole order is awaited"
			       : "the payload has no list of line_items";
	if (news == TARGET_OLDER)
		return "older than what is stored";
	if (news == TARGET_NOTHING && p->order.nchanges)
		return "what it changes was known from another payload";
	if (o->awaited)
		return "the order itself has not arrived yet";
	if (news == TARGET_NOTHING)
		return p->order.kind == ORDER_EDIT
			       ? "it adds no units; what an edit removes comes with orders/updated"
			       : "it changes no line item";
	return NULL;
}

/* Starts a run where the payload calls for one. Of an order that never arrives
 * nothing else will come, so a refund of it is not left waiting. */
static bool start(struct known *o, const struct payload *p, enum target_news news, bool arrives,
		  bool changed)
{
	if (p->order.kind == ORDER_STUB || target_is_unpaid(&o->t))
		return false;
	if (arrives && strcmp(o->status, "completed") == 0)
		o->status = "pending";
	if (!changed && !(arrives && strcmp(o->status, "cancelled") != 0) &&
	    !(o->awaited && !o->started && news == TARGET_CHANGE))
		return false;
	make_due(o, o->started);
	return true;
}

/* Adds one payload to an order. */
static void add(struct taking *k, struct known *o, const struct payload *p, struct intake_result *r)
{
	bool arrives = p->order.kind == ORDER_WHOLE && o->awaited, changed, due;
	bool was_cancelled = o->t.cancelled, was_unpaid = target_is_unpaid(&o->t);
	enum target_news news;

	target_settle(&o->t);
	o->t.gated |= arrives && k->when_paid && p->order.unpaid;
	news = target_add(&o->t, &p->order, p->history ? clock_wall_us() : k->history_us);
	changed = decide_units(&o->t);
	o->touched = true;
	o->awaited &= !arrives;
	if (news == TARGET_NEWER)
		o->newest = p;
	if (o->t.cancelled && !was_cancelled) {
		due = cancel(o);
		knownrow_note(r, o, "cancelled", NULL);
	} else {
		due = start(o, p, news, arrives || (was_unpaid && !target_is_unpaid(&o->t)),
			    changed);
		knownrow_note(r, o,
			      arrives || (p->order.kind == ORDER_STUB && o->awaited)
				      ? "accepted"
				      : outcome(p, news),
			      arrives ? NULL : reason(o, p, news));
		if (o->awaited && !o->started)
			o->error = r->why;
		else if (target_is_unpaid(&o->t))
			o->error = UNPAID;
	}
	r->due = due;
}

static bool same_payload(const struct payload *a, const struct payload *b)
{
	return a->order.external_id == b->order.external_id && strcmp(a->shop, b->shop) == 0 &&
	       memcmp(a->digest, b->digest, SIGN_BYTES) == 0;
}

/* True if the same payload comes before it in the batch. */
static bool is_repeated(const struct taking *k, size_t i)
{
	for (size_t j = i; j > 0 && k->payloads[j - 1]->order.external_id ==
			   k->payloads[i]->order.external_id; j--)
		if (same_payload(k->payloads[j - 1], k->payloads[i]))
			return true;
	return false;
}

/* Payloads are sorted as the orders are. */
static void add_all(struct taking *k)
{
	size_t at = 0;

	for (size_t i = 0; i < k->n; i++) {
		const struct payload *p = k->payloads[i];

		if (k->stored[i])
			continue;
		while (at + 1 < k->norders && (k->orders[at].external_id != p->order.external_id ||
					       strcmp(k->orders[at].shop, p->shop) != 0))
			at++;
		k->stored[i] = is_repeated(k, i);
		if (!k->stored[i]) {
			add(k, &k->orders[at], p, k->results[i]);
			continue;
		}
		knownrow_note(k->results[i], &k->orders[at], "duplicate",
			      "this payload was stored before");
		k->results[i]->run = 0;
	}
}

static bool all_stored(const struct taking *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (!k->stored[i])
			return false;
	return true;
}

int known_take_in(struct db *db, struct payload *const *payloads, size_t n, bool alone,
		  int64_t history_us, bool when_paid, struct intake_result *const *results,
		  struct err *e)
{
	struct taking k = {.db = db, .history_us = history_us, .when_paid = when_paid,
			   .payloads = payloads,
			   .results = results, .n = n, .stored = xalloc_zero(n, sizeof *k.stored)};
	int rc = knownrow_find_stored(&k, e);

	if (rc == 0 && !all_stored(&k)) {
		rc = knownrow_lock(&k, alone, e);
		if (rc == 0) {
			add_all(&k);
			rc = knownwrite_all(&k, alone, e);
		}
	}
	knownrow_release(&k);
	return rc;
}
