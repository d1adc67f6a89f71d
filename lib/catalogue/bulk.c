/* SPDX-License-Identifier: MIT
 *
 * bulk: a chunk holds its rows as the text that COPY takes for `incoming`; the
 * end of each is a row of `products`:
 *   - the transaction begins when the first chunk is full, or the file at its end,
 *     so that nobody waits for input that does not come
 *   - the next ones are sent row by row, straight into products if they may go
 *     there, and kept, so that they can be sent again to be put aside
 *   - after a chunk that did not go straight in, the next ones are put aside
 *     at once, 1, 2, 4 … 64 of them: so a file of known SKUs is not sent twice,
 *     and one of new SKUs soon returns to the fast path
 *   - merging is repeated from its savepoint if another transaction created or
 *     deleted one of its products after they were compared
 */
#include "catalogue/bulk.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/xalloc.h"
#include "sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHUNK_ROWS = 10000, CHUNK_BYTES = 4 << 20, MOST_SKIPPED = 64, TRIES = 5, FLAGS = 6,
      BEFORE = 7 /* fields of incoming before those of products */,
      LISTED = 10000 };

struct bulk {
	struct db *db;
	struct bulk_options opt;
	struct buf text;          /* the chunk as COPY incoming takes it */
	size_t n;                 /* its rows */
	struct buf rows, lines;   /* of a chunk: where its lines are not consecutive, as arrays */
	int64_t next_line;        /* the one that would be */
	bool copying, straight;   /* its COPY is open; it goes into products */
	enum bulk_turn turn;
	int64_t import;           /* as it is kept */
	int parts;
	int skip, skipped;        /* chunks to put aside untried, and of those so far */
	int64_t first_id;
	int64_t last_id;          /* what is inserted from here on has a higher one */
	bool flags[FLAGS];        /* which columns the file has */
	char *details;            /* and which details, or NULL */
	int64_t staged, direct;
	int64_t refused;          /* of those staged */
	struct bulk_counts counts; /* of what has these options */
	struct bulk_counts before; /* of what has others */
	struct missing missing;
	bool ended;
};

static const struct db_query savepoint = {"savepoint", "savepoint part", 0, true};
static const struct db_query release = {"release", "release savepoint part", 0, true};
/* The planner knows nothing of what this transaction has written. */
static const struct db_query hash_joins = {
	"hash-joins", "set local enable_nestloop to off", 0, true};
static const struct db_query go_back = {"go-back", "rollback to savepoint part", 0, true};

static int last_product(struct bulk *b, int64_t *id, struct err *e)
{
	struct db_rows *rows;

	if (db_exec(b->db, &SQL_READ_LAST_PRODUCT, NULL, &rows, e) != 0)
		return -1;
	*id = db_int(rows, 0, 0);
	db_rows_free(rows);
	return 0;
}

static int create_tables(struct bulk *b, struct err *e)
{
	static const struct db_query *const steps[] = {&SQL_CREATE_INCOMING, &SQL_CREATE_CHANGE,
						       &SQL_CREATE_STRAIGHT};

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (db_exec(b->db, steps[i], NULL, NULL, e) != 0)
			return -1;
	if (last_product(b, &b->first_id, e) != 0)
		return -1;
	b->last_id = b->first_id;
	return 0;
}

static int keep(struct bulk *b, struct err *e)
{
	const struct db_param p[] = {db_param_text(b->opt.task_id), db_param_int(b->first_id)};
	struct db_rows *rows;

	if (db_exec(b->db, &SQL_INSERT_IMPORT, p, &rows, e) != 0)
		return -1;
	b->import = db_int(rows, 0, 0);
	b->parts = 1;
	db_rows_free(rows);
	return 0;
}

