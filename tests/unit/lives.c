/* SPDX-License-Identifier: MIT
 *
 * lives: random lives of orders, as Shopify tells of them, and what the shelf must be
 * in the end. usage: lives [COUNT [SEED]], by default $LIVES or 20,000 and $FAULT_SEED or
 * 1 ("random": the time): for each life target.h gets its payloads in
 * several orders of arrival, some of them twice, and every line must end with the units
 * of the model: current + refunded without restock; of a cancelled order only the latter.
 *        lives emit COUNT SEED FIRST-ID: prints the payloads of COUNT lives, shuffled, a
 * line each: TOPIC TAB JSON; then "expect SKU UNITS" for what must be off the shelf.
 *
 * In a life: returns, refunded or exchanged, with dispositions in either form; creation,
 * refunds of every restock_type, edits that add, remove, or add a line, fulfilment,
 * cancellation, touches; payloads without current_quantity, products deleted in
 * Shopify, SKUs left out, several versions of one second, other time zones.
 */
#include "base/conf.h"
#include "base/xalloc.h"
#include "order/decide.h"
#include "order/parse.h"
#include "order/target.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINES = 6, TOLD = 64, REFUNDS = 16, SKUS = 8, ARRIVALS = 4 };

static unsigned seed = 1;

struct line {
	int64_t id;
	int sku, quantity, current, kept;
	bool shipped, lost, nameless; /* lost: without product_id; nameless: without SKU */
};

struct life {
	int64_t id, next;
	struct line lines[LINES];
	int nlines;
	json_t *refunds; /* owned: as orders list them */
	json_t *told[TOLD];
	const char *topics[TOLD];
	int ntold;
	long second;
	bool cancelled, bare; /* bare: no current_quantity */
	bool returns;         /* refunds say whether they are of a return */
};

static unsigned below(unsigned n)
{
	return (unsigned)rand_r(&seed) % n;
}

/* A second of 2026, in some time zone. */
static json_t *stamp(const struct life *l)
{
	static const char *const zones[] = {"Z", "+01:00", "-05:00"};
	static const int hours[] = {0, 1, -5};
	unsigned zone = below(3);
	long s = l->second + 3600L * (hours[zone] + 6);

	return json_sprintf("2026-03-%02ldT%02ld:%02ld:%02ld%s", 1 + s / 86400, s / 3600 % 24,
			    s / 60 % 60, s % 60, zones[zone]);
}

static void tell(struct life *l, const char *topic, json_t *payload)
{
	if (l->ntold < TOLD) {
		l->topics[l->ntold] = topic;
		l->told[l->ntold++] = payload;
	} else {
		json_decref(payload);
	}
}

static json_t *line_json(const struct life *l, const struct line *k)
{
	json_t *j =
		json_pack("{s:I,s:i,s:s,s:s,s:s}", "id", (json_int_t)k->id, "quantity", k->quantity,
			  "name", "An article", "price", "5.00", "fulfillment_service", "manual");

	json_object_set_new(j, "product_id", k->lost ? json_null() : json_integer(k->id + 1));
	json_object_set_new(j, "variant_id", k->lost ? json_null() : json_integer(k->id + 2));
	json_object_set_new(j, "sku", k->nameless ? json_null() : json_sprintf("LIFE-%d", k->sku));
	if (!l->bare)
		json_object_set_new(j, "current_quantity", json_integer(k->current));
	json_object_set_new(j, "fulfillable_quantity", json_integer(k->shipped ? 0 : k->current));
	return j;
}

static void tell_order(struct life *l, const char *topic)
{
	json_t *lines = json_array(), *at = stamp(l);

	for (int i = 0; i < l->nlines; i++)
		json_array_append_new(lines, line_json(l, &l->lines[i]));
	tell(l, topic,
	     json_pack("{s:I,s:s,s:o,s:s,s:O,s:s,s:s,s:o,s:o}", "id", (json_int_t)l->id,
		       "created_at", "2026-03-01T00:00:00Z", "updated_at", json_incref(at),
		       "currency", "EUR", "cancelled_at", l->cancelled ? at : json_null(),
		       "total_price", "9.90", "note", below(2) ? "a" : "b", "line_items", lines,
		       "refunds", json_deep_copy(l->refunds)));
	json_decref(at);
}

