/* SPDX-License-Identifier: MIT
 *
 * multipart: bytes are held until it is clear what they are.
 *   - before a part and in it, CRLF "--" boundary is looked for; as much as may
 *     be its start stays held. The body counts as if CRLF came before it
 *   - only "--", or blanks and CRLF, make a boundary of it; else it is content
 *   - a head is held until its empty line
 */
#include "web/multipart.h"

#include "base/utf8.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_HEAD = 16384, MOST_BLANKS = 64, MOST_BOUNDARY = 70, MOST_NAME = 255, PIECE = 1 << 16 };

enum state { BEFORE, HEAD, BODY, AFTER };

struct multipart {
	const struct multipart_ops *ops;
	void *ctx;
	enum state state;
	struct buf delimiter; /* CRLF, --, boundary */
	struct buf held;
	size_t at;            /* so much of what is held was dealt with */
};

/* --- headers --- */

/* The next parameter of a header from its ';' on: NULL if there is no more,
 * else where to go on. Only a quote and a backslash are escaped in quotes:
 * paths of Windows are not. */
static const char *next_param(const char *s, struct buf *key, struct buf *value)
{
	size_t n;

	buf_reset(key);
	buf_reset(value);
	s += strspn(s, "; \t");
	if (*s == '\0')
		return NULL;
	n = strcspn(s, "=;");
	buf_add(key, s, n);
	buf_add(value, "", 0);
	s += n;
	if (*s != '=')
		return s;
	s += 1 + strspn(s + 1, " \t");
	if (*s != '"') {
		n = strcspn(s, ";");
		buf_add(value, s, n);
		while (value->len && strchr(" \t", value->data[value->len - 1]))
			value->data[--value->len] = '\0';
		return s + n;
	}
	for (s++; *s && *s != '"'; s++) {
		if (*s == '\\' && (s[1] == '"' || s[1] == '\\'))
			s++;
		buf_add(value, s, 1);
	}
	return s + strcspn(s, ";");
}

bool multipart_param(const char *header, const char *name, struct buf *value)
{
	struct buf key = BUF_INIT;
	const char *s = header + strcspn(header, ";");
	bool found = false;

	while (!found && (s = next_param(s, &key, value)) != NULL)
		found = strcasecmp(key.data, name) == 0;
	buf_release(&key);
	return found;
}

/* Decodes percent escapes in place: all of them, or browsers' three. */
static void decode(struct buf *b, bool all)
{
	size_t to = 0;

	for (size_t i = 0; i < b->len; i++) {
		char hex[3] = {0}, *end, ch;

		if (b->data[i] == '%' && i + 2 < b->len) {
			memcpy(hex, b->data + i + 1, 2);
			ch = (char)strtoul(hex, &end, 16);
			if (end == hex + 2 && ch && (all || strchr("\"\r\n", ch))) {
				b->data[to++] = ch;
				i += 2;
				continue;
			}
		}
		b->data[to++] = b->data[i];
	}
	b->len = to;
	if (b->data)
		b->data[to] = '\0';
}

void multipart_clean_name(const char *s, size_t n, struct buf *name)
{
	bool sound = utf8_check(s, n) == n;

	for (size_t i = n; i > 0; i--)
		if (s[i - 1] == '/' || s[i - 1] == '\\') {
			s += i;
			n -= i;
			break;
		}
	if (n > MOST_NAME) {
		n = MOST_NAME;
		while (n > 0 && sound && ((unsigned char)s[n] & 0xC0) == 0x80)
			n--;
	}
	buf_add(name, "", 0);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		buf_add(name, c < 0x20 || c == 0x7F || (c >= 0x80 && !sound) ? "_" : s + i, 1);
	}
}

