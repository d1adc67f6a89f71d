/* SPDX-License-Identifier: MIT
 *
 * decide: the changes are sorted by line and time once; each line then walks its
 * own.
 */
#include "order/decide.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

static bool is_refund(const struct order_change *c)
{
	return strcmp(c->kind, "refund") == 0;
}

static int by_line(const void *pa, const void *pb)
{
	const struct target_change *a = *(struct target_change *const *)pa;
	const struct target_change *b = *(struct target_change *const *)pb;

	if (a->said.line_id != b->said.line_id)
		return a->said.line_id < b->said.line_id ? -1 : 1;
	if (is_refund(&a->said) != is_refund(&b->said))
		return is_refund(&a->said) ? -1 : 1;
	if (a->said.at_us != b->said.at_us)
		return a->said.at_us < b->said.at_us ? -1 : 1;
	return (a->said.external_id > b->said.external_id) -
	       (a->said.external_id < b->said.external_id);
}

/* The changes of one line: refunds, then additions, each by time. */
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

		if (sorted[middle]->said.line_id < line)
			low = middle + 1;
		else
			high = middle;
	}
	r = (struct range){sorted + low, 0};
	while (low + r.n < n && sorted[low + r.n]->said.line_id == line)
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
};

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
	return n;
}

/* By how much the changes that the newest version does not list move the units
 * of a line. A refund that is no younger than the version, and explains units
 * that are missing there without another reason, is in it. An addition is in it
 * if it is no younger, or if the quantity grew by as much. */
static int64_t unlisted(const struct target *t, const struct target_line *l, struct range r,
			int64_t unexplained, int64_t *added)
{
	int64_t n = 0, refunded = 0, grown = 0;

	*added = 0;
	for (size_t i = 0; i < r.n; i++) {
		const struct order_change *c = &r.c[i]->said;
		bool older = target_compare_times(c->at_us, t->version_us) <= 0;

		if (r.c[i]->listed)
			continue;
		if (is_refund(c)) {
			refunded += c->removed;
			n += older && refunded <= unexplained ? c->removed - c->restocked
							      : -c->restocked;
		} else {
			grown -= c->removed;
			if (!older && grown > l->quantity - l->least)
				*added -= c->removed;
		}
	}
	return n + *added;
}

static int32_t between(int64_t low, int64_t v, int64_t high)
{
	return (int32_t)(v < low ? low : v > high ? high : v);
}

static void decide_line(const struct target *t, struct target_line *l, struct range r)
{
	struct sums n = sums_of(t, r);
	int64_t added, more, most;

	l->target = l->kept = l->base = 0;
	if (l->skip)
		return;
	if (!l->seen) {
		l->base = between(0, n.restocked, INT32_MAX);
		return;
	}
	more = unlisted(t, l, r, l->quantity - l->current - n.listed, &added);
	most = between(0, l->quantity + added, INT32_MAX);
	l->kept = between(0, n.kept, most);
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
	else if (c && is_refund(&c->said))
		l->cause = c->said.returned ? "return" : "refund";
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

bool decide_units(struct target *t)
{
	struct target_change **sorted = xalloc_zero(t->nchanges, sizeof *sorted);
	bool changed = false;

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
