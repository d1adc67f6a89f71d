/* SPDX-License-Identifier: MIT
 *
 * multipart: an upload's form in pieces: the first line is its Content-Type, the rest the body.
 * What comes out does not depend on the pieces, and a file's name is text without control
 * characters.
 */
#include "fuzz.h"
#include "web/multipart.h"

struct got {
	struct buf text;
};

static int begin(void *ctx, const struct multipart_part *p, struct err *e)
{
	struct got *g = ctx;

	(void)e;
	buf_addf(&g->text, "<%s|%s>", p->name, p->filename ? p->filename : "-");
	for (const char *s = p->filename; s && *s; s++)
		FUZZ_HOLDS((unsigned char)*s >= 0x20 && *s != '/' && *s != 0x7F);
	if (p->filename)
		FUZZ_HOLDS(utf8_check(p->filename, strlen(p->filename)) == strlen(p->filename));
	return 0;
}

static int bytes(void *ctx, const char *p, size_t n, struct err *e)
{
	struct got *g = ctx;

	(void)e;
	buf_add(&g->text, p, n);
	return 0;
}

static int end(void *ctx, struct err *e)
{
	struct got *g = ctx;

	(void)e;
	buf_addstr(&g->text, "<end>");
	return 0;
}

static void read_all(const char *type, const char *body, size_t n, size_t piece, struct got *g)
{
	static const struct multipart_ops ops = {begin, bytes, end};
	struct multipart *m = NULL;
	struct err e = {0};
	int rc = multipart_new(&m, type, &ops, g, &e);

	for (size_t i = 0; rc == 0 && i < n; i += piece)
		rc = multipart_feed(m, body + i, n - i < piece ? n - i : piece, &e);
	if (rc == 0)
		rc = multipart_end(m, &e);
	if (rc != 0)
		fuzz_check_error(&e);
	buf_addf(&g->text, "<%d>", rc);
	multipart_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *s = fuzz_text(data, n), *body = s + strcspn(s, "\n");
	size_t len = n - (size_t)(body - s);
	struct got one = {BUF_INIT}, many = {BUF_INIT};
	struct buf name = BUF_INIT;

	if (len > 0) {
		*body++ = '\0';
		len--;
	}
	read_all(s, body, len, len + 1, &one);
	read_all(s, body, len, 3, &many);
	/* A part that is refused may have given some of its bytes before. */
	if (strstr(one.text.data, "<0>"))
		FUZZ_HOLDS(one.text.len == many.text.len &&
			   memcmp(one.text.data, many.text.data, one.text.len) == 0);
	if (multipart_filename(s, &name))
		FUZZ_HOLDS(utf8_check(name.data, name.len) == name.len && name.len <= 255);
	buf_release(&one.text);
	buf_release(&many.text);
	buf_release(&name);
	free(s);
	return 0;
}
