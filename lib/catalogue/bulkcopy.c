/* SPDX-License-Identifier: MIT
 *
 * bulkcopy: a chunk holds its rows as the text that COPY takes for `incoming`; the
 * end of each is a row of `products`:
 *   - the chunks after the first are sent row by row, straight into products if they
 *     may go there, and kept, so that they can be sent again to be put aside
 *   - after a chunk that did not go straight in, the next ones are put aside
 *     at once, 1, 2, 4 … 64 of them: so a file of known SKUs is not sent twice,
 *     and one of new SKUs soon returns to the fast path
 */
#include "catalogue/bulkcopy.h"

#include "base/fault.h"
#include "sql.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_ROWS = 10000, CHUNK_BYTES = 4 << 20, MOST_SKIPPED = 64,
       BEFORE = 8 /* fields of incoming before those of products */ };

static void add_escaped(struct buf *text, const struct product_text *v)
{
	char *to = buf_reserve(text, v->n * 2), *start = to;

	for (const char *s = v->s, *end = v->s + v->n; s < end; s++) {
		char c = *s;

		if (c == '\\' || c == '\n' || c == '\r' || c == '\t') {
			*to++ = '\\';
			c = c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : '\\';
		}
		*to++ = c;
	}
	text->len += (size_t)(to - start);
}

static void add_value(struct buf *text, const struct product_text *v, char end)
{
	if (v->s == NULL)
		buf_add(text, "\\N", 2);
	else
		add_escaped(text, v);
	buf_add(text, &end, 1);
}

static const struct product_text *new_active(const struct bulk *b, const struct product_row *row)
{
	static const struct product_text yes = {"t", 1}, no = {"f", 1};
	const struct product_text *given = &row->value[PRODUCT_ACTIVE];

	if (given->s)
		return given;
	if (b->opt.active == BULK_RANDOM)
		return random() & 1 ? &yes : &no;
	return b->opt.active == BULK_YES ? &yes : &no;
}

/* Adds it to the chunk; returns where what COPY is to be given starts. */
static size_t add_row(struct bulk *b, const struct product_row *row, int64_t line,
		      struct product_text raw)
{
	static const struct product_text none = {NULL, 0};
	const struct product_text *v = row->value;
	struct buf *t = &b->text;
	size_t start = t->len;

	buf_addf(t, "%lld\t%lld\t", (long long)line, (long long)b->last_id);
	add_value(t, &v[PRODUCT_ACTIVE], '\t');
	add_value(t, b->opt.stock ? &v[PRODUCT_QUANTITY] : &none, '\t');
	add_value(t, b->opt.stock && b->opt.has[PRODUCT_QUANTITY_WAS] ? &v[PRODUCT_QUANTITY_WAS]
								      : &none, '\t');
	add_value(t, b->opt.stock ? &v[PRODUCT_COUNTED_AT] : &none, '\t');
	add_value(t, b->opt.has[PRODUCT_NAME] && !b->opt.has[PRODUCT_ID] ? &none : &raw, '\t');
	add_value(t, &v[PRODUCT_ID], '\t');
	if (b->straight)
		start = t->len;
	add_value(t, &v[PRODUCT_SKU], '\t');
	add_value(t, &v[PRODUCT_NAME], '\t');
	add_value(t, &v[PRODUCT_DESCRIPTION], '\t');
	add_value(t, &v[PRODUCT_CATEGORY], '\t');
	add_value(t, &v[PRODUCT_PRICE], '\t');
	add_value(t, new_active(b, row), '\t');
	add_value(t, &v[PRODUCT_REORDER_LEVEL], b->details ? '\t' : '\n');
	if (b->details)
		add_value(t, &row->details, '\n');
	return start;
}

/* --- chunks --- */

/* Whether the chunk goes straight into products. */
static bool goes_straight(const struct bulk *b)
{
	return !b->opt.stock && b->opt.has[PRODUCT_NAME] && !b->opt.has[PRODUCT_ID] &&
	       b->opt.mode != BULK_UPDATE_ONLY && b->skipped >= b->skip;
}

static const struct db_query *copy_of(const struct bulk *b, bool straight)
{
	if (straight)
		return b->details ? &SQL_COPY_PRODUCTS_DETAILS : &SQL_COPY_PRODUCTS;
	return b->details ? &SQL_COPY_INCOMING_DETAILS : &SQL_COPY_INCOMING;
}

