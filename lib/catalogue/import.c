/* SPDX-License-Identifier: MIT
 *
 * import: the catalogue reads, bulk writes, and this counts. The transaction
 * begins with the first row, when the header has told which columns there are.
 */
#include "catalogue/import.h"

#include "base/clock.h"
#include "base/record.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "catalogue/bulktell.h"
#include "catalogue/csvhead.h"
#include "sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TICK_MS = 250, MILLION = 1000000, WORTH_ANALYZING = 10000 };

struct import {
	struct db *db;
	const struct import_options *opt;
	const struct import_ops *ops;
	void *ctx;
	struct csvtable_options csv;
	struct csvfile *catalog;
	struct bulk *bulk; /* NULL until the first row */
	struct bulktell_changes changed;
	struct buf changes; /* the first ones, as JSON with commas between */
	bool parted;       /* another header followed what is merged already */
	struct buf back;   /* of a rejected row, as it is given back */
	struct notices warnings, rejects;
	const char *phase;
	int64_t rejected, bytes, started;
	int64_t untold;    /* rejected rows whose SKU cannot be told */
	int given_back;    /* the header of the rejected rows, which of them; 0: none yet */
};

/* True if it asks which products the file does not have. */
static bool is_whole(const struct import_options *o)
{
	return o->missing != MISSING_KEEP || o->most_shrink >= 0;
}

static void warn(struct import *im, long line, const char *code, const char *text)
{
	bool first = notices_add(&im->warnings, line, code, text);

	if (im->ops->warn)
		im->ops->warn(im->ctx, line, code, text, first);
}

/* Begins, or continues after a header with other columns: what came before it is
 * merged first, as if the files came one after the other. */
static int begin(struct import *im, struct err *e)
{
	struct bulk_options o = {.active = im->opt->active, .stock = im->opt->stock,
				 .threshold = im->opt->threshold, .actor = im->opt->worker,
				 .sure_ids = csvfile_sure_ids(im->catalog),
				 .sums = csvfile_sums(im->catalog), .mode = im->opt->mode,
				 .details = csvfile_details(im->catalog),
				 .whole = is_whole(im->opt), .task_id = im->opt->task_id};
	unsigned columns = csvfile_columns(im->catalog);

	for (int i = 0; i < PRODUCT_COLUMNS; i++)
		o.has[i] = columns >> i & 1;
	o.described = csvhead_is_described(columns) && o.mode != BULK_UPDATE_ONLY;
	if (im->opt->stock && !o.has[PRODUCT_QUANTITY])
		warn(im, 0, "no_quantity", "the file has no column quantity, so no stock is set");
	im->parted = false;
	if (im->bulk)
		return bulk_continue(im->bulk, &o, e);
	im->bulk = bulk_new(im->db, &o);
	return 0;
}

static bool too_many(const struct import *im)
{
	return im->opt->most_errors >= 0 && im->rejected > im->opt->most_errors;
}

static int take_row(void *ctx, const struct product_row *row, long line, struct err *e)
{
	struct import *im = ctx;

	if (too_many(im))
		return 0;
	if ((im->bulk == NULL || im->parted) && begin(im, e) != 0)
		return -1;
	return bulk_add(im->bulk, row, line, csvfile_raw(im->catalog), e);
}

/* More than the options allow; -1 with the sentence. Not before the end, so
 * that all that has to be mended is told at once. */
static int check_limit(const struct import *im, struct err *e)
{
	int64_t read = (int64_t)csvfile_read(im->catalog);
	const struct import_options *o = im->opt;

	if (read < o->least_rows)
		return err_set(e, ERR_DATA, "too_few_rows: %lld were read, and %lld are the least "
			       "that are expected, so nothing was imported: the file may be cut",
			       (long long)read, (long long)o->least_rows);
	if (too_many(im))
		return err_set(e, ERR_DATA, "rejected rows: %lld, and %lld are allowed, so "
			       "nothing was imported",
			       (long long)im->rejected, (long long)o->most_errors);
	if (o->most_share >= 0 && im->rejected * MILLION > read * o->most_share)
		return err_set(e, ERR_DATA, "rejected rows: %lld of %lld, and %g %% are allowed, "
			       "so "
			       "nothing was imported", (long long)im->rejected, (long long)read,
			       (double)o->most_share / (MILLION / 100));
	return 0;
}

