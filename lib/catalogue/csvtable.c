/* SPDX-License-Identifier: MIT
 *
 * csvtable: a header of a known format is read by format, any other one by
 * csvhead. In a stream of several files a header comes again: a record that
 * has the name of the column of SKUs is looked at as a header.
 */
#include "catalogue/csvtable.h"

#include "base/utf8.h"
#include "base/xalloc.h"
#include "catalogue/csvreject.h"
#include "catalogue/guess.h"
#include "catalogue/marks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static struct product_text text_of(const struct csvrow_text *v)
{
	return (struct product_text){v->s, v->n};
}

struct csvtable *csvtable_new(const struct csvtable_options *options, csvtable_warn *warn,
			      void *ctx)
{
	struct csvtable *t = xalloc_zero(1, sizeof *t);

	t->options = options;
	t->warn = warn;
	t->ctx = ctx;
	t->numbers.declared = options->decimal != '\0';
	t->numbers.decimal = options->decimal;
	t->more = csvdetails_new();
	return t;
}

void csvtable_free(struct csvtable *t)
{
	if (t == NULL)
		return;
	format_free(t->format);
	csvdetails_free(t->more);
	buf_release(&t->names);
	free(t);
}

unsigned csvtable_columns(const struct csvtable *t)
{
	return t->rules.columns;
}

/* --- headers --- */

/* The format that is asked for, or that the header tells. */
static int find_format(const struct csvtable *t, const struct csvrow *row,
		       const struct formats_entry **entry, struct err *e)
{
	const char *like = t->options->like;

	*entry = NULL;
	if (like && strcasecmp(like, "plain") == 0)
		return 0;
	if (like == NULL)
		return marks_format(row, entry, e);
	*entry = formats_find(like);
	return 0;
}

/* What maps say, in place of the format. */
static int map_fields(const struct csvtable *t, struct format *f, const struct csvrow *row,
		      struct err *e)
{
	const char *lost = csvhead_lost_map(row, t->options->maps, t->options->nmaps);
	struct product_text to;

	if (lost)
		return err_set(e, ERR_DATA, "unknown_column: the header has no column as \"%.80s\" "
			       "says", lost);
	for (size_t i = 0; i < row->n && i < CSVROW_FIELDS; i++)
		if (csvhead_map_of(text_of(&row->field[i]), t->options->maps, t->options->nmaps,
				   &to))
			format_map(f, i, product_column_find(to));
	return 0;
}

int csvtable_head(struct csvtable *t, const struct csvrow *row, struct err *e)
{
	const struct formats_entry *entry;
	struct format *f;

	if (find_format(t, row, &entry, e) != 0) {
		t->heading.columns = 1u << PRODUCT_SKU | 1u << PRODUCT_NAME; /* it is a header */
		return -1;
	}
	if (entry == NULL) {
		if (csvhead_read(&t->heading, row, t->options->maps, t->options->nmaps,
				 t->options->update_only, e) != 0)
			return -1;
		format_free(t->format);
		t->format = NULL;
		return 0;
	}
	f = format_new(entry, row, t->options->location);
	t->heading = (struct csvhead){.columns = format_columns(f), .width = row->n};
	if (map_fields(t, f, row, e) != 0 || !(format_columns(f) & 1u << PRODUCT_SKU)) {
		bool no_sku = !(format_columns(f) & 1u << PRODUCT_SKU);

		format_free(f);
		t->heading.columns |= no_sku ? 0 : 1u << PRODUCT_SKU | 1u << PRODUCT_NAME;
		return no_sku ? err_set(e, ERR_DATA, "missing_column: the header has no SKU as "
					"%s has it",
					entry->title) : -1;
	}
	t->heading.columns = format_columns(f);
	format_free(t->format);
	t->format = f;
	return 0;
}

/* Keeps the names, to tell a header that comes again, and to explain. */
static void keep_names(struct csvtable *t, const struct csvrow *row)
{
	buf_reset(&t->names);
	for (size_t i = 0; i < row->n && i < CSVROW_FIELDS; i++) {
		if (row->field[i].n > 0)
			buf_add(&t->names, row->field[i].s, row->field[i].n);
		t->ends[i] = t->names.len;
	}
}

static struct product_text name_at(const struct csvtable *t, size_t i)
{
	size_t from = i > 0 ? t->ends[i - 1] : 0;

	return (struct product_text){t->names.data ? t->names.data + from : "", t->ends[i] - from};
}