/* Opens the COPY of a chunk, so that PostgreSQL works while rows come in. */
static int start(struct bulk *b, struct err *e)
{
	if (b->straight && db_exec(b->db, &bulkstate_savepoint, NULL, NULL, e) != 0)
		return -1;
	if (db_copy(b->db, copy_of(b, b->straight), e) != 0)
		return -1;
	b->copying = true;
	return 0;
}

int bulkcopy_end(struct bulk *b, struct err *e)
{
	b->copying = false;
	return db_copy_end(b->db, e);
}

/* Keeps which line each row of the chunk came from, for those that are
 * superseded later. */
static int keep_lines(struct bulk *b, int64_t after_id, struct err *e)
{
	buf_addstr(&b->rows, "}");
	buf_addstr(&b->lines, "}");
	const struct db_param p[] = {db_param_int(after_id), db_param_int(b->last_id),
				     db_param_text(b->rows.data), db_param_text(b->lines.data)};

	return db_exec(b->db, &SQL_INSERT_STRAIGHT, p, NULL, e);
}

static int went_straight(struct bulk *b, struct err *e)
{
	int64_t after_id = b->last_id;

	b->direct += (int64_t)b->n;
	b->skip = b->skipped = 0;
	if (db_exec(b->db, &bulkstate_release, NULL, NULL, e) != 0 ||
	    bulkstate_last_product(b, &b->last_id, e) != 0)
		return -1;
	return keep_lines(b, after_id, e);
}

/* A chunk with a SKU that is taken: all of it is put aside. */
static int turn_aside(struct bulk *b, struct err *e)
{
	if (strcmp(e->sqlstate, "23505") != 0 ||
	    db_exec(b->db, &bulkstate_go_back, NULL, NULL, e) != 0 ||
	    db_exec(b->db, &bulkstate_release, NULL, NULL, e) != 0)
		return -1;
	*e = (struct err){0};
	b->staged += (int64_t)b->n;
	b->skip = b->skip == 0 ? 1 : b->skip < MOST_SKIPPED ? b->skip * 2 : MOST_SKIPPED;
	b->skipped = 0;
	if (db_copy(b->db, copy_of(b, false), e) != 0)
		return -1;
	db_copy_add(b->db, b->text.data, b->text.len);
	return db_copy_end(b->db, e);
}

/* Sends the rows of the first chunk, which waited for it to be full. */
static int send_first(struct bulk *b, struct err *e)
{
	const char *s = b->text.data, *end = s + b->text.len;

	if (bulkstate_begin(b, e) != 0 || start(b, e) != 0)
		return -1;
	while (s < end) {
		const char *from = s, *stop = memchr(s, '\n', (size_t)(end - s));

		for (int i = 0; i < BEFORE && b->straight; i++)
			from = (const char *)memchr(from, '\t', (size_t)(end - from)) + 1;
		db_copy_add(b->db, from, (size_t)(stop + 1 - from));
		s = stop + 1;
	}
	return 0;
}

int bulkcopy_flush(struct bulk *b, struct err *e)
{
	int rc;

	if (b->n == 0)
		return 0;
	rc = !b->copying && send_first(b, e) != 0 ? -1 : bulkcopy_end(b, e);
	if (b->straight)
		rc = rc == 0 ? went_straight(b, e) : turn_aside(b, e);
	else
		b->staged += (int64_t)b->n, b->skipped++;
	fault_point("bulk-chunk");
	b->n = 0;
	buf_reset(&b->text);
	buf_reset(&b->rows);
	buf_reset(&b->lines);
	return rc;
}

int bulkcopy_add(struct bulk *b, const struct product_row *row, int64_t line,
		 struct product_text raw, struct err *e)
{
	size_t from;

	if (b->n == 0)
		b->straight = goes_straight(b);
	if (b->n == 0 && b->turn == BULK_WRITES && start(b, e) != 0)
		return -1;
	if (b->straight && (line != b->next_line || b->n == 0)) {
		buf_addf(&b->rows, "%c%zu", b->n == 0 ? '{' : ',', b->n);
		buf_addf(&b->lines, "%c%lld", b->n == 0 ? '{' : ',', (long long)line);
	}
	b->next_line = line + 1;
	from = add_row(b, row, line, raw);
	b->n++;
	b->counts.added++;
	if (b->copying)
		db_copy_add(b->db, b->text.data + from, b->text.len - from);
	return b->n == CHUNK_ROWS || b->text.len >= CHUNK_BYTES ? bulkcopy_flush(b, e) : 0;
}