static int take_reject(void *ctx, const struct csvfile_reject *r, struct err *e)
{
	const struct product_fault *why = &r->faults->at[0].why;
	struct import *im = ctx;
	bool first;
	int rc = 0;

	if (im->ops->give_back) {
		buf_reset(&im->back);
		if (im->given_back != csvfile_headers(im->catalog))
			csvfile_add_header(im->catalog, &im->back);
		csvfile_add_reject(im->catalog, &im->back, r);
		im->given_back = csvfile_headers(im->catalog);
		rc = im->ops->give_back(im->ctx, im->back.data, im->back.len, e);
	}
	if (rc != 0 || !r->row->last)
		return rc;
	im->rejected++;
	first = notices_add(&im->rejects, r->row->line, why->code, why->detail);
	if (im->ops->reject)
		im->ops->reject(im->ctx, r, first);
	return 0;
}

static int take_other(void *ctx, const struct product_text *sku, struct err *e)
{
	struct import *im = ctx;

	im->untold += sku == NULL;
	if (sku == NULL || sku->n == 0)
		return 0;
	if (im->bulk == NULL && begin(im, e) != 0)
		return -1;
	return bulk_seen(im->bulk, *sku, e);
}

static void take_warning(void *ctx, long line, const char *code, const char *text)
{
	struct import *im = ctx;

	warn(im, line, code, text);
}

/* Rejects a row that was taken, by its record. */
static int reject_late(struct import *im, long line, const char *raw, size_t n,
		       struct csvproduct_faults *f, struct err *e)
{
	struct csvrow row = {.line = line, .last_line = line, .raw = {raw, n}, .first = true,
			     .last = true};
	const struct csvfile_reject r = {&row, f, NULL};

	for (size_t i = 0; i + 1 < n; i++)
		row.last_line += raw[i] == '\n' || (raw[i] == '\r' && raw[i + 1] != '\n');
	return take_reject(im, &r, e);
}

/* A row whose product is not known: passed over, or rejected for want of a name. */
static int take_unknown(void *ctx, long line, const char *raw, size_t n, struct err *e)
{
	struct csvproduct_faults f = {.n = 1, .at = {{.column = PRODUCT_NAME}}};
	struct import *im = ctx;

	if (im->opt->mode == BULK_UPDATE_ONLY) {
		warn(im, line, "unknown_sku", "no product has this SKU: passed over");
		return 0;
	}
	product_refuse(&f.at[0].why, "missing_name", "no product has this SKU, and a new one "
		       "needs a name");
	return reject_late(im, line, raw, n, &f, e);
}

/* A row whose id is that of a product that cannot have its SKU. */
static int take_refused(void *ctx, long line, const char *raw, size_t n, const char *old,
			struct err *e)
{
	const struct product_text sku = {old, strlen(old)};
	struct csvproduct_faults f = {.n = 1, .at = {{.column = PRODUCT_SKU}}};
	struct import *im = ctx;
	char room[60];

	product_refuse(&f.at[0].why, "sku_taken",
		       "its id is that of \"%s\", and another product has this SKU: give that one "
		       "another SKU first", utf8_show(room, sizeof room, sku.s, sku.n));
	if (is_whole(im->opt) && bulk_seen(im->bulk, sku, e) != 0)
		return -1;
	return reject_late(im, line, raw, n, &f, e);
}

static void tell_superseded(void *ctx, long line, long by)
{
	struct import *im = ctx;
	char text[80];
	bool first;

	if (by > 0)
		snprintf(text, sizeof text, "line %ld has the same sku", by);
	else
		snprintf(text, sizeof text, "a later line has the same sku");
	first = notices_add(&im->warnings, line, "superseded", text);
	if (im->ops->superseded)
		im->ops->superseded(im->ctx, line, by, first);
}

