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
	return order_change_is(c, "refund");
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

/* What is told of one return of one order line, by its disposals or by a refund. */
struct told {
	int64_t id; /* of the return; 0: it is not said */
	int64_t disposed, put_back;  /* by disposals */
	int64_t refunded, restocked; /* by refunds */
};

/* The disposals of one line of a reverse fulfillment order, from `i` on. If they are known with
 * their ids and without, either tells of the same units: what tells of more is right. */
static size_t add_disposals(const struct target *t, struct range r, size_t i, struct told *out)
{
	struct told with = {0}, without = {0};
	int64_t line = r.c[i]->said.line_id;

	for (; i < r.n && r.c[i]->said.line_id == line; i++) {
		const struct order_change *c = &r.c[i]->said;
		struct told *d = c->external_id < 0 ? &without : &with;

		if (!order_change_is(c, "disposal") ||
		    (c->at_us != ORDER_NEVER && c->at_us < t->history_us))
			continue;
		d->disposed += c->removed;
		d->put_back += c->restocked;
		out->id = c->source_id ? c->source_id : out->id;
	}
	out->disposed = without.disposed > with.disposed ? without.disposed : with.disposed;
	out->put_back = without.disposed > with.disposed ? without.put_back : with.put_back;
	return i;
}

static int by_return(const void *pa, const void *pb)
{
	const struct told *a = pa, *b = pb;

	return (a->id > b->id) - (a->id < b->id);
}

static void add_told(struct told *sum, const struct told *one)
{
	sum->disposed += one->disposed;
	sum->put_back += one->put_back;
	sum->refunded += one->refunded;
	sum->restocked += one->restocked;
}

/* Of a return the disposals are right; refunds of more units are right about the others. */
static void join(const struct told *w, struct sums *n)
{
	if (w->disposed == 0)
		return;
	n->back += w->put_back - w->restocked;
	if (w->restocked > w->disposed)
		n->back += w->restocked - w->disposed;
	if (w->disposed > w->refunded)
		n->returned += w->disposed - w->refunded;
}

/* Refunds that do not say of which return they are, if of any, are taken to be of those returns
 * that have no refund of their own. */
static void join_returns(const struct target *t, struct range r, struct sums *n)
{
	struct told *all = xalloc_zero(r.n, sizeof *all), rest = {0};
	size_t count = 0, next;

	for (size_t i = 0; i < r.n; i = next) {
		const struct order_change *c = &r.c[i]->said;

		next = i + 1;
		if (is_refund(c) && c->return_id >= 0)
			all[count++] = (struct told){.id = c->return_id, .refunded = c->removed,
						     .restocked = c->restocked};
		else if (!is_refund(c))
			next = add_disposals(t, r, i, &all[count++]);
	}
	qsort(all, count, sizeof *all, by_return);
	for (size_t i = 0; i < count; i = next) {
		struct told one = {.id = all[i].id};

		for (next = i; next < count && all[next].id == one.id; next++)
			add_told(&one, &all[next]);
		if (one.id == 0 || one.refunded == 0)
			add_told(&rest, &one);
		else
			join(&one, n);
	}
	join(&rest, n);
	free(all);
}

static struct sums sums_of(const struct target *t, struct range r)
{
	struct sums n = {0};
	bool returns = false;

	for (size_t i = 0; i < r.n; i++) {
		const struct target_change *c = r.c[i];
		int32_t kept = c->said.removed - c->said.restocked;

		returns = returns || order_change_is(&c->said, "disposal");
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
	if (returns)
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

		if (r.c[i]->listed || !(is_refund(c) || order_change_is(c, "edit")))
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
	else if (c && !order_change_is(&c->said, "edit"))
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
		if (order_change_is(&t->changes[i].said, "reverse"))
			idmap_put(&reverses, t->changes[i].said.external_id, i);
	for (size_t i = 0; i < t->nchanges; i++) {
		struct target_change *c = &t->changes[i];

		c->line = c->said.line_id;
		if (!order_change_is(&c->said, "disposal") || c->line > 0)
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
