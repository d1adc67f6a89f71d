/* SPDX-License-Identifier: MIT
 *
 * csvfile: what becomes of a file. `input` is a line of it with a line end,
 * `inputs` one without, `inputN: x` is N times x. `delimiter`, `encoding`,
 * `map`, `ignore` and `spreadsheet` are the options. What comes out, in this
 * order:
 *	warn: LINE CODE
 *	columns: NAMES of the header, if the case has this field
 *	row: LINE VALUE|VALUE…        those of the columns, null for none
 *	reject: LINE[-LAST] CODE COLUMN|RAW
 *	error: TEXT                   the message has it in it
 *	rejects: FILE                 all of the rejects' file, if the case has this field
 * Each case is fed in pieces of several sizes, which must all give the same,
 * and what is read must be the rows and the rejects.
 */
#include "catalogue/csvfile.h"

#include "unit.h"

struct run {
	const struct unit_case *c;
	struct csvfile *catalog;
	struct buf got, rejects;
	bool began;
	long rows, rejected;
};

/* The first row or reject: the header is known. */
static void begin(struct run *r)
{
	unsigned columns = csvfile_columns(r->catalog);

	if (r->began)
		return;
	r->began = true;
	csvfile_add_header(r->catalog, &r->rejects);
	if (unit_get(r->c, "columns", NULL) == NULL)
		return;
	buf_addstr(&r->got, "columns:");
	for (int i = 0; i < PRODUCT_COLUMNS; i++)
		if (columns & 1u << i)
			buf_addf(&r->got, " %s", product_column_name((enum product_column)i));
	buf_addstr(&r->got, "\n");
}

static int on_row(void *ctx, const struct product_row *row, long line, struct err *e)
{
	struct run *r = ctx;
	const char *between = " ";

	(void)e;
	begin(r);
	r->rows++;
	buf_addf(&r->got, "row: %ld", line);
	for (int i = 0; i < PRODUCT_COLUMNS; i++) {
		if (!(csvfile_columns(r->catalog) & 1u << i))
			continue;
		buf_addstr(&r->got, between);
		between = "|";
		if (row->value[i].s)
			unit_add_escaped(&r->got, row->value[i].s, row->value[i].n);
		else
			buf_addstr(&r->got, "null");
	}
	buf_addstr(&r->got, "\n");
	return 0;
}

static int on_reject(void *ctx, const struct csvfile_reject *j, struct err *e)
{
	const struct csvproduct_fault *f = &j->faults->at[0];
	const struct csvrow *row = j->row;
	struct run *r = ctx;

	(void)e;
	begin(r);
	r->rejected += row->first;
	csvfile_add_reject(r->catalog, &r->rejects, j);
	if (row->first && row->last && row->last_line > row->line)
		buf_addf(&r->got, "reject: %ld-%ld %s", row->line, row->last_line, f->why.code);
	else if (row->first)
		buf_addf(&r->got, "reject: %ld %s", row->line, f->why.code);
	if (row->first)
		buf_addf(&r->got, "%s%s|", f->column < PRODUCT_COLUMNS ? " " : "",
			 f->column < PRODUCT_COLUMNS ? product_column_name(f->column) : "");
	if (row->raw.n > 1000 || !row->first || !row->last)
		buf_addf(&r->got, "%s", row->first ? "long" : "");
	else
		unit_add_escaped(&r->got, row->raw.s, row->raw.n);
	if (row->last && !row->first)
		buf_addf(&r->got, " to %ld", row->last_line);
	if (row->last)
		buf_addstr(&r->got, "\n");
	return 0;
}

static void on_warn(void *ctx, long line, const char *code, const char *text)
{
	struct run *r = ctx;

	(void)text;
	buf_addf(&r->got, "warn: %ld %s\n", line, code);
}

static int feed(struct run *r, const struct csvtable_options *options, const struct buf *in,
		size_t size, struct err *e)
{
	static const struct csvfile_ops ops = {on_row, on_reject, NULL, on_warn};
	int rc = csvfile_new(&r->catalog, options, &ops, r, e);

	for (size_t at = 0; at < in->len && rc == 0; at += size)
		rc = csvfile_feed(r->catalog, in->data + at,
				  in->len - at < size ? in->len - at : size, e);
	return rc == 0 ? csvfile_end(r->catalog, e) : rc;
}

static void feed_in_pieces(const struct unit_case *c, const struct csvtable_options *options,
			   const struct buf *in, size_t size, const char *want)
{
	const char *error = unit_get(c, "error", "");
	struct run r = {.c = c};
	struct err e = {0};
	char what[64];

	if (feed(&r, options, in, size, &e) != 0)
		buf_addf(&r.got, "error: %s\n", *error && strstr(e.msg, error) ? error : e.msg);
	else if (csvfile_read(r.catalog) != r.rows + r.rejected)
		buf_addstr(&r.got, "the counts do not add up\n");
	if (unit_get(c, "rejects", NULL)) {
		buf_addstr(&r.got, "rejects: ");
		unit_add_escaped(&r.got, r.rejects.data, r.rejects.len);
		buf_addstr(&r.got, "\n");
	}
	snprintf(what, sizeof what, "in pieces of %zu", size);
	unit_is(c, what, r.got.data ? r.got.data : "", want);
	csvfile_free(r.catalog);
	buf_release(&r.got);
	buf_release(&r.rejects);
}

/* True if the field is an option, and in `o` then. */
static bool take_option(struct csvtable_options *o, const char **maps, const struct unit_field *f)
{
	const char *key = f->key, *value = f->value.data;

	if (strcmp(key, "delimiter") == 0)
		o->delimiter = *value;
	else if (strcmp(key, "encoding") == 0)
		o->encoding = value;
	else if (strcmp(key, "map") == 0)
		maps[o->nmaps++] = value;
	else if (strcmp(key, "ignore") == 0)
		o->ignore |= 1u << product_column_find((struct product_text){value, f->value.len});
	else if (strcmp(key, "spreadsheet") == 0)
		o->spreadsheet = true;
	else
		return false;
	return true;
}

static void run(const struct unit_case *c)
{
	static const size_t sizes[] = {1, 2, 3, 7, 64, 100000};
	const char *maps[UNIT_FIELDS];
	struct csvtable_options options = {.maps = maps};
	struct buf in = BUF_INIT, want = BUF_INIT;

	buf_add(&want, "", 0);
	for (int i = 1; i < c->n; i++) {
		const struct unit_field *f = &c->field[i];

		if (strncmp(f->key, "input", 5) == 0) {
			unit_add_input(&in, f);
			buf_add(&in, "\n", f->key[5] == '\0');
		} else if (!take_option(&options, maps, f)) {
			buf_addf(&want, "%s: ", f->key);
			unit_add_escaped(&want, f->value.data, f->value.len);
			buf_addstr(&want, "\n");
		}
	}
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		if (in.len / sizes[i] < 3000000)
			feed_in_pieces(c, &options, &in, sizes[i], want.data);
	buf_release(&in);
	buf_release(&want);
}

int main(void)
{
	return unit_main(__FILE__, run);
}
