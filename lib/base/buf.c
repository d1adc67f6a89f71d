/* SPDX-License-Identifier: MIT
 *
 * buf: doubles when full; one byte more than asked for keeps the NUL.
 */
#include "base/buf.h"

#include "base/utf8.h"
#include "base/xalloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_KEPT = 1 << 18 };

void buf_release(struct buf *b)
{
	free(b->data);
	*b = (struct buf)BUF_INIT;
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

void buf_reuse(struct buf *b)
{
	if (b->size > MOST_KEPT)
		buf_release(b);
	else
		buf_reset(b);
}

char *buf_reserve(struct buf *b, size_t n)
{
	if (b->size - b->len <= n) {
		size_t want = b->size ? b->size * 2 : 256;

		if (want < b->len + n + 1)
			want = b->len + n + 1;
		b->data = xalloc_grow(b->data, want, 1);
		b->size = want;
	}
	return b->data + b->len;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	char *to = buf_reserve(b, n);

	if (n)
		memcpy(to, p, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void buf_addstr(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

/* Whether the format has a text with a precision in digits. */
static bool cuts(const char *fmt)
{
	while ((fmt = strstr(fmt, "%.")) != NULL) {
		fmt += 2 + strspn(fmt + 2, "0123456789");
		if (*fmt == 's')
			return true;
	}
	return false;
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n <= 0)
		return;
	buf_reserve(b, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	if (cuts(fmt))
		utf8_mend(b->data + b->len, (size_t)n);
	b->len += (size_t)n;
}

/* The value of a lower-case hex digit; without a branch, since files of
 * gigabytes pass through here. */
static int hex_value(char h)
{
	return (h & 0xF) + 9 * (h >> 6);
}

void buf_add_hex(struct buf *b, const char *hex, size_t n)
{
	char *to = buf_reserve(b, n / 2);

	for (size_t i = 0; i < n / 2; i++)
		to[i] = (char)(hex_value(hex[2 * i]) * 16 + hex_value(hex[2 * i + 1]));
	b->len += n / 2;
	b->data[b->len] = '\0';
}

void buf_consume(struct buf *b, size_t n)
{
	if (n == 0)
		return;
	memmove(b->data, b->data + n, b->len - n);
	b->len -= n;
	b->data[b->len] = '\0';
}
