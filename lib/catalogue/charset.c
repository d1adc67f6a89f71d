/* SPDX-License-Identifier: MIT
 *
 * charset: iconv(3) between two small buffers.
 *   - the first bytes are held until a byte order mark can be told
 *   - a sequence that the end of a piece cuts waits in `in` for its rest
 *   - marks are removed after the decoder, where all of them are EF BB BF
 */
#include "catalogue/charset.h"

#include "base/xalloc.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LONGEST_MARK = 4, PIECE = 4096 };

static const char mark[3] = "\xEF\xBB\xBF";
static const iconv_t none = (iconv_t)-1;

static const struct {
	const char *bytes, *name; /* NULL: UTF-8 */
	size_t n, unit;
} marks[] = {
	{"\xFF\xFE\0\0", "UTF-32LE", 4, 4},
	{"\0\0\xFE\xFF", "UTF-32BE", 4, 4},
	{"\xFF\xFE", "UTF-16LE", 2, 2},
	{"\xFE\xFF", "UTF-16BE", 2, 2},
	{mark, NULL, 3, 1},
};

/* What others call an encoding, and what iconv does. */
static const struct {
	const char *name, *iconv;
} others[] = {
	{"latin-1", "ISO-8859-1"}, {"latin_1", "ISO-8859-1"}, {"latin-9", "ISO-8859-15"},
	{"ansi", "WINDOWS-1252"}, {"cp-1252", "WINDOWS-1252"},
	{"mac", "MACINTOSH"},
};

/* What files come in. The C library's iconv knows a hundred more: those that change their state
 * within a text (ISO-2022-*, UTF-7) have been its holes, and no shop writes them. A "*" at the end:
 * and all that begin so. */
static const char *const taken[] = {
	"UTF-16*", "UTF-32*", "UCS-2*", "UCS-4*", "UTF16*", "UTF32*", "UCS2*", "UCS4*",
	"ISO-8859-*", "ISO8859-*", "ISO_8859-*", "LATIN*", "L1", "WINDOWS-125*", "CP125*",
	"ASCII", "US-ASCII", "ANSI_X3.4*", "KOI8-*", "MAC*", "TIS-620", "CP437", "CP737", "CP775",
	"CP85*", "CP86*", "CP874", "IBM437", "IBM85*", "IBM86*", "CP932", "CP936", "CP949",
	"CP950", "WINDOWS-31J", "SHIFT_JIS*", "SHIFT-JIS", "SJIS*", "EUC-*",
	"EUCJP*", "EUCKR", "EUCCN", "GB2312", "GBK", "GB18030", "BIG5*", "BIG-5",
};

static bool is_taken(const char *name)
{
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
		size_t n = strcspn(taken[i], "*");

		if (strncasecmp(name, taken[i], n) == 0 && (taken[i][n] || name[n] == '\0'))
			return true;
	}
	return false;
}

struct charset {
	charset_sink *sink;
	void *ctx;
	iconv_t cd;      /* `none`: UTF-8 */
	bool declared;   /* an encoding that is not UTF-8 */
	bool had_mark;   /* a byte order mark came */
	size_t unit;     /* bytes that a sequence which cannot be decoded takes */
	bool told;       /* which encoding it is */
	bool begun;      /* something came out that was no mark */
	size_t marked;   /* bytes of a mark that came out and are held */
	char in[PIECE];
	size_t nin;
	char out[PIECE];
};

static int open_decoder(struct charset *c, const char *name, size_t unit, struct err *e)
{
	iconv_t cd = none;

	if (c->cd != none)
		iconv_close(c->cd);
	c->cd = none;
	c->unit = unit;
	if (name == NULL || strcasecmp(name, "UTF-8") == 0 || strcasecmp(name, "UTF8") == 0 ||
	    strcasecmp(name, "utf-8-sig") == 0)
		return 0;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strcasecmp(name, others[i].name) == 0)
			name = others[i].iconv;
	/* iconv takes options after slashes. */
	if (is_taken(name) && strchr(name, '/') == NULL)
		cd = iconv_open("UTF-8", name);
	if (cd == none)
		return err_set(e, ERR_USAGE, "\"%.40s\" is no encoding known here: there are "
			       "WINDOWS-1252, ISO-8859-15, UTF-16LE, SHIFT_JIS and GB18030",
			       name);
	c->cd = cd;
	return 0;
}

int charset_new(struct charset **out, const char *name, charset_sink *sink, void *ctx,
		struct err *e)
{
	struct charset *c = xalloc_zero(1, sizeof *c);
	size_t unit = 1;

