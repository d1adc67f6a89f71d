/* SPDX-License-Identifier: MIT
 *
 * multipart: what parts a body has. `type` is its Content-Type (without one:
 * boundary x), `input` its bytes (several add up; `inputN: x` is N times x).
 * They give the lines `part: NAME FILENAME` (- where there is none, or empty), `bytes:
 * …` (`size: N` above 60 of them), `end:`, and last `error: CODE …` or `done:`.
 * Each case is read in pieces of several sizes, which must all give the same.
 *
 * Any bytes at all must be read to some end: `multipart N SEED` reads that many
 * mutations of the cases; without them, some.
 */
#include "web/multipart.h"

#include "unit.h"

struct got {
	struct buf lines, bytes;
};

static int begin(void *ctx, const struct multipart_part *p, struct err *e)
{
	struct got *g = ctx;

	buf_addf(&g->lines, "part: %s %s\n", p->name,
		 p->filename == NULL ? "-" : *p->filename ? p->filename : "empty");
	buf_reset(&g->bytes);
	return strcmp(p->name, "refused") == 0 ? err_set(e, ERR_DATA, "refused") : 0;
}

static int bytes(void *ctx, const char *p, size_t n, struct err *e)
{
	struct got *g = ctx;

	(void)e;
	buf_add(&g->bytes, p, n);
	return 0;
}

static int end(void *ctx, struct err *e)
{
	struct got *g = ctx;

	(void)e;
	if (g->bytes.len > 60)
		buf_addf(&g->lines, "size: %zu\n", g->bytes.len);
	else if (g->bytes.len > 0)
		buf_addf(&g->lines, "bytes: %.*s\n", (int)g->bytes.len, g->bytes.data);
	buf_addstr(&g->lines, "end: \n");
	return 0;
}

static const struct multipart_ops ops = {begin, bytes, end};

/* What the bytes give in pieces of `size`, as lines; the caller's. */
static struct buf read_all(const char *type, const struct buf *in, size_t size)
{
	struct got g = {BUF_INIT, BUF_INIT};
	struct multipart *m;
	struct err e = {0};
	int rc = multipart_new(&m, type, &ops, &g, &e);

	for (size_t at = 0; rc == 0 && at < in->len; at += size)
		rc = multipart_feed(m, in->data + at, in->len - at < size ? in->len - at : size,
				    &e);
	if (rc == 0)
		rc = multipart_end(m, &e);
	if (rc == 0)
		buf_addstr(&g.lines, "done: \n");
	else
		buf_addf(&g.lines, "error: %d %s\n", err_http_status(e.code), e.msg);
	multipart_free(m);
	buf_release(&g.bytes);
	return g.lines;
}

/* --- any bytes --- */

static struct buf corpus[256];
static int ncorpus;

static unsigned next_random(unsigned long long *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*state >> 33);
}

/* Cuts, doubles, flips and swaps some of it. */
static void mutate(struct buf *b, unsigned long long *seed)
{
	static const char *const words[] = {"\r\n--x", "\r\n--x--", "\r\n\r\n", "\"", ";", "%22",
					    "\\", "=", "\r"};

	for (unsigned i = next_random(seed) % 6; i > 0 && b->len > 0; i--) {
		size_t at = next_random(seed) % b->len, n = next_random(seed) % (b->len - at + 1);
		const char *word = words[next_random(seed) % 9];
		struct buf tail = BUF_INIT;

		switch (next_random(seed) % 4) {
		case 0:
			b->data[at] = (char)next_random(seed);
			break;
		case 1:
			memmove(b->data + at, b->data + at + n, b->len - at - n);
			b->len -= n;
			break;
		case 2:
			buf_add(&tail, b->data + at, n < 300 ? n : 300);
			buf_add(b, tail.data, tail.len);
			break;
		default:
			buf_add(&tail, b->data + at, b->len - at);
			b->len = at;
			buf_addstr(b, word);
			buf_add(b, tail.data, tail.len);
		}
		buf_release(&tail);
	}
}

static void fuzz(long times, unsigned long long seed)
{
	const struct unit_case none = {0};
	long bad = 0;

	for (long i = 0; i < times && ncorpus > 0; i++) {
		const struct buf *from = &corpus[next_random(&seed) % (unsigned)ncorpus];
		struct buf in = BUF_INIT, whole, pieces;

		buf_add(&in, from->data, from->len < 5000 ? from->len : 5000);
		mutate(&in, &seed);
		whole = read_all("multipart/form-data; boundary=x", &in, 1 << 20);
		pieces = read_all("multipart/form-data; boundary=x", &in,
				  1 + next_random(&seed) % 9);
		bad += strcmp(whole.data, pieces.data) != 0;
		buf_release(&in);
		buf_release(&whole);
		buf_release(&pieces);
	}
	unit_say(bad == 0, &none, "mutations come to an end, the same in any pieces");
}

static void run(const struct unit_case *c)
{
	static const size_t sizes[] = {1, 2, 3, 7, 1000, 1 << 20};
	struct buf in = BUF_INIT, want = BUF_INIT;
	char what[64];

	for (int i = 1; i < c->n; i++) {
		const struct unit_field *f = &c->field[i];

		if (strncmp(f->key, "input", 5) == 0)
			unit_add_input(&in, f);
		else if (strcmp(f->key, "type") != 0)
			buf_addf(&want, "%s: %s\n", f->key, f->value.data);
	}
	buf_add(&in, "", 0);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct buf got = read_all(unit_get(c, "type", "multipart/form-data; boundary=x"),
					  &in, sizes[i]);

		snprintf(what, sizeof what, "in pieces of %zu", sizes[i]);
		unit_is(c, what, got.data, want.data);
		buf_release(&got);
	}
	buf_release(&want);
	if (ncorpus < 256)
		corpus[ncorpus++] = in;
	else
		buf_release(&in);
}

static void run_and_fuzz(const struct unit_case *c)
{
	if (strcmp(unit_get(c, "case", ""), "mutations") == 0)
		fuzz(strtol(unit_get(c, "times", "0"), NULL, 10),
		     strtoull(unit_get(c, "seed", "1"), NULL, 10));
	else
		run(c);
}

int main(int argc, char **argv)
{
	int status = unit_main(__FILE__, run_and_fuzz);

	if (argc == 3)
		fuzz(strtol(argv[1], NULL, 10), strtoull(argv[2], NULL, 10));
	while (ncorpus > 0)
		buf_release(&corpus[--ncorpus]);
	return status || unit_failed;
}
