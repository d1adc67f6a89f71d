/* SPDX-License-Identifier: MIT
 *
 * csvfile: charset, csvrow, heading and entry, one behind the other.
 *   - until the header is known, `head` keeps what came, and one delimiter
 *     after the other is tried on it: the first that makes it a header wins
 *   - a first line "sep=X" says the delimiter
 */
#include "catalogue/csvfile.h"

#include "base/utf8.h"
#include "base/xalloc.h"
#include "catalogue/charset.h"
#include "catalogue/csvhead.h"
#include "catalogue/csvproduct.h"
#include "catalogue/csvreject.h"
#include "catalogue/csvrow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Where there is no header in as much as this, there is none. */
enum { HEAD_MOST = 1 << 18 };
_Static_assert(HEAD_MOST < (int)CSVROW_MOST, "a header does not come in pieces");

static const char all_delimiters[] = ",;\t|";

struct csvfile {
	struct csvfile_options options;
	struct csvfile_ops ops;
	void *ctx;
	struct charset *charset;
	struct csvrow_reader *reader;
	struct buf head;        /* what came, until `ready` */
	const char *delimiters; /* the one that is tried, and those after it */
	char said[2];           /* the only one, by an option or the file */
	bool restart;           /* with another delimiter, not the next one */
	bool cut;               /* the header goes on behind `head` */
	bool ready;
	struct csvhead heading;
	struct csvproduct_rules rules;
	struct buf header;      /* its bytes, once `ready` */
	struct csvreject rejects;
	struct err why;         /* why there was no header, by the delimiter that */
	int merit;              /* came nearest */
	long read;
};

static int take(void *ctx, const char *bytes, size_t n, struct err *e);
static int on_record(void *ctx, const struct csvrow *row, struct err *e);

int csvfile_new(struct csvfile **out, const struct csvfile_options *options,
		const struct csvfile_ops *ops, void *ctx, struct err *e)
{
	char d = options->delimiter;
	struct csvfile *c;

	if (d == '"' || d == '\r' || d == '\n' || (unsigned char)d >= 0x80)
		return err_set(e, ERR_USAGE, "a delimiter is one ASCII character, and no quote "
			       "or line end");
	if (csvhead_check_maps(options->maps, options->nmaps, e) != 0)
		return -1;
	c = xalloc_zero(1, sizeof *c);
	c->options = *options;
	c->ops = *ops;
	c->ctx = ctx;
	c->said[0] = d;
	c->delimiters = d ? c->said : all_delimiters;
	if (charset_new(&c->charset, options->encoding, take, c, e) != 0) {
		csvfile_free(c);
		return -1;
	}
	c->reader = csvrow_new(*c->delimiters, on_record, c);
	*out = c;
	return 0;
}

void csvfile_free(struct csvfile *c)
{
	if (c == NULL)
		return;
	charset_free(c->charset);
	csvrow_free(c->reader);
	buf_release(&c->head);
	buf_release(&c->header);
	free(c);
}

unsigned csvfile_columns(const struct csvfile *c)
{
	return c->rules.columns;
}

char csvfile_delimiter(const struct csvfile *c)
{
	return *c->delimiters;
}

long csvfile_read(const struct csvfile *c)
{
	return c->read;
}

/* A first line "sep=X": the X, else 0. It may be in quotes, and filled up with
 * delimiters, as a spreadsheet leaves it. */
static char said_delimiter(const struct csvrow *row)
{
	const char *s = row->raw.s;
	size_t n = row->raw.n;
	bool quoted = n > 0 && *s == '"';
	char x;

	while (n > 0 && (s[n - 1] == '\n' || s[n - 1] == '\r'))
		n--;
	s += quoted;
	n -= quoted;
	if (row->line != 1 || n < 5 || strncasecmp(s, "sep=", 4) != 0)
		return '\0';
	x = s[4];
	for (size_t i = 5; i < n; i++)
		if (s[i] != x && !(quoted && i == 5 && s[i] == '"') && !(quoted &&
			strchr(all_delimiters, s[i])))
			return '\0';
	return x == '"' || (unsigned char)x >= 0x80 ? '\0' : x;
}

