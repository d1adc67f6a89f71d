/* SPDX-License-Identifier: MIT
 *
 * csvfile: charset, csvrow, csvhead and csvproduct, one after the other.
 *   - until the header is known, `head` keeps what came, and one delimiter
 *     after the other is tried on it: the first that makes it a header wins
 *   - a first line "sep=X" says the delimiter
 */
#include "catalogue/csvfile.h"

#include "base/utf8.h"
#include "base/xalloc.h"
#include "catalogue/charset.h"
#include "catalogue/csvhead.h"
#include "catalogue/csvhold.h"
#include "catalogue/csvlook.h"
#include "catalogue/csvproduct.h"
#include "catalogue/csvreject.h"
#include "catalogue/csvrow.h"
#include "catalogue/csvtable.h"
#include "catalogue/formats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Where there is no header in as much as this, there is none. */
enum { HEAD_MOST = 1 << 18, MOST_NAMES = 256, LOOK_LINES = 12 };
_Static_assert(HEAD_MOST < (int)CSVROW_MOST, "a header does not come in pieces");

static const char all_delimiters[] = ",;\t|";

struct csvfile {
	struct csvtable_options options;
	struct csvfile_ops ops;
	int (*other)(void *ctx, const struct product_text *sku, struct err *e);
	void *ctx;
	struct charset *charset;
	struct csvrow_reader *reader;
	struct buf head;        /* what came, until `ready` */
	const char *delimiters; /* the one that is tried, and those after it */
	char said[2];           /* the only one, by an option or the file */
	bool restart;           /* with another delimiter, not the next one */
	bool cut;               /* the header continues after `head` */
	bool ready;
	bool detailed;          /* the last header had details */
	bool hopeless;          /* no delimiter makes a header; the reason waits for more lines */
	struct csvtable *table;
	struct csvhold hold;    /* a record that what follows makes a parent or not */
	struct buf header;      /* its bytes, once `ready` */
	struct csvreject rejects;
	struct err why;         /* why there was no header, by the delimiter that */
	int merit;              /* came nearest */
	struct product_text raw; /* of the row that is handed out */
	long read, passed;
	int headers;            /* so far, but for those that come again as they were */
	long cut_line;          /* the last one, if it has no end and is not whole */
	long preamble;          /* records before the line of the header */
};

static int take(void *ctx, const char *bytes, size_t n, struct err *e);
static int on_record(void *ctx, const struct csvrow *row, struct err *e);
static void warn(void *ctx, long line, const char *code, const char *text);

int csvfile_new(struct csvfile **out, const struct csvtable_options *options,
		const struct csvfile_ops *ops, void *ctx, struct err *e)
{
	char d = options->delimiter;
	struct csvfile *c;

	if (d == '"' || d == '\r' || d == '\n' || (unsigned char)d >= 0x80)
		return err_set(e, ERR_USAGE, "a delimiter is one ASCII character, and no quote "
			       "or line end");
	if (options->like && strcasecmp(options->like, "plain") != 0 &&
	    !formats_find(options->like)) {
		char names[500];

		formats_list(names, sizeof names);
		return err_set(e, ERR_USAGE, "\"%.40s\" is no format known here: there are "
			       "plain, %s",
			       options->like, names);
	}
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
	c->table = csvtable_new(&c->options, warn, c);
	c->reader = csvrow_new(*c->delimiters, on_record, c);
	*out = c;
	return 0;
}

void csvfile_tell_others(struct csvfile *c, int (*other)(void *ctx, const struct product_text *sku,
							 struct err *e))
{
	c->other = other;
}

void csvfile_free(struct csvfile *c)
{
	if (c == NULL)
		return;
	charset_free(c->charset);
	csvrow_free(c->reader);
	csvtable_free(c->table);
	csvhold_release(&c->hold);
	buf_release(&c->head);
	buf_release(&c->header);
	free(c);
}

unsigned csvfile_columns(const struct csvfile *c)
{
	return csvtable_columns(c->table);
}

char csvfile_delimiter(const struct csvfile *c)
{
	return *c->delimiters;
}

long csvfile_read(const struct csvfile *c)
{
	return c->read;
}

int csvfile_headers(const struct csvfile *c)
{
	return c->headers;
}