static void tell_of_format(const struct csvtable *t, long line)
{
	char text[200], one[60], other[60];
	struct product_text a, b;
	size_t first, second;

	snprintf(text, sizeof text, "the header is that of %s, so it is read as --like %s",
		 format_entry(t->format)->title, format_entry(t->format)->name);
	t->warn(t->ctx, line, "format", text);
	if (!format_several(t->format, PRODUCT_PRICE, &first, &second))
		return;
	a = name_at(t, first);
	b = name_at(t, second);
	snprintf(text, sizeof text, "\"%s\" and \"%s\" are both prices: the first one that a row "
		 "has is "
		 "taken; choose one with --map", utf8_show(one, sizeof one, a.s, a.n),
		 utf8_show(other, sizeof other, b.s, b.n));
	t->warn(t->ctx, line, "several_prices", text);
}

/* A column that is there, but not taken. */
static void tell_of_quantity(const struct csvtable *t, const struct csvrow *row)
{
	char room[80] = "quantity", text[160];

	if (t->format == NULL) {
		struct product_text name = name_at(t, t->heading.index[PRODUCT_QUANTITY]);

		utf8_show(room, sizeof room, name.s, name.n);
	}
	snprintf(text, sizeof text, "the column \"%s\" is taken only with --stock", room);
	t->warn(t->ctx, row->line, "quantity_ignored", text);
}

/* True if the field i is a column of products, or tells something of them. */
static bool is_column(const struct csvtable *t, size_t i)
{
	if (t->format)
		return !format_spares(t->format, i);
	for (int k = 0; k < PRODUCT_COLUMNS; k++)
		if (t->heading.columns & 1u << k && t->heading.index[k] == i)
			return true;
	return false;
}

/* Takes the field i as a detail, unless a map says something else. */
static void add_detail(struct csvtable *t, size_t i)
{
	struct product_text name = name_at(t, i), to;
	bool mapped = csvhead_map_of(name, t->options->maps, t->options->nmaps, &to);
	int rank;

	if (mapped && details_find(to, &rank) == DETAILS_KNOWN)
		return;
	if (csvhead_means_nothing(name) || (!mapped && is_column(t, i)))
		return;
	if (t->options->no_details ||
	    !csvdetails_add(t->more, i, mapped ? to : name, mapped, t->format != NULL) ||
	    (details_find(name, &rank) == DETAILS_KNOWN && !mapped && !details_is_extra(name) &&
	     !(t->format && format_meaning(t->format, i))))
		csvhead_list_unknown(&t->heading, name);
}

static void find_details(struct csvtable *t)
{
	csvdetails_begin(t->more);
	if (t->format && format_entry(t->format)->location)
		return; /* one of many rows of a product tells nothing of it */
	for (size_t i = 0; i < t->heading.width && i < CSVROW_FIELDS; i++)
		add_detail(t, i);
	csvdetails_end(t->more);
}

void csvtable_begin(struct csvtable *t, const struct csvrow *row, bool decoded)
{
	char text[1300];

	t->rules = (struct csvproduct_rules){
		.columns = t->heading.columns & ~t->options->ignore, .decoded = decoded,
		.spreadsheet = t->options->spreadsheet || t->heading.spreadsheet,
		.numbers = &t->numbers, .bare_id = t->heading.bare_id,
		.formatted = t->format != NULL};
	t->again = csvreject_is_again(row);
	keep_names(t, row);
	find_details(t);
	if (t->format && format_entry(t->format)->comma)
		t->numbers.comma_free = true; /* it is in quotes */
	if (t->format && t->options->decimal == '\0' && !format_entry(t->format)->comma)
		t->numbers = (struct numbers){.declared = true, .decimal = '.'};
	if (row->bare_quote)
		t->warn(t->ctx, row->line, "bare_quote", "a quote inside an unquoted column name");
	if (t->format)
		tell_of_format(t, row->line);
	if (t->heading.columns & t->options->ignore & 1u << PRODUCT_QUANTITY)
		tell_of_quantity(t, row);
	if (csvhead_is_described(t->rules.columns) && !t->options->update_only)
		t->warn(t->ctx, row->line, "named_by_description", "the header has no column name, "
			"so a new product is called by the first line of its description");
	if (t->heading.ambiguous[0])
		t->warn(t->ctx, row->line, "ambiguous_column", t->heading.ambiguous);
	if (*t->heading.unknown == '\0')
		return;
	snprintf(text, sizeof text, "columns without a meaning are %s: %s",
		 t->options->no_details ? "left out" : "kept as they are",
		 t->heading.unknown);
	t->warn(t->ctx, row->line, "unknown_columns", text);
}

/* --- headers that come again --- */

