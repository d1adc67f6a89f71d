/* SPDX-License-Identifier: MIT
 *
 * money: a reader for -?digits[.digits][e[+-]digits], with limits, and one for what people write.
 */
#include "order/money.h"

#include <string.h>

enum { WHOLE_DIGITS = 15, FRACTION_DIGITS = 10, EXPONENT_DIGITS = 2 };

static const char decimal[] = "0123456789";

/* The exponent's value, or a number no limit allows if it is malformed. */
static long exponent(const char *s)
{
	bool minus = *s == '-';
	long v = 0;
	size_t n;

	s += *s == '-' || *s == '+';
	n = strspn(s, decimal);
	if (n == 0 || n > EXPONENT_DIGITS || s[n] != '\0')
		return 1000;
	for (size_t i = 0; i < n; i++)
		v = v * 10 + (s[i] - '0');
	return minus ? -v : v;
}

bool money_is_decimal(const char *s)
{
	size_t whole, part = 0;
	long shift = 0;

	s += *s == '-';
	whole = strspn(s, decimal);
	s += whole;
	if (*s == '.') {
		part = strspn(s + 1, decimal);
		s += 1 + part;
		if (part == 0)
			return false;
	}
	if (*s == 'e' || *s == 'E') {
		shift = exponent(s + 1);
		s += strlen(s);
	}
	return whole > 0 && *s == '\0' && (long)whole + shift <= WHOLE_DIGITS &&
	       (long)part - shift <= FRACTION_DIGITS;
}

/* The length of what may set off thousands at `s`, or 0. */
static size_t gap(const char *s)
{
	static const char *const gaps[] = {",", ".", " ", "'", "\u00a0", "\u202f", "\u2019"};

	for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++)
		if (strncmp(s, gaps[i], strlen(gaps[i])) == 0)
			return strlen(gaps[i]);
	return 0;
}

/* The decimal mark of `s`: its last comma or point, if there is one such, or NULL. */
static const char *decimal_mark(const char *s)
{
	const char *point = strrchr(s, '.'), *comma = strrchr(s, ',');
	const char *last = comma && (!point || comma > point) ? comma : point;

	if (!last || strchr(s, *last) != last)
		return NULL;
	return last == comma && !point && strspn(comma + 1, decimal) == 3 ? NULL : last;
}

static bool is_currency(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t n = *s ? gap(s) : 0;

	return *s == '\0' || (strspn(s + n, letters) == 3 && s[n + 3] == '\0');
}

bool money_read(char out[MONEY_TEXT], const char *s)
{
	const char *mark = decimal_mark(s);
	size_t n = 0;

	while (n < MONEY_TEXT - 1) {
		size_t digits = strspn(s, decimal), skip = gap(s);

		if (digits > 0 || s == mark) {
			out[n++] = digits > 0 ? *s : '.';
			s++;
		} else if (n > 0 && skip > 0 && strspn(s + skip, decimal) == 3) {
			s += skip;
		} else {
			break;
		}
	}
	out[n] = '\0';
	return is_currency(s) && money_is_decimal(out);
}
