/* SPDX-License-Identifier: MIT
 *
 * csvfill: goes from field to field over the bytes of the record.
 */
#include "catalogue/csvfill.h"

#include "catalogue/csvrow.h"

size_t csvfill_skip(char delimiter, const char *s, size_t n)
{
	size_t i = csvrow_blanks(delimiter, s, n);

	if (i < n && s[i] == '"') {
		for (i++; i < n && (s[i] != '"' || (i + 1 < n && s[i + 1] == '"')); i++)
			i += s[i] == '"';
		if (i++ >= n)
			return n + 1;
		i += csvrow_blanks(delimiter, s + i, n - i);
	} else {
		while (i < n && s[i] != delimiter && s[i] != '\r' && s[i] != '\n')
			i++;
	}
	return i == n || s[i] == delimiter || s[i] == '\r' || s[i] == '\n' ? i : n + 1;
}

static void add_quoted(struct buf *b, struct product_text v)
{
	buf_addstr(b, "\"");
	for (size_t i = 0; i < v.n; i++)
		buf_add(b, v.s[i] == '"' ? "\"\"" : v.s + i, v.s[i] == '"' ? 2 : 1);
	buf_addstr(b, "\"");
}

static const struct csvfill_field *find(const struct csvfill *fill, size_t at)
{
	for (int i = 0; i < fill->n; i++)
		if (fill->field[i].at == at)
			return &fill->field[i];
	return NULL;
}

static size_t last_of(const struct csvfill *fill)
{
	size_t last = 0;

	for (int i = 0; i < fill->n; i++)
		if (fill->field[i].at > last)
			last = fill->field[i].at;
	return last;
}

void csvfill_add(const struct csvfill *fill, char delimiter, size_t first, struct buf *b,
		 const char *s, size_t n)
{
	size_t at = 0, i = first, last = last_of(fill);
	bool ended = fill->n == 0;

	for (; !ended && i <= last; i++) {
		const struct csvfill_field *f = find(fill, i);
		size_t k = csvfill_skip(delimiter, s + at, n - at);

		if (k > n - at)
			break;
		if (f)
			add_quoted(b, f->value);
		else
			buf_add(b, s + at, k);
		at += k;
		ended = at == n || s[at] != delimiter;
		if (!ended)
			buf_add(b, s + at++, 1);
	}
	/* A record may end before the field. */
	for (; ended && fill->n > 0 && i <= last; i++) {
		const struct csvfill_field *f = find(fill, i);

		buf_add(b, &delimiter, 1);
		if (f)
			add_quoted(b, f->value);
	}
	buf_add(b, s + at, n - at);
}
