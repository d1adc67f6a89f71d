/* SPDX-License-Identifier: MIT
 *
 * csvfilefuzz: mutations of the cases of csvfile, and files made up at random.
 * usage: csvfilefuzz [ROUNDS [SEED]], where a round is one mutation a case.
 *	- every byte is in one record, and every record where its lines say
 *	- rows and rejects are all the records that are not blank
 *	- the same comes out whatever the pieces
 *	- the rejects, fed back, are rejected for the same reasons, if the decimal mark is
 *	  declared for both files: the row that shows it may be none of the rejects, or
 *	  come after them
 *	- what was written as CSV is read as it was
 */
#include "catalogue/csvfile.h"
#include "catalogue/csvproduct.h"
#include "catalogue/csvrow.h"

#include "unit.h"

#include <malloc.h>

enum { LONGEST = 20000, MAPS = 8, MADE = 20 };

static long rounds = 5;
static unsigned seed = 1;

struct file {
	struct csvtable_options options;
	const char *maps[MAPS];
	struct buf bytes;
};

struct outcome {
	struct csvfile *catalog;
	struct buf text, rejects, codes;
	long counted;
	int headers; /* what csvfile_headers said when a reject was written */
	bool failed;
};

static unsigned below(unsigned n)
{
	return (unsigned)rand_r(&seed) % n;
}

static int on_row(void *ctx, const struct product_row *row, long line, struct err *e)
{
	struct outcome *o = ctx;

	(void)e;
	o->counted++;
	buf_addf(&o->text, "row %ld", line);
	for (int i = 0; i < PRODUCT_COLUMNS; i++) {
		buf_addstr(&o->text, row->value[i].s ? "|" : "-");
		buf_add(&o->text, row->value[i].s ? row->value[i].s : "", row->value[i].n);
	}
	buf_addstr(&o->text, "\n");
	return 0;
}

static int on_reject(void *ctx, const struct csvfile_reject *r, struct err *e)
{
	const struct csvproduct_faults *f = r->faults;
	const struct csvrow *row = r->row;
	struct outcome *o = ctx;

	(void)e;
	o->counted += row->first;
	if (o->headers != csvfile_headers(o->catalog))
		csvfile_add_header(o->catalog, &o->rejects);
	o->headers = csvfile_headers(o->catalog);
	csvfile_add_reject(o->catalog, &o->rejects, r);
	for (int i = 0; row->first && i < f->n; i++) {
		buf_addf(&o->text, "reject %ld %s %s ", row->line, f->at[i].why.code,
			 f->at[i].why.detail);
		buf_addf(&o->codes, "%s %d\n", f->at[i].why.code, (int)f->at[i].column);
	}
	buf_add(&o->text, row->raw.s, row->raw.n);
	if (row->last)
		buf_addf(&o->text, " to %ld\n", row->last_line);
	return 0;
}

static void on_warn(void *ctx, long line, const char *code, const char *text)
{
	buf_addf(&((struct outcome *)ctx)->text, "warn %ld %s %s\n", line, code, text);
}

/* Feeds the file in pieces of up to `most` bytes; 0: whole. */
static struct outcome feed(const struct file *f, const struct buf *bytes, unsigned most)
{
	static const struct csvfile_ops ops = {on_row, on_reject, NULL, on_warn};
	struct csvtable_options options = f->options;
	struct outcome o = {0};
	struct err e = {0};
	int rc;

	options.maps = f->maps;
	rc = csvfile_new(&o.catalog, &options, &ops, &o, &e);
	for (size_t at = 0, n; rc == 0 && at < bytes->len; at += n) {
		n = most ? 1 + below(most) : bytes->len;
		n = n < bytes->len - at ? n : bytes->len - at;
		rc = csvfile_feed(o.catalog, bytes->data + at, n, &e);
	}
	if (rc == 0)
		rc = csvfile_end(o.catalog, &e);
	o.failed = rc != 0;
	buf_addf(&o.text, "%s, %ld read\n", rc == 0 ? "good" : e.msg,
		 rc ? 0 : csvfile_read(o.catalog));
	return o;
}