long csvfile_passed(const struct csvfile *c)
{
	return c->passed;
}

struct product_text csvfile_raw(const struct csvfile *c)
{
	return c->raw;
}

char csvfile_decimal(const struct csvfile *c)
{
	const struct numbers *n = &c->table->numbers;

	if (n->declared)
		return c->options.decimal;
	return n->decimal == ',' || n->commas > 0 ? n->decimal : '\0';
}

const char *csvfile_details(const struct csvfile *c)
{
	return csvdetails_keys(c->table->more);
}

bool csvfile_sure_ids(const struct csvfile *c)
{
	return !c->table->heading.bare_id;
}

bool csvfile_is_rejects(const struct csvfile *c)
{
	return c->rejects.again;
}

long csvfile_cut(const struct csvfile *c)
{
	return c->cut_line;
}

bool csvfile_sums(const struct csvfile *c)
{
	return c->table->format && format_entry(c->table->format)->location && !c->options.location;
}

bool csvfile_explain(const struct csvfile *c, size_t i, struct product_text *name,
		     const char **means, char *why, size_t size)
{
	return csvtable_explain(c->table, i, name, means, why, size);
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

	return 2 + __builtin_popcount(c->table->heading.columns) * HEAD_MOST + (int)fields;
}

/* Its quotes are wrong, or it is longer than what is looked at. */
static int spoiled_header(struct csvfile *c, const struct csvrow *row)
{
	const char *what = row->fault == CSVROW_BAD_QUOTE ? "has text after a closing quote"
			   : row->fault == CSVROW_GOOD	  ? "has no end"
							  : "has a quote that is never closed";
	struct err why;
	char within[40] = "";

	if (c->cut && row->fault != CSVROW_BAD_QUOTE)
		snprintf(within, sizeof within, " in the first %d bytes", HEAD_MOST);
	err_set(&why, ERR_DATA, "bad_header: the header on line %ld %s%s", row->line, what, within);
	return next_delimiter(c, &why, merit(c, row));
}

static void warn(void *ctx, long line, const char *code, const char *text)
{
	struct csvfile *c = ctx;

	if (c->ops.warn)
		c->ops.warn(c->ctx, line, code, text);
}

/* Lines before the one that --header-line names; told once. */
static void tell_of_preamble(struct csvfile *c, const struct csvrow *row)
{
	char text[100];

	if (c->preamble == 0)
		return;
	snprintf(text, sizeof text, "%ld record%s before the header on line %ld left out",
		 c->preamble,
		 c->preamble == 1 ? " is" : "s are", row->line);
	warn(c, 1, "preamble", text);
}

/* Some systems write their files without a thought to quotes. */
static void set_quotes(struct csvfile *c)
{
	const struct format *f = c->table->format;

	csvrow_literal(c->reader, f && format_entry(f)->literal && *c->delimiters == '\t');
}

static int accept_header(struct csvfile *c, const struct csvrow *row, struct err *e)
{
	c->ready = true;
	c->headers = 1;
	c->rejects = (struct csvreject){*c->delimiters, charset_needs_mark(c->charset),
					csvreject_is_again(row)};
	buf_add(&c->header, row->raw.s, row->raw.n);
	tell_of_preamble(c, row);
	csvtable_begin(c->table, row, charset_decodes(c->charset));
	c->detailed = csvdetails_any(c->table->more);
	set_quotes(c);
	return c->ops.header ? c->ops.header(c->ctx, e) : 0;
}

