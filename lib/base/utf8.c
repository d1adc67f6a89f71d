/* SPDX-License-Identifier: MIT
 *
 * utf8: eight ASCII bytes at a time, anything else by its sequence.
 */
#include "base/utf8.h"

#include <stdint.h>
#include <stdbool.h>
#include <string.h>

size_t utf8_span(const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t want = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3
			    : s[0] < 0xF5 ? 4 : 0;

	if (want < 2)
		return want;
	if (want > n)
		return 0;
	for (size_t i = 1; i < want; i++)
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ||
	    (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F))
		return 0;
	return want;
}

size_t utf8_check(const char *s, size_t n)
{
	size_t i = 0, k;
	uint64_t word;

	while (i < n) {
		if (n - i >= sizeof word) {
			memcpy(&word, s + i, sizeof word);
			if ((word & UINT64_C(0x8080808080808080)) == 0) {
				i += sizeof word;
				continue;
			}
		}
		k = utf8_span(s + i, n - i);
		if (k == 0)
			return i;
		i += k;
	}
	return n;
}

size_t utf8_control(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;

	if (n >= 2 && p[0] == 0xC2 && p[1] >= 0x80 && p[1] <= 0x9F)
		return 2;
	if (n >= 2 && p[0] == 0xD8 && p[1] == 0x9C) /* U+061C */
		return 2;
	if (n < 3 || p[0] != 0xE2)
		return 0;
	/* U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069 */
	return (p[1] == 0x80 && (p[2] == 0x8E || p[2] == 0x8F || (p[2] >= 0xAA && p[2] <= 0xAE))) ||
	       (p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9) ? 3 : 0;
}

void utf8_mend(char *s, size_t n)
{
	for (size_t i = utf8_check(s, n), k; i < n; i += k ? k : 1) {
		k = utf8_span(s + i, n - i);
		if (k == 0)
			s[i] = '?';
	}
}

size_t utf8_fit(const char *s, size_t n, size_t most)
{
	size_t at = most;

	if (n <= most)
		return n;
	while (at > 0 && most - at < 3 && ((unsigned char)s[at] & 0xC0) == 0x80)
		at--;
	return ((unsigned char)s[at] & 0xC0) == 0x80 ? most : at;
}

size_t utf8_count(const char *s, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)s[i] & 0xC0) != 0x80;
	return count;
}

/* Of the three bytes at s: spaces of any width but none, line ends, the ideographic space, the byte
 * order mark. */
static bool is_wide_blank(const unsigned char *s)
{
	if (s[0] == 0xE2 && s[1] == 0x80)
		return (s[2] >= 0x80 && s[2] <= 0x8A) || s[2] == 0xA8 || s[2] == 0xA9 ||
		       s[2] == 0xAF;
	if (s[0] == 0xE2 && s[1] == 0x81)
		return s[2] == 0x9F;
	return memcmp(s, "\xE3\x80\x80", 3) == 0 || memcmp(s, "\xEF\xBB\xBF", 3) == 0;
}

size_t utf8_blank(const char *s, size_t n)
{
	if (*s == ' ' || (*s >= '\t' && *s <= '\r'))
		return 1;
	if (n >= 2 && memcmp(s, "\xC2\xA0", 2) == 0)
		return 2;
	return n >= 3 && is_wide_blank((const unsigned char *)s) ? 3 : 0;
}

/* The same of the blank that ends at `end`. */
static size_t blank_before(const char *end, size_t n)
{
	for (size_t k = 1; k <= 3 && k <= n; k++)
		if (utf8_blank(end - k, k) == k)
			return k;
	return 0;
}

size_t utf8_trim(const char **s, size_t n)
{
	size_t k;

	for (; n > 0 && (k = utf8_blank(*s, n)) > 0; n -= k)
		*s += k;
	for (; n > 0 && (k = blank_before(*s + n, n)) > 0; n -= k)
		;
	return n;
}

char *utf8_show(char *room, size_t size, const char *s, size_t n)
{
	size_t k = 0, span;

	for (size_t i = 0; i < n; i += span ? span : 1) {
		span = utf8_span(s + i, n - i);
		if (k + (span ? span : 1) >= size)
			break;
		if (span == 0 || (unsigned char)s[i] < 0x20 || s[i] == 0x7F) {
			room[k++] = '?';
		} else {
			memcpy(room + k, s + i, span);
			k += span;
		}
	}
	room[k] = '\0';
	return room;
}
