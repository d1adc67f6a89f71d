/* SPDX-License-Identifier: MIT
 *
 * importrecord: one line of JSON a record, keys in a fixed order.
 */
#include "catalogue/importrecord.h"

#include "base/buf.h"
#include "base/record.h"
#include "filter/ndjson.h"

#include <string.h>

void importrecord_put_progress(const struct import *im, int64_t size, double seconds)
{
	struct import_counts n = import_counts(im);
	struct buf b = BUF_INIT;

	record_begin(&b, "progress");
	record_text(&b, "phase", import_phase(im));
	record_int(&b, "bytes", n.bytes);
	record_id(&b, "total_bytes", size);
	record_int(&b, "read", n.read);
	record_int(&b, "rejected", n.rejected);
	record_real(&b, "rows_per_second", seconds > 0 ? (double)n.read / seconds : 0.0, 0);
	record_real(&b, "seconds", seconds, 3);
	ndjson_put_record(&b);
	ndjson_flush();
}

static void add_fault(struct buf *b, const struct csvproduct_fault *f)
{
	record_text(b, "code", f->why.code);
	record_text(b, "column",
		    f->column < PRODUCT_COLUMNS ? product_column_name(f->column) : NULL);
	record_text(b, "detail", f->why.detail);
}

void importrecord_put_reject(const struct csvfile_reject *r)
{
	const struct csvproduct_faults *f = r->faults;
	struct buf b = BUF_INIT;

	record_begin(&b, "reject");
	record_int(&b, "line", r->row->line);
	record_int(&b, "last_line", r->row->last_line);
	add_fault(&b, &f->at[0]);
	record_open(&b, "more", '[');
	for (int i = 1; i < f->n; i++) {
		record_open(&b, NULL, '{');
		add_fault(&b, &f->at[i]);
		record_close(&b, '}');
	}
	record_close(&b, ']');
	ndjson_put_record(&b);
}

/* null for the file as a whole */
static void add_line(struct buf *b, const char *key, long line)
{
	record_id(b, key, line > 0 ? line : 0);
}

void importrecord_put_warning(long line, const char *code, const char *text)
{
	struct buf b = BUF_INIT;

	record_begin(&b, "warning");
	add_line(&b, "line", line);
	record_text(&b, "code", code);
	record_text(&b, "detail", text);
	ndjson_put_record(&b);
}

void importrecord_put_superseded(long line, long by)
{
	struct buf b = BUF_INIT;

	record_begin(&b, "superseded");
	record_int(&b, "line", line);
	add_line(&b, "by", by);
	ndjson_put_record(&b);
}

void importrecord_put_change(const char *change)
{
	struct buf b = BUF_INIT;

	record_begin(&b, "change");
	record_join(&b, change);
	ndjson_put_record(&b);
}

void importrecord_put_summary(const struct import *im, double seconds, const char *status,
			      bool dry_run, const struct upload_job *job)
{
	struct import_counts n = {0};
	struct buf b = BUF_INIT;

	if (im)
		n = import_counts(im);
	record_begin(&b, "summary");
	import_add_counts(&b, &n);
	record_real(&b, "seconds", seconds, 3);
	record_text(&b, "status", status);
	record_bool(&b, "dry_run", dry_run);
	import_add_codes(&b, im);
	record_open(&b, "changes", '{');
	import_add_changes(&b, im);
	record_close(&b, '}');
	record_id(&b, "import_id", im && strcmp(status, "failed") != 0 ? import_id(im) : 0);
	if (job) {
		record_text(&b, "task_id", job->task);
		record_int(&b, "upload_job_id", job->id);
		record_text(&b, "filename", job->filename);
	}
	ndjson_put_record(&b);
}