/* The names of --columns as a header; the record itself is the first one below. */
static int accept_names(struct csvfile *c, const struct csvrow *row, struct err *e)
{
	struct csvrow_text field[MOST_NAMES];
	struct csvrow header = {.line = row->line, .field = field, .first = true, .last = true};
	const char *s = c->options.names;
	int rc;

	for (size_t n; header.n < MOST_NAMES && *s; s += n + (s[n] == ',')) {
		n = strcspn(s, ",");
		field[header.n++] = (struct csvrow_text){s, n == 1 && *s == '-' ? 0 : n};
	}
	if (row->n != header.n) {
		struct err why;

		err_set(&why, ERR_DATA, "columns_differ: line %ld has %zu field%s, and --columns "
			"names %zu",
			row->line, row->n, row->n == 1 ? "" : "s", header.n);
		return next_delimiter(c, &why, 2 + (int)(row->n < HEAD_MOST ? row->n : HEAD_MOST));
	}
	if (csvtable_head(c->table, &header, e) != 0)
		return -1;
	for (size_t i = 0; i < header.n; i++)
		c->table->heading.unnamed[i] = false;
	c->table->heading.any_unnamed = false;
	for (size_t i = 0; i < header.n; i++) {
		buf_addf(&c->header, "%s%.*s", i ? (char[]){*c->delimiters, 0} : "",
			 (int)field[i].n,
			 field[i].s);
	}
	buf_addstr(&c->header, "\n");
	c->ready = true;
	c->headers = 1;
	c->rejects = (struct csvreject){*c->delimiters, charset_needs_mark(c->charset), false};
	csvtable_begin(c->table, &header, charset_decodes(c->charset));
	c->detailed = csvdetails_any(c->table->more);
	rc = c->ops.header ? c->ops.header(c->ctx, e) : 0;
	return rc == 0 ? on_record(c, row, e) : rc;
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
	if (c->options.header_line > row->last_line && !csvreject_is_again(row)) {
		c->preamble++;
		return 0;
	}
	while (c->cut && bytes.raw.n > 0 && bytes.raw.s[bytes.raw.n - 1] & 0x80)
		bytes.raw.n--; /* it may be half a character */
	if (csvhead_check_bytes(&bytes, decoded, false, e) != 0)
		return -1;
	c->table->delimiter = *c->delimiters;
	if (c->options.names && !csvreject_is_again(row))
		return row->fault == CSVROW_GOOD && !c->cut ? accept_names(c, row, e)
							    : spoiled_header(c, row);
	/* If it is spoiled, what comes before that tells whether the delimiter is right. */
	c->table->numbers.comma_free = *c->delimiters != ',';
	rc = csvtable_head(c->table, row, &why);
	if (row->fault != CSVROW_GOOD || c->cut)
		return spoiled_header(c, row);
	if (rc != 0 && !csvhead_is_found(&c->table->heading))
		return next_delimiter(c, &why, merit(c, row));
	if (rc != 0)
		*e = why;
	if (rc != 0 || csvhead_check_bytes(row, decoded, true, e) != 0)
		return -1;
	return accept_header(c, row, e);
}

static int tell_other(struct csvfile *c, const struct csvrow *row,
		      const struct csvproduct_faults *f, struct err *e)
{
	struct product_text sku;

	if (c->other == NULL)
		return 0;
	return c->other(c->ctx, csvtable_sku(c->table, row, f, &sku) ? &sku : NULL, e);
}

static int reject(struct csvfile *c, const struct csvrow *row, const struct csvproduct_faults *f,
		  struct err *e)
{
	const struct csvfile_reject r = {row, f, &c->table->fill};

	c->read += row->first;
	if (row->first && tell_other(c, row, f, e) != 0)
		return -1;
	return c->ops.reject(c->ctx, &r, e);
}

/* True if the record was cut: its line, the last one, has no end, and is not whole. */
static bool is_cut(const struct csvfile *c, const struct csvrow *row)
{
	bool ends = row->raw.n > 0 && strchr("\r\n", row->raw.s[row->raw.n - 1]);

	return row->last && !ends && (row->n < c->table->heading.width ||
				      row->fault == CSVROW_UNTERMINATED);
}

/* What follows another header: its rejects come below it, those of before below
 * the last one. */
static int change_header(struct csvfile *c, const struct csvrow *row, unsigned columns,
			 struct err *e)
{
	bool changed = columns != csvtable_columns(c->table) || c->detailed ||
		       csvdetails_any(c->table->more) || !(columns & 1u << PRODUCT_NAME);

	if (!c->table->changed)
		return 0;
	set_quotes(c);
	if (changed && c->ops.header && c->ops.header(c->ctx, e) != 0)
		return -1;
	c->headers++;
	buf_reset(&c->header);
	buf_add(&c->header, row->raw.s, row->raw.n);
	if (row->raw.n == 0 || strchr("\r\n", row->raw.s[row->raw.n - 1]) == NULL)
		buf_addstr(&c->header, "\n");
	c->detailed = csvdetails_any(c->table->more);
	c->rejects.again = csvreject_is_again(row);
	c->rejects.mark = false;
	return 0;
}

