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

int64_t clock_wall_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
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

/* ".123456", or nothing; *us is its value in microseconds. */
static bool fraction(const char **s, int *us)
{
	int n = 0;

	*us = 0;
	if (!literal(s, "."))
		return true;
	for (; **s >= '0' && **s <= '9'; n++, (*s)++)
		if (n < 6)
			*us = *us * 10 + (**s - '0');
	for (int i = n; i < 6; i++)
		*us *= 10;
	return n >= 1 && n <= 9;
}

/* "Z" or "+01:00"; *minutes is how far it is ahead of UTC. */
static bool offset(const char **s, int *minutes)
{
	bool west = **s == '-';
	int h, m;

	*minutes = 0;
	if (literal(s, "Zz"))
		return true;
	if (!literal(s, "+-") || !digits(s, 2, &h) || !literal(s, ":") || !digits(s, 2, &m))
		return false;
	*minutes = (h * 60 + m) * (west ? -1 : 1);
	return h < 16 && m < 60;
}

bool clock_parse_rfc3339(const char *s, int64_t *us)
{
	struct tm tm = {0};
	int micros, minutes;

	if (!digits(&s, 4, &tm.tm_year) || tm.tm_year == 0 || !literal(&s, "-") ||
	    !digits(&s, 2, &tm.tm_mon) || tm.tm_mon < 1 || tm.tm_mon > 12 || !literal(&s, "-") ||
	    !digits(&s, 2, &tm.tm_mday) || tm.tm_mday < 1 ||
	    tm.tm_mday > days_in(tm.tm_year, tm.tm_mon) || !literal(&s, "Tt ") ||
	    !digits(&s, 2, &tm.tm_hour) || tm.tm_hour > 23 || !literal(&s, ":") ||
	    !digits(&s, 2, &tm.tm_min) || tm.tm_min > 59 || !literal(&s, ":") ||
	    !digits(&s, 2, &tm.tm_sec) || tm.tm_sec > 60 || !fraction(&s, &micros) ||
	    !offset(&s, &minutes) || *s != '\0')
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*us = ((int64_t)timegm(&tm) - minutes * 60) * 1000000 + micros;
	return true;
}

bool clock_is_rfc3339(const char *s)
{
	int64_t us;

	return clock_parse_rfc3339(s, &us);
}
