/* SPDX-License-Identifier: MIT
 *
 * target: how many units of each line of an order must be off the shelf, from
 * all that was received about the order. No I/O.
 *
 * A struct target holds what is known of one order. target_add() adds a payload,
 * decide_units() sets the units of every line. The result is the same in
 * whatever order the payloads were added, and however often:
 *   - the newest version of the order counts; of two with one updated_at the one
 *     that lists more refunded units, then more ordered, then is cancelled, then
 *     has fewer left, then was triggered later (in Shopify these only move so)
 *   - a refund counts once, told by itself, by several versions, or both; one
 *     that the newest version does not list comes on top of what it says
 *   - what an edit removes is told by the order and its refund, never by the
 *     edit; what it adds counts until a version has it
 *   - of a return its disposals count, and a refund only for units beyond theirs;
 *     units that left the newest version without a refund
 *     are those that came back
 *   - a line stays what it was: one that had a variant or a product is not made
 *     a custom one by a later payload without them, and it keeps its SKU
 *   - never more units than were ordered
 *   - units that a refund does not put back stay off the shelf (`kept`); of a
 *     cancelled order nothing else does
 *   - an order that is `gated` takes nothing before one version of it is paid
 *   - of an order from before `history_before`, units that had been shipped when
 *     it was first seen left another shelf (`base`): only later changes move stock
 *
 * A struct target starts as all zero but for what the caller knows already, and
 * ends with target_release(). Strings are borrowed.
 */
#ifndef TARGET_H
#define TARGET_H

#include "order/order.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct target_line {
	int64_t id;         /* Shopify's; -N: it has none and is the N-th of the payload */
	int32_t line_no;    /* from 1; never changes */
	bool seen;          /* in a version of the order, not only in a refund */
	const char *sku, *name, *price, *skip; /* as in struct order_line */
	int32_t quantity;   /* as in the newest version that has the line; -1: unusable */
	int32_t current;
	int32_t least;      /* the lowest quantity in any version; 0: one is without the line */
	int32_t shipped;    /* of `current`, in the first version */
	int64_t product;    /* what the line takes from; 0: not known */

	/* Set by decide_units(). target - base must have left our shelf; below 0,
	 * that many more units came to it than ever left it. */
	int32_t target;     /* units that must be off the shelf, kept ones too */
	int32_t kept;       /* of these, refunded and not put back */
	int32_t base;       /* of these, units that left before we were asked */
	const char *cause;  /* why it changed: "order", "refund", "return", "edit", "cancel" */
	int64_t cause_id;   /* the refund's, the edit's or the return's; 0: none */
	struct target_was {
		int32_t target, kept, base;
		const char *sku, *skip;
	} was;              /* at the last target_settle() */
	bool here;          /* target.c's own */
};

/* A refund of a line, what an edit added to it, or a disposal of units that came back. */
struct target_change {
	struct order_change said;
	int64_t line;       /* set by decide_units(): the order line, also of a disposal */
	bool listed;        /* by the newest version */
	bool first;         /* by the first version */
	bool fresh;         /* added since the last target_settle() */
};

struct target {
	struct target_line *lines;     /* owned, by line_no */
	size_t nlines;
	struct target_change *changes; /* owned */
	size_t nchanges;
	bool whole;                /* a version of the order was added */
	bool cancelled;
	bool gated;                /* it takes nothing until it is paid; the caller sets it */
	bool paid;                 /* a version was paid, or did not say that it is not */
	bool shipped;              /* when first seen: closed, or partly fulfilled */
	int64_t version_us;        /* updated_at of the newest version; ORDER_NEVER: none */
	int64_t triggered_us;      /* of that version */
	int64_t first_us;          /* updated_at of the first version */
	int64_t history_us;        /* the order is from before this time; 0: it is not */
};

enum target_news {
	TARGET_NEWER,  /* the payload is the newest version now */
	TARGET_OLDER,  /* a version, but not the newest */
	TARGET_CHANGE, /* a refund or an edit with something new */
	TARGET_NOTHING /* nothing that was not known */
};

/* Adds a payload, which must live as long as the target. An order that was
 * created before history_us is history; 0: none is. */
enum target_news target_add(struct target *t, const struct order *o, int64_t history_us);

/* True for one that takes nothing yet. */
bool target_is_unpaid(const struct target *t);

/* From here on decide_units() tells what changes. */
void target_settle(struct target *t);

/* Below 0, 0 or above 0; times that are not known are equal to any. */
int target_compare_times(int64_t a, int64_t b);

void target_release(struct target *t);

#endif