/* No header by this delimiter; kept if it came nearer than those before. */
static int next_delimiter(struct csvfile *c, const struct err *why, int near)
{
	if (near > c->merit) {
		c->why = *why;
		c->merit = near;
	}
	return 1;
}

/* How much of a header it is: first the columns that it has, then its fields. */
static int merit(const struct csvfile *c, const struct csvrow *row)
{
	size_t fields = row->n + (row->fault != CSVROW_GOOD);

	return 2 + __builtin_popcount(c->heading.columns) * HEAD_MOST + (int)fields;
}

/* Its quotes are wrong, or it is longer than what is looked at. */
static int spoiled_header(struct csvfile *c, const struct csvrow *row)
{
	const char *what = row->fault == CSVROW_BAD_QUOTE ? "has text behind a closing quote"
			   : row->fault == CSVROW_GOOD	  ? "has no end"
							  : "has a quote that is never closed";
	struct err why;
	char within[40] = "";

	if (c->cut && row->fault != CSVROW_BAD_QUOTE)
		snprintf(within, sizeof within, " in the first %d bytes", HEAD_MOST);
	err_set(&why, ERR_DATA, "bad_header: the header on line %ld %s%s", row->line, what, within);
	return next_delimiter(c, &why, merit(c, row));
}

static void warn(const struct csvfile *c, long line, const char *code, const char *text)
{
	if (c->ops.warn)
		c->ops.warn(c->ctx, line, code, text);
}

/* A column that is there, but not taken. */
static void warn_of_quantity(const struct csvfile *c, const struct csvrow *row)
{
	const struct csvrow_text *name = &row->field[c->heading.index[PRODUCT_QUANTITY]];
	char room[80], text[160];

	snprintf(text, sizeof text, "the column \"%s\" is taken only with --stock",
		 utf8_show(room, sizeof room, name->s, name->n));
	warn(c, row->line, "quantity_ignored", text);
}

/* A value that is left out for want of a name in the header; said once. */
static void warn_of_unnamed(struct csvfile *c, const struct csvrow *row)
{
	size_t i = csvproduct_find_unnamed(&c->heading, row);
	char text[160];

	if (i == row->n)
		return;
	c->heading.any_unnamed = false;
	snprintf(text, sizeof text, "field %zu has a value, but no name in the header: columns "
		 "without "
		 "a name are left out", i + 1);
	warn(c, row->line, "unknown_columns", text);
}

static void accept_header(struct csvfile *c, const struct csvrow *row)
{
	char text[1100];

	c->ready = true;
	c->rules = (struct csvproduct_rules){
		.columns = c->heading.columns & ~c->options.ignore,
		.decoded = charset_decodes(c->charset),
		.spreadsheet = c->options.spreadsheet};
	c->rejects = (struct csvreject){*c->delimiters, charset_needs_mark(c->charset),
					csvreject_is_again(row)};
	buf_add(&c->header, row->raw.s, row->raw.n);
	if (row->bare_quote)
		warn(c, row->line, "bare_quote", "a quote inside an unquoted column name");
	if (c->heading.columns & c->options.ignore & 1u << PRODUCT_QUANTITY)
		warn_of_quantity(c, row);
	if (*c->heading.unknown == '\0')
		return;
	snprintf(text, sizeof text, "columns without a meaning are left out: %s",
		 c->heading.unknown);
	warn(c, row->line, "unknown_columns", text);
}

static int on_header(struct csvfile *c, const struct csvrow *row, struct err *e)
{
	bool decoded = charset_decodes(c->charset);
	char said = said_delimiter(row);
	struct csvrow bytes = *row;
	struct err why;
	int rc;

	if (said && *c->said == '\0') {
		*c->said = said;
		c->restart = true;
		return 1;
	}
	if (said || csvproduct_is_blank(row))
		return 0;
	while (c->cut && bytes.raw.n > 0 && bytes.raw.s[bytes.raw.n - 1] & 0x80)
		bytes.raw.n--; /* it may be half a character */
	if (csvhead_check_bytes(&bytes, decoded, false, e) != 0)
		return -1;
	/* If it is spoiled, what is in front of that tells whether the delimiter is right. */
	rc = csvhead_read(&c->heading, row, c->options.maps, c->options.nmaps, &why);
	if (row->fault != CSVROW_GOOD || c->cut)
		return spoiled_header(c, row);
	if (rc != 0 && !csvhead_is_found(&c->heading))
		return next_delimiter(c, &why, merit(c, row));
	if (rc != 0)
		*e = why;
	if (rc != 0 || csvhead_check_bytes(row, decoded, true, e) != 0)
		return -1;
	accept_header(c, row);
	return 0;
}

