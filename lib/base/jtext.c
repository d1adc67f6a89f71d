/* SPDX-License-Identifier: MIT
 *
 * jtext: one pass over the text that copies it and puts quotes around every
 * number outside strings that an int64 cannot hold exactly; then jansson.
 * A malformed number (01, 1., +1) is copied as it is, for jansson to refuse.
 * A NUL after the opening quote marks a string as a number, where that is asked for.
 */
#include "base/jtext.h"

#include "base/utf8.h"
#include "base/xalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char mark[] = "\"\\u0000"; /* the quote and NUL, as JSON spells it */

/* Length of the JSON string at s (which starts with a quote), or len. */
size_t jtext_string_span(const char *s, size_t len)
{
	size_t i = 1;

	while (i < len && s[i] != '"')
		i += s[i] == '\\' ? 2 : 1;
	return i < len ? i + 1 : len;
}

static size_t digit_span(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len && s[i] >= '0' && s[i] <= '9')
		i++;
	return i;
}

/* Length of the number at s by RFC 8259's grammar, 0 if it breaks it. */
static size_t number_span(const char *s, size_t len, bool *whole)
{
	size_t i = s[0] == '-', n;

	*whole = true;
	n = digit_span(s + i, len - i);
	if (n == 0 || (n > 1 && s[i] == '0'))
		return 0;
	i += n;
	if (i < len && s[i] == '.') {
		*whole = false;
		n = digit_span(s + i + 1, len - i - 1);
		if (n == 0)
			return 0;
		i += 1 + n;
	}
	if (i < len && (s[i] == 'e' || s[i] == 'E')) {
		*whole = false;
		i++;
		if (i < len && (s[i] == '+' || s[i] == '-'))
			i++;
		n = digit_span(s + i, len - i);
		if (n == 0)
			return 0;
		i += n;
	}
	return i;
}

/* 18 digits always fit an int64; longer ones are compared with its ends. */
static bool fits_int64(const char *s, size_t n)
{
	size_t digits = n - (s[0] == '-');

	if (digits != 19)
		return digits < 19;
	if (s[0] == '-')
		return memcmp(s + 1, "9223372036854775808", 19) <= 0;
	return memcmp(s, "9223372036854775807", 19) <= 0;
}

/* A number where a key belongs must not become one by being quoted. */
static bool is_key(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len && strchr(" \t\r\n", s[i]) && s[i])
		i++;
	return i < len && s[i] == ':';
}

static void copy_number(struct buf *b, const char *s, size_t n, size_t len, bool whole,
			const char *quote_as)
{
	bool quote = (!whole || !fits_int64(s, n)) && !is_key(s + n, len - n);

	if (quote)
		buf_addstr(b, quote_as);
	buf_add(b, s, n);
	if (quote)
		buf_add(b, "\"", 1);
}

/* false: there are more than JTEXT_MOST values; jansson takes 100 bytes for each. */
static bool quote_numbers(struct buf *b, const char *s, size_t len, const char *quote_as)
{
	size_t i = 0, from = 0, commas = 0;

	buf_reserve(b, len + 64);
	while (i < len) {
		size_t n = 1;
		bool whole;

		commas += s[i] == ',';

		if (s[i] == '"') {
			i += jtext_string_span(s + i, len - i);
			continue;
		}
		if (s[i] == '-' || (s[i] >= '0' && s[i] <= '9')) {
			n = number_span(s + i, len - i, &whole);
			if (n > 0) {
				buf_add(b, s + from, i - from);
				copy_number(b, s + i, n, len - i, whole, quote_as);
				from = i + n;
			}
			n = n > 0 ? n : len - i; /* malformed: jansson refuses the rest */
		}
		i += n;
	}
	buf_add(b, s + from, len - from);
	return commas < JTEXT_MOST;
}

enum { FLAGS = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY };

static int parse(const char *text, size_t len, const char *quote_as, json_t **out, struct err *e)
{
	struct buf b = BUF_INIT;
	json_error_t je;
	bool few;

	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
		text += 3;
		len -= 3;
	}
	*out = NULL;
	if (len == 0)
		return err_set(e, ERR_DATA, "not JSON: it is empty");
	few = quote_numbers(&b, text, len, quote_as);
	if (few)
		*out = json_loadb(b.data, b.len, FLAGS, &je);
	buf_release(&b);
	if (!few)
		return err_set(e, ERR_DATA, "has more than %d values", JTEXT_MOST);
	if (*out && memchr(text, '\0', len) == NULL)
		return 0;
	if (*out) { /* jansson drops one after a number */
		json_decref(*out);
		*out = NULL;
		return err_set(e, ERR_DATA, "not JSON: it has a byte 0");
	}
	/* "its": the text may be a part of a file with line numbers of its own. */
	if (je.line == 1)
		return err_set(e, ERR_DATA, "not JSON: %s at its column %d", je.text, je.column);
	return err_set(e, ERR_DATA,
		       "not JSON: %s at its line %d, column %d", je.text, je.line, je.column);
}

int jtext_parse(const char *text, size_t len, json_t **out, struct err *e)
{
	return parse(text, len, "\"", out, e);
}

