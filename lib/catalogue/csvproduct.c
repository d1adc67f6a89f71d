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
	/* without a line end: the last one */
	bool ctrl_z = row->raw.n == 1 && *row->raw.s == '\x1A';

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
		return product_refuse(f, "record_too_large", "the record is longer than %d bytes; "
				      "a quote that is not closed may be why", CSVROW_MOST);
	if (row->fault == CSVROW_UNTERMINATED)
		return product_refuse(f, "unterminated_quote", "a quote is not closed, and took in "
				      "all from line %ld to the end, line %ld", row->line,
				      row->last_line);
	if (memchr(row->raw.s, '\0', n))
		return product_refuse(f, "nul_byte", "the record has a NUL byte in it");
	at = utf8_check(row->raw.s, n);
	if (at < n && decoded)
		return product_refuse(f, "bad_encoding", "a part of the record is not in the "
				      "encoding of the file");
	if (at < n)
		return product_refuse(f, "bad_encoding", "byte %zu of the record, 0x%02X, is not "
				      "UTF-8; if all of the file is so, give its encoding", at + 1,
				      (unsigned char)row->raw.s[at]);
	if (row->fault == CSVROW_BAD_QUOTE)
		return product_refuse(f, "bad_quote", "text follows a closing quote; a quote "
				      "inside quotes is written twice");
	return 0;
}

static int check_fields(const struct csvhead *h, const struct csvrow *row, struct product_fault *f)
{
	const char *code = NULL;

	if (!all_blank(row, h->width))
		code = "too_many_fields";
	else if (h->index[PRODUCT_SKU] >= row->n || h->index[PRODUCT_NAME] >= row->n)
		code = "too_few_fields";
	if (code == NULL)
		return 0;
	return product_refuse(f, code, "the record has %zu field%s, the header %zu", row->n,
			      row->n == 1 ? "" : "s", h->width);
}

/* Takes off the one mark that keeps a spreadsheet from seeing a formula. A
 * value may have had marks of its own before the export put one in front. */
static void unguard(struct product_text *v)
{
	size_t k = 0;

	while (k < v->n && v->s[k] == '\'')
		k++;
	if (k > 0 && k < v->n && v->s[k] != '\0' && strchr("=+-@\t\r", v->s[k])) {
		v->s++;
		v->n--;
	}
}

int csvproduct_read(const struct csvhead *h, const struct csvproduct_rules *rules,
		    const struct csvrow *row,
	       struct product_row *out, struct product_fault *f, enum product_column *column)
{
	*column = PRODUCT_COLUMNS;
	if (check_bytes(row, rules->decoded, f) != 0 || check_fields(h, row, f) != 0)
		return -1;
	memset(out, 0, sizeof *out);
	for (int i = 0; i < PRODUCT_COLUMNS; i++) {
		struct product_text *v = &out->value[i];

		if (!(rules->columns & 1u << i))
			continue;
		*column = (enum product_column)i;
		if (h->index[i] < row->n)
			*v = field(row, h->index[i]);
		if (rules->spreadsheet)
			unguard(v);
		if (product_check(*column, v, f) != 0)
			return -1;
	}
	return 0;
}