/* True if a field is the name of the column of SKUs: nearly never, and quick. */
static bool names_sku(const struct csvtable *t, const struct csvrow *row)
{
	struct product_text own = {"", 0};
	size_t at = t->heading.index[PRODUCT_SKU];

	if ((t->format == NULL || format_sku_field(t->format, &at)) && at < t->heading.width)
		own = name_at(t, at);
	for (size_t i = 0; i < row->n && i < CSVROW_FIELDS; i++) {
		struct product_text v = text_of(&row->field[i]);

		if (v.n > 40)
			continue;
		if (v.n >= 3 && v.s[0] == '\xEF' && product_trim(&v))
			continue; /* a byte order mark */
		if ((v.n == own.n && v.n > 1 && (*v.s | 32) == (*own.s | 32) &&
		     product_same_name(v, own)) || guess_names_sku(v))
			return true;
	}
	return false;
}

/* True if each field is blank, or the name of the same field of the header. */
static bool repeats(const struct csvtable *t, const struct csvrow *row)
{
	for (size_t i = 0; i < row->n && i < CSVROW_FIELDS; i++) {
		struct product_text v = text_of(&row->field[i]);

		if (!product_trim(&v) && (i >= t->heading.width || !product_same_name(v,
			name_at(t, i))))
			return false;
	}
	return true;
}

/* How many of the fields are names of columns, known ones or those of the header. */
static size_t count_names(const struct csvtable *t, const struct csvrow *row, size_t *filled)
{
	size_t n = 0;
	int rank;

	*filled = 0;
	for (size_t i = 0; i < row->n && i < CSVROW_FIELDS; i++) {
		struct product_text v = text_of(&row->field[i]);
		bool known;

		if (product_trim(&v))
			continue;
		++*filled;
		known = product_column_find(v) < PRODUCT_COLUMNS ||
			guess_column(v, &rank) < PRODUCT_COLUMNS;
		for (size_t k = 0; !known && k < t->heading.width && k < CSVROW_FIELDS; k++)
			known = product_same_name(v, name_at(t, k));
		n += known;
	}
	return n;
}

/* True if the record can be nothing but a header: of a known format, or most of
 * its fields are names. */
static bool is_of_names(const struct csvtable *t, const struct csvrow *row)
{
	const struct formats_entry *entry;
	struct err ignored;
	size_t filled, names;

	if (t->options->like == NULL && marks_format(row, &entry, &ignored) == 0 && entry)
		return true;
	names = count_names(t, row, &filled);
	return names >= 2 && names * 2 >= filled;
}

/* Whether the record is a header; it is taken, if it differs from the last one.
 * -1: it is one that cannot be used, so what follows it cannot be read. */
static int is_header(struct csvtable *t, const struct csvrow *row, bool *yes, struct err *e)
{
	struct csvhead kept;
	struct err why;
	size_t filled;

	*yes = t->changed = false;
	if (row->fault != CSVROW_GOOD || !names_sku(t, row))
		return 0;
	if (repeats(t, row)) {
		t->warn(t->ctx, row->line, "repeated_header", "the header comes again: passed "
			"over");
		*yes = true;
		return 0;
	}
	if (row->n < 2 || !is_of_names(t, row))
		return 0;
	kept = t->heading;
	if (csvhead_check_bytes(row, t->rules.decoded, true, &why) != 0 ||
	    csvtable_head(t, row, &why) != 0) {
		t->heading = kept;
		return count_names(t, row, &filled) < filled ? 0
		       : err_set(e, ERR_DATA, "other_header: line %ld is another header, and it "
				 "cannot be used: %s", row->line, why.msg);
	}
	t->warn(t->ctx, row->line, "repeated_header", "another header: what follows is read by it");
	csvtable_begin(t, row, t->rules.decoded);
	*yes = t->changed = true;
	return 0;
}

/* --- records --- */

static bool is_total(const struct csvtable *t)
{
	static const char *const words[] = {"total", "total:", "subtotal", "sub-total",
					    "grand total",
					    "totals", "sum", "sum:", "summe", "gesamt",
						    "gesamtsumme"};
	const struct product_text *sku = &t->value[PRODUCT_SKU], *name = &t->value[PRODUCT_NAME];
	struct product_text a = *sku, b = *name;
	bool no_sku = product_trim(&a), no_name = product_trim(&b);

	if (no_sku == no_name || (no_sku ? b.n : a.n) > 12)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (product_same_name(no_sku ? b : a, (struct product_text){words[i],
			strlen(words[i])}))
			return true;
	return false;
}

