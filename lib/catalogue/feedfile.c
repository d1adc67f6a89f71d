/* SPDX-License-Identifier: MIT
 *
 * feedfile: one row of feeds, read before the file and written with its import.
 */
#include "catalogue/feedfile.h"

#include "base/record.h"
#include "sql.h"

#include <stdio.h>

enum { MILLION = 1000000, USUAL_SHARE = MILLION / 5 };

static const unsigned of_stock = 1u << PRODUCT_QUANTITY | 1u << PRODUCT_QUANTITY_WAS |
				 1u << PRODUCT_COUNTED_AT;

static void add_mark(struct buf *json, const char *name, char mark)
{
	if (mark)
		record_text_of(json, name, &mark, 1);
}

static void add_text(struct buf *json, const char *name, const char *value)
{
	if (value)
		record_text(json, name, value);
}

/* The options that say how a file is read, as options_read takes them; nothing if there are
 * none of them. */
static void add_reading(struct buf *json, const struct csvtable_options *o)
{
	char line[24];

	if (!o->like && !o->location && !o->names && !o->encoding && !o->decimal &&
	    !o->delimiter && !o->header_line && !o->spreadsheet && !o->no_details && o->nmaps == 0)
		return;
	record_open(json, NULL, '{');
	add_text(json, "like", o->like);
	add_text(json, "location", o->location);
	add_text(json, "columns", o->names);
	add_text(json, "encoding", o->encoding);
	add_mark(json, "decimal", o->decimal);
	add_mark(json, "delimiter", o->delimiter);
	if (o->header_line > 0) {
		snprintf(line, sizeof line, "%ld", o->header_line);
		record_text(json, "header_line", line);
	}
	if (o->spreadsheet)
		record_bool(json, "spreadsheet", true);
	if (o->no_details)
		record_bool(json, "no_details", true);
	if (o->nmaps > 0)
		record_open(json, "map", '[');
	for (size_t i = 0; i < o->nmaps; i++)
		record_text(json, NULL, o->maps[i]);
	if (o->nmaps > 0)
		record_close(json, ']');
	record_close(json, '}');
}

/* Takes how it was read the last time. */
static int take_kept(struct feedfile *f, const char *reading, struct import_options *o,
		     struct err *e)
{
	struct csvtable_options own = o->csv;

	if (options_read(&f->kept, reading, "yes", e) != 0)
		return -1;
	o->csv = f->kept.opt.csv;
	o->csv.ignore = own.ignore;
	o->csv.update_only = own.update_only;
	return 0;
}

int feedfile_begin(struct feedfile *f, struct db *db, const char *name, struct import_options *o,
	       struct err *e)
{
	const struct db_param p = db_param_text(name);
	struct db_rows *rows;
	int rc = 0;

	*f = (struct feedfile){.name = name, .most_share = o->most_shrink};
	if (f->most_share < 0)
		f->most_share = USUAL_SHARE;
	if (o->missing == MISSING_KEEP)
		o->most_shrink = -1;
	if (o->least_rows == 0)
		o->least_rows = 1;
	add_reading(&f->reading, &o->csv);
	if (db_exec(db, &SQL_READ_FEEDFILE, &p, &rows, e) != 0)
		return -1;
	f->known = db_count(rows) > 0;
	if (f->known) {
		f->last_rows = db_int(rows, 0, 0);
		f->last_columns = (unsigned)db_int(rows, 0, 1);
	}
	if (f->known && f->reading.len == 0)
		rc = take_kept(f, db_text(rows, 0, 2), o, e);
	db_rows_free(rows);
	return rc;
}

void feedfile_release(struct feedfile *f)
{
	options_release(&f->kept);
	buf_release(&f->reading);
	*f = (struct feedfile){0};
}

int feedfile_check(struct feedfile *f, int64_t rows, unsigned columns, bool stock, struct err *e)
{
	int64_t least = f->last_rows - f->last_rows * f->most_share / MILLION;
	unsigned lost;

	f->rows = rows;
	f->columns = columns | (stock ? 0 : f->last_columns & of_stock);
	lost = f->last_columns & ~f->columns;
	if (!f->known || f->most_share >= MILLION)
		return 0;
	if (rows < least)
		return err_set(e, ERR_DATA, "feed_shrank: \"%.80s\" had %lld rows the last time, "
			       "and has %lld now; %lld are the least, so nothing was imported: "
			       "the file may be cut, or raise max-shrink", f->name,
			       (long long)f->last_rows, (long long)rows, (long long)least);
	for (int i = 0; i < PRODUCT_COLUMNS; i++)
		if (lost & 1u << i)
			return err_set(e, ERR_DATA, "feed_columns: \"%.80s\" had a column %s the "
				       "last time, and has none now, so nothing was imported: map "
				       "it, or set max-shrink to 100", f->name,
				       product_column_name((enum product_column)i));
	return 0;
}

int feedfile_save(const struct feedfile *f, struct db *db, struct err *e)
{
	const struct db_param p[] = {
		db_param_text(f->name), db_param_int(f->rows), db_param_int((int64_t)f->columns),
		db_param_text(f->reading.len > 0 ? f->reading.data : NULL)};

	return db_exec(db, &SQL_SAVE_FEEDFILE, p, NULL, e);
}

int feedfile_refuse(const char *name, struct db *db, const struct err *why, struct err *e)
{
	const struct db_param p[] = {db_param_text(name), db_param_text(why->msg)};

	return why->code != ERR_DATA || !db_alive(db) ? 0
	       : db_exec(db, &SQL_REFUSE_FEEDFILE, p, NULL, e);
}
