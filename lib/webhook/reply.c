/* SPDX-License-Identifier: MIT
 *
 * reply: the head line by line, the two headers that mean something to us.
 */
#include "webhook/reply.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static bool starts_with(const char *line, size_t n, const char *name)
{
	size_t k = strlen(name);

	return n >= k && strncasecmp(line, name, k) == 0;
}

/* "HTTP/1.1 200 OK", "HTTP/2 200": the status, or -1. */
static int status_of(const char *s, size_t n)
{
	size_t i = 5;
	int v = 0;

	while (i < n && (s[i] == '.' || (s[i] >= '0' && s[i] <= '9')))
		i++;
	if (i == 5 || i + 4 > n || s[i] != ' ')
		return -1;
	for (int k = 1; k <= 3; k++) {
		if (s[i + (size_t)k] < '0' || s[i + (size_t)k] > '9')
			return -1;
		v = v * 10 + s[i + (size_t)k] - '0';
	}
	i += 4;
	return v >= 100 && v < 600 && (i == n || strchr(" \r\n", s[i])) ? v : -1;
}

/* A line's end alone, "\n" or "\r\n". What comes is no string: only its n bytes are read. */
static bool is_end(const char *line, size_t n)
{
	return n == 0 || (line[n - 1] == '\n' && (n == 1 || (n == 2 && *line == '\r')));
}

/* The value of a header whose name and colon have k bytes, without blanks. */
static void add_value(struct buf *b, const char *line, size_t n, size_t k)
{
	while (k < n && strchr(" \t", line[k]))
		k++;
	while (n > k && strchr(" \t\r\n", line[n - 1]))
		n--;
	buf_reset(b);
	buf_add(b, line + k, n - k);
}

/* The three spellings of an HTTP-date. */
static long seconds_until(const char *text)
{
	static const char *const spellings[] = {
		"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"};

	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		struct tm tm = {0};
		const char *end = strptime(text, spellings[i], &tm);
		time_t now = time(NULL), at;

		if (end == NULL || *end)
			continue;
		at = timegm(&tm);
		return at > now ? (long)(at - now) : 0;
	}
	return -1;
}

/* Seconds, or an HTTP-date; what is neither counts as none. */
static long seconds_of(const char *line, size_t n, size_t k)
{
	struct buf text = BUF_INIT;
	long seconds = -1;

	add_value(&text, line, n, k);
	if (text.len && strspn(text.data, "0123456789") == text.len)
		seconds = text.len > 9 ? 1000000000 : strtol(text.data, NULL, 10);
	else if (strlen(text.data) == text.len)
		seconds = seconds_until(text.data);
	buf_release(&text);
	return seconds;
}

void reply_reset(struct reply *r)
{
	struct buf *const all[] = {&r->head, &r->body, &r->location};

	for (int i = 0; i < 3; i++) {
		buf_reset(all[i]);
		buf_add(all[i], "", 0);
	}
	r->head_len = r->body_len = 0;
	r->status = 0;
	r->complete = r->flooded = r->garbled = false;
	r->retry_after_s = -1;
}

void reply_release(struct reply *r)
{
	buf_release(&r->head);
	buf_release(&r->body);
	buf_release(&r->location);
}

bool reply_line(struct reply *r, const char *line, size_t n)
{
	r->head_len += n;
	r->flooded = r->head_len > REPLY_HEAD;
	if (r->flooded)
		return false;
	if (r->complete)
		return true; /* a trailer */
	if (starts_with(line, n, "HTTP/")) {
		r->status = status_of(line, n);
		r->garbled = r->status < 0;
		if (r->garbled)
			return false;
		buf_reset(&r->head); /* what an informational head said is not the answer's */
		buf_reset(&r->location);
		r->retry_after_s = -1;
	} else if (is_end(line, n)) {
		r->complete = r->status >= 200;
		return true;
	} else if (starts_with(line, n, "location:")) {
		add_value(&r->location, line, n, strlen("location:"));
	} else if (starts_with(line, n, "retry-after:")) {
		r->retry_after_s = seconds_of(line, n, strlen("retry-after:"));
	}
	buf_add(&r->head, line, n);
	return true;
}

bool reply_body(struct reply *r, const char *p, size_t n)
{
	size_t room = REPLY_KEPT - r->body.len;

	r->body_len += n;
	buf_add(&r->body, p, n < room ? n : room);
	return r->body_len <= REPLY_BODY;
}
