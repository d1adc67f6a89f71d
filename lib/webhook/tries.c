/* SPDX-License-Identifier: MIT
 *
 * tries: between the rows of deliveries and the jobs of dispatch, both ways.
 */
#include "webhook/tries.h"

#include "base/clock.h"
#include "base/jtext.h"
#include "base/xalloc.h"
#include "sql.h"
#include "store/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- rows into jobs --- */

enum column {
	DELIVERY, WEBHOOK, TRIES, TRIES_BEFORE, EVENT, SEQUENCE, TYPE, DATA, TIME, MICROS, URL,
	SECRET, PREVIOUS, HEADERS, TIMEOUT, RETRY_COUNT, FAILING, SUBJECT
};

static const char *or_null(const struct db_rows *r, int row, int col)
{
	return db_is_null(r, row, col) ? NULL : db_text(r, row, col);
}

/* The id of an event holds when it was, so that one of a database that was
 * put back from a backup is not taken for another. */
static struct job *new_job(struct job_batch *b, int row, int64_t claimed)
{
	struct job *job = xalloc_zero(1, sizeof *job);
	const struct db_rows *r = b->rows;

	job->batch = b;
	job->delivery = db_int(r, row, DELIVERY);
	job->webhook = db_int(r, row, WEBHOOK);
	job->number = (int)db_int(r, row, TRIES) + 1;
	job->in_run = job->number - (int)db_int(r, row, TRIES_BEFORE);
	job->sequence = db_int(r, row, SEQUENCE);
	job->subject = db_int(r, row, SUBJECT);
	job->time = db_int(r, row, TIME);
	job->timeout = (long)db_int(r, row, TIMEOUT);
	job->retry_count = (int)db_int(r, row, RETRY_COUNT);
	snprintf(job->event_id, sizeof job->event_id, "evt_%lld_%s",
		 (long long)db_int(r, row, EVENT), db_text(r, row, MICROS));
	snprintf(job->type, sizeof job->type, "%s", db_text(r, row, TYPE));
	job->url = db_text(r, row, URL);
	job->secret = or_null(r, row, SECRET);
	job->previous = or_null(r, row, PREVIOUS);
	job->headers = or_null(r, row, HEADERS);
	job->data = db_text(r, row, DATA);
	job->data_len = (size_t)db_length(r, row, DATA);
	job->claimed = claimed;
	return job;
}

size_t tries_take(struct dispatch *d, struct db_rows *rows, int64_t claimed)
{
	size_t count = (size_t)db_count(rows);
	struct job_batch *b;

	if (count == 0) {
		db_rows_free(rows);
		return 0;
	}
	b = xalloc_zero(1, sizeof *b);
	b->rows = rows;
	b->jobs = count + 1; /* one for us, until all are made */
	for (size_t i = 0; i < count; i++)
		dispatch_add(d, new_job(b, (int)i, claimed), db_bool(rows, (int)i, FAILING));
	b->jobs--;
	return count;
}

/* --- jobs into rows --- */

static void add_int_or_null(struct array *a, int v, int none)
{
	if (v == none)
		array_null(a);
	else
		array_int4(a, v);
}

static void add_result(struct array a[], const struct job *job)
{
	struct buf text = BUF_INIT;

	array_int8(&a[0], job->delivery);
	array_int4(&a[1], job->number);
	array_text(&a[2], job->state);
	add_int_or_null(&a[3], job->wait, -1);
	add_int_or_null(&a[4], job->http_status, 0);
	if (*job->error)
		jtext_add_clean(&text, job->error, strlen(job->error));
	array_text(&a[5], text.data);
	buf_reset(&text);
	if (job->answer.len)
		jtext_add_clean(&text, job->answer.data, job->answer.len);
	array_text(&a[6], text.len ? text.data : NULL);
	add_int_or_null(&a[7], job->connect_ms, -1);
	add_int_or_null(&a[8], job->first_byte_ms, -1);
	array_int4(&a[9], job->duration_ms);
	array_int8(&a[10], clock_us() - job->started);
	array_int8(&a[11], job->webhook);
	buf_release(&text);
}

void tries_send_results(struct db *db, const struct job *ended, const char *worker)
{
	enum { ARRAYS = 12 };
	static const uint32_t types[ARRAYS] = {ARRAY_INT8, ARRAY_INT4, ARRAY_TEXT, ARRAY_INT4,
					       ARRAY_INT4, ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT4,
					       ARRAY_INT4, ARRAY_INT4, ARRAY_INT8, ARRAY_INT8};
	struct array a[ARRAYS];
	struct db_param p[ARRAYS + 1];

	for (int i = 0; i < ARRAYS; i++)
		array_init(&a[i], types[i]);
	for (const struct job *job = ended; job; job = job->next)
		add_result(a, job);
	for (int i = 0; i < ARRAYS; i++)
		p[i] = array_param(&a[i]);
	p[ARRAYS] = db_param_text(worker);
	db_send(db, &SQL_RECORD_DELIVERIES, p);
	for (int i = 0; i < ARRAYS; i++)
		array_release(&a[i]);
}

bool tries_send_notes(struct db *db, struct dispatch *d, const struct job *ended,
		      long disable_after)
{
	struct dispatch_note *notes;
	size_t count = dispatch_notes(d, ended, &notes);
	struct array a[5];
	struct db_param p[6];

	array_init(&a[0], ARRAY_INT8);
	array_init(&a[1], ARRAY_INT4);
	array_init(&a[2], ARRAY_BOOL);
	array_init(&a[3], ARRAY_INT4);
	array_init(&a[4], ARRAY_TEXT);
	for (size_t i = 0; i < count; i++) {
		array_int8(&a[0], notes[i].webhook);
		array_int4(&a[1], notes[i].failures);
		array_bool(&a[2], notes[i].after_success);
		add_int_or_null(&a[3], notes[i].pause, 0);
		array_text(&a[4], notes[i].gone ? "it answered 410 Gone" : NULL);
	}
	for (int i = 0; i < 5; i++)
		p[i] = array_param(&a[i]);
	p[5] = db_param_int(disable_after);
	if (count > 0)
		db_send(db, &SQL_NOTE_WEBHOOKS, p);
	for (int i = 0; i < 5; i++)
		array_release(&a[i]);
	free(notes);
	return count > 0;
}
