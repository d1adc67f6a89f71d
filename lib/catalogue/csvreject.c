/* SPDX-License-Identifier: MIT
 *
 * csvreject: the two columns before the bytes of the record. Where the input
 * has them already, its first two fields are skipped; a record in which they
 * cannot be told keeps all of its bytes.
 */
#include "catalogue/csvreject.h"

#include <string.h>

bool csvreject_is_again(const struct csvrow *header)
{
	static const struct product_text line = {"reject_line", 11}, reason = {"reject_reason", 13};

	return header->n >= 2 &&
	       product_same_name((struct product_text){header->field[0].s, header->field[0].n},
				 line) &&
	       product_same_name((struct product_text){header->field[1].s, header->field[1].n},
				 reason);
}

static const char below[] = "continued_row: what it leaves blank, the row above it says";
static const char parent[] = "parent_row: it is not sold itself, only its variants are";

/* Takes the sentence off the end of the text, with what stands before it; false if it is
 * not there. */
static bool take_off(struct csvrow_text *text, const char *sentence)
{
	size_t n = strlen(sentence);

	if (text->n < n || memcmp(text->s + text->n - n, sentence, n) != 0)
		return false;
	text->n -= n;
	text->n -= text->n >= 2 ? 2 : text->n;
	return true;
}

bool csvreject_tells(const struct csvrow *row, struct csvfill *fill)
{
	struct csvrow_text reason = {"", 0};
	struct product_text v;

	if (row->n > 1)
		reason = row->field[1];
	v = (struct product_text){reason.s, reason.n};
	if (product_trim(&v))
		return false;
	reason = (struct csvrow_text){v.s, v.n};
	*fill = (struct csvfill){.parent = take_off(&reason, parent)};
	fill->below = take_off(&reason, below);
	return true;
}

size_t csvreject_skip(char delimiter, const char *s, size_t n)
{
	size_t at = 0, k;

	for (int i = 0; i < 2 && (i == 0 || s[at - 1] == delimiter); i++) {
		k = csvfill_skip(delimiter, s + at, n - at);
		if (k > n - at)
			return 0;
		at += k;
		at += at < n && s[at] == delimiter;
		if (at == 0)
			return 0;
	}
	return at;
}

/* The bytes of the two columns that the input has already. */
static size_t skip_both(const struct csvreject *r, const char *s, size_t n)
{
	return r->again ? csvreject_skip(r->delimiter, s, n) : 0;
}

void csvreject_add_header(const struct csvreject *r, struct buf *b, const struct buf *raw)
{
	size_t skip = skip_both(r, raw->data, raw->len);

	if (r->mark)
		buf_addstr(b, "\xEF\xBB\xBF");
	if (strchr(",;\t|", r->delimiter) == NULL)
		buf_addf(b, "sep=%c\n", r->delimiter);
	buf_addf(b, "reject_line%creject_reason%c", r->delimiter, r->delimiter);
	buf_add(b, raw->data + skip, raw->len - skip);
}

static void add_reason(struct buf *b, const struct csvproduct_faults *f,
		       const struct csvfill *fill)
{
	buf_addstr(b, "\"");
	for (int i = 0; i < f->n; i++) {
		buf_addf(b, "%s%s: ", i ? "; " : "", f->at[i].why.code);
		for (const char *s = f->at[i].why.detail; *s; s++)
			buf_add(b, *s == '"' ? "\"\"" : s, *s == '"' ? 2 : 1);
	}
	buf_addf(b, "%s%s", fill && fill->below ? "; " : "", fill && fill->below ? below : "");
	buf_addf(b, "%s%s", fill && fill->parent ? "; " : "", fill && fill->parent ? parent : "");
	buf_addstr(b, "\"");
}

/* The digits of the line that the input says, 0 if it says none. */
static size_t said_line(const char *s, size_t skip, char delimiter)
{
	size_t n = strspn(s, "0123456789");

	return skip > 0 && n < skip && n <= 18 && s[n] == delimiter ? n : 0;
}

void csvreject_add(const struct csvreject *r, struct buf *b, const struct csvrow *row,
		   const struct csvproduct_faults *f, const struct csvfill *fill)
{
	size_t skip = row->first ? skip_both(r, row->raw.s, row->raw.n) : 0;
	size_t digits = said_line(row->raw.s, skip, r->delimiter);
	/* A record that ends in one of the two columns has no other one, then. */
	bool ended = skip > 0 && row->raw.s[skip - 1] != r->delimiter && !(fill && fill->n > 0);

	if (row->first) {
		if (digits > 0)
			buf_add(b, row->raw.s, digits);
		else
			buf_addf(b, "%ld", row->line);
		buf_addf(b, "%c", r->delimiter);
		add_reason(b, f, fill);
		buf_add(b, &r->delimiter, !ended);
	}
	if (row->first && fill)
		csvfill_add(fill, r->delimiter, skip > 0 ? 2 : 0, b, row->raw.s + skip,
			    row->raw.n - skip);
	else
		buf_add(b, row->raw.s + skip, row->raw.n - skip);
	if (row->last && (row->raw.n == skip || strchr("\r\n", row->raw.s[row->raw.n - 1]) == NULL))
		buf_addstr(b, "\n");
}
