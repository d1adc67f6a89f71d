/* SPDX-License-Identifier: MIT
 *
 * money: a reader for -?digits[.digits][e[+-]digits], with limits.
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