static void release(struct outcome *o)
{
	csvfile_free(o->catalog);
	buf_release(&o->text);
	buf_release(&o->rejects);
	buf_release(&o->codes);
}

static bool same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* What csvrow must do by itself. */
struct records {
	struct buf bytes;
	long lines, full; /* full: records that are not blank */
	bool midline, wrong, literal;
	struct csvrow_reader *reader;
};

static int on_record(void *ctx, const struct csvrow *row, struct err *e)
{
	struct records *r = ctx;
	const char *s = row->raw.s;
	size_t n = row->raw.n;

	(void)e;
	if (row->first && row->line != r->lines + 1)
		r->wrong = true;
	for (size_t i = 0; i < n; i++) {
		r->midline = s[i] != '\n' && (s[i] != '\r' || (i + 1 < n && s[i + 1] == '\n'));
		r->lines += !r->midline;
	}
	r->lines += row->last && r->midline;
	r->midline &= !row->last;
	if (row->last && row->last_line != r->lines)
		r->wrong = true;
	r->full += row->first && !csvproduct_is_blank(row);
	if (r->literal && r->full == 1)
		csvrow_literal(r->reader, true);
	buf_add(&r->bytes, s, n);
	return 0;
}

static void read_records(const struct file *f, char delimiter, bool literal, struct records *r)
{
	struct err e;

	*r = (struct records){.reader = csvrow_new(delimiter, on_record, r), .literal = literal};
	if (csvrow_feed(r->reader, f->bytes.data, f->bytes.len, &e) != 0 ||
	    csvrow_end(r->reader, &e) != 0)
		r->wrong = true;
	csvrow_free(r->reader);
}

/* True if the first line is "sep=X", in quotes or followed by delimiters as it may be. */
static bool says_delimiter(const struct buf *b)
{
	size_t at = b->len > 0 && *b->data == '"', n = at + 4;

	while (n < b->len && b->data[n] != '\0' && strchr(",;\t|^:\"", b->data[n]))
		n++;
	return b->len > at + 4 && strncasecmp(b->data + at, "sep=", 4) == 0 && n > at + 4 &&
	       (n == b->len || b->data[n] == '\r' || b->data[n] == '\n');
}

/* Counts the records anew, where no encoding is in the way. */
static bool adds_up(const struct file *f, const struct outcome *whole, const struct records *r)
{
	bool plain = f->bytes.len > 0 && (unsigned char)f->bytes.data[0] < 0x80 && f->bytes.data[0];

	return whole->failed || !plain || f->options.encoding ||
	       r->full - 1 - says_delimiter(&f->bytes) ==
		       whole->counted + csvfile_passed(whole->catalog);
}

static const char *check_records(const struct file *f, const struct outcome *whole)
{
	char delimiter = whole->failed ? ",;\t|x"[below(5)] : csvfile_delimiter(whole->catalog);
	const char *why = NULL;
	struct records r;

	read_records(f, delimiter, false, &r);
	if (!adds_up(f, whole, &r) && delimiter == '\t') {
		buf_release(&r.bytes);
		read_records(f, delimiter, true, &r); /* a format without quotes */
	}
	if (!same(&r.bytes, &f->bytes))
		why = "bytes that are in no record, or in two";
	else if (r.wrong)
		why = "lines that are wrong";
	else if (!adds_up(f, whole, &r))
		why = "records that are neither row nor reject nor blank";
	buf_release(&r.bytes);
	return why;
}

static void show(const char *what, const struct buf *b)
{
	printf("# %s: ", what);
	for (size_t i = 0; i < b->len; i++)
		printf((unsigned char)b->data[i] < 0x20 || (unsigned char)b->data[i] > 0x7E
			       ? "\\x%02X" : "%c", (unsigned char)b->data[i]);
	printf("\n");
}

