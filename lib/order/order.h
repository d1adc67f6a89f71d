/* SPDX-License-Identifier: MIT
 *
 * order: what a Shopify payload says, as far as it concerns us. No I/O.
 *
 * The signature covers the body only, so the body decides what a payload is;
 * the topic header only tells topics we follow from those we store unread.
 * Strings are borrowed from the json_t, which the order keeps alive, or owned
 * by the order where they had to be mended.
 */
#ifndef ORDER_H
#define ORDER_H

#include "base/buf.h"

#include <jansson.h>
#include <stdint.h>

enum order_kind {
	ORDER_WHOLE,  /* orders/create, paid, updated, cancelled, fulfilled and
			 partially_fulfilled: the order as it now is */
	ORDER_REFUND, /* refunds/create */
	ORDER_EDIT,   /* orders/edited: differences by line */
	ORDER_RETURN, /* returns/..., reverse_fulfillment_orders/dispose: what came back */
	ORDER_STUB,   /* an order without its line_items: the whole one is awaited */
	ORDER_OTHER   /* a topic that changes no order; see shipment.h and privacy.h */
};

struct order_line {
	int64_t external_id; /* 0: none */
	const char *sku;     /* blanks taken off both ends; NULL: none */
	const char *name;    /* or NULL */
	const char *price;   /* a decimal, or NULL */
	int32_t quantity;    /* as ordered; -1: unusable */
	int32_t current;     /* after edits and refunds: as the payload says, else
				quantity less the refunds that it lists */
	int32_t fulfillable; /* of these, still to be shipped; -1: it does not say */
	const char *skip;    /* why it moves no stock, a word, or NULL */
	int64_t product;     /* for the caller: which product has the SKU; 0: none */
};

/* True for a reason that holds only while no product has the line's SKU. */
bool order_skip_asks(const char *skip);

/* A refund of a line, what an edit adds to one, or what was done with units that came back.
 * What an edit removes is in the order and in a refund, which says whether it goes back on the
 * shelf. */
struct order_change {
	const char *kind;    /* "refund", "edit", "disposal", or "reverse": of which order line a
				line of a reverse fulfillment order is */
	int64_t external_id; /* of the refund's or the edit's line; -source_id: it has none,
				and all such lines of the refund for one order line are one.
				Of the disposal; -N: it has none, and is the N-th of its line.
				Of the line of the reverse fulfillment order */
	int64_t line_id;     /* the order line; of a disposal -N: that of "reverse" N */
	int64_t source_id;   /* the refund, the edit or the return; 0: it does not say */
	int32_t removed;     /* units taken off the line; negative adds */
	int32_t restocked;   /* how many of them go back on the shelf */
	int64_t at_us;       /* when; ORDER_NEVER: it does not say */
	bool returned;       /* restock_type return */
	bool unshipped;      /* restock_type cancel: the units had not left */
	int64_t return_id;   /* a refund's; -1: it says that it is of no return; 0: nothing */
};

bool order_change_is(const struct order_change *c, const char *kind);

/* Times are microseconds since 1970; ORDER_NEVER where there is none. */
#define ORDER_NEVER INT64_MIN

struct order {
	enum order_kind kind;
	int64_t external_id; /* the order's, also for a refund or an edit */
	const char *name, *customer_email, *total, *currency;
	char *customer_name;    /* owned */
	const char *updated_at; /* or NULL */
	int64_t updated_us, created_us;
	int64_t triggered_us;   /* for the caller to set: X-Shopify-Triggered-At */
	bool history;           /* for the caller to set: of a time before we came */
	bool cancelled, closed, test;
	bool fulfilled;         /* all of it, or a part of it, was shipped */
	bool unpaid;            /* it says that it is not paid, and nothing of it was shipped */
	struct order_line *lines;     /* owned */
	size_t nlines;
	struct order_change *changes; /* owned */
	size_t nchanges;
	struct buf notes;             /* what was odd, for people; data NULL if nothing */
	json_t *json;                 /* owned */
	char **mended;                /* owned strings */
	size_t nmended;
};

/* True if `topic` is `name`, "orders/create" and the like, in any spelling: capitals, and _ or .
 * for the slash. NULL is no topic. */
bool order_is_topic(const char *topic, const char *name);

/* True for returns/... and for what is done with units that came back, in any spelling. */
bool order_is_return(const char *topic);

/* True for the topics that we follow; letters' case does not matter. */
bool order_topic_known(const char *topic);

/* Adds to the notes: what was odd, in which line (from 1; 0: none), the value or NULL. */
void order_note(struct order *o, const char *what, size_t line, const char *value);

/* A count of units, at least `least`; -1: it is none. */
int32_t order_units(const json_t *j, int32_t least);

void order_release(struct order *o);

/* "order", "refund", … for messages and the database. */
const char *order_kind_name(enum order_kind kind);

#endif
