/* SPDX-License-Identifier: MIT
 *
 * importrecord: one line of JSON a record, keys in a fixed order.
 */
#include "catalogue/importrecord.h"

#include "base/buf.h"
#include "base/jtext.h"
#include "filter/ndjson.h"

#include <string.h>

static void put(struct buf *b)
{
	buf_addstr(b, "}\n");
	ndjson_put(b);
	buf_release(b);
}

void importrecord_put_progress(const struct import *im, int64_t size, double seconds)
{
	struct import_counts n = import_counts(im);
	struct buf b = BUF_INIT;

	buf_addf(&b,
		 "{\"v\":1,\"type\":\"progress\",\"phase\":\"%s\",\"bytes\":%lld,\"total_bytes\":",
		 import_phase(im), (long long)n.bytes);
	if (size)
		buf_addf(&b, "%lld", (long long)size);
	else
		buf_addstr(&b, "null");
	buf_addf(&b, ",\"read\":%lld,\"rejected\":%lld,\"rows_per_second\":%.0f,\"seconds\":%.3f",
		 (long long)n.read, (long long)n.rejected,
		 seconds > 0 ? (double)n.read / seconds : 0.0, seconds);
	put(&b);
	ndjson_flush();
}

static void add_fault(struct buf *b, const struct csvproduct_fault *f)
{
	buf_addf(b, "\"code\":\"%s\",\"column\":", f->why.code);
	jtext_add(b, f->column < PRODUCT_COLUMNS ? product_column_name(f->column) : NULL);
	buf_addstr(b, ",\"detail\":");
	jtext_add(b, f->why.detail);
}

void importrecord_put_reject(const struct csvfile_reject *r)
{
	const struct csvproduct_faults *f = r->faults;
	struct buf b = BUF_INIT;

	buf_addf(&b, "{\"v\":1,\"type\":\"reject\",\"line\":%ld,\"last_line\":%ld,", r->row->line,
		 r->row->last_line);
	add_fault(&b, &f->at[0]);
	buf_addstr(&b, ",\"more\":[");
	for (int i = 1; i < f->n; i++) {
		buf_addstr(&b, i > 1 ? ",{" : "{");
		add_fault(&b, &f->at[i]);
		buf_addstr(&b, "}");
	}
	buf_addstr(&b, "]");
	put(&b);
}

static void add_line(struct buf *b, long line)
{
	if (line > 0)
		buf_addf(b, "%ld", line);
	else
		buf_addstr(b, "null");
}

void importrecord_put_warning(long line, const char *code, const char *text)
{
	struct buf b = BUF_INIT;

	buf_addstr(&b, "{\"v\":1,\"type\":\"warning\",\"line\":");
	add_line(&b, line);
	buf_addf(&b, ",\"code\":\"%s\",\"detail\":", code);
	jtext_add(&b, text);
	put(&b);
}

void importrecord_put_superseded(long line, long by)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "{\"v\":1,\"type\":\"superseded\",\"line\":%ld,\"by\":", line);
	add_line(&b, by);
	put(&b);
}

void importrecord_put_change(const char *members)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "{\"v\":1,\"type\":\"change\",%s", members);
	put(&b);
}

void importrecord_put_summary(const struct import *im, double seconds, const char *status,
			      bool dry_run, const struct upload_job *job)
{
	struct import_counts n = {0};
	struct buf b = BUF_INIT;

	if (im)
		n = import_counts(im);
	buf_addstr(&b, "{\"v\":1,\"type\":\"summary\",");
	import_add_counts(&b, &n);
	buf_addf(&b, ",\"seconds\":%.3f,\"status\":\"%s\",\"dry_run\":%s,", seconds, status,
		 dry_run ? "true" : "false");
	import_add_codes(&b, im);
	buf_addstr(&b, ",\"changes\":{");
	import_add_changes(&b, im);
	buf_addf(&b, "},\"import_id\":");
	if (im && import_id(im) > 0 && strcmp(status, "failed") != 0)
		buf_addf(&b, "%lld", (long long)import_id(im));
	else
		buf_addstr(&b, "null");
	if (job) {
		buf_addf(&b, ",\"task_id\":\"%s\",\"upload_job_id\":%lld,\"filename\":", job->task,
			 (long long)job->id);
		jtext_add(&b, job->filename);
	}
	put(&b);
}