/* The rejects, fed back as fulfil-import says it, which is with --decimal. */
static const char *check_rejects(const struct file *f, const struct outcome *whole)
{
	struct outcome declared = {0}, again = {0};
	const struct outcome *first = whole;
	const char *why = NULL;
	struct file back = *f;

	if (csvfile_decimal(whole->catalog)) {
		back.options.decimal = csvfile_decimal(whole->catalog);
		declared = feed(&back, &f->bytes, 0);
		first = &declared;
	}
	if (first->rejects.len > 0)
		again = feed(&back, &first->rejects, 0);
	if (!same(&first->codes, &again.codes) || again.failed) {
		why = "rejects that are others when fed back";
		show("its outcome", &first->text);
		show("its rejects", &first->rejects);
		show("their outcome", &again.text);
	}
	release(&declared);
	release(&again);
	return why;
}

/* What is wrong with what becomes of the file, or NULL. */
static const char *check(const struct file *f)
{
	struct outcome whole = feed(f, &f->bytes, 0), bytes = feed(f, &f->bytes, 1);
	struct outcome pieces = feed(f, &f->bytes, 2 + below(40));
	const char *why = check_records(f, &whole);

	if (!why && (!same(&whole.text, &bytes.text) || !same(&whole.text, &pieces.text)))
		why = "something else in pieces";
	if (!why && !whole.failed && csvfile_read(whole.catalog) != whole.counted)
		why = "a count that is wrong";
	if (!why && !whole.failed && whole.rejects.len > 0)
		why = check_rejects(f, &whole);
	release(&whole);
	release(&bytes);
	release(&pieces);
	return why;
}

static void report(const struct unit_case *c, const struct file *f, const char *why)
{
	unit_say(why == NULL, c, why ? why : "all of its mutations");
	if (why == NULL)
		return;
	show("the file", &f->bytes);
}

/* Changes a byte or a few, or puts something from elsewhere in. */
static void mutate(struct buf *b)
{
	static const char *const spices[] = {"\"", "\"\"", "\n", "\r", "\r\n", ",", ";", "\t", "|",
					     " ", "'", "\xEF\xBB\xBF", "\xC2\xA0", "\xFF",
					     "\xED\xA0", "A1", "=", "\""};
	struct buf old = *b;
	size_t at = below((unsigned)old.len + 1), n = below(4) ? 0
							       : below((unsigned)(old.len - at) +
								       1);
	const char *spice = spices[below(sizeof spices / sizeof *spices)];

	*b = (struct buf)BUF_INIT;
	buf_add(b, old.data, at);
	switch (below(5)) {
	case 0:
		buf_add(b, "", 1);
		break;
	case 1: /* a part again, or more of it */
		buf_add(b, old.data + at / 2, at - at / 2);
		break;
	case 2:
		n = n ? n : old.len > at;
		break;
	default:
		buf_addstr(b, spice);
	}
	buf_add(b, old.data + at + n, old.len - at - n);
	buf_release(&old);
}

static void read_case(const struct unit_case *c, struct file *f)
{
	for (int i = 1; i < c->n; i++) {
		const char *key = c->field[i].key, *value = c->field[i].value.data;

		if (strncmp(key, "input", 5) == 0) {
			for (long times = key[5] && key[5] != 's' ? strtol(key + 5, NULL, 10) : 1;
			     times > 0 && f->bytes.len <= LONGEST; times--)
				buf_add(&f->bytes, value, c->field[i].value.len);
			buf_add(&f->bytes, "\n", key[5] == '\0');
		}
		if (strcmp(key, "delimiter") == 0)
			f->options.delimiter = *value;
		if (strcmp(key, "encoding") == 0)
			f->options.encoding = value;
		if (strcmp(key, "map") == 0 && f->options.nmaps < MAPS)
			f->maps[f->options.nmaps++] = value;
		f->options.spreadsheet |= strcmp(key, "spreadsheet") == 0;
	}
}

