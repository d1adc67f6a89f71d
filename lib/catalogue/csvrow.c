/* SPDX-License-Identifier: MIT
 *
 * csvrow: libcsv, fed one line at a time.
 *   - `data` holds the bytes of the record that has not ended and what came
 *     after it: [record, parsed) is with libcsv, the rest waits for its line
 *     end
 *   - a CR at the end of what is there waits: an LF may belong to it
 *   - `text` takes the fields' characters, which are never more than the bytes
 *   - a record that is too large is handed out as it comes; libcsv continues
 *     parsing it, to find its end, with its buffer kept empty
 */
#include "catalogue/csvrow.h"

#include "base/xalloc.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 16, ROOM = CSVROW_MOST + PIECE + 1, BLOCK = 1 << 12 };

/* The state of libcsv's parser before the first character of a field. */
enum { FIELD_NOT_BEGUN = 1 };

/* What no text has, in place of a quote. */
enum { NO_QUOTE = 0xFF };

static const unsigned char options = CSV_STRICT | CSV_REPALL_NL;

struct csvrow_reader {
	struct csv_parser csv;
	csvrow_fn *fn;
	void *ctx;
	struct csvrow row;
	enum csvrow_fault fault; /* of the record, as far as it is parsed */
	bool ended;    /* libcsv saw the line end that ends the record */
	bool spilling; /* part of the record is handed out */
	bool midline;  /* and part of its last line with it */
	long lines;    /* parsed */
	size_t record, parsed, len;
	size_t lf, cr; /* the next ones at or after `parsed`, as far as was looked */
	size_t ntext;
	struct csvrow_text field[CSVROW_FIELDS];
	char data[ROOM], text[ROOM];
};

static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static void *grow(void *p, size_t n)
{
	return xalloc_grow(p, n, 1);
}

/* Takes the quotes off a field that is quoted as a whole; returns its length. */
static size_t unquote(char *s, size_t n)
{
	size_t to = 0;

	if (n < 2 || *s != '"' || s[n - 1] != '"')
		return n;
	for (size_t i = 1; i + 1 < n; i++)
		if (s[i] == '"' && (i + 2 >= n || s[++i] != '"'))
			return n;
	for (size_t i = 1; i + 1 < n; i++) {
		s[to++] = s[i];
		i += s[i] == '"';
	}
	return to;
}

static void on_field(void *s, size_t n, void *ctx)
{
	struct csvrow_reader *r = ctx;
	char *to = r->text + r->ntext;

	if (r->row.n++ >= CSVROW_FIELDS || r->spilling) {
		r->row.more |= n > 0;
		return;
	}
	if (n > CSVROW_FIELD_MOST)
		n = CSVROW_FIELD_MOST + 1;
	if (n > 0)
		memcpy(to, s, n);
	if (csv_get_quote(&r->csv) == NO_QUOTE && n <= CSVROW_FIELD_MOST)
		n = unquote(to, n);
	r->field[r->row.n - 1] = (struct csvrow_text){to, n};
	r->ntext += n;
}

static void on_row(int c, void *ctx)
{
	struct csvrow_reader *r = ctx;

	(void)c;
	r->ended = true;
}

struct csvrow_reader *csvrow_new(char delimiter, csvrow_fn *fn, void *ctx)
{
	/* The pages of `data` and `text` that nothing touches take no memory. */
	struct csvrow_reader *r = xalloc_zero(1, sizeof *r);

	csv_init(&r->csv, options);
	csv_set_space_func(&r->csv, no_space);
	csv_set_realloc_func(&r->csv, grow);
	csv_set_blk_size(&r->csv, BLOCK);
	r->fn = fn;
	r->ctx = ctx;
	csvrow_restart(r, delimiter);
	return r;
}

void csvrow_free(struct csvrow_reader *r)
{
	if (r)
		csv_free(&r->csv);
	free(r);
}

/* Sets out for the record that starts where the last one ended. */
static void next_record(struct csvrow_reader *r)
{
	if (!r->ended)
		csv_fini(&r->csv, NULL, NULL, NULL);
	r->row = (struct csvrow){.line = r->lines + 1, .field = r->field};
	r->record = r->parsed;
	r->fault = CSVROW_GOOD;
	r->ended = r->spilling = r->midline = false;
	r->ntext = 0;
}

void csvrow_literal(struct csvrow_reader *r, bool yes)
{
	csv_set_quote(&r->csv, yes ? NO_QUOTE : '"');
}

void csvrow_restart(struct csvrow_reader *r, char delimiter)
{
	csvrow_literal(r, false);
	csv_set_delim(&r->csv, (unsigned char)delimiter);
	r->lines = 0;
	r->record = r->parsed = r->len = r->lf = r->cr = 0;
	r->ended = false;
	next_record(r);
}

/* Where the next `c` is, from `parsed` on; `len` if there is none. */
static size_t find(const struct csvrow_reader *r, size_t *at, char c)
{
	const char *p;

	if (*at < r->parsed)
		*at = r->parsed;
	if (*at < r->len && r->data[*at] != c) {
		p = memchr(r->data + *at, c, r->len - *at);
		*at = p ? (size_t)(p - r->data) : r->len;
	}
	return *at;
}

/* Where the line ends that is to be parsed next, 0 if that has not come. */
static size_t line_end(struct csvrow_reader *r, bool end)
{
	size_t lf = find(r, &r->lf, '\n'), cr = find(r, &r->cr, '\r');

	if (cr < lf && cr + 1 < r->len)
		return cr + 1 + (r->data[cr + 1] == '\n');
	if (lf < r->len && lf < cr)
		return lf + 1;
	return end && r->parsed < r->len ? r->len : 0;
}

