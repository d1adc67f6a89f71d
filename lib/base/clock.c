/* SPDX-License-Identifier: MIT
 *
 * clock: clock_gettime(2) and a strict reader of RFC 3339 (section 5.6).
 */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_ms(void)
{
	return clock_us() / 1000;
}

void clock_now_text(char out[CLOCK_TEXT])
{
	struct timespec t;
	struct tm tm;
	size_t n;

	clock_gettime(CLOCK_REALTIME, &t);
	gmtime_r(&t.tv_sec, &tm);
	n = strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, CLOCK_TEXT - n, ".%03dZ", (int)(t.tv_nsec / 1000000) % 1000);
}

/* Reads exactly n digits at *s into *v and moves on. */
static bool digits(const char **s, int n, int *v)
{
	*v = 0;
	for (; n > 0; n--, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		*v = *v * 10 + (**s - '0');
	}
	return true;
}

static bool literal(const char **s, const char *set)
{
	for (; *set; set++)
		if (**s == *set) {
			(*s)++;
			return true;
		}
	return false;
}

static int days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool fraction(const char **s)
{
	int n = 0;

	if (!literal(s, "."))
		return true;
	for (; **s >= '0' && **s <= '9'; n++)
		(*s)++;
	return n >= 1 && n <= 9;
}

static bool offset(const char **s)
{
	int h, m;

	if (literal(s, "Zz"))
		return true;
	return literal(s, "+-") && digits(s, 2, &h) && literal(s, ":") && digits(s, 2, &m) &&
	       h < 16 && m < 60;
}

bool clock_is_rfc3339(const char *s)
{
	int year, month, day, h, m, sec;

	return digits(&s, 4, &year) && year > 0 && literal(&s, "-") && digits(&s, 2, &month) &&
	       month >= 1 && month <= 12 && literal(&s, "-") && digits(&s, 2, &day) && day >= 1 &&
	       day <= days_in(year, month) && literal(&s, "Tt ") && digits(&s, 2, &h) && h < 24 &&
	       literal(&s, ":") && digits(&s, 2, &m) && m < 60 && literal(&s, ":") &&
	       digits(&s, 2, &sec) && sec <= 60 && fraction(&s) && offset(&s) && *s == '\0';
}
