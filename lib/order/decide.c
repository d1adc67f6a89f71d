/* SPDX-License-Identifier: MIT
 *
 * decide: the changes are sorted by line and time once; each line then walks its
 * own.
 */
#include "order/decide.h"

#include "base/idmap.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

static bool is_refund(const struct order_change *c)
{
	return strcmp(c->kind, "refund") == 0;
}

static bool is_kind(const struct order_change *c, const char *kind)
{
	return strcmp(c->kind, kind) == 0;
}

static int by_line(const void *pa, const void *pb)
{
	const struct target_change *a = *(struct target_change *const *)pa;
	const struct target_change *b = *(struct target_change *const *)pb;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (is_refund(&a->said) != is_refund(&b->said))
		return is_refund(&a->said) ? -1 : 1;
	if (a->said.line_id != b->said.line_id)
		return a->said.line_id < b->said.line_id ? -1 : 1;
	if (a->said.at_us != b->said.at_us)
		return a->said.at_us < b->said.at_us ? -1 : 1;
	return (a->said.external_id > b->said.external_id) -
	       (a->said.external_id < b->said.external_id);
}

/* The changes of one line: refunds, then the others, each by time. */
struct range {
	struct target_change *const *c;
	size_t n;
};

static struct range changes_of(struct target_change *const *sorted, size_t n, int64_t line)
{
	size_t low = 0, high = n;
	struct range r;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sorted[middle]->line < line)
			low = middle + 1;
		else
			high = middle;
	}
	r = (struct range){sorted + low, 0};
	while (low + r.n < n && sorted[low + r.n]->line == line)
		r.n++;
	return r;
}

/* The units of one line, as its changes have them. */
struct sums {
	int64_t kept;        /* refunded, not put back: by all refunds */
	int64_t listed;      /* removed by refunds that the newest version lists */
	int64_t listed_kept;
	int64_t restocked;   /* by all refunds */
	int64_t first;       /* what the first version told of had left before us */
	int64_t back;        /* what disposals put back beyond the refunds of the returns */
	int64_t returned;    /* came back, and were not refunded */
};

/* Disposals of one line. */
struct disposals {
	int64_t n, restocked;
};

/* What came back of the lines of the reverse fulfillment orders. Of one whose disposals are known
 * with their ids and without, what tells of more is right; either tells of the same units. */
static struct disposals disposals_of(const struct target *t, struct range r)
{
	struct disposals sum = {0}, with, without;
	size_t next;

	for (size_t i = 0; i < r.n; i = next) {
		int64_t of = r.c[i]->said.line_id;

		with = without = (struct disposals){0};
		for (next = i; next < r.n && r.c[next]->said.line_id == of; next++) {
			const struct order_change *c = &r.c[next]->said;
			struct disposals *d = c->external_id < 0 ? &without : &with;

			if (!is_kind(c, "disposal") ||
			    (c->at_us != ORDER_NEVER && c->at_us < t->history_us))
				continue;
			d->n += c->removed;
			d->restocked += c->restocked;
		}
		sum.n += without.n > with.n ? without.n : with.n;
		sum.restocked += without.n > with.n ? without.restocked : with.restocked;
	}
	return sum;
}

/* A return is told by its disposals and by refunds that do not deny to be of one. Refunds of
 * units beyond the disposals are right by themselves. */
static void join_returns(const struct target *t, struct range r, struct sums *n)
{
	struct disposals d = disposals_of(t, r);
	int64_t refunded = 0, restocked = 0, back;

	if (d.n == 0)
		return;
	for (size_t i = 0; i < r.n; i++)
		if (is_refund(&r.c[i]->said) && !r.c[i]->said.plain) {
			refunded += r.c[i]->said.removed;
			restocked += r.c[i]->said.restocked;
		}
	back = d.restocked + (restocked > d.n ? restocked - d.n : 0);
	n->back = back - restocked;
	n->returned = d.n > refunded ? d.n - refunded : 0;
}

static struct sums sums_of(const struct target *t, struct range r)
{
	struct sums n = {0};

	for (size_t i = 0; i < r.n; i++) {
		const struct target_change *c = r.c[i];
		int32_t kept = c->said.removed - c->said.restocked;

		if (!is_refund(&c->said))
			continue;
		n.kept += kept;
		n.restocked += c->said.restocked;
		if (c->listed) {
			n.listed += c->said.removed;
			n.listed_kept += kept;
		}
		if (c->first)
			n.first += c->said.at_us < t->history_us ? kept
				   : c->said.unshipped ? 0 : c->said.removed;
	}
	join_returns(t, r, &n);
	return n;
}

/* By how much the changes that the newest version does not list move the units
 * of a line. A refund that is no younger than the version, and explains units
 * that are missing there without another reason, is in it. An addition is in it
 * if it is no younger, or if the quantity grew by as much. *unexplained is then less by
 * what refunds explain. */