/* Takes units off a line by a refund, which is told now or only by the order. `of` is the return
 * that it is of; 0: none. */
static void refund_of(struct life *l, struct line *k, int units, const char *type, bool alone,
		      int64_t of)
{
	bool back = strcmp(type, "no_restock") != 0;
	json_t *item = json_pack("{s:I,s:I,s:i,s:s}", "id", (json_int_t)l->next++, "line_item_id",
				 (json_int_t)k->id, "quantity", units, "restock_type", type);
	json_t *r = json_pack("{s:I,s:I,s:o,s:[o]}", "id", (json_int_t)l->next++, "order_id",
			      (json_int_t)l->id, "created_at", stamp(l), "refund_line_items", item);

	k->current -= units;
	k->kept += back ? 0 : units;
	if (l->returns)
		json_object_set_new(r, "return",
				    of ? json_pack("{s:I}", "id", (json_int_t)of) : json_null());
	json_array_append(l->refunds, r);
	if (alone)
		tell(l, "refunds/create", json_deep_copy(r));
	json_decref(r);
}

static void refund(struct life *l, struct line *k, int units, const char *type, bool alone)
{
	refund_of(l, k, units, type, alone, 0);
}

/* A list of dispositions: `back` units restocked, then `gone` that are not. With ids if `id` is
 * above 0, and with the line of the reverse order if `line` is. */
static json_t *dispositions(int64_t id, int64_t line, int back, int gone)
{
	json_t *list = json_array();

	for (int i = 0; i < 2; i++) {
		int units = i ? gone : back;
		json_t *one = json_pack("{s:i,s:s}", "quantity", units, "type",
					!i ? "restocked" : below(2) ? "not_restocked" : "missing");

		if (id > 0)
			json_object_set_new(one, "id", json_integer(id + i));
		if (line > 0)
			json_object_set_new(one, "reverse_fulfillment_order_line_item",
					    json_pack("{s:I}", "id", (json_int_t)line));
		if (units > 0)
			json_array_append_new(list, one);
		else
			json_decref(one);
	}
	return list;
}

/* A payload that lists the return with its reverse order, whose lines may have dispositions. */
static void tell_return(struct life *l, const struct line *k, int64_t of, json_t *list)
{
	tell(l, "returns/update",
	     json_pack("{s:I,s:{s:I},s:[{s:I,s:[{s:I,s:{s:{s:I}},s:o}]}]}", "id", (json_int_t)of,
		       "order", "id", (json_int_t)l->id, "reverse_fulfillment_orders", "id",
		       (json_int_t)of + 1, "line_items", "id", (json_int_t)of + 2,
		       "fulfillment_line_item", "line_item", "id", (json_int_t)k->id,
		       "dispositions", list));
}

/* Units of a line come back: refunded, or, in an exchange, without a refund. What was done with
 * them is told by a list with ids, by Shopify's webhook, which names no order line, or by both. */
static void come_back(struct life *l, struct line *k, int units)
{
	int64_t of = l->next;
	int told = 1 + (int)below((unsigned)units), back = (int)below((unsigned)told + 1);
	bool exchange = !l->bare && below(3) == 0, ids = below(2);
	bool restock = below(2);

	l->next += 10;
	if (exchange) {
		told = units;
		back = (int)below((unsigned)told + 1);
		k->current -= units;
		k->kept += units - back;
	} else {
		refund_of(l, k, units, restock ? "return" : "no_restock", below(2), of);
		if (restock) /* of those that no disposition tells of, the refund is right */
			k->kept += told - back;
		else
			k->kept -= back;
	}
	tell_return(l, k, of, ids ? dispositions(of + 3, 0, back, told - back) : json_array());
	if (!ids || below(2))
		tell(l, "reverse_fulfillment_orders/dispose",
		     json_pack("{s:I,s:o,s:i,s:{s:I}}", "id", (json_int_t)of + 1, "dispositions",
			       dispositions(0, of + 2, back, told - back), "total_dispositions", 1,
			       "order", "id", (json_int_t)l->id));
}

static void tell_edit(struct life *l, const char *key, int64_t line, int delta)
{
	tell(l, "orders/edited",
	     json_pack("{s:{s:I,s:I,s:o,s:{s:[{s:I,s:i}]}}}", "order_edit", "id",
		       (json_int_t)l->next++, "order_id", (json_int_t)l->id, "committed_at",
		       stamp(l), "line_items", key, "id", (json_int_t)line, "delta", delta));
}