/* How many bytes the blank has that s starts with; 0: it starts with none. */
static size_t blank(char delimiter, const char *s, size_t n)
{
	if (*s == delimiter)
		return 0;
	if (*s == ' ' || *s == '\t' || *s == '\v' || *s == '\f')
		return 1;
	if (n >= 2 && memcmp(s, "\xC2\xA0", 2) == 0)
		return 2;
	return n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

size_t csvrow_blanks(char delimiter, const char *s, size_t n)
{
	size_t at = 0, k;

	while (at < n && (k = blank(delimiter, s + at, n - at)) > 0)
		at += k;
	return at;
}

static size_t blanks(struct csvrow_reader *r, const char *s, size_t n)
{
	return csvrow_blanks((char)csv_get_delim(&r->csv), s, n);
}

/* After a closing quote: the blanks that only the end of the field follows. */
static size_t blanks_after(struct csvrow_reader *r, const char *s, size_t n)
{
	size_t k = blanks(r, s, n);

	return k == n || s[k] == (char)csv_get_delim(&r->csv) || s[k] == '\n' || s[k] == '\r' ? k
		: 0;
}

/* True if the field has only blanks so far: its quote begins it. */
static bool begins_with_quote(struct csvrow_reader *r)
{
	const char *held = (const char *)r->csv.entry_buf;

	return !r->spilling && blanks(r, held, r->csv.entry_pos) == r->csv.entry_pos;
}

static void parse(struct csvrow_reader *r, const char *s, size_t n)
{
	size_t at = 0, k;

	while (at < n && r->fault == CSVROW_GOOD) {
		at += csv_parse(&r->csv, s + at, n - at, on_field, on_row, r);
		if (at == n)
			break;
		/* libcsv refuses a quote, or what follows a closing one. */
		if (r->csv.quoted) {
			k = blanks_after(r, s + at, n - at);
			at += k;
			if (k == 0)
				r->fault = CSVROW_BAD_QUOTE;
			continue;
		}
		if (begins_with_quote(r)) {
			r->csv.entry_pos = 0;
			r->csv.pstate = FIELD_NOT_BEGUN;
			continue;
		}
		r->row.bare_quote = true;
		csv_set_opts(&r->csv, options & (unsigned char)~CSV_STRICT);
		at += csv_parse(&r->csv, s + at, 1, on_field, on_row, r);
		csv_set_opts(&r->csv, options);
	}
	/* The one character that is left may be the quote that it takes back. */
	if (r->spilling && r->csv.entry_pos > 1)
		r->csv.entry_pos = 1;
}

/* Hands out [record, parsed). */
static int hand_out(struct csvrow_reader *r, bool last, struct err *e)
{
	size_t n = r->parsed - r->record;

	r->row.fault = !last || r->spilling || n > CSVROW_MOST ? CSVROW_TOO_LARGE : r->fault;
	r->row.raw = (struct csvrow_text){r->data + r->record, n};
	r->row.first = !r->spilling;
	r->row.last = last;
	r->row.last_line = r->lines;
	r->spilling = !last;
	r->record = r->parsed;
	return r->fn(r->ctx, &r->row, e);
}

static int hand_out_last(struct csvrow_reader *r, struct err *e)
{
	int rc = hand_out(r, true, e);

	next_record(r);
	return rc;
}

/* Parses every line that is there. */
static int run(struct csvrow_reader *r, bool end, struct err *e)
{
	size_t to;
	int rc = 0;

	while (rc == 0 && (to = line_end(r, end)) > 0) {
		parse(r, r->data + r->parsed, to - r->parsed);
		r->parsed = to;
		r->lines++;
		r->midline = false;
		if (r->ended || r->fault != CSVROW_GOOD)
			rc = hand_out_last(r, e);
	}
	return rc;
}

/* Parses and hands out what is too much to wait for its line end. */
static int spill(struct csvrow_reader *r, struct err *e)
{
	size_t to = r->len - (r->data[r->len - 1] == '\r');

	r->midline = r->midline || to > r->parsed;
	parse(r, r->data + r->parsed, to - r->parsed);
	r->parsed = to;
	return hand_out(r, false, e);
}

static void compact(struct csvrow_reader *r)
{
	if (r->record == 0)
		return;
	memmove(r->data, r->data + r->record, r->len - r->record);
	r->len -= r->record;
	r->parsed -= r->record;
	r->lf = r->cr = r->parsed;
	r->record = 0;
}

int csvrow_feed(struct csvrow_reader *r, const char *bytes, size_t n, struct err *e)
{
	int rc = 0;

	while (n > 0 && rc == 0) {
		size_t k = n < PIECE ? n : PIECE;

		memcpy(r->data + r->len, bytes, k);
		r->len += k;
		bytes += k;
		n -= k;
		rc = run(r, false, e);
		if (rc == 0 && r->len - r->record > (r->spilling ? PIECE : CSVROW_MOST))
			rc = spill(r, e);
		compact(r);
	}
	return rc;
}

int csvrow_end(struct csvrow_reader *r, struct err *e)
{
	int rc = run(r, true, e);

	if (rc != 0 || (r->record == r->len && !r->spilling))
		return rc;
	r->lines += r->midline;
	parse(r, "\n", 1);
	if (!r->ended)
		r->fault = CSVROW_UNTERMINATED;
	return hand_out_last(r, e);
}