	c->sink = sink;
	c->ctx = ctx;
	c->cd = none;
	if (name && (strncasecmp(name, "UTF-16", 6) == 0 || strncasecmp(name, "UCS-2", 5) == 0))
		unit = 2;
	if (name && (strncasecmp(name, "UTF-32", 6) == 0 || strncasecmp(name, "UCS-4", 5) == 0))
		unit = 4;
	if (open_decoder(c, name, unit, e) != 0) {
		charset_free(c);
		return -1;
	}
	c->declared = c->cd != none;
	*out = c;
	return 0;
}

void charset_free(struct charset *c)
{
	if (c && c->cd != none)
		iconv_close(c->cd);
	free(c);
}

bool charset_decodes(const struct charset *c)
{
	return c->cd != none;
}

bool charset_needs_mark(const struct charset *c)
{
	return c->declared || c->had_mark;
}

/* UTF-8 on its way out; the marks in front of everything else stay here. */
static int put(struct charset *c, const char *s, size_t n, struct err *e)
{
	size_t held;

	while (!c->begun && n > 0 && *s == mark[c->marked]) {
		c->marked = (c->marked + 1) % sizeof mark;
		c->had_mark |= c->marked == 0;
		s++;
		n--;
	}
	if (n == 0)
		return 0;
	held = c->marked;
	c->marked = 0;
	c->begun = true;
	if (held > 0 && c->sink(c->ctx, mark, held, e) != 0)
		return -1;
	return c->sink(c->ctx, s, n, e);
}

/* Decodes what is in `in`, but for a sequence that is not whole yet. */
static int decode(struct charset *c, struct err *e)
{
	char *from = c->in;
	size_t left = c->nin;

	while (left > 0) {
		char *to = c->out;
		size_t room = sizeof c->out - 1;
		size_t rc = iconv(c->cd, &from, &left, &to, &room);
		bool bad = rc == (size_t)-1 && errno == EILSEQ, cut = rc == (size_t)-1 &&
			errno == EINVAL;

		if (bad) {
			size_t skip = c->unit < left ? c->unit : left;

			*to++ = '\xFF';
			from += skip;
			left -= skip;
		}
		if (put(c, c->out, (size_t)(to - c->out), e) != 0)
			return -1;
		if (cut)
			break;
	}
	memmove(c->in, from, left);
	c->nin = left;
	return 0;
}

static int pass(struct charset *c, const char *s, size_t n, struct err *e)
{
	size_t k;

	if (c->cd == none)
		return n > 0 ? put(c, s, n, e) : 0;
	for (; n > 0; s += k, n -= k) {
		k = sizeof c->in - c->nin < n ? sizeof c->in - c->nin : n;
		memcpy(c->in + c->nin, s, k);
		c->nin += k;
		if (decode(c, e) != 0)
			return -1;
	}
	return 0;
}

/* Looks for a mark in the first bytes, which wait in `in`. */
static int tell(struct charset *c, struct err *e)
{
	char first[LONGEST_MARK];
	size_t n = c->nin;

	c->told = true;
	memcpy(first, c->in, n);
	c->nin = 0;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (n < marks[i].n || memcmp(first, marks[i].bytes, marks[i].n) != 0)
			continue;
		if (open_decoder(c, marks[i].name, marks[i].unit, e) != 0)
			return -1;
		break;
	}
	return pass(c, first, n, e);
}

int charset_feed(struct charset *c, const void *bytes, size_t n, struct err *e)
{
	const char *s = bytes;

	for (; !c->told && n > 0; n--) {
		c->in[c->nin++] = *s++;
		if (c->nin == LONGEST_MARK && tell(c, e) != 0)
			return -1;
	}
	return pass(c, s, n, e);
}

int charset_end(struct charset *c, struct err *e)
{
	char *to = c->out;
	size_t room = sizeof c->out - 1;

	if (!c->told && tell(c, e) != 0)
		return -1;
	if (c->cd != none) {
		iconv(c->cd, NULL, NULL, &to, &room);
		if (c->nin > 0)
			*to++ = '\xFF';
		c->nin = 0;
	}
	if (to > c->out && put(c, c->out, (size_t)(to - c->out), e) != 0)
		return -1;
	/* The start of a mark that did not go on is text, or what goes for it. */
	if (!c->begun && c->marked > 0)
		return c->sink(c->ctx, mark, c->marked, e);
	return 0;
}
