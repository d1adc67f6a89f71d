/* SPDX-License-Identifier: MIT
 *
 * numbers: a text is taken apart once: its digits, and the marks between them
 * with the number of digits that follow each. What the marks can mean is
 * decided from that.
 */
#include "catalogue/numbers.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MOST_DIGITS = 24 };

/* A number without its currency. */
struct shape {
	char digits[MOST_DIGITS];
	int n;             /* digits */
	int points, commas, blanks; /* marks; blanks and apostrophes only set off thousands */
	char last;         /* the last of . and , */
	int after;         /* digits that follow it */
	int whole;         /* digits before it */
	bool groups;       /* all marks but the last one, and blanks, set off three digits */
	bool last_group;   /* the last one may, too */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The bytes of a blank or an apostrophe between thousands, 0 if there is none. */
static size_t blank_mark(const char *s, size_t n)
{
	static const char *const marks[] = {" ", "'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x99",
					    "\xE2\x80\x89"};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (n >= strlen(marks[i]) && memcmp(s, marks[i], strlen(marks[i])) == 0)
			return strlen(marks[i]);
	return 0;
}

static bool is_currency(struct product_text v)
{
	static const char known[] = " $ € £ ¥ ₹ ₽ ₺ ₩ ₪ ฿ ₫ ₴ kr kr. zł Kč Ft lei руб руб. Rs "
	"Rs. R R$ US$ A$ "
		"C$ CA$ AU$ NZ$ HK$ S$ Fr. SFr. FCFA CFA € "
		"AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR "
		"ISK JPY "
		"KES KRW MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN RON RSD RUB SAR SEK SGD THB TND "
		"TRY TWD "
		"UAH USD VND XAF XOF ZAR ";
	const char *at = known;
	char word[12];

	product_trim(&v);
	if (v.n == 0 || v.n > sizeof word - 3)
		return v.n == 0;
	snprintf(word, sizeof word, " %.*s ", (int)v.n, v.s);
	for (size_t n = strlen(word); (at = strchr(at, ' ')) != NULL; at++)
		if (strncasecmp(at, word, n) == 0)
			return true;
	return false;
}

/* Takes one currency off, before or after the number; false for other text. */
static bool strip_currency(struct product_text *v)
{
	size_t before = 0, after = 0;

	while (before < v->n && !is_digit(v->s[before]) && v->s[before] != '.' &&
	       v->s[before] != ',' && v->s[before] != '-')
		before++;
	if (before < v->n && before > 0 && v->s[before] == '.' && v->s[before - 1] != ' ')
		before++; /* "Rs.12" */
	while (after < v->n - before && !is_digit(v->s[v->n - 1 - after]))
		after++;
	if (before > 0 && after > 0)
		return false;
	if (!is_currency((struct product_text){v->s, before}) ||
	    !is_currency((struct product_text){v->s + v->n - after, after}))
		return false;
	v->s += before;
	v->n -= before + after;
	return v->n > 0;
}

/* Takes the number apart; false if it is none. */
static bool take_apart(struct product_text v, struct shape *s)
{
	int run = 0, marks = 0;
	bool short_run = false; /* a mark before the last one did not set off three digits */

	*s = (struct shape){.groups = true};
	for (size_t i = 0, k; i < v.n; i += k) {
		k = blank_mark(v.s + i, v.n - i);
		if (is_digit(v.s[i])) {
			if (s->n == MOST_DIGITS)
				return false;
			s->digits[s->n++] = v.s[i];
			run++;
			k = 1;
			continue;
		}
		if (k == 0 && v.s[i] != '.' && v.s[i] != ',')
			return false;
		if (k > 0 && s->last)
			return false; /* blanks come before the decimals */
		if (short_run || (marks > 0 && run != 3) || (marks == 0 && run > 3 && k > 0))
			s->groups = false;
		s->points += v.s[i] == '.';
		s->commas += v.s[i] == ',';
		s->blanks += k > 0;
		if (k == 0) {
			s->last = v.s[i];
			s->whole = s->n;
		}
		k = k ? k : 1;
		marks++;
		run = 0;
	}
	s->after = s->last ? s->n - s->whole : 0;
	s->last_group = s->groups && run == 3 && (marks > 1 || (s->whole >= 1 && s->whole <= 3));
	if (s->last == '\0' && s->blanks > 0)
		s->groups = s->groups && run == 3;
	return s->n > 0;
}

/* Spells it, with a point before the last `part` digits. */
static void spell(struct numbers *n, enum product_column column, struct product_text *v,
		  const struct shape *s, int part)
{
	char *room = n->room[column - PRODUCT_PRICE];
	int whole = s->n - part, len;

	if (column != PRODUCT_PRICE) { /* 10.0 are ten whole units */
		while (part > 0 && s->digits[whole + part - 1] == '0')
			part--;
		if (part > 0)
			return;
	}
	len = snprintf(room, sizeof n->room[0], "%s%.*s%s%.*s", whole == 0 ? "0" : "", whole,
		       s->digits,
		       part > 0 ? "." : "", part, s->digits + whole);
	*v = (struct product_text){room, (size_t)len};
}

static void see(struct numbers_seen *seen, long line, struct product_text v)
{
	if (seen->line > 0)
		return;
	seen->line = line;
	utf8_show(seen->text, sizeof seen->text, v.s, v.n);
}

/* Whether the last mark may be either, or which decimal mark the number shows:
 * 0 if it has none. */
static char shown(const struct shape *s, bool *either)
{
	int count = s->last == '.' ? s->points : s->commas;

	*either = false;
	if (s->last == '\0')
		return '\0';
	if (s->points > 0 && s->commas > 0)
		return count == 1 ? s->last : '\0';
	if (count > 1)
		return s->last_group ? (s->last == '.' ? ',' : '.') : '\0';
	*either = s->last_group && s->blanks == 0 && s->digits[0] != '0';
	return *either ? '\0' : s->last;
}

/* Learns from the number which mark is the decimal one. */
static void learn(struct numbers *n, const struct shape *s, long line, struct product_text v)
{
	bool either;
	char mark = shown(s, &either);

	if (n->declared)
		return;
	if (mark == ',' && n->decimal != '.')
		see(&n->comma, line, v);
	if (either && s->last == '.')
		see(&n->either, line, v);
	if (n->decimal == '\0' && (mark == '.' || (mark == ',' && n->comma_free)))
		n->decimal = mark;
	if (mark && mark == n->decimal && s->points > 0 && s->commas > 0)
		n->thousands = true;
	n->mixed |= n->decimal == ',' && n->either.line > 0;
}

/* True if the file's decimal mark, or a point where nothing shows it, reads it. */
static bool reads(const struct numbers *n, enum product_column column, const struct shape *s,
		  int *part)
{
	char decimal = n->decimal ? n->decimal : '.';
	int others = decimal == '.' ? s->commas : s->points;
	int own = decimal == '.' ? s->points : s->commas;

	*part = s->last == decimal ? s->after : 0;
	if (own > 1 || (own == 1 && (s->last != decimal || s->after == 0)))
		return false;
	if (others == 0)
		return s->groups;
	if (!n->declared && !n->thousands && own == 0 &&
	    (column == PRODUCT_PRICE || n->decimal == '\0'))
		return false; /* units have no decimals, so there it sets off thousands */
	return own == 1 ? s->groups : s->last_group;
}

/* Takes the mark of "50+", "> 50" or ">= 50" off; true if there was one. */
static bool strip_at_least(struct product_text *v)
{
	size_t before = v->n > 1 && *v->s == '>' ? 1 + (v->s[1] == '=') : 0;
	size_t after = before == 0 && v->n > 1 && v->s[v->n - 1] == '+' ? 1 : 0;

	v->s += before;
	v->n -= before + after;
	return before + after > 0 && !product_trim(v);
}

void numbers_read(struct numbers *n, enum product_column column, struct product_text *v, long line)
{
	struct product_text number = *v;
	struct shape s;
	bool either;
	int part;

	if (column == PRODUCT_QUANTITY && strip_at_least(&number) && is_digit(*number.s)) {
		n->at_least++;
		*v = number;
	}
	for (size_t i = 0; i < v->n && is_digit(v->s[i]); i++)
		if (i + 1 == v->n)
			return;
	if ((column == PRODUCT_PRICE && !strip_currency(&number)) || !take_apart(number, &s))
		return;
	if (column == PRODUCT_PRICE)
		learn(n, &s, line, number);
	shown(&s, &either);
	if (column != PRODUCT_PRICE && either && n->decimal == '\0')
		return; /* a thousand, or one */
	if (reads(n, column, &s, &part))
		spell(n, column, v, &s, part);
	else if (s.last == ',')
		n->commas++;
}
