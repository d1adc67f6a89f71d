/* SPDX-License-Identifier: MIT
 *
 * csvrow: `input` (a line with its end, `inputs` without) by `delimiter`, in
 * pieces of several sizes. Each record is
 *	LINE: FIELD|FIELD…     or LINE-LAST: if it has several lines
 *	LINE: bad_quote RAW    or unterminated RAW
 * and `bare` in front of the fields if a quote stands inside an unquoted one.
 */
#include "catalogue/csvrow.h"

#include "unit.h"

static int on_record(void *ctx, const struct csvrow *row, struct err *e)
{
	static const char *const faults[] = {"", "bad_quote ", "unterminated ", "too_large "};
	struct buf *b = ctx;

	(void)e;
	buf_addf(b, "%ld", row->line);
	if (row->last_line > row->line)
		buf_addf(b, "-%ld", row->last_line);
	buf_addf(b, ": %s%s", faults[row->fault], row->fault == CSVROW_GOOD &&
		 row->bare_quote ? "bare " : "");
	if (row->fault != CSVROW_GOOD)
		unit_add_escaped(b, row->raw.s, row->raw.n);
	for (size_t i = 0; i < row->n && row->fault == CSVROW_GOOD; i++) {
		buf_add(b, "|", i > 0);
		unit_add_escaped(b, row->field[i].s, row->field[i].n);
	}
	buf_addstr(b, "\n");
	return 0;
}

static void feed_in_pieces(const struct unit_case *c, const struct buf *in, size_t size,
			   const char *want)
{
	struct buf got = BUF_INIT;
	struct csvrow_reader *r = csvrow_new(*unit_get(c, "delimiter", ","), on_record, &got);
	struct err e = {0};
	char what[64];
	int rc = 0;

	buf_add(&got, "", 0);
	for (size_t at = 0; at < in->len && rc == 0; at += size)
		rc = csvrow_feed(r, in->data + at, in->len - at < size ? in->len - at : size, &e);
	if (rc != 0 || csvrow_end(r, &e) != 0)
		buf_addstr(&got, "failed");
	snprintf(what, sizeof what, "in pieces of %zu", size);
	unit_is(c, what, got.data, want);
	csvrow_free(r);
	buf_release(&got);
}

static void run(const struct unit_case *c)
{
	static const size_t sizes[] = {1, 2, 3, 5, 1000};
	struct buf in = BUF_INIT, want = BUF_INIT;

	buf_add(&want, "", 0);
	for (int i = 1; i < c->n; i++) {
		const struct unit_field *f = &c->field[i];

		if (strncmp(f->key, "input", 5) == 0) {
			unit_add_input(&in, f);
			buf_add(&in, "\n", f->key[5] == '\0');
		} else if (strcmp(f->key, "delimiter") != 0) {
			buf_addf(&want, "%s: ", f->key);
			unit_add_escaped(&want, f->value.data, f->value.len);
			buf_addstr(&want, "\n");
		}
	}
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		feed_in_pieces(c, &in, sizes[i], want.data);
	buf_release(&in);
	buf_release(&want);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