static const char *restock_type(const struct line *k)
{
	static const char *const types[] = {"return", "no_restock", "legacy_restock", "cancel"};

	return types[below(k->shipped ? 3 : 4)];
}

static void add_line(struct life *l)
{
	struct line *k = &l->lines[l->nlines++];

	*k = (struct line){.id = l->next, .sku = (int)below(SKUS), .quantity = 1 + (int)below(6)};
	k->current = k->quantity;
	l->next += 3;
}

static void cancel(struct life *l)
{
	bool listed = below(2), alone = !listed || below(2);

	if (!listed) {
		l->cancelled = true;
		tell_order(l, "orders/cancelled");
	}
	for (int i = 0; i < l->nlines; i++)
		if (l->lines[i].current > 0)
			refund(l, &l->lines[i], l->lines[i].current,
			       below(3) ? "cancel" : "no_restock", alone);
	l->cancelled = true;
	tell_order(l, listed ? "orders/cancelled" : "orders/updated");
}

static void step(struct life *l)
{
	struct line *k = &l->lines[below((unsigned)l->nlines)];
	int n = 1 + (int)below(3);

	switch (below(l->returns ? 12 : 9)) {
	case 0:
	case 1:
		if (k->current > 0)
			refund(l, k, n < k->current ? n : k->current, restock_type(k), below(2));
		break;
	case 2:
		if (k->current > 0) { /* an edit that removes */
			n = n < k->current ? n : k->current;
			tell_edit(l, "removals", k->id, n);
			refund(l, k, n, below(2) ? "cancel" : "no_restock", below(2));
		}
		break;
	case 3:
		k->quantity += n;
		k->current += n;
		tell_edit(l, "additions", k->id, n);
		break;
	case 4:
		if (l->nlines < LINES) {
			add_line(l);
			k = &l->lines[l->nlines - 1];
			tell_edit(l, "additions", k->id, k->quantity);
		}
		break;
	case 5:
		k->shipped = true;
		break;
	case 6:
		k->lost = true;
		break;
	case 7:
		k->nameless = true;
		break;
	case 9:
	case 10:
	case 11:
		if (k->current > 0)
			come_back(l, k, n < k->current ? n : k->current);
		break;
	}
	tell_order(l, "orders/updated");
}

/* In half of the lives several things happen in one second. */
static struct life live(int64_t id)
{
	struct life l = {
		.id = id, .next = id * 1000, .refunds = json_array(), .bare = below(4) == 0,
		.returns = below(2)};
	bool quick = below(2);
	unsigned steps = below(6);

	for (unsigned n = 1 + below(3); n > 0; n--)
		add_line(&l);
	tell_order(&l, "orders/create");
	while (steps-- > 0) {
		l.second += quick ? below(2) : 1 + below(100);
		step(&l);
	}
	if (below(4) == 0) {
		l.second += quick ? below(2) : 1;
		cancel(&l);
	}
	return l;
}

static void life_release(struct life *l)
{
	for (int i = 0; i < l->ntold; i++)
		json_decref(l->told[i]);
	json_decref(l->refunds);
}

static int expected(const struct life *l, const struct line *k)
{
	return l->cancelled ? k->kept : k->current + k->kept;
}

/* --- in memory --- */

static void shuffle(int *order, int n)
{
	for (int i = n - 1; i > 0; i--) {
		int j = (int)below((unsigned)i + 1), keep = order[i];

		order[i] = order[j];
		order[j] = keep;
	}
}

static int target_of(const struct target *t, int64_t id)
{
	for (size_t i = 0; i < t->nlines; i++)
		if (t->lines[i].id == id)
			return t->lines[i].target - t->lines[i].base;
	return -1;
}