static int read_record(struct csvfile *c, const struct csvrow *row, struct err *e)
{
	struct csvproduct_faults faults;
	enum csvtable_fate fate;
	unsigned columns;

	columns = csvtable_columns(c->table);
	if (is_cut(c, row))
		c->cut_line = row->line;
	if (row->fault == CSVROW_GOOD && row->bare_quote)
		warn(c, row->line, "bare_quote",
		     "a quote inside an unquoted field is taken as it is");
	if (csvtable_read(c->table, row, &fate, &faults, e) != 0)
		return -1;
	if (fate == CSVTABLE_REJECT)
		return reject(c, row, &faults, e);
	if (fate == CSVTABLE_ROW) {
		struct product_row product;

		memcpy(product.value, c->table->value, sizeof product.value);
		product.details = c->table->details;
		c->read++;
		c->raw = (struct product_text){row->raw.s, row->raw.n};
		return c->ops.row(c->ctx, &product, row->line, e);
	}
	c->passed++;
	return fate == CSVTABLE_HEADER ? change_header(c, row, columns, e)
	       : tell_other(c, row, NULL, e);
}

static int on_record(void *ctx, const struct csvrow *row, struct err *e)
{
	struct csvfile *c = ctx;

	if (!c->ready)
		return on_header(c, row, e);
	if (csvproduct_is_blank(row))
		return 0;
	if (csvhold_take(&c->hold, c->table->format, row) &&
	    read_record(c, &c->hold.row, e) != 0)
		return -1;
	/* It may be of another format by now. */
	if (!csvhold_wants(c->table->format, row, c->rejects.again))
		return read_record(c, row, e);
	csvhold_keep(&c->hold, row);
	return 0;
}

/* There is no header: says why, and on which line there is one instead. That
 * waits for some lines more, so that it is the same whatever comes in one piece. */
static int give_up(struct csvfile *c, bool end, struct err *e)
{
	const char *tried = c->said[0] ? c->said : all_delimiters;
	long lines = 0, line = 0;

	for (size_t i = 0; i < c->head.len; i++)
		lines += c->head.data[i] == '\n';
	if (!end && lines < LOOK_LINES && c->head.len < HEAD_MOST)
		return 0;
	if (c->options.header_line == 0 && c->options.names == NULL)
		line = csvlook_find_header(c->head.data, c->head.len, tried, &c->options);
	*e = c->why;
	if (line == 0)
		return -1;
	return err_set(e, ERR_DATA, "%s; but line %ld has a sku and a name: --header-line %ld",
		       c->why.msg,
		       line, line);
}

/* As long as a delimiter is given up, tries the next one on all that came. */
static int settle(struct csvfile *c, int rc, bool end, struct err *e)
{
	while (rc == 1) {
		c->delimiters = c->restart ? c->said : c->delimiters + 1;
		c->restart = false;
		if (*c->delimiters == '\0') {
			c->hopeless = true;
			return 0;
		}
		c->preamble = 0;
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
		if (!c->hopeless)
			rc = settle(c, csvrow_feed(c->reader, bytes, k, e), false, e);
		while (rc == 0 && !c->ready && !c->hopeless && c->head.len == HEAD_MOST)
			rc = cut_header(c, e);
		if (rc == 0 && c->hopeless)
			rc = give_up(c, false, e);
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
	rc = c->hopeless ? 0 : csvrow_end(c->reader, e);
	while (rc == 1 || (rc == 0 && !c->ready && !c->hopeless))
		rc = settle(c, rc == 1 ? rc : no_header(c), true, e);
	if (rc == 0 && c->hopeless)
		rc = give_up(c, true, e);
	if (rc == 0 && csvhold_take(&c->hold, c->table->format, NULL))
		rc = read_record(c, &c->hold.row, e);
	if (rc == 0)
		csvtable_end(c->table);
	return rc;
}

void csvfile_add_header(const struct csvfile *c, struct buf *b)
{
	csvreject_add_header(&c->rejects, b, &c->header);
}

void csvfile_add_reject(const struct csvfile *c, struct buf *b, const struct csvfile_reject *r)
{
	csvreject_add(&c->rejects, b, r->row, r->faults, r->fill);
}
