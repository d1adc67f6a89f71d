/* SPDX-License-Identifier: MIT
 *
 * explain: a csvfile that stops at its header.
 */
#include "catalogue/explain.h"

#include "base/buf.h"
#include "base/record.h"
#include "catalogue/csvfile.h"
#include "filter/log.h"
#include "filter/ndjson.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 1 << 12 };

struct explain {
	struct csvfile *file;
	bool done;
};

static void put_column(size_t i, struct product_text name, const char *means, const char *why)
{
	struct buf b = BUF_INIT;

	record_begin(&b, "column");
	record_int(&b, "field", (int64_t)i + 1);
	record_text_of(&b, "name", name.s, name.n);
	record_text(&b, "means", means);
	record_text(&b, "why", why);
	ndjson_put_record(&b);
}

static int on_header(void *ctx, struct err *e)
{
	struct explain *x = ctx;
	struct product_text name;
	const char *means;
	char why[160];

	for (size_t i = 0; csvfile_explain(x->file, i, &name, &means, why, sizeof why); i++)
		put_column(i, name, means, why);
	x->done = true;
	return err_set(e, ERR_CONFLICT, "the header is known");
}

static int on_row(void *ctx, const struct product_row *row, long line, struct err *e)
{
	(void)ctx, (void)row, (void)line, (void)e;
	return 0;
}

static int on_reject(void *ctx, const struct csvfile_reject *r, struct err *e)
{
	(void)ctx, (void)r, (void)e;
	return 0;
}

static void on_warn(void *ctx, long line, const char *code, const char *text)
{
	(void)ctx;
	log_say(LOG_WARN, "line %ld: %s: %s", line, code, text);
}

static int feed(struct explain *x, struct err *e)
{
	static char piece[PIECE];
	ssize_t n;

	do {
		n = read(STDIN_FILENO, piece, sizeof piece);
		if (n < 0 && errno != EINTR)
			return err_set(e, ERR_IO, "cannot read standard input: %s",
				       strerror(errno));
		if (n > 0 && csvfile_feed(x->file, piece, (size_t)n, e) != 0)
			return -1;
	} while (n != 0);
	return csvfile_end(x->file, e);
}

int explain_run(const struct csvtable_options *options)
{
	static const struct csvfile_ops ops = {on_row, on_reject, on_header, on_warn};
	struct explain x = {0};
	struct err e = {0};
	int rc = csvfile_new(&x.file, options, &ops, &x, &e);

	if (rc == 0)
		rc = feed(&x, &e);
	csvfile_free(x.file);
	return rc != 0 && !x.done ? log_err(&e) : 0;
}