/* True if all lines end as the model has them. */
static bool arrives(const struct life *l, const struct conf *conf)
{
	struct order orders[2 * TOLD];
	int order[2 * TOLD], n = 0;
	struct target t = {0};
	int64_t history = below(2) ? INT64_MAX : 0; /* they were seen from their creation on */
	bool right = true;
	struct err e;

	for (int i = 0; i < l->ntold; i++) {
		order[n++] = i;
		if (below(5) == 0)
			order[n++] = i;
	}
	if (below(4))
		shuffle(order, n);
	for (int i = 0; i < n; i++) {
		if (parse_order(&orders[i], l->told[order[i]], l->topics[order[i]], false, conf,
				&e) != 0) {
			printf("# %s\n", e.msg);
			exit(1);
		}
		target_add(&t, &orders[i], history);
		if (below(2) && decide_units(&t))
			target_settle(&t);
	}
	decide_units(&t);
	for (int i = 0; i < l->nlines; i++)
		right = right && target_of(&t, l->lines[i].id) == expected(l, &l->lines[i]);
	if (!right)
		for (int i = 0; i < n; i++) {
			char *s = json_dumps(l->told[order[i]], JSON_COMPACT);

			printf("# %s %s\n", l->topics[order[i]], s);
			free(s);
		}
	for (int i = 0; !right && i < l->nlines; i++)
		printf("# line %lld: %d, not %d\n", (long long)l->lines[i].id,
		       target_of(&t, l->lines[i].id), expected(l, &l->lines[i]));
	target_release(&t);
	for (int i = 0; i < n; i++)
		order_release(&orders[i]);
	return right;
}

static int run(long count, const struct conf *conf)
{
	long wrong = 0, payloads = 0;
	unsigned first = seed;

	for (long i = 0; i < count && wrong < 3; i++) {
		unsigned was = seed;
		struct life l = live(i + 1);
		bool right = true;

		for (int j = 0; right && j < ARRIVALS; j++)
			right = arrives(&l, conf);
		if (!right)
			printf("# the life of seed %u\n", was);
		wrong += !right;
		payloads += l.ntold;
		life_release(&l);
	}
	printf("%sok 1 - %ld lives of seed %u, %ld payloads in %d orders of arrival each\n1..1\n",
	       wrong ? "not " : "", count, first, payloads, ARRIVALS);
	return wrong != 0;
}

/* --- for the programs --- */

static int emit(long count, int64_t first)
{
	json_t **all = NULL;
	const char **topics = NULL;
	int units[SKUS] = {0}, *order, n = 0;

	for (long i = 0; i < count; i++) {
		struct life l = live(first + i);

		all = xalloc_grow(all, (size_t)(n + l.ntold), sizeof(json_t *));
		topics = xalloc_grow(topics, (size_t)(n + l.ntold), sizeof *topics);
		for (int j = 0; j < l.ntold; j++, n++) {
			all[n] = json_incref(l.told[j]);
			topics[n] = l.topics[j];
		}
		for (int j = 0; j < l.nlines; j++)
			units[l.lines[j].sku] += expected(&l, &l.lines[j]);
		life_release(&l);
	}
	order = xalloc_zero((size_t)n, sizeof *order);
	for (int i = 0; i < n; i++)
		order[i] = i;
	shuffle(order, n);
	for (int i = 0; i < n; i++)
		for (int times = below(5) ? 1 : 2; times > 0; times--) {
			char *s = json_dumps(all[order[i]], JSON_COMPACT);

			printf("%s\t%s\n", topics[order[i]], s);
			free(s);
		}
	for (int i = 0; i < SKUS; i++)
		printf("expect LIFE-%d %d\n", i, units[i]);
	for (int i = 0; i < n; i++)
		json_decref(all[i]);
	free(all);
	free(topics);
	free(order);
	return 0;
}

int main(int argc, char **argv)
{
	bool emits = argc == 5 && strcmp(argv[1], "emit") == 0;
	const char *count = argc > 1 + emits ? argv[1 + emits] : getenv("LIVES");
	const char *start = argc > 2 + emits ? argv[2 + emits] : getenv("FAULT_SEED");
	struct conf *conf;
	struct err e;
	int rc;

	if (start != NULL && strcmp(start, "random") == 0)
		seed = (unsigned)time(NULL);
	else
		seed = start ? (unsigned)strtoul(start, NULL, 10) : 1;
	count = count ? count : "20000";
	if (conf_load(&conf, CONF_CGI, &e) != 0) {
		fprintf(stderr, "%s\n", e.msg);
		return 1;
	}
	rc = emits ? emit(strtol(count, NULL, 10), strtoll(argv[4], NULL, 10))
		   : run(strtol(count, NULL, 10), conf);
	conf_free(conf);
	return rc;
}
