/* SPDX-License-Identifier: MIT
 *
 * csvlook: every record is tried as a header, with one delimiter after the
 * other; the first line that any of them makes one is it.
 */
#include "catalogue/csvlook.h"

#include <string.h>

struct look {
	struct csvtable *table;
	const char *const *maps;
	long line;
};

static void no_warning(void *ctx, long line, const char *code, const char *text)
{
	(void)ctx, (void)line, (void)code, (void)text;
}

static int try_record(void *ctx, const struct csvrow *row, struct err *e)
{
	const unsigned both = 1u << PRODUCT_SKU | 1u << PRODUCT_NAME;
	struct look *l = ctx;
	struct err ignored;

	(void)e;
	if (l->line == 0 && row->line > 1 && row->fault == CSVROW_GOOD && row->n > 1 &&
	    csvtable_head(l->table, row, &ignored) == 0 &&
	    (l->table->heading.columns & both) == both)
		l->line = row->line;
	return 0;
}

long csvlook_find_header(const char *bytes, size_t n, const char *delimiters,
			 const struct csvtable_options *options)
{
	struct csvtable_options plain = *options;
	long first = 0;

	plain.nmaps = 0;
	for (; *delimiters; delimiters++) {
		struct look l = {.table = csvtable_new(&plain, no_warning, NULL)};
		struct csvrow_reader *reader = csvrow_new(*delimiters, try_record, &l);
		struct err ignored;

		if (csvrow_feed(reader, bytes, n, &ignored) == 0 && l.line > 0 &&
		    (first == 0 || l.line < first))
			first = l.line;
		csvrow_free(reader);
		csvtable_free(l.table);
	}
	return first;
}
