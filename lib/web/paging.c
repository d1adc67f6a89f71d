/* SPDX-License-Identifier: MIT
 *
 * paging: a cursor is three numbers in hex: the id to go on below, a digest of
 * the path and the filters, and the total with a bit for "at least".
 */
#include "web/paging.h"

#include "base/record.h"
#include "base/sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CURSOR = 48, FIELD = 16 };

const struct param paging_page = {"page", PARAM_INT, NULL, 1, 100000000};
const struct param paging_size = {"page_size", PARAM_INT, NULL, 1, 200};
const struct param paging_cursor = {"cursor", PARAM_TEXT, NULL, 0, 64};

const char *paging_sort(struct cgi *c, const struct param *sort)
{
	const char *s = sort ? cgi_text(c, sort) : NULL;

	return s && *s && strcmp(s, "-id") != 0 ? s : NULL;
}

/* A digest of what is listed, in hex; says whether anything is left out. */
static bool digest(struct cgi *c, const struct paging *p, char hex[FIELD + 1])
{
	unsigned char sum[SIGN_BYTES];
	struct buf b = BUF_INIT;
	bool filtered = false;

	buf_addstr(&b, cgi_path(c));
	for (const struct param *const *list = cgi_params(c); *list; list++) {
		const struct param *q = *list;
		const char *value = cgi_text(c, q);

		if (q == &paging_page || q == &paging_size || q == &paging_cursor)
			continue;
		if (value == NULL || *value == '\0' || (q == p->sort_param && p->sort == NULL))
			continue;
		filtered = filtered || q != p->sort_param;
		buf_addf(&b, "%c%s%c%s", '\0', q->name, '\0', value);
	}
	sign_digest(b.data, b.len, sum);
	sign_hex(sum, FIELD / 2, hex);
	buf_release(&b);
	return filtered;
}

static int64_t hex_field(const char *s)
{
	char field[FIELD + 1];

	snprintf(field, sizeof field, "%.*s", FIELD, s);
	return (int64_t)strtoull(field, NULL, 16);
}

static int read_cursor(struct cgi *c, struct paging *p, const char *s, const char *want,
		       struct err *e)
{
	if (cgi_text(c, &paging_page))
		return cgi_invalid(c, "parameter", "cursor", "does not go with page", e);
	if (strlen(s) != CURSOR || strspn(s, "0123456789abcdef") != CURSOR)
		return cgi_invalid(c, "parameter", "cursor", "is not valid", e);
	if (memcmp(s + FIELD, want, FIELD) != 0)
		return cgi_invalid(c, "parameter", "cursor",
				   "is of a list with other filters or another order", e);
	p->number = p->skip = 0;
	p->below = hex_field(s);
	p->total = (int64_t)((uint64_t)hex_field(s + 2 * FIELD) >> 1);
	p->capped = hex_field(s + 2 * FIELD) & 1;
	p->most = p->size + 1;
	return 0;
}

int paging_read(struct cgi *c, const struct param *sort, struct paging *p, struct err *e)
{
	const char *cursor = cgi_text(c, &paging_cursor);
	char want[FIELD + 1];
	bool by_id;

	*p = (struct paging){.sort_param = sort, .sort = paging_sort(c, sort)};
	by_id = p->sort == NULL || strcmp(p->sort, "id") == 0;
	p->below = p->sort ? 0 : INT64_MAX;
	p->filtered = digest(c, p, want);
	if (p->filtered && !by_id)
		return cgi_invalid(c, "parameter", "sort", "goes with filters by id only", e);
	p->number = cgi_int(c, &paging_page, 1);
	p->size = cgi_int(c, &paging_size, 50);
	p->skip = (p->number - 1) * p->size;
	p->most = p->filtered ? PAGING_COUNTED + 1 : p->size + 1;
	if (cursor && *cursor)
		return read_cursor(c, p, cursor, want, e);
	if ((p->filtered || !by_id) && p->skip + p->size > PAGING_COUNTED)
		return cgi_invalid(c, "parameter", "page", p->filtered
				 ? "reaches beyond the 10,000 rows that filters count; use cursor"
				 : "reaches beyond the first 10,000 rows of this order; use cursor",
				 e);
	return 0;
}