static int reject(struct csvfile *c, const struct csvrow *row, const struct csvproduct_faults *f,
		  struct err *e)
{
	const struct csvfile_reject r = {row, f};

	c->read += row->first;
	return c->ops.reject(c->ctx, &r, e);
}

static int on_record(void *ctx, const struct csvrow *row, struct err *e)
{
	struct csvproduct_faults faults;
	struct csvfile *c = ctx;
	struct product_row product;

	if (!c->ready)
		return on_header(c, row, e);
	if (csvproduct_is_blank(row))
		return 0;
	if (row->fault == CSVROW_GOOD && row->bare_quote)
		warn(c, row->line, "bare_quote", "a quote inside an unquoted field is taken as "
		     "it is");
	if (csvproduct_read(&c->heading, &c->rules, row, &product, &faults) != 0)
		return reject(c, row, &faults, e);
	if (c->heading.any_unnamed)
		warn_of_unnamed(c, row);
	c->read++;
	return c->ops.row(c->ctx, &product, row->line, e);
}

/* As long as a delimiter is given up, tries the next one on all that came. */
static int settle(struct csvfile *c, int rc, bool end, struct err *e)
{
	while (rc == 1) {
		c->delimiters = c->restart ? c->said : c->delimiters + 1;
		c->restart = false;
		if (*c->delimiters == '\0') {
			*e = c->why;
			return -1;
		}
		csvrow_restart(c->reader, *c->delimiters);
		rc = csvrow_feed(c->reader, c->head.data, c->head.len, e);
		if (rc == 0 && end)
			rc = csvrow_end(c->reader, e);
	}
	return rc;
}

static int no_header(struct csvfile *c)
{
	struct err why;

	err_set(&why, ERR_DATA, "no_header: the input %s: its first line names the columns, as in "
		"\"sku,name,description\"", c->head.len < HEAD_MOST ? "is empty"
			: "begins with no header");
	return next_delimiter(c, &why, 1);
}

/* So much came, and no record that can be a header has ended. */
static int cut_header(struct csvfile *c, struct err *e)
{
	int rc;

	c->cut = true;
	rc = csvrow_end(c->reader, e);
	c->cut = false;
	return settle(c, rc == 0 ? no_header(c) : rc, false, e);
}

static int take(void *ctx, const char *bytes, size_t n, struct err *e)
{
	struct csvfile *c = ctx;
	int rc = 0;

	while (!c->ready && n > 0 && rc == 0) {
		size_t k = HEAD_MOST - c->head.len < n ? HEAD_MOST - c->head.len : n;

		buf_add(&c->head, bytes, k);
		rc = settle(c, csvrow_feed(c->reader, bytes, k, e), false, e);
		while (rc == 0 && !c->ready && c->head.len == HEAD_MOST)
			rc = cut_header(c, e);
		bytes += k;
		n -= k;
	}
	if (rc != 0 || !c->ready)
		return rc;
	buf_release(&c->head);
	return n > 0 ? csvrow_feed(c->reader, bytes, n, e) : 0;
}

int csvfile_feed(struct csvfile *c, const void *bytes, size_t n, struct err *e)
{
	return charset_feed(c->charset, bytes, n, e);
}

int csvfile_end(struct csvfile *c, struct err *e)
{
	int rc = charset_end(c->charset, e);

	if (rc != 0)
		return rc;
	rc = csvrow_end(c->reader, e);
	while (rc == 1 || (rc == 0 && !c->ready))
		rc = settle(c, rc == 1 ? rc : no_header(c), true, e);
	return rc;
}

void csvfile_add_header(const struct csvfile *c, struct buf *b)
{
	csvreject_add_header(&c->rejects, b, &c->header);
}

void csvfile_add_reject(const struct csvfile *c, struct buf *b, const struct csvfile_reject *r)
{
	csvreject_add(&c->rejects, b, r->row, r->faults);
}