/* Why format_read passed a record over, in words. */
static const char *passed_because(const char *code)
{
	static const struct {
		const char *code, *why;
	} all[] = {
		{"image_row", "it has only an image, or nothing, of a product: passed over"},
		{"continued_row", "it continues the row above, and has no product: passed over"},
		{"parent_row", "it is not sold itself, only its variants are: passed over"},
		{"store_view_row", "it is a translation for a store view: passed over"},
		{"other_location", "it is of another location: passed over"},
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(all[i].code, code) == 0)
			return all[i].why;
	return code;
}

static void tell_of_row(const struct csvtable *t, const struct csvrow *row, unsigned told)
{
	char text[100], room[60];
	const struct product_text *sku = &t->value[PRODUCT_SKU];

	if (told & FORMAT_SKU_MADE) {
		snprintf(text, sizeof text, "it has no SKU: \"%s\" is made for it",
			 utf8_show(room, sizeof room, sku->s, sku->n));
		t->warn(t->ctx, row->line, "sku_made", text);
	}
	if (told & FORMAT_NEGATIVE && t->rules.columns & 1u << PRODUCT_QUANTITY)
		t->warn(t->ctx, row->line, "negative_quantity", "its quantity is below 0: taken "
			"as 0");
	if (told & FORMAT_FRACTION && t->rules.columns & 1u << PRODUCT_QUANTITY)
		t->warn(t->ctx, row->line, "fractional_quantity", "its quantity is no whole "
			"number: taken without the rest");
	if (told & FORMAT_CUT)
		t->warn(t->ctx, row->line, "category_cut", "its categories are longer than 255 "
			"characters: the last ones are left out");
}

/* A value that is left out for want of a name in the header; said once. */
static void tell_of_unnamed(struct csvtable *t, const struct csvrow *row)
{
	size_t i = csvproduct_find_unnamed(&t->heading, row);
	char text[160];

	if (i == row->n)
		return;
	t->heading.any_unnamed = false;
	snprintf(text, sizeof text, "field %zu has a value, but no name in the header: columns "
		 "without a name are left out", i + 1);
	t->warn(t->ctx, row->line, "unknown_columns", text);
}

static int mixed(const struct csvtable *t, struct err *e)
{
	const struct numbers *n = &t->numbers;

	return err_set(e, ERR_DATA, "mixed_decimal: line %ld has the price \"%s\" and line %ld "
		       "\"%s\": by "
		       "the one a comma is the decimal mark, by the other a point may be: say "
		       "--decimal , "
		       "or --decimal .", n->comma.line, n->comma.text, n->either.line,
			       n->either.text);
}

/* The values of a record; false if it is passed over. */
static bool take_values(struct csvtable *t, const struct csvrow *row, struct csvproduct_faults *f)
{
	const char *why = NULL;
	unsigned told = 0;

	if (t->format)
		why = format_read(t->format, row, t->value, &told);
	else
		csvproduct_take(&t->heading, row, t->value);
	if (why) {
		t->warn(t->ctx, row->line, why, passed_because(why));
		return false;
	}
	if (is_total(t)) {
		t->warn(t->ctx, row->line, "total_row", "it is a total, and no product: passed "
			"over");
		return false;
	}
	tell_of_row(t, row, told);
	if (told & FORMAT_SKUS) {
		f->n = 1;
		f->at[0].column = PRODUCT_SKU;
		product_refuse(&f->at[0].why, "several_skus", "the cell has several SKUs: write "
			       "a row for "
			       "each, with its price and quantity");
	}
	return true;
}

static void read_details(struct csvtable *t, const struct csvrow *row)
{
	struct csvdetails_group g;

	t->details = (struct product_text){NULL, 0};
	if (!csvdetails_any(t->more))
		return;
	if (t->format)
		format_group(t->format, row, &g);
	t->details = csvdetails_read(t->more, row, &t->rules, t->format ? &g : NULL, t->warn,
				     t->ctx);
}

static int reject(struct csvtable *t, const struct csvrow *row, struct err *e)
{
	if (t->format)
		format_reject(t->format, row, &t->fill);
	return t->numbers.mixed ? mixed(t, e) : 0;
}

/* The two columns that a file of rejects has before the others are not looked at. */
static int check(const struct csvtable *t, const struct csvrow *row, struct csvproduct_faults *f)
{
	struct csvrow own = *row;
	size_t skip = 0;

	if (t->again && row->first)
		skip = csvreject_skip(t->delimiter, row->raw.s, row->raw.n);
	own.raw.s += skip;
	own.raw.n -= skip;
	return csvproduct_check(&t->heading, &t->rules, &own, f);
}

int csvtable_read(struct csvtable *t, const struct csvrow *row, enum csvtable_fate *fate,
		  struct csvproduct_faults *f, struct err *e)
{
	bool header;