static void run(const struct unit_case *c)
{
	const char *why = NULL;
	struct file f = {0};

	for (long i = 0; i < rounds && why == NULL; i++) {
		buf_release(&f.bytes);
		f = (struct file){0};
		read_case(c, &f);
		if (f.bytes.len > LONGEST)
			break;
		for (unsigned n = below(6); n > 0; n--)
			mutate(&f.bytes);
		why = check(&f);
	}
	report(c, &f, why);
	buf_release(&f.bytes);
}

/* Characters for a value; the first and the last are no blanks. */
static void make_value(struct buf *b)
{
	static const char *const bits[] = {"a", "B", "7", " ", ",", ";", "|", "\t", "\"", "\n",
					   "\r", "\r\n", "'", "ä", "👕", "\\", "=", "\"\""};
	unsigned n = below(8);

	buf_addstr(b, "<");
	while (n-- > 0)
		buf_addstr(b, bits[below(sizeof bits / sizeof *bits)]);
	buf_addstr(b, ">");
}

/* Adds it as a field, in quotes where it has to be and now and then. */
static void add_field(struct buf *b, const char *value, char delimiter)
{
	bool quoted = strchr(value, delimiter) || strpbrk(value, "\"\r\n") || below(4) == 0;

	buf_add(b, "\"", quoted);
	for (; *value; value++) {
		buf_add(b, "\"", quoted && *value == '"');
		buf_add(b, value, 1);
	}
	buf_add(b, "\"", quoted);
}

/* A file of names, made at random, and what must come of it. */
static void make(struct file *f, struct buf *want)
{
	static const char *const ends[] = {"\n", "\r", "\r\n"};
	char delimiter = ",;\t|"[below(4)];
	struct buf value = BUF_INIT;
	long line = 2;

	buf_addf(&f->bytes, "sku%cname%s", delimiter, ends[below(3)]);
	for (unsigned n = below(30); n > 0; n--) {
		const char *end = ends[below(3)];

		buf_reset(&value);
		make_value(&value);
		buf_addf(&f->bytes, "%ld%c", line, delimiter);
		add_field(&f->bytes, value.data, delimiter);
		buf_addstr(&f->bytes, end);
		buf_addf(want, "row %ld|%ld|%s", line, line, value.data);
		for (int i = 2; i < PRODUCT_COLUMNS; i++)
			buf_addstr(want, "-");
		buf_addstr(want, "\n");
		for (const char *s = value.data; *s; s++)
			line += *s == '\n' || (*s == '\r' && s[1] != '\n');
		line++;
	}
	buf_release(&value);
}

static void run_made(const struct unit_case *c)
{
	const char *why = NULL;

	for (long i = 0; i < rounds * MADE && why == NULL; i++) {
		struct buf want = BUF_INIT;
		struct file f = {0};
		struct outcome o;

		make(&f, &want);
		o = feed(&f, &f.bytes, 2 + below(40));
		buf_addf(&want, "good, %ld read\n", o.counted);
		why = same(&want, &o.text) ? check(&f) : "not what was written";
		if (why)
			report(c, &f, why);
		release(&o);
		buf_release(&want);
		buf_release(&f.bytes);
	}
	if (why == NULL)
		report(c, NULL, NULL);
}

static void run_first(const struct unit_case *c)
{
	static bool made;

	if (!made)
		run_made(c);
	made = true;
	run(c);
}

int main(int argc, char **argv)
{
	char source[4096];

	/* What is large comes from the kernel, of zeros already: a reader is made
	 * for each file, and touches little of its 5 MB. */
	mallopt(M_MMAP_THRESHOLD, 1 << 17);
	if (argc > 1)
		rounds = strtol(argv[1], NULL, 10);
	if (argc > 2)
		seed = (unsigned)strtoul(argv[2], NULL, 10);
	/* The cases beside this file. */
	snprintf(source, sizeof source, "%.*scsvfile.c",
		 (int)(strlen(__FILE__) - strlen("csvfilefuzz.c")), __FILE__);
	return unit_main(source, run_first);
}
