/* SPDX-License-Identifier: MIT
 *
 * csvproduct: first what spoils a record as a whole, the gravest first, then its
 * values in the order of the columns.
 */
#include "catalogue/csvproduct.h"

#include "base/utf8.h"

#include <string.h>

static struct product_text field(const struct csvrow *row, size_t i)
{
	return (struct product_text){row->field[i].s, row->field[i].n};
}

/* True if the fields from the i-th on have nothing but blanks. */
static bool all_blank(const struct csvrow *row, size_t i)
{
	for (; i < row->n && i < CSVROW_FIELDS; i++) {
		struct product_text v = field(row, i);

		if (!product_trim(&v))
			return false;
	}
	return !row->more;
}

bool csvproduct_is_blank(const struct csvrow *row)
{
	bool ctrl_z = row->raw.n == 1 && *row->raw.s == '\x1A';
		/* without a line end: the last one */

	return row->fault == CSVROW_GOOD && (ctrl_z || all_blank(row, 0));
}

size_t csvproduct_find_unnamed(const struct csvhead *h, const struct csvrow *row)
{
	for (size_t i = 0; i < h->width && i < row->n; i++) {
		struct product_text v = field(row, i);

		if (h->unnamed[i] && !product_trim(&v))
			return i;
	}
	return row->n;
}

/* What is wrong with the bytes. */
static int check_bytes(const struct csvrow *row, bool decoded, struct product_fault *f)
{
	size_t n = row->raw.n, at;

	if (row->fault == CSVROW_TOO_LARGE)
		return product_refuse(f, "record_too_large", "the record is longer than %d "
				      "bytes; a "
				      "quote that is not closed may be why", CSVROW_MOST);
	if (row->fault == CSVROW_UNTERMINATED)
		return product_refuse(f, "unterminated_quote", "a quote is not closed, and took "
				      "in all "
				      "from line %ld to the end, line %ld", row->line,
					      row->last_line);
	if (memchr(row->raw.s, '\0', n))
		return product_refuse(f, "nul_byte", "the record has a NUL byte in it");
	at = utf8_check(row->raw.s, n);
	if (at < n && decoded)
		return product_refuse(f, "bad_encoding", "a part of the record is not in the "
				      "encoding "
				      "of the file");
	if (at < n)
		return product_refuse(f, "bad_encoding", "byte %zu of the record, 0x%02X, is not "
				      "UTF-8; if all of the file is so, give its encoding", at + 1,
				      (unsigned char)row->raw.s[at]);
	if (row->fault == CSVROW_BAD_QUOTE)
		return product_refuse(f, "bad_quote", "text follows a closing quote; a quote "
				      "inside "
				      "quotes is written twice");
	return 0;
}

/* True if the header has the column and the record ends before it. */
static bool lacks(const struct csvhead *h, const struct csvrow *row, enum product_column column)
{
	return h->columns & 1u << column && h->index[column] >= row->n;
}

/* True if the one field of the record has as many delimiters in it as the header. */
static bool is_whole_line(const struct csvrow *row, size_t width)
{
	const struct csvrow_text *v = &row->field[0];

	for (const char *d = ",;\t|"; *d && row->raw.n > 0 && *row->raw.s == '"'; d++) {
		size_t n = 1;

		for (size_t i = 0; i < v->n; i++)
			n += v->s[i] == *d;
		if (n == width)
			return true;
	}
	return false;
}

static int check_fields(const struct csvhead *h, const struct csvproduct_rules *rules,
			const struct csvrow *row, struct product_fault *f)
{
	const char *code = NULL;

	if (!all_blank(row, h->width))
		code = "too_many_fields";
	else if (!rules->formatted && (lacks(h, row, PRODUCT_SKU) || lacks(h, row, PRODUCT_NAME)))
		code = "too_few_fields";
	if (code == NULL)
		return 0;
	if (row->n == 1 && h->width > 1 && is_whole_line(row, h->width))
		return product_refuse(f, code, "the whole line stands in quotes, so it is one "
				      "field: take them off");
	return product_refuse(f, code, "the record has %zu field%s, the header %zu", row->n,
			      row->n == 1 ? "" : "s", h->width);
}

/* Takes off the one mark that keeps a spreadsheet from changing the value. A
 * value may have had marks of its own before the export put one before it. */
static void unguard(struct product_text *v)
{
	if (v->n == 0 || *v->s != '\'' || !product_needs_guard(*v))
		return;
	v->s++;
	v->n--;
}

/* ="00124", by which Excel is made to keep a text as it is. */
static void unwrap(struct product_text *v)
{
	if (v->n < 3 || v->s[0] != '=' || v->s[1] != '"' || v->s[v->n - 1] != '"')
		return;
	v->s += 2;
	v->n -= 3;
}

/* What a spreadsheet shows where a formula failed. */
static bool is_error(const struct product_text *v)
{
	static const char *const errors[] = {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!",
					     "#NUM!",
					     "#NULL!", "#SPILL!", "#CALC!", "#ERROR!"};

	if (v->n == 0 || *v->s != '#')
		return false;
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (v->n == strlen(errors[i]) && memcmp(v->s, errors[i], v->n) == 0)
			return true;
	return false;
}

/* "4.00638E+12", which a spreadsheet makes of a long number. */
static bool is_power(const struct product_text *v)
{
	size_t digits = 0, i = 0;

	for (; i < v->n && ((v->s[i] >= '0' && v->s[i] <= '9') || (digits == 1 && strchr(".,",
		v->s[i]))); i++)
		digits++;
	if (digits == 0 || i + 3 > v->n || (v->s[i] != 'E' && v->s[i] != 'e') || v->s[i + 1] != '+')
		return false;
	for (i += 2; i < v->n; i++)
		if (v->s[i] < '0' || v->s[i] > '9')
			return false;
	return true;
}

