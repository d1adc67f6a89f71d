/* SPDX-License-Identifier: MIT
 *
 * allot: a case has `delays`, `stock: ID=UNITS …`, and for each order a field
 * `order: ID STATUS RETRIES CRASHES [waited]` with its
 * `want: PRODUCT UNITS TAKEN SKU [KEPT [CAUSE]]` after it (a SKU of - is none).
 * `ahead: ORDER PRODUCT UNITS` is one that waits, by product, then by order;
 * `backorder: wait` and `hold: yes` are the settings. `then` lines are what comes out, in order:
 *   ID STATUS RETRIES WAIT ok|no [REASON]
 *   move ID PRODUCT DELTA BALANCE REASON
 *   left ID=UNITS …
 * `random: N` makes N cases up and checks what must hold in each.
 */
#include "order/allot.h"

#include "unit.h"

enum { MOST = 32 };

struct batch {
	struct allot_order orders[MOST];
	struct allot_want wants[MOST * 4];
	struct allot_stock stock[MOST];
	char skus[MOST * 4][32], causes[MOST * 4][32];
	size_t norders, nwants, nstock;
	struct allot_ahead ahead[MOST];
	struct allot_terms terms;
};

static void read_stock(struct batch *b, const char *s)
{
	long long id, units;
	int n;

	for (; sscanf(s, " %lld=%lld%n", &id, &units, &n) == 2; s += n)
		b->stock[b->nstock++] = (struct allot_stock){.product = id, .on_hand = units};
}

static void read_ahead(struct batch *b, const char *s)
{
	long long order, product, units;

	if (sscanf(s, "%lld %lld %lld", &order, &product, &units) == 3)
		b->ahead[b->terms.nahead++] = (struct allot_ahead){product, order, units};
	b->terms.ahead = b->ahead;
}

static void read_field(struct batch *b, const struct unit_field *f)
{
	long long id, units, taken, kept = 0;
	char word[32] = "", more[32] = "";
	int retries, crashes;
	struct err e;

	if (strcmp(f->key, "delays") == 0 &&
	    backoff_parse(&b->terms.delays, f->value.data, &e) != 0)
		b->terms.delays.n = 0;
	if (strcmp(f->key, "stock") == 0)
		read_stock(b, f->value.data);
	if (strcmp(f->key, "ahead") == 0)
		read_ahead(b, f->value.data);
	if (strcmp(f->key, "backorder") == 0)
		b->terms.keep_pending = strcmp(f->value.data, "wait") == 0;
	if (strcmp(f->key, "hold") == 0)
		b->terms.hold = strcmp(f->value.data, "yes") == 0;
	if (strcmp(f->key, "order") == 0 &&
	    sscanf(f->value.data, "%lld %31s %d %d %31s", &id, word, &retries, &crashes, more) >= 4)
		b->orders[b->norders++] = (struct allot_order){
			.id = id, .status = allot_status_of(word), .run = 1,
			.retries = retries, .crashes = crashes, .waited = *more != '\0'};
	if (strcmp(f->key, "want") == 0 &&
	    sscanf(f->value.data, "%lld %lld %lld %31s %lld %31s", &id, &units, &taken, word, &kept,
		   more) >= 4) {
		memcpy(b->skus[b->nwants], word, sizeof word);
		memcpy(b->causes[b->nwants], more, sizeof more);
		b->wants[b->nwants] = (struct allot_want){
			.order = b->norders - 1, .product = id,
			.sku = *word == '-' ? NULL : b->skus[b->nwants],
			.units = units, .kept = kept, .taken = taken,
			.cause = *more ? b->causes[b->nwants] : NULL};
		b->nwants++;
	}
}

static void describe(struct buf *out, const struct batch *b, const struct allot_move *moves,
		     size_t n)
{
	for (size_t i = 0; i < b->norders; i++) {
		const struct allot_order *o = &b->orders[i];

		buf_addf(out, "%lld %s %d %d %s%s%s\n", (long long)o->id,
			 allot_status_name(o->status), o->retries, o->wait, o->ok ? "ok" : "no",
			 o->error.len ? " " : "", o->error.len ? o->error.data : "");
	}
	for (size_t i = 0; i < n; i++)
		buf_addf(out, "move %lld %lld %lld %lld %s\n",
			 (long long)b->orders[moves[i].order].id, (long long)moves[i].product,
			 (long long)moves[i].delta, (long long)moves[i].balance, moves[i].reason);
	buf_addstr(out, "left");
	for (size_t i = 0; i < b->nstock; i++)
		buf_addf(out, " %lld=%lld", (long long)b->stock[i].product,
			 (long long)b->stock[i].on_hand);
	buf_addstr(out, "\n");
}