/* Begins the transaction, and waits its turn. */
static int set_up(struct bulk *b, struct err *e)
{
	static const struct db_query *const steps[] = {&QUERY_BEGIN, &SQL_SET_IMPORT,
						       &SQL_LOCK_IMPORT};

	if (b->turn == BULK_WRITES)
		return 0;
	b->turn = BULK_WAITS;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (db_exec(b->db, steps[i], NULL, NULL, e) != 0)
			return -1;
	b->turn = BULK_WRITES;
	return create_tables(b, e) == 0 ? keep(b, e) : -1;
}

int64_t bulk_import(const struct bulk *b)
{
	return b->import;
}

enum bulk_turn bulk_turn(const struct bulk *b)
{
	return b->turn;
}

static void set_options(struct bulk *b, const struct bulk_options *o)
{
	static const enum product_column columns[] = {PRODUCT_DESCRIPTION, PRODUCT_CATEGORY,
						      PRODUCT_PRICE, PRODUCT_ACTIVE,
						      PRODUCT_REORDER_LEVEL};

	b->opt = *o;
	b->opt.stock &= o->has[PRODUCT_QUANTITY];
	for (size_t i = 0; i < FLAGS - 1; i++)
		b->flags[i] = o->has[columns[i]];
	b->flags[FLAGS - 1] = b->opt.stock;
	free(b->details);
	b->details = xalloc_strdup(o->details);
}

struct bulk *bulk_new(struct db *db, const struct bulk_options *o)
{
	struct bulk *b = xalloc_zero(1, sizeof *b);
	struct timespec now;

	b->db = db;
	missing_init(&b->missing);
	set_options(b, o);
	clock_gettime(CLOCK_REALTIME, &now);
	srandom((unsigned)now.tv_nsec);
	return b;
}

/* --- rows as the text of COPY --- */

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
	if (b->straight && db_exec(b->db, &savepoint, NULL, NULL, e) != 0)
		return -1;
	if (db_copy(b->db, copy_of(b, b->straight), e) != 0)
		return -1;
	b->copying = true;
	return 0;
}

static int end_copy(struct bulk *b, struct err *e)
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
	if (db_exec(b->db, &release, NULL, NULL, e) != 0 || last_product(b, &b->last_id, e) != 0)
		return -1;
	return keep_lines(b, after_id, e);
}