void paging_cap(struct paging *p)
{
	p->filtered = true;
	if (p->number)
		p->most = PAGING_COUNTED + 1;
}

void paging_bind(struct paging *p, struct db_param binds[PAGING_BINDS])
{
	const int64_t values[PAGING_BINDS] = {p->below, p->skip, p->size, p->most};

	for (int i = 0; i < PAGING_BINDS; i++)
		binds[i] = db_param_int(values[i]);
}

int paging_all(struct paging *p, struct tally *t, struct db *db, const struct db_query *count,
	     const struct db_query *q, struct db_rows **found, struct err *e)
{
	struct db_param binds[PAGING_BINDS + 1];

	if (tally_count(t, db, count, &p->total, NULL, e) != 0)
		return -1;
	paging_bind(p, binds);
	binds[PAGING_BINDS] = db_param_int(p->total);
	return db_exec(db, q, binds, found, e);
}

/* --- the answer --- */

/* The last number of "{7,5,3}". */
static int64_t last_id(const char *ids)
{
	const char *comma = strrchr(ids, ',');

	return strtoll(comma ? comma + 1 : ids + 1, NULL, 10);
}

/* The id to go on below, 0 at the end. */
static int64_t next_below(const struct paging *p, const struct db_rows *found)
{
	enum { IDS, MATCHED, RESUME };
	int64_t upto = p->filtered || p->number == 0 ? db_int(found, 0, MATCHED) : p->total;

	if (upto > p->skip + p->size && strlen(db_text(found, 0, IDS)) > 2)
		return last_id(db_text(found, 0, IDS));
	return db_int(found, 0, RESUME);
}

static void put_cursor(struct cgi *c, const struct paging *p, int64_t below)
{
	char filters[FIELD + 1], cursor[3 * FIELD + 1];

	digest(c, p, filters);
	snprintf(cursor, sizeof cursor, "%016llx%s%016llx", (long long)below, filters,
		 (long long)(p->total * 2 + p->capped));
	record_text(cgi_out(c), "next_cursor", cursor);
}

static void put_page(struct cgi *c, struct paging *p, const char *name, const struct db_rows *rows,
		     const struct db_rows *found)
{
	int64_t below = next_below(p, found);
	struct buf *b = cgi_out(c);

	if (p->filtered && p->number) {
		p->total = db_int(found, 0, 1);
		p->capped = p->total > PAGING_COUNTED || !db_is_null(found, 0, 2);
		p->total = p->total > PAGING_COUNTED ? PAGING_COUNTED : p->total;
	}
	record_open(b, NULL, '{');
	record_open(b, name, '[');
	for (int i = 0; i < db_count(rows); i++) {
		buf_addstr(b, i ? ",\n" : "\n");
		buf_add(b, db_text(rows, i, 0), (size_t)db_length(rows, i, 0));
	}
	buf_addstr(b, "],\n");
	record_int(b, "total", p->total);
	record_bool(b, "total_capped", p->capped);
	record_id(b, "page", p->number);
	record_int(b, "page_size", p->size);
	record_int(b, "total_pages", (p->total + p->size - 1) / p->size);
	if (below)
		put_cursor(c, p, below);
	else
		record_null(b, "next_cursor");
	record_end(b);
}

int paging_put(struct cgi *c, struct paging *p, const char *name, struct db *db,
	     const struct db_query *read, struct db_param *binds, const struct db_rows *found,
	     struct err *e)
{
	struct db_rows *rows;

	binds[0] = db_param_text(db_text(found, 0, 0));
	if (db_exec(db, read, binds, &rows, e) != 0)
		return -1;
	put_page(c, p, name, rows, found);
	db_rows_free(rows);
	return 0;
}