/* 1 to 8 orders, some of them with something taken, of up to 4 products. */
static void make_up(struct batch *b, const char *delays)
{
	struct err e;

	memset(b, 0, sizeof *b);
	if (backoff_parse(&b->terms.delays, delays, &e) != 0)
		b->terms.delays.n = 0;
	for (b->nstock = 0; b->nstock < 4; b->nstock++)
		b->stock[b->nstock] = (struct allot_stock){
			.product = (int64_t)b->nstock + 1, .on_hand = random() % 6};
	/* A failed order is not due before it is pending again. */
	static const enum allot_status due[] = {ALLOT_PENDING, ALLOT_COMPLETED, ALLOT_CANCELLED};

	for (size_t n = 1 + (size_t)random() % 8; b->norders < n; b->norders++) {
		b->orders[b->norders] = (struct allot_order){.id = (int64_t)b->norders + 1,
			.status = due[random() % 3], .run = 1,
			.retries = (int)(random() % 3), .crashes = random() % 9 ? 0 : 3,
			.waited = random() % 2};
		for (int64_t p = random() % 3; p < 5; p += 1 + random() % 2) {
			int64_t units = random() % 4;

			b->wants[b->nwants++] = (struct allot_want){
				.order = b->norders, .product = p,
				.sku = random() % 20 || p ? "A" : NULL, .units = units,
				.kept = units ? random() % (units + 1) : 0,
				.taken = p ? random() % 3 : 0};
		}
	}
}

/* Why the outcome cannot be right, or NULL. */
static const char *fault(const struct batch *b, const struct batch *before,
			 const struct allot_move *moves, size_t n)
{
	int64_t on_hand[5] = {0}, got[MOST][5] = {{0}};

	for (size_t i = 0; i < b->nstock; i++)
		on_hand[before->stock[i].product] = before->stock[i].on_hand;
	for (size_t i = 0; i < n; i++) {
		on_hand[moves[i].product] += moves[i].delta;
		got[moves[i].order][moves[i].product] -= moves[i].delta;
		if (on_hand[moves[i].product] < 0 || on_hand[moves[i].product] != moves[i].balance)
			return "a balance is negative or wrong";
	}
	for (size_t i = 0; i < b->nstock; i++)
		if (on_hand[b->stock[i].product] != b->stock[i].on_hand ||
		    b->stock[i].on_hand - before->stock[i].on_hand != b->stock[i].delta)
			return "the stock is not the sum of the moves";
	for (size_t i = 0; i < b->nwants; i++) {
		const struct allot_want *w = &before->wants[i];
		const struct allot_order *o = &b->orders[w->order];
		int64_t has = w->taken + got[w->order][w->product];

		if (has != b->wants[i].taken)
			return "what a want has taken is not the sum of the moves";
		if (o->ok && o->status == ALLOT_COMPLETED &&
		    (has > w->units || has < w->units - w->kept))
			return "a completed order has not what it wants";
		if (!o->ok && has > w->taken)
			return "an order that got nothing took something";
		if (has < w->taken && has != w->units)
			return "something was given back that is wanted";
		if (has > w->taken && has > w->units)
			return "more was taken than is wanted";
	}
	return NULL;
}

static void run_random(const struct unit_case *c, long times, const char *delays)
{
	const char *why = NULL;
	struct allot_move *moves;
	struct batch b, before;

	srandom(7);
	for (long i = 0; i < times && why == NULL; i++) {
		make_up(&b, delays);
		before = b;
		size_t n = allot(b.orders, b.norders, b.wants, b.nwants, b.stock, b.nstock,
				 &b.terms, &moves);
		why = fault(&b, &before, moves, n);
		free(moves);
		for (size_t k = 0; k < b.norders; k++) {
			buf_release(&b.orders[k].error);
			buf_release(&b.orders[k].shorts);
		}
	}
	unit_is(c, "made up by chance", why ? why : "", "");
}

static void run(const struct unit_case *c)
{
	struct buf got = BUF_INIT, want = BUF_INIT;
	struct batch b = {0};
	struct allot_move *moves;

	if (unit_get(c, "random", NULL)) {
		run_random(c, strtol(unit_get(c, "random", ""), NULL, 10),
			   unit_get(c, "delays", ""));
		return;
	}
	for (int i = 1; i < c->n; i++)
		if (strcmp(c->field[i].key, "then") == 0)
			buf_addf(&want, "%s\n", c->field[i].value.data);
		else
			read_field(&b, &c->field[i]);
	size_t n = allot(b.orders, b.norders, b.wants, b.nwants, b.stock, b.nstock, &b.terms,
			 &moves);
	describe(&got, &b, moves, n);
	unit_is(c, "outcome", got.data, want.data ? want.data : "");
	for (size_t i = 0; i < b.norders; i++) {
		buf_release(&b.orders[i].error);
		buf_release(&b.orders[i].shorts);
	}
	free(moves);
	buf_release(&got);
	buf_release(&want);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