static int64_t unlisted(const struct target *t, const struct target_line *l, struct range r,
			int64_t *unexplained, int64_t *added)
{
	int64_t n = 0, refunded = 0, grown = 0, explained = 0;

	*added = 0;
	for (size_t i = 0; i < r.n; i++) {
		const struct order_change *c = &r.c[i]->said;
		bool older = target_compare_times(c->at_us, t->version_us) <= 0;

		if (r.c[i]->listed || !(is_refund(c) || is_kind(c, "edit")))
			continue;
		if (is_refund(c)) {
			refunded += c->removed;
			explained = older && refunded <= *unexplained ? refunded : explained;
			n += older && refunded <= *unexplained ? c->removed - c->restocked
							       : -c->restocked;
		} else {
			grown -= c->removed;
			if (!older && grown > l->quantity - l->least)
				*added -= c->removed;
		}
	}
	*unexplained -= explained;
	return n + *added;
}

static int32_t between(int64_t low, int64_t v, int64_t high)
{
	return (int32_t)(v < low ? low : v > high ? high : v);
}

static void decide_line(const struct target *t, struct target_line *l, struct range r)
{
	struct sums n = sums_of(t, r);
	int64_t unexplained = (int64_t)l->quantity - l->current - n.listed;
	int64_t added, more, most;

	l->target = l->kept = l->base = 0;
	if (l->skip || target_is_unpaid(t))
		return;
	if (!l->seen) {
		l->base = between(0, n.restocked + n.back, INT32_MAX);
		return;
	}
	more = unlisted(t, l, r, &unexplained, &added);
	more += between(0, unexplained < n.returned ? unexplained : n.returned, INT32_MAX) - n.back;
	most = between(0, l->quantity + added, INT32_MAX);
	l->kept = between(0, n.kept - n.back + n.returned, most);
	l->target = t->cancelled ? l->kept : between(0, l->current + n.listed_kept + more, most);
	if (l->kept > l->target)
		l->kept = l->target;
	if (t->history_us && (t->shipped || l->shipped))
		l->base = between(INT32_MIN, l->shipped + n.first, INT32_MAX);
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void find_cause(const struct target *t, struct target_line *l, struct range r, int64_t more)
{
	const struct target_change *c = NULL;

	for (size_t i = 0; i < r.n; i++)
		if (r.c[i]->fresh)
			c = r.c[i];
	l->cause_id = c ? c->said.source_id : 0;
	if (t->cancelled)
		l->cause = "cancel";
	else if (c && !is_kind(&c->said, "edit"))
		l->cause = c->said.returned || !is_refund(&c->said) ? "return" : "refund";
	else
		l->cause = more > 0 && l->was.target == 0 && l->was.base == 0 ? "order" : "edit";
}

/* A line whose units moved, or that may want another product now. */
static bool is_changed(const struct target_line *l)
{
	bool counts = l->target != l->base || l->was.target != l->was.base;
	bool bad = l->skip && strcmp(l->skip, "bad_quantity") == 0;
	bool was_bad = l->was.skip && strcmp(l->was.skip, "bad_quantity") == 0;

	return l->target != l->was.target || l->kept != l->was.kept || l->base != l->was.base ||
	       bad != was_bad || (counts && !l->product && !same_text(l->sku, l->was.sku));
}

/* Sets the order line of each change: of a disposal by the "reverse" that it names, whose
 * return it is of. */
static void place_changes(struct target *t)
{
	struct idmap reverses = {0};
	size_t slot, at;

	for (size_t i = 0; i < t->nchanges; i++)
		if (is_kind(&t->changes[i].said, "reverse"))
			idmap_put(&reverses, t->changes[i].said.external_id, i);
	for (size_t i = 0; i < t->nchanges; i++) {
		struct target_change *c = &t->changes[i];

		c->line = c->said.line_id;
		if (!is_kind(&c->said, "disposal") || c->line > 0)
			continue;
		slot = IDMAP_START;
		c->line = INT64_MIN;
		if (!idmap_next(&reverses, -c->said.line_id, &slot, &at))
			continue;
		c->line = t->changes[at].said.line_id;
		if (c->said.source_id == 0)
			c->said.source_id = t->changes[at].said.source_id;
	}
	idmap_release(&reverses);
}

bool decide_units(struct target *t)
{
	struct target_change **sorted = xalloc_zero(t->nchanges, sizeof *sorted);
	bool changed = false;

	place_changes(t);
	for (size_t i = 0; i < t->nchanges; i++)
		sorted[i] = &t->changes[i];
	if (t->nchanges)
		qsort(sorted, t->nchanges, sizeof *sorted, by_line);
	for (size_t i = 0; i < t->nlines; i++) {
		struct target_line *l = &t->lines[i];
		struct range r = changes_of(sorted, t->nchanges, l->id);
		int64_t before = (int64_t)l->was.target - l->was.base;

		decide_line(t, l, r);
		if (!is_changed(l))
			continue;
		changed = true;
		find_cause(t, l, r, l->target - l->base - before);
	}
	free(sorted);
	return changed;
}