/* Merges what came below one header, and tells of it. */
static int merge(struct import *im, struct err *e)
{
	return bulk_merge(im->bulk, e) != 0 ||
	       bulktell_superseded(im->bulk, tell_superseded, im, e) != 0 ||
	       bulktell_unknown(im->bulk, take_unknown, im, e) != 0 ||
	       bulktell_refused(im->bulk, take_refused, im, e) != 0 ? -1 : 0;
}

/* Another header, with other columns. */
static int take_header(void *ctx, struct err *e)
{
	struct import *im = ctx;

	if (im->bulk == NULL || im->parted)
		return 0;
	im->parted = true;
	return merge(im, e);
}

int import_new(struct import **out, struct db *db, const struct import_options *o,
	       const struct import_ops *ops, void *ctx, struct err *e)
{
	static const struct csvfile_ops csvfile_ops = {take_row, take_reject, take_header,
						       take_warning};
	struct import *im = xalloc_zero(1, sizeof *im);

	*out = NULL;
	im->csv = o->csv;
	im->csv.update_only = o->mode == BULK_UPDATE_ONLY;
	im->csv.ignore = o->stock ? 0 : 1U << PRODUCT_QUANTITY | 1U << PRODUCT_QUANTITY_WAS |
					   1U << PRODUCT_COUNTED_AT;
	im->db = db;
	im->opt = o;
	im->ops = ops;
	im->ctx = ctx;
	im->phase = "parse";
	im->started = clock_ms();
	if (csvfile_new(&im->catalog, &im->csv, &csvfile_ops, im, e) != 0) {
		import_free(im);
		return -1;
	}
	if (is_whole(o))
		csvfile_tell_others(im->catalog, take_other);
	*out = im;
	db_watch(db, TICK_MS, ops->tick, ctx);
	return 0;
}

int import_feed(struct import *im, const char *bytes, size_t n, struct err *e)
{
	im->bytes += (int64_t)n;
	return csvfile_feed(im->catalog, bytes, n, e);
}

/* Before it is committed: quantities that forget what was sold. */
static void tell_of_stock(struct import *im)
{
	struct bulk_counts n = bulk_counts(im->bulk);
	char text[240];

	snprintf(text, sizeof text, "products whose quantity is what it was before they were sold: "
		 "%lld, which get %lld units back; an export with the stock of today keeps what is "
		 "sold meanwhile", (long long)n.put_back, (long long)n.back_units);
	if (n.put_back > 0)
		warn(im, 0, "stock_put_back", text);
	snprintf(text, sizeof text, "products that have less than the difference takes away: %lld, "
		 "which are at 0 now", (long long)n.short_of);
	if (n.short_of > 0)
		warn(im, 0, "stock_short", text);
}

/* One sentence for many rows with one cause. */
static void tell_of_encoding(struct import *im)
{
	int64_t n = notices_count(&im->rejects, "bad_encoding");
	char text[160];

	if (n == 0 || im->opt->csv.encoding)
		return;
	snprintf(text, sizeof text, "rows that are not UTF-8: %lld; if all of the file is in "
		 "another encoding, say which, such as --encoding WINDOWS-1252", (long long)n);
	warn(im, 0, "other_encoding", text);
}

/* Signs that it is not the whole file; an error only where that would do harm. */
static int check_whole(struct import *im, struct err *e)
{
	const struct import_options *o = im->opt;
	long line = csvfile_cut(im->catalog);

	if (line > 0 && (is_whole(o) || o->least_rows > 0))
		return err_set(e, ERR_DATA, "cut_file: line %ld, the last one, has no end and is "
			       "not whole: the file was cut, so nothing was imported", line);
	if (line > 0)
		warn(im, line, "cut_file", "the last line has no end and is not whole: the file "
		     "may be cut");
	if (o->missing != MISSING_KEEP && csvfile_is_rejects(im->catalog))
		return err_set(e, ERR_DATA, "rejected_rows: rows that were rejected are not the "
			       "whole catalogue, so nothing is done to what they lack");
	if (is_whole(o) && csvfile_read(im->catalog) == 0)
		return err_set(e, ERR_DATA, "too_few_rows: the file has a header and no row, so "
			       "nothing was imported");
	return 0;
}