/* "'4006381333931", as Shopify guards a number. */
static bool is_guarded_number(const struct product_text *v)
{
	size_t i = 1;

	while (i < v->n && v->s[i] >= '0' && v->s[i] <= '9')
		i++;
	return v->n > 1 && *v->s == '\'' && i == v->n;
}

struct product_text csvproduct_plain(const struct csvproduct_rules *rules, struct product_text v)
{
	if (rules->spreadsheet)
		unguard(&v);
	unwrap(&v);
	product_trim(&v);
	if (is_guarded_number(&v)) {
		v.s++;
		v.n--;
	}
	return v;
}

bool csvproduct_is_damaged(const struct product_text *v, bool number, struct product_fault *f)
{
	char room[48];

	if (is_error(v))
		product_refuse(f, "spreadsheet_error", "%.*s is the error of a formula", (int)v->n,
			       v->s);
	else if (number && is_power(v))
		product_refuse(f, "excel_number", "\"%s\" is what a spreadsheet makes of a long "
			       "number", utf8_show(room, sizeof room, v->s, v->n));
	else
		return false;
	return true;
}

/* U+200B to U+200D, U+2060: two SKUs that look the same would be two products. */
static bool has_zero_width(const struct product_text *v)
{
	const char *s = v->s, *end = v->s + v->n;

	while (s && (s = memchr(s, '\xE2', (size_t)(end - s))) && end - s >= 3) {
		if ((s[1] == '\x80' && s[2] >= '\x8B' && s[2] <= '\x8D') || (s[1] == '\x81' &&
			s[2] == '\xA0'))
			return true;
		s++;
	}
	return false;
}

/* What a spreadsheet did to a value that cannot be meant; -1 and why. */
static int check_damage(enum product_column column, const struct product_text *v,
			struct product_fault *f)
{
	const char *name = product_column_name(column);
	char room[48];

	if (v->n == 0)
		return 0;
	if (column != PRODUCT_DESCRIPTION && is_error(v))
		return product_refuse(f, "spreadsheet_error", "%s is %.*s, the error of a "
				      "formula", name,
				      (int)v->n, v->s);
	if (column != PRODUCT_SKU)
		return 0;
	if (is_power(v))
		return product_refuse(f, "excel_number", "sku \"%s\" is what a spreadsheet makes "
				      "of a long "
				      "number: format the column as text, and save it again",
				      utf8_show(room, sizeof room, v->s, v->n));
	if (has_zero_width(v))
		return product_refuse(f, "zero_width", "sku has a character of no width in it, "
				      "such as "
				      "U+200B, which cannot be seen: take it out");
	return 0;
}

static void add_fault(struct csvproduct_faults *f, enum product_column column,
		      const struct product_fault *why)
{
	if (f->n < PRODUCT_COLUMNS)
		f->at[f->n++] = (struct csvproduct_fault){column, *why};
}

int csvproduct_check(const struct csvhead *h, const struct csvproduct_rules *rules,
		     const struct csvrow *row, struct csvproduct_faults *f)
{
	struct product_fault why;

	f->n = 0;
	if (check_bytes(row, rules->decoded, &why) == 0 && check_fields(h, rules, row, &why) == 0)
		return 0;
	add_fault(f, PRODUCT_COLUMNS, &why);
	return -1;
}

void csvproduct_take(const struct csvhead *h, const struct csvrow *row,
		     struct product_text value[PRODUCT_COLUMNS])
{
	for (int i = 0; i < PRODUCT_COLUMNS; i++)
		value[i] = h->columns & 1u << i && h->index[i] < row->n
				   ? field(row, h->index[i]) : (struct product_text){NULL, 0};
}

static void undress_id(const struct csvproduct_rules *rules, struct product_text *v)
{
	struct product_fault why;
	struct product_text id = *v;

	if (rules->bare_id && product_check(PRODUCT_ID, &id, &why) != 0)
		v->n = 0;
}

/* What people and spreadsheets put around a value. */
static void undress(const struct csvproduct_rules *rules, enum product_column column, long line,
		    struct product_text *v)
{
	if (rules->spreadsheet)
		unguard(v);
	if (column == PRODUCT_DESCRIPTION)
		return;
	unwrap(v);
	if (column == PRODUCT_ID) {
		undress_id(rules, v);
		return;
	}
	if (column != PRODUCT_PRICE && column < PRODUCT_REORDER_LEVEL)
		return;
	product_trim(v);
	if (v->n > 0)
		numbers_read(rules->numbers, column, v, line);
}

int csvproduct_values(const struct csvproduct_rules *rules, long line,
		      struct product_text value[PRODUCT_COLUMNS], struct csvproduct_faults *f)
{
	struct product_fault why;

	f->n = 0;
	for (int i = 0; i < PRODUCT_COLUMNS; i++) {
		enum product_column column = (enum product_column)i;

		if (!(rules->columns & 1u << i)) {
			value[i] = (struct product_text){NULL, 0};
			continue;
		}
		undress(rules, column, line, &value[i]);
		if (product_check(column, &value[i], &why) != 0 ||
		    check_damage(column, &value[i], &why) != 0)
			add_fault(f, column, &why);
	}
	return f->n == 0 ? 0 : -1;
}
