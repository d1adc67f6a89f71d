/* SPDX-License-Identifier: MIT
 *
 * product: what a column (`column`) makes of values. Each `give` is followed by
 * what comes out: `get`, `null`, or `fault` with the code and, if there is more,
 * the detail; `giveN: x` and `getN: x` are N times x. `header: x` is followed by
 * `is: column` or `is: none`.
 */
#include "catalogue/product.h"

#include "unit.h"

/* Adds the value, as many times as the key says. */
static void add_value(struct buf *b, const struct unit_field *f)
{
	size_t word = strcspn(f->key, "0123456789");
	long times = f->key[word] ? strtol(f->key + word, NULL, 10) : 1;

	while (times-- > 0)
		buf_add(b, f->value.data, f->value.len);
}

static void check_value(const struct unit_case *c, const struct unit_field *give)
{
	enum product_column column = product_column_find(
		(struct product_text){unit_get(c, "column", ""),
				      strlen(unit_get(c, "column", ""))});
	const char *want = give[1].value.data;
	struct buf b = BUF_INIT, got = BUF_INIT;
	struct product_fault f = {0};
	struct product_text v;

	add_value(&b, give);
	v = (struct product_text){b.data, b.len};
	if (product_check(column, &v, &f) != 0)
		buf_addf(&got, strchr(want, ' ') ? "fault %s: %s" : "fault %s", f.code, f.detail);
	else if (v.s == NULL)
		buf_addstr(&got, "null ");
	else
		buf_addf(&got, "get %.*s", (int)v.n, v.s);
	buf_reset(&b);
	buf_addf(&b, "%.*s ", (int)strcspn(give[1].key, "0123456789"), give[1].key);
	add_value(&b, &give[1]);
	unit_is(c, give->key, got.data, b.data);
	buf_release(&b);
	buf_release(&got);
}

static void check_header(const struct unit_case *c, const struct unit_field *f)
{
	enum product_column column =
		product_column_find((struct product_text){f->value.data, f->value.len});

	unit_is(c, f->value.data, column < PRODUCT_COLUMNS ? product_column_name(column) : "none",
		f[1].value.data);
}

static void run(const struct unit_case *c)
{
	for (int i = 1; i + 1 < c->n; i++) {
		if (strncmp(c->field[i].key, "give", 4) == 0)
			check_value(c, &c->field[i]);
		if (strcmp(c->field[i].key, "header") == 0)
			check_header(c, &c->field[i]);
	}
}

int main(void)
{
	return unit_main(__FILE__, run);
}