/* What becomes of products that the file does not have. */
static int miss(struct import *im, struct err *e)
{
	char text[160];

	if (!is_whole(im->opt))
		return 0;
	if (im->untold == 0)
		return bulk_miss(im->bulk, im->opt->missing, im->opt->most_shrink, e);
	snprintf(text, sizeof text, "rejected rows whose SKU cannot be told: %lld, so products "
		 "that the file does not have stay as they are", (long long)im->untold);
	if (im->opt->missing != MISSING_KEEP)
		warn(im, 0, "missing_kept", text);
	return 0;
}

static void add_change(void *ctx, const char *change)
{
	struct import *im = ctx;

	record_json(&im->changes, NULL, change);
}

static void tell_change(void *ctx, const char *change)
{
	struct import *im = ctx;

	im->ops->change(im->ctx, change);
}

/* Counts what was changed, and tells each of it, or keeps the first ones. */
static int tell_of_changes(struct import *im, struct err *e)
{
	if (bulktell_count(im->bulk, &im->changed, e) != 0)
		return -1;
	if (im->ops->change && (im->opt->dry_run || im->opt->changes))
		return bulktell_changes(im->bulk, 0, tell_change, im, e);
	return im->opt->first_changes > 0
	       ? bulktell_changes(im->bulk, im->opt->first_changes, add_change, im, e) : 0;
}

/* One row of sync_logs; `why` NULL: it went well. */
static int note(struct import *im, const char *why, struct err *e)
{
	struct import_counts n = import_counts(im);
	struct buf details = BUF_INIT;
	int rc;

	record_open(&details, NULL, '{');
	import_add_counts(&details, &n);
	record_int(&details, "bytes", n.bytes);
	import_add_codes(&details, im);
	record_close(&details, '}');
	const struct db_param p[] = {db_param_text(im->opt->task_id),
				     db_param_text(why ? "failure" : "success"),
				     db_param_text(details.data), db_param_text(why),
				     db_param_int(clock_ms() - im->started),
				     db_param_text(im->opt->worker),
				     db_param_int(im->opt->attempt > 0 ? im->opt->attempt : 1)};
	rc = db_exec(im->db, &SQL_INSERT_IMPORT_LOG, p, NULL, e);
	buf_release(&details);
	return rc;
}

/* The planner should not believe the table to be what it was. */
static int analyze(struct db *db, struct err *e)
{
	static const struct db_query *const steps[] = {&QUERY_BEGIN, &SQL_SET_ANALYZE,
						       &SQL_ANALYZE_PRODUCTS, &QUERY_COMMIT};

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (db_exec(db, steps[i], NULL, NULL, e) != 0) {
			db_rollback(db);
			return -1;
		}
	}
	return 0;
}

static int commit(struct import *im, struct err *e)
{
	struct err after = {0};
	struct bulk_counts n = bulk_counts(im->bulk);
	bool much = n.created + n.updated >= WORTH_ANALYZING;

	im->phase = "commit";
	if (bulk_end(im->bulk, e) != 0)
		return -1;
	if (note(im, NULL, e) != 0)
		return -1;
	if (im->ops->before_commit && im->ops->before_commit(im->ctx, e) != 0)
		return -1;
	if (bulk_commit(im->bulk, e) != 0)
		return -1;
	if (much && analyze(im->db, &after) != 0)
		warn(im, 0, "not_analyzed", after.msg);
	return 0;
}