/* True if U+0000 is escaped in the text. */
static bool has_nul(const char *s, size_t len)
{
	for (size_t i = 0; i + 6 <= len; i += s[i] == '\\' ? 2 : 1)
		if (memcmp(s + i, mark + 1, 6) == 0)
			return true;
	return false;
}

int jtext_parse_exact(const char *text, size_t len, json_t **out, struct err *e)
{
	if (has_nul(text, len))
		return err_set(e, ERR_DATA, "has a string with U+0000 in it");
	return parse(text, len, mark, out, e);
}

/* Python's repr(): the fewest digits that read back as the same double; an exponent
 * below -4 and from 16 on. */
static void add_double(struct buf *b, double v)
{
	char text[40], digits[20];
	int n = 0, exponent;

	for (int precision = 0; precision < 17; precision++) {
		snprintf(text, sizeof text, "%.*e", precision, v);
		if (strtod(text, NULL) == v)
			break;
	}
	exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
	for (const char *s = text; *s != 'e'; s++)
		if (*s >= '0' && *s <= '9')
			digits[n++] = *s;
	digits[n] = '\0';
	if (signbit(v))
		buf_addstr(b, "-");
	if (exponent < -4 || exponent >= 16)
		buf_addf(b, n > 1 ? "%c.%se%s%02d" : "%c%se%s%02d", digits[0], digits + 1,
			 exponent < 0 ? "-" : "+", abs(exponent));
	else if (exponent < 0)
		buf_addf(b, "0.%.*s%s", -exponent - 1, "000", digits);
	else if (n <= exponent + 1)
		buf_addf(b, "%s%.*s.0", digits, exponent + 1 - n, "000000000000000");
	else
		buf_addf(b, "%.*s.%s", exponent + 1, digits, digits + exponent + 1);
}

/* Integers keep their digits. Of other numbers a whole one loses its point, which
 * JavaScript would leave out and Python would not, and one that no double can hold
 * is a string. */
static void add_number(struct buf *b, const char *s, size_t n)
{
	bool whole = !memchr(s, '.', n) && !memchr(s, 'e', n) && !memchr(s, 'E', n);
	double v = whole ? 0 : strtod(s, NULL);

	if (whole)
		buf_add(b, s, n);
	else if (isinf(v))
		buf_addf(b, "\"%.*s\"", (int)n, s);
	else if (v == trunc(v) && fabs(v) < 1e15)
		buf_addf(b, "%lld", (long long)v);
	else
		add_double(b, v);
}

void jtext_add_json(struct buf *b, const json_t *json, size_t flags)
{
	char *text = xalloc_checked(json_dumps(json, flags | JSON_ENSURE_ASCII));
	size_t n;

	for (const char *s = text; *s; s += n) {
		if (strncmp(s, mark, strlen(mark)) == 0) {
			const char *number = s + strlen(mark);

			n = strcspn(number, "\"");
			add_number(b, number, n);
			n += strlen(mark) + 1;
			continue;
		}
		n = *s == '\\' ? 2 : 1 + strcspn(s + 1, "\"\\");
		buf_add(b, s, n);
	}
	free(text);
}

static void add_ascii(struct buf *b, unsigned char c)
{
	static const char plain[] = "\b\f\n\r\t", letter[] = "bfnrt";
	const char *p = c ? strchr(plain, c) : NULL;

	if (c == '"' || c == '\\')
		buf_addf(b, "\\%c", c);
	else if (p)
		buf_addf(b, "\\%c", letter[p - plain]);
	else
		buf_addf(b, "\\u%04x", c);
}

/* Of a character of two or three bytes. */
static unsigned code_point(const unsigned char *p, size_t k)
{
	return k == 2 ? (p[0] & 0x1FU) << 6 | (p[1] & 0x3FU)
		      : (p[0] & 0xFU) << 12 | (p[1] & 0x3FU) << 6 | (p[2] & 0x3FU);
}

void jtext_addn(struct buf *b, const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t from = 0, i = 0;

	buf_add(b, "\"", 1);
	while (i < n) {
		size_t k = utf8_span(s + i, n - i);

		bool steers = k >= 2 && utf8_control(s + i, n - i) > 0;

		if ((k >= 2 && !steers) || (k == 1 && p[i] >= 0x20 && p[i] != 0x7F &&
					    p[i] != '"' && p[i] != '\\')) {
			i += k;
			continue;
		}
		buf_add(b, s + from, i - from);
		if (k == 1)
			add_ascii(b, p[i]);
		else if (steers)
			buf_addf(b, "\\u%04x", code_point(p + i, k));
		else
			buf_addstr(b, "\\ufffd");
		i += steers ? k : 1;
		from = i;
	}
	buf_add(b, s + from, n - from);
	buf_add(b, "\"", 1);
}

void jtext_add(struct buf *b, const char *s)
{
	if (s == NULL)
		buf_addstr(b, "null");
	else
		jtext_addn(b, s, strlen(s));
}

void jtext_add_clean(struct buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t k = s[i] ? utf8_span(s + i, n - i) : 0;

		if (k > 0)
			buf_add(b, s + i, k);
		else
			buf_addstr(b, "\xEF\xBF\xBD");
		i += k ? k : 1;
	}
}