/* A chunk with a SKU that is taken: all of it is put aside. */
static int turn_aside(struct bulk *b, struct err *e)
{
	if (strcmp(e->sqlstate, "23505") != 0 || db_exec(b->db, &go_back, NULL, NULL, e) != 0 ||
	    db_exec(b->db, &release, NULL, NULL, e) != 0)
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

	if (set_up(b, e) != 0 || start(b, e) != 0)
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

static int flush(struct bulk *b, struct err *e)
{
	int rc;

	if (b->n == 0)
		return 0;
	rc = !b->copying && send_first(b, e) != 0 ? -1 : end_copy(b, e);
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

int bulk_add(struct bulk *b, const struct product_row *row, int64_t line, struct product_text raw,
	     struct err *e)
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
	return b->n == CHUNK_ROWS || b->text.len >= CHUNK_BYTES ? flush(b, e) : 0;
}

/* --- merging --- */

static void bind_flags(const struct bulk *b, struct db_param p[FLAGS])
{
	for (int i = 0; i < FLAGS; i++)
		p[i] = db_param_bool(b->flags[i]);
}

static int run(struct bulk *b, const struct db_query *q, const struct db_param *p, int64_t *changed,
	       struct err *e)
{
	struct db_rows *rows;

	if (db_exec(b->db, q, p, &rows, e) != 0)
		return -1;
	if (changed)
		*changed = db_changed(rows);
	db_rows_free(rows);
	return 0;
}

/* True if no row makes a product; else those without a name do not. */
static bool makes_none(const struct bulk *b)
{
	return b->opt.mode == BULK_UPDATE_ONLY;
}

static int take_counts(struct bulk *b, int64_t *to_update, struct err *e)
{
	enum { SUPERSEDED, CREATED, CHANGED, TO_UPDATE, UNKNOWN, KNOWN };
	const struct db_param p[] = {db_param_bool(makes_none(b)),
				     db_param_bool(b->opt.mode == BULK_CREATE_ONLY)};
	struct bulk_counts *n = &b->counts;
	struct db_rows *rows;

	if (db_exec(b->db, &SQL_COUNT_CHANGE, p, &rows, e) != 0)
		return -1;
	n->superseded = db_int(rows, 0, SUPERSEDED);
	n->created = db_int(rows, 0, CREATED);
	n->updated = db_int(rows, 0, CHANGED);
	n->unknown = db_int(rows, 0, UNKNOWN);
	n->known = db_int(rows, 0, KNOWN);
	n->unchanged = b->staged - b->refused - n->superseded - n->created - n->updated -
		       n->unknown - n->known;
	*to_update = db_int(rows, 0, TO_UPDATE);
	db_rows_free(rows);
	return n->known > 0 ? run(b, &SQL_DROP_KNOWN, NULL, NULL, e) : 0;
}

/* One statement has both to say of a product's stock: what it is, and what is low. */
/* What quantities do to products that sold meanwhile, before they do it. */
static int look_at_stock(struct bulk *b, struct err *e)
{
	enum { PRODUCTS, UNITS, SHORT };
	const struct db_param p[] = {db_param_bool(b->opt.sums),
				     db_param_bool(b->opt.mode == BULK_CREATE_ONLY)};
	struct db_rows *rows;

	if (db_exec(b->db, &SQL_COUNT_SOLD, p, &rows, e) != 0)
		return -1;
	b->counts.put_back = db_int(rows, 0, PRODUCTS);
	b->counts.back_units = db_int(rows, 0, UNITS);
	b->counts.short_of = db_int(rows, 0, SHORT);
	db_rows_free(rows);
	return 0;
}

static int set_stock(struct bulk *b, struct err *e)
{
	const struct db_param only = db_param_bool(b->opt.mode == BULK_CREATE_ONLY);
	const struct db_param made[] = {only, db_param_int(b->first_id)};
	const struct db_param p[] = {db_param_text(b->opt.threshold), db_param_text(b->opt.actor),
				     db_param_bool(b->opt.sums), only, db_param_int(b->first_id),
				     db_param_int(b->import), db_param_int(b->parts)};

	if (b->opt.stock && look_at_stock(b, e) != 0)
		return -1;
	if (b->opt.stock)
		return run(b, &SQL_INSERT_MISSING_STOCK, made, NULL, e) == 0
			       ? run(b, &SQL_SET_INCOMING_STOCK, p, NULL, e) : -1;
	return b->flags[FLAGS - 2] ? run(b, &SQL_LEVEL_CHANGED, p, NULL, e) : 0;
}

/* Writes what differs, also where somebody else has written meanwhile. */
static int update(struct bulk *b, const struct db_param *p, int64_t want, struct err *e)
{
	struct db_param columns[FLAGS + 3];
	const struct db_param which[] = {db_param_int(b->import), db_param_int(b->parts),
					 db_param_text(b->details)};
	int64_t done = 0, late = 0;

	if (want == 0)
		return 0;
	memcpy(columns, p, FLAGS * sizeof *columns);
	columns[FLAGS - 1] = db_param_bool(b->opt.has[PRODUCT_NAME]);
	columns[FLAGS] = db_param_text(b->details);
	columns[FLAGS + 1] = which[0];
	columns[FLAGS + 2] = which[1];
	if (run(b, &SQL_INSERT_CHANGES, columns, NULL, e) != 0 ||
	    run(b, &SQL_UPDATE_CHANGED, columns, &done, e) != 0)
		return -1;
	/* Those that are found are locked, so one more time is enough. */
	if (done < want && (run(b, &SQL_REFRESH_CHANGE, which, NULL, e) != 0 ||
			    run(b, &SQL_DELETE_LATE_CHANGES, which, NULL, e) != 0 ||
			    run(b, &SQL_INSERT_CHANGES, columns, NULL, e) != 0 ||
			    run(b, &SQL_UPDATE_CHANGED, columns, &late, e) != 0))
		return -1;
	if (done + late == want)
		return 0;
	return err_set(e, ERR_AGAIN, "products were deleted while they were imported; try again");
}

/* Follows the ids of rows to products that have another SKU. */
static int match(struct bulk *b, struct err *e)
{
	const struct db_param sure = db_param_bool(b->opt.sure_ids);
	struct db_rows *rows;
	int64_t followed;

	b->refused = 0;
	if (!b->opt.has[PRODUCT_ID] || (!b->opt.sure_ids && !b->opt.has[PRODUCT_NAME]))
		return 0;
	if (run(b, &SQL_CREATE_REFUSED, NULL, NULL, e) != 0 ||
	    db_exec(b->db, &SQL_MATCH_INCOMING, &sure, &rows, e) != 0)
		return -1;
	b->refused = db_int(rows, 0, 0);
	followed = db_int(rows, 0, 1);
	db_rows_free(rows);
	return followed > 0 ? run(b, &SQL_FOLLOW_INCOMING, NULL, NULL, e) : 0;
}

static int merge_once(struct bulk *b, struct err *e)
{
	int64_t to_update, inserted = 0;
	struct db_param p[FLAGS + 4];

	bind_flags(b, p);
	p[FLAGS] = db_param_int(b->first_id);
	p[FLAGS + 1] = db_param_bool(b->opt.sums);
	p[FLAGS + 2] = db_param_bool(b->opt.has[PRODUCT_NAME]);
	p[FLAGS + 3] = db_param_text(b->details);
	if (match(b, e) != 0 ||
	    (b->opt.described && run(b, &SQL_NAME_INCOMING, NULL, NULL, e) != 0))
		return -1;
	if (run(b, &SQL_CLASSIFY_INCOMING, p, NULL, e) != 0 || take_counts(b, &to_update, e) != 0)
		return -1;
	if (update(b, p, to_update, e) != 0)
		return -1;
	if (b->counts.created && run(b, &SQL_INSERT_NEW, NULL, &inserted, e) != 0)
		return -1;
	if (inserted != b->counts.created)
		return err_set(e, ERR_AGAIN,
			       "new products were made while they were imported; try again");
	b->counts.created += b->direct;
	return set_stock(b, e);
}

/* Merges what was put aside. */
static int merge(struct bulk *b, struct err *e)
{
	int rc;

	for (int tries = 1; ; tries++) {
		if (db_exec(b->db, &savepoint, NULL, NULL, e) != 0)
			return -1;
		*e = (struct err){0};
		rc = merge_once(b, e);
		if (rc == 0 || e->code != ERR_AGAIN || tries == TRIES)
			return rc;
		if (db_exec(b->db, &go_back, NULL, NULL, e) != 0 ||
		    db_exec(b->db, &release, NULL, NULL, e) != 0)
			return -1;
	}
}

int bulk_merge(struct bulk *b, struct err *e)
{
	const struct db_param first = db_param_int(b->first_id);
	struct db_param part[2];

	if (flush(b, e) != 0 || set_up(b, e) != 0)
		return -1;
	b->counts.created = b->direct;
	if (b->staged > 0 && merge(b, e) != 0)
		return -1;
	if (b->counts.created && run(b, &SQL_TELL_CREATED, &first, NULL, e) != 0)
		return -1;
	part[0] = db_param_int(b->import);
	part[1] = db_param_int(b->parts);
	return b->counts.updated ? run(b, &SQL_TELL_UPDATED, part, NULL, e) : 0;
}

int bulk_superseded(struct bulk *b, void (*tell)(void *ctx, long line, long by), void *ctx,
		    struct err *e)
{
	const struct db_param apart = db_param_bool(makes_none(b));
	struct db_rows *rows;
	int64_t last = 0;
	int n;

	if (b->counts.superseded == 0)
		return 0;
	if (run(b, &SQL_CREATE_SUPERSEDED, NULL, NULL, e) != 0 ||
	    run(b, &SQL_INSERT_SUPERSEDED, &apart, NULL, e) != 0)
		return -1;
	do {
		const struct db_param p[] = {db_param_int(last), db_param_int(LISTED)};

		if (db_exec(b->db, &SQL_LIST_SUPERSEDED, p, &rows, e) != 0)
			return -1;
		n = db_count(rows);
		for (int i = 0; i < n; i++) {
			last = db_int(rows, i, 0);
			tell(ctx, (long)last, (long)db_int(rows, i, 1));
		}
		db_rows_free(rows);
	} while (n == LISTED);
	return 0;
}

int bulk_unknown(struct bulk *b,
		 int (*tell)(void *ctx, long line, const char *raw, size_t n, struct err *e),
		 void *ctx, struct err *e)
{
	struct db_rows *rows;
	int64_t last = 0;
	int n = b->counts.unknown > 0 ? LISTED : 0, rc = 0;

	while (rc == 0 && n > 0) {
		const struct db_param p[] = {db_param_int(last), db_param_int(LISTED / 10),
					     db_param_bool(makes_none(b))};

		if (db_exec(b->db, &SQL_LIST_UNKNOWN, p, &rows, e) != 0)
			return -1;
		n = db_count(rows);
		for (int i = 0; i < n && rc == 0; i++) {
			last = db_int(rows, i, 0);
			rc = tell(ctx, (long)last, db_text(rows, i, 1),
				  (size_t)db_length(rows, i, 1), e);
		}
		db_rows_free(rows);
	}
	return rc;
}

int bulk_refused(struct bulk *b, int (*tell)(void *ctx, long line, const char *raw, size_t n,
					     const char *old, struct err *e),
		 void *ctx, struct err *e)
{
	struct db_rows *rows;
	int64_t last = 0;
	int n = b->refused > 0 ? LISTED : 0, rc = 0;

	while (rc == 0 && n > 0) {
		const struct db_param p[] = {db_param_int(last), db_param_int(LISTED / 10)};

		if (db_exec(b->db, &SQL_LIST_REFUSED, p, &rows, e) != 0)
			return -1;
		n = db_count(rows);
		for (int i = 0; i < n && rc == 0; i++) {
			last = db_int(rows, i, 0);
			rc = tell(ctx, (long)last, db_text(rows, i, 1),
				  (size_t)db_length(rows, i, 1), db_text(rows, i, 2), e);
		}
		db_rows_free(rows);
	}
	return rc;
}

struct bulk_counts bulk_counts(const struct bulk *b)
{
	struct bulk_counts n = b->before;

	n.added += b->counts.added;
	n.created += b->counts.created;
	n.updated += b->counts.updated;
	n.unchanged += b->counts.unchanged;
	n.superseded += b->counts.superseded;
	n.unknown += b->counts.unknown;
	n.known += b->counts.known;
	n.put_back += b->counts.put_back;
	n.back_units += b->counts.back_units;
	n.short_of += b->counts.short_of;
	n.missing += b->counts.missing;
	return n;
}

int bulk_seen(struct bulk *b, struct product_text sku, struct err *e)
{
	if (!missing_seen(&b->missing, sku))
		return 0;
	return set_up(b, e) == 0 ? missing_flush(&b->missing, b->db, e) : -1;
}

int bulk_miss(struct bulk *b, enum missing_how how, int64_t most_share, struct err *e)
{
	const struct missing_options o = {how, most_share, b->first_id, b->import, b->parts,
					  b->opt.actor};

	if (run(b, &hash_joins, NULL, NULL, e) != 0)
		return -1;
	return missing_apply(&b->missing, b->db, &o, &b->counts.missing, e);
}

/* True if products that were there are not as they were. */
static bool changed(const struct bulk *b)
{
	struct bulk_counts n = bulk_counts(b);

	return n.updated + n.missing > 0;
}

int bulk_continue(struct bulk *b, const struct bulk_options *o, struct err *e)
{
	b->before = bulk_counts(b);
	b->parts++;
	b->counts = (struct bulk_counts){0};
	b->staged = b->direct = b->refused = 0;
	b->skip = b->skipped = 0;
	set_options(b, o);
	if (b->opt.whole && missing_keep_merged(&b->missing, b->db, e) != 0)
		return -1;
	return run(b, &SQL_DROP_MERGED, NULL, NULL, e) == 0 ? create_tables(b, e) : -1;
}

int bulk_changes(struct bulk *b, struct bulk_changes *out, struct err *e)
{
	const struct db_param p = db_param_int(b->import);
	/* As count-changes has them. */
	static const enum product_column columns[] = {PRODUCT_SKU, PRODUCT_NAME,
		PRODUCT_DESCRIPTION, PRODUCT_CATEGORY, PRODUCT_PRICE, PRODUCT_ACTIVE,
		PRODUCT_REORDER_LEVEL, PRODUCT_QUANTITY};
	enum { N = sizeof columns / sizeof *columns };
	struct db_rows *rows;

	*out = (struct bulk_changes){0};
	if (!changed(b))
		return 0;
	if (db_exec(b->db, &SQL_COUNT_CHANGES, &p, &rows, e) != 0)
		return -1;
	for (int i = 0; i < N; i++)
		out->columns[columns[i]] = db_int(rows, 0, i);
	out->details = db_int(rows, 0, N);
	out->up = db_int(rows, 0, N + 1);
	out->down = db_int(rows, 0, N + 2);
	db_rows_free(rows);
	return 0;
}

int bulk_tell(struct bulk *b, int most, void (*tell)(void *ctx, const char *change), void *ctx,
	      struct err *e)
{
	const struct db_param p[] = {db_param_int(b->import), db_param_bool(most > 0),
				     most > 0 ? db_param_int(most) : db_param_text(NULL)};
	struct db_rows *rows;
	int64_t last = 0;
	int n;

	if (!changed(b))
		return 0;
	if (run(b, &SQL_CREATE_TOLD, NULL, NULL, e) != 0 ||
	    (most == 0 && run(b, &hash_joins, NULL, NULL, e) != 0) ||
	    run(b, &SQL_INSERT_TOLD, p, NULL, e) != 0)
		return -1;
	do {
		const struct db_param next[] = {db_param_int(last), db_param_int(LISTED / 10)};

		if (db_exec(b->db, &SQL_LIST_TOLD, next, &rows, e) != 0)
			return -1;
		n = db_count(rows);
		for (int i = 0; i < n; i++)
			tell(ctx, db_text(rows, i, 1));
		if (n > 0)
			last = db_int(rows, n - 1, 0);
		db_rows_free(rows);
	} while (n == LISTED / 10);
	return 0;
}

int bulk_end(struct bulk *b, struct err *e)
{
	struct bulk_counts n = bulk_counts(b);
	const struct db_param p[] = {db_param_int(b->import), db_param_int(n.created),
				     db_param_int(n.updated + n.missing), db_param_int(b->parts)};
	struct db_rows *rows;

	if (db_exec(b->db, &SQL_END_IMPORT, p, &rows, e) != 0)
		return -1;
	if (db_count(rows) == 0)
		b->import = 0;
	db_rows_free(rows);
	return 0;
}

int bulk_commit(struct bulk *b, struct err *e)
{
	fault_point("bulk-commit");
	b->ended = true;
	return db_exec(b->db, &QUERY_COMMIT, NULL, NULL, e);
}

void bulk_free(struct bulk *b)
{
	if (b == NULL)
		return;
	if (b->copying && end_copy(b, NULL) != 0)
		b->straight = false; /* it is rolled back in any case */
	if (!b->ended)
		db_rollback(b->db);
	missing_release(&b->missing);
	free(b->details);
	buf_release(&b->text);
	buf_release(&b->rows);
	buf_release(&b->lines);
	free(b);
}