bool multipart_filename(const char *disposition, struct buf *name)
{
	struct buf value = BUF_INIT;
	bool found = multipart_param(disposition, "filename*", &value) &&
		     strncasecmp(value.data, "UTF-8'", 6) == 0 && strchr(value.data + 6, '\'');

	if (found) {
		buf_consume(&value, (size_t)(strchr(value.data + 6, '\'') + 1 - value.data));
		decode(&value, true);
	} else {
		found = multipart_param(disposition, "filename", &value);
		decode(&value, false);
	}
	if (found)
		multipart_clean_name(value.data, value.len, name);
	buf_release(&value);
	return found;
}

/* --- parts --- */

/* What follows `name` in a line of the head, "" if it has no such line. Lines
 * end at NUL here, folded ones are one already. */
static const char *find_header(const struct buf *head, const char *name)
{
	size_t n = strlen(name);

	for (const char *s = head->data; s < head->data + head->len; s += strlen(s) + 1)
		if (strncasecmp(s, name, n) == 0 && s[n] == ':')
			return s + n + 1 + strspn(s + n + 1, " \t");
	return "";
}

/* Copies a head so that each line of it ends in NUL. */
static void split_lines(const char *s, size_t n, struct buf *head)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] != '\r' || i + 1 == n || s[i + 1] != '\n')
			buf_add(head, s + i, 1);
		else if (i + 2 < n && (s[i + 2] == ' ' || s[i + 2] == '\t'))
			i++;
		else {
			buf_add(head, "", 1);
			i++;
		}
	buf_add(head, "", 1);
}

static int begin_part(struct multipart *m, const char *s, size_t n, struct err *e)
{
	struct buf head = BUF_INIT, name = BUF_INIT, filename = BUF_INIT;
	const char *disposition, *encoding;
	int rc;

	split_lines(s, n, &head);
	disposition = find_header(&head, "Content-Disposition");
	encoding = find_header(&head, "Content-Transfer-Encoding");
	if (memchr(s, '\0', n))
		rc = err_set(e, ERR_DATA, "the head of a part has a NUL");
	else if (strncasecmp(disposition, "form-data", 9) != 0 ||
		 !multipart_param(disposition, "name", &name))
		rc = err_set(e, ERR_DATA,
			     "a part has no Content-Disposition: form-data with a name");
	else if (strncasecmp(encoding, "base64", 6) == 0 ||
		 strncasecmp(encoding, "quoted-printable", 16) == 0)
		rc = err_set(e, ERR_MEDIA,
			     "a part is sent as %.16s; only bytes as they are are taken", encoding);
	else {
		bool file = multipart_filename(disposition, &filename);

		decode(&name, false);
		rc = m->ops->begin(m->ctx, &(struct multipart_part){name.data,
				   file ? filename.data : NULL}, e);
	}
	buf_release(&head);
	buf_release(&name);
	buf_release(&filename);
	return rc;
}

/* --- boundaries --- */

enum after { CONTENT, NEXT_PART, END, UNCLEAR };

/* What the bytes after a delimiter make of it; *n is how many of them belong
 * to it. */
static enum after look_after(const char *s, size_t len, size_t *n)
{
	size_t i = 0;

	if (len >= 2 && s[0] == '-' && s[1] == '-') {
		*n = 2;
		return END;
	}
	if (len < 2 && (len == 0 || s[0] == '-'))
		return UNCLEAR;
	while (i < len && i < MOST_BLANKS && (s[i] == ' ' || s[i] == '\t'))
		i++;
	if (i == len || (i + 1 == len && s[i] == '\r'))
		return UNCLEAR;
	*n = i + 2;
	return s[i] == '\r' && s[i + 1] == '\n' ? NEXT_PART : CONTENT;
}

static int put_bytes(struct multipart *m, size_t n, struct err *e)
{
	const char *p = m->held.data + m->at;

	m->at += n;
	return m->state == BODY && n > 0 ? m->ops->bytes(m->ctx, p, n, e) : 0;
}