int import_finish(struct import *im, struct err *e)
{
	if (csvfile_end(im->catalog, e) != 0)
		return -1;
	tell_of_encoding(im);
	if (check_limit(im, e) != 0 || check_whole(im, e) != 0 ||
	    (im->ops->check && im->ops->check(im->ctx, e) != 0))
		return -1;
	if (im->bulk == NULL && begin(im, e) != 0)
		return -1;
	im->phase = "merge";
	if ((!im->parted && merge(im, e) != 0) || check_limit(im, e) != 0)
		return -1;
	tell_of_stock(im);
	if (miss(im, e) != 0)
		return -1;
	if (tell_of_changes(im, e) != 0)
		return -1;
	if (bulk_counts(im->bulk).known > 0)
		warn(im, 0, "known_sku", "products that are there already are passed over");
	if (!im->opt->dry_run && commit(im, e) != 0)
		return -1;
	im->phase = "done";
	return 0;
}

void import_fail(struct import *im, const struct err *why)
{
	struct err e = {0};

	bulk_free(im->bulk);
	im->bulk = NULL;
	db_watch(im->db, 0, NULL, NULL);
	if (!im->opt->dry_run && db_alive(im->db) && note(im, why->msg, &e) != 0)
		warn(im, 0, "not_logged", e.msg);
}

bool import_holds(const struct import *im)
{
	return im->bulk && bulk_turn(im->bulk) == BULK_WRITES;
}

const char *import_phase(const struct import *im)
{
	return im->bulk && bulk_turn(im->bulk) == BULK_WAITS ? "wait" : im->phase;
}

struct import_counts import_counts(const struct import *im)
{
	struct bulk_counts b = im->bulk ? bulk_counts(im->bulk) : (struct bulk_counts){0};
	int64_t passed = b.known + (im->opt->mode == BULK_UPDATE_ONLY ? b.unknown : 0);

	return (struct import_counts){(int64_t)csvfile_read(im->catalog) - passed, b.created,
				      b.updated,
				      b.unchanged, b.superseded, im->rejected, b.missing,
				      (int64_t)csvfile_passed(im->catalog) + passed, im->bytes};
}

unsigned import_columns(const struct import *im)
{
	return csvfile_columns(im->catalog);
}

char import_decimal(const struct import *im)
{
	return csvfile_decimal(im->catalog);
}

const struct notices *import_warnings(const struct import *im)
{
	return &im->warnings;
}

const struct notices *import_rejects(const struct import *im)
{
	return &im->rejects;
}

void import_add_codes(struct buf *json, const struct import *im)
{
	static const struct notices none;

	record_int(json, "passed_over", im ? import_counts(im).passed : 0);
	record_int(json, "missing", im ? import_counts(im).missing : 0);
	notices_add_counts(im ? &im->rejects : &none, json, "reject_counts");
	notices_add_counts(im ? &im->warnings : &none, json, "warning_counts");
}

void import_add_changes(struct buf *json, const struct import *im)
{
	static const struct bulktell_changes none;
	const struct bulktell_changes *n = im ? &im->changed : &none;

	for (int i = 0; i <= PRODUCT_QUANTITY; i++)
		record_int(json, product_column_name((enum product_column)i), n->columns[i]);
	record_int(json, "details", n->details);
	record_int(json, "units_up", n->up);
	record_int(json, "units_down", n->down);
}

const char *import_first_changes(const struct import *im)
{
	return im->changes.len > 0 ? im->changes.data : "";
}

int64_t import_id(const struct import *im)
{
	return im->bulk && !im->opt->dry_run ? bulk_import(im->bulk) : 0;
}

void import_add_counts(struct buf *json, const struct import_counts *n)
{
	record_int(json, "read", n->read);
	record_int(json, "created", n->created);
	record_int(json, "updated", n->updated);
	record_int(json, "unchanged", n->unchanged);
	record_int(json, "superseded", n->superseded);
	record_int(json, "rejected", n->rejected);
}

void import_free(struct import *im)
{
	if (im == NULL)
		return;
	db_watch(im->db, 0, NULL, NULL);
	bulk_free(im->bulk);
	csvfile_free(im->catalog);
	buf_release(&im->back);
	buf_release(&im->changes);
	notices_release(&im->warnings);
	notices_release(&im->rejects);
	free(im);
}
