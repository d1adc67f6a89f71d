/* SPDX-License-Identifier: MIT
 *
 * target: a case has `payload: JSON` for each payload, and `history: TIME` where orders
 * created before it are history; `gated: yes`, where nothing is
 * taken before it is paid. `then: ID TARGET KEPT BASE` is each line in the end,
 * whatever the order of arrival: all orders are tried, each payload twice in the last.
 */
#include "order/target.h"
#include "base/clock.h"
#include "order/decide.h"
#include "order/parse.h"

#include "unit.h"

enum { MOST = 6 };

static struct conf *conf;

struct told {
	struct order order[MOST];
	int n;
	int64_t history;
	bool gated;
};

static void describe(struct buf *out, const struct told *told, const int *places, int n)
{
	struct target t = {.gated = told->gated};

	for (int i = 0; i < n; i++)
		target_add(&t, &told->order[places[i]], told->history);
	decide_units(&t);
	for (int64_t id = 0; id < 100; id++)
		for (size_t i = 0; i < t.nlines; i++)
			if (t.lines[i].id == id)
				buf_addf(out, "%d %d %d %d\n", (int)id, (int)t.lines[i].target,
					 (int)t.lines[i].kept, (int)t.lines[i].base);
	target_release(&t);
}

/* The next permutation in lexical order; false after the last. */
static bool permute(int *a, int n)
{
	int i = n - 2, j = n - 1, keep;

	while (i >= 0 && a[i] > a[i + 1])
		i--;
	if (i < 0)
		return false;
	while (a[j] < a[i])
		j--;
	keep = a[i], a[i] = a[j], a[j] = keep;
	for (i++, j = n - 1; i < j; i++, j--)
		keep = a[i], a[i] = a[j], a[j] = keep;
	return true;
}

static void run(const struct unit_case *c)
{
	struct told told = {.history = 0};
	struct buf out = BUF_INIT, want = BUF_INIT;
	int places[2 * MOST];
	struct err e = {0};
	bool right = true;

	for (int i = 0; i < c->n; i++) {
		const struct unit_field *f = &c->field[i];

		if (strcmp(f->key, "then") == 0)
			buf_addf(&want, "%s\n", f->value.data);
		if (strcmp(f->key, "history") == 0 &&
		    !clock_parse_rfc3339(f->value.data, &told.history))
			buf_addstr(&want, "no time\n");
		told.gated |= strcmp(f->key, "gated") == 0;
		if (strcmp(f->key, "payload") == 0) {
			json_t *j = json_loads(f->value.data, 0, NULL);

			if (j == NULL ||
			    parse_order(&told.order[told.n], j, NULL, false, conf, &e) != 0)
				buf_addf(&want, "cannot be read: %s\n", e.msg);
			else
				told.n++;
			json_decref(j);
		}
	}
	for (int i = 0; i < told.n; i++)
		places[i] = i;
	do {
		buf_release(&out);
		describe(&out, &told, places, told.n);
		right = strcmp(out.data ? out.data : "", want.data ? want.data : "") == 0;
	} while (right && permute(places, told.n));
	for (int i = 0; right && i < told.n; i++)
		places[told.n + i] = i;
	if (right) {
		buf_release(&out);
		describe(&out, &told, places, 2 * told.n);
	}
	unit_is(c, "outcome", out.data ? out.data : "", want.data ? want.data : "");
	for (int i = 0; i < told.n; i++)
		order_release(&told.order[i]);
	buf_release(&out);
	buf_release(&want);
}

int main(void)
{
	struct err e;
	int rc;

	if (conf_load(&conf, CONF_CGI, &e) != 0) {
		fprintf(stderr, "%s\n", e.msg);
		return 1;
	}
	rc = unit_main(__FILE__, run);
	conf_free(conf);
	return rc;
}