	t->fill = (struct csvfill){0};
	t->taken = false;
	*fate = CSVTABLE_HEADER;
	if (is_header(t, row, &header, e) != 0)
		return -1;
	if (header)
		return 0;
	if (t->again && t->format && row->first && csvreject_tells(row, &t->fill))
		format_expect_reject(t->format, &t->fill);
	*fate = CSVTABLE_REJECT;
	if (check(t, row, f) != 0) {
		if (t->format && row->first)
			format_note(t->format, row);
		return row->first ? reject(t, row, e) : 0;
	}
	*fate = CSVTABLE_PASSED;
	t->taken = true;
	if (!take_values(t, row, f))
		return 0;
	*fate = CSVTABLE_REJECT;
	if (f->n > 0 || csvproduct_values(&t->rules, row->line, t->value, f) != 0)
		return reject(t, row, e);
	if (t->heading.any_unnamed)
		tell_of_unnamed(t, row);
	*fate = CSVTABLE_ROW;
	read_details(t, row);
	return t->numbers.mixed ? mixed(t, e) : 0;
}

bool csvtable_sku(const struct csvtable *t, const struct csvrow *row,
		  const struct csvproduct_faults *f, struct product_text *sku)
{
	size_t at = t->heading.index[PRODUCT_SKU];

	for (int i = 0; f && i < f->n; i++)
		if (f->at[i].column == PRODUCT_SKU && strcmp(f->at[i].why.code, "missing_sku") != 0)
			return false;
	*sku = t->value[PRODUCT_SKU];
	if (!t->taken) {
		if (row->fault != CSVROW_GOOD || (t->format && !format_sku_field(t->format, &at)) ||
		    at >= row->n)
			return false;
		*sku = text_of(&row->field[at]);
	}
	if (sku->n == 0)
		*sku = (struct product_text){"", 0};
	product_trim(sku);
	return memchr(sku->s, '\0', sku->n) == NULL && utf8_check(sku->s, sku->n) == sku->n;
}

void csvtable_end(struct csvtable *t)
{
	char text[120];

	if (t->numbers.at_least > 0) {
		snprintf(text, sizeof text, "%ld quantit%s as \"50+\" or \"> 50\" does: taken "
			 "as that many", t->numbers.at_least,
			 t->numbers.at_least == 1 ? "y says how many there are at least,"
						  : "ies say how many there are at least,");
		t->warn(t->ctx, 0, "at_least", text);
	}
	if (t->numbers.commas == 0 || t->numbers.declared)
		return;
	snprintf(text, sizeof text, "%ld number%s could not be read for a comma: if it is the "
		 "decimal "
		 "mark, say --decimal ,", t->numbers.commas, t->numbers.commas == 1 ? "" : "s");
	t->warn(t->ctx, 0, "decimal_comma", text);
}

bool csvtable_explain(const struct csvtable *t, size_t i, struct product_text *name,
		      const char **means, char *why, size_t size)
{
	struct product_text to;

	if (i >= t->heading.width || i >= CSVROW_FIELDS)
		return false;
	*name = name_at(t, i);
	*means = NULL;
	if (t->format)
		*means = format_meaning(t->format, i);
	for (int k = 0; !t->format && k < PRODUCT_COLUMNS; k++)
		if (t->heading.columns & 1u << k && t->heading.index[k] == i)
			*means = product_column_name((enum product_column)k);
	if (*means == NULL || strcmp(*means, "id") == 0)
		*means = csvdetails_meaning(t->more, i) ? csvdetails_meaning(t->more, i) : *means;
	if (csvhead_map_of(*name, t->options->maps, t->options->nmaps, &to))
		snprintf(why, size, "--map says so");
	else if (*means && strcmp(*means, "extra") == 0)
		snprintf(why, size, "it means nothing here, and is kept as it is");
	else if (t->format && *means)
		snprintf(why, size, "%s has it so", format_entry(t->format)->title);
	else if (*means)
		snprintf(why, size, product_column_find(*name) < PRODUCT_COLUMNS ||
			 product_same_name(*name, (struct product_text){*means, strlen(*means)})
			 ? "it is called so" : "it is another name of it");
	else if (t->heading.spreadsheet && product_same_name(*name,
			(struct product_text){CSVHEAD_SPREADSHEET, strlen(CSVHEAD_SPREADSHEET)}))
		snprintf(why, size, "by it values have marks of an export for a spreadsheet, which "
			 "are taken off");
	else
		snprintf(why, size, "it means nothing here, and is left out");
	return true;
}