/* Up to the next boundary, or as far as can be said; *more: go on. */
static int read_content(struct multipart *m, bool *more, struct err *e)
{
	const char *from = m->held.data + m->at, *found;
	size_t len = m->held.len - m->at, n = 0;
	enum after after;

	found = memmem(from, len, m->delimiter.data, m->delimiter.len);
	if (found == NULL) {
		*more = false;
		return len < m->delimiter.len ? 0 : put_bytes(m, len - m->delimiter.len + 1, e);
	}
	if (put_bytes(m, (size_t)(found - from), e) != 0)
		return -1;
	len = m->held.len - m->at - m->delimiter.len;
	after = look_after(found + m->delimiter.len, len, &n);
	*more = after != UNCLEAR;
	if (after == UNCLEAR)
		return 0;
	if (after == CONTENT)
		return put_bytes(m, m->delimiter.len, e);
	if (m->state == BODY && m->ops->end(m->ctx, e) != 0)
		return -1;
	m->at += m->delimiter.len + n;
	m->state = after == END ? AFTER : HEAD;
	return 0;
}

static int read_head(struct multipart *m, bool *more, struct err *e)
{
	const char *from = m->held.data + m->at;
	size_t len = m->held.len - m->at;
	const char *end = memmem(from, len, "\r\n\r\n", 4);
	size_t n = end ? (size_t)(end - from) : len;

	*more = end != NULL;
	if (len >= 2 && memcmp(from, "\r\n", 2) == 0)
		return err_set(e, ERR_DATA, "a part has no head");
	if (n > MOST_HEAD + (end ? 0 : 3))
		return err_set(e, ERR_DATA,
			       "the head of a part is longer than %d bytes", MOST_HEAD);
	if (end == NULL)
		return 0;
	m->at += n + 4;
	m->state = BODY;
	return begin_part(m, from, n, e);
}

static int feed_piece(struct multipart *m, const char *p, size_t n, struct err *e)
{
	bool more = true;
	int rc = 0;

	buf_add(&m->held, p, n);
	while (rc == 0 && more && m->state != AFTER)
		rc = m->state == HEAD ? read_head(m, &more, e) : read_content(m, &more, e);
	if (m->state == AFTER)
		m->at = m->held.len;
	buf_consume(&m->held, m->at);
	m->at = 0;
	return rc;
}

int multipart_feed(struct multipart *m, const char *p, size_t n, struct err *e)
{
	int rc = 0;

	while (rc == 0 && n > 0) {
		size_t k = n < PIECE ? n : PIECE;

		rc = feed_piece(m, p, k, e);
		p += k;
		n -= k;
	}
	return rc;
}

int multipart_end(struct multipart *m, struct err *e)
{
	if (m->state == AFTER)
		return 0;
	return err_set(e, ERR_DATA, m->state == BEFORE
		       ? "the body has no part: no line is the boundary that Content-Type names"
		       : "the body was cut off: its final boundary is missing");
}

int multipart_new(struct multipart **out, const char *content_type, const struct multipart_ops *ops,
		  void *ctx, struct err *e)
{
	struct buf boundary = BUF_INIT;
	struct multipart *m = NULL;
	bool given = multipart_param(content_type, "boundary", &boundary);

	if (strcspn(content_type, "; \t") == 19 &&
	    strncasecmp(content_type, "multipart/form-data", 19) == 0 && given &&
		    boundary.len > 0 && boundary.len <= MOST_BOUNDARY) {
		m = xalloc_zero(1, sizeof *m);
		m->ops = ops;
		m->ctx = ctx;
		buf_addf(&m->delimiter, "\r\n--%s", boundary.data);
		buf_addstr(&m->held, "\r\n");
	}
	buf_release(&boundary);
	*out = m;
	if (m)
		return 0;
	return strncasecmp(content_type, "multipart/form-data", 19) == 0
		? err_set(e, ERR_DATA,
			  "Content-Type has no boundary of 1 to %d bytes", MOST_BOUNDARY)
		: err_set(e, ERR_MEDIA, "the body is not multipart/form-data");
}

void multipart_free(struct multipart *m)
{
	if (m == NULL)
		return;
	buf_release(&m->delimiter);
	buf_release(&m->held);
	free(m);
}
