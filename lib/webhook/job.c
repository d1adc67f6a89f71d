/* SPDX-License-Identifier: MIT
 *
 * job: the schedule, and the words for what went wrong.
 */
#include "webhook/job.h"

#include "webhook/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MOST_RETRY_AFTER = 86400 };

void job_leave_batch(struct job *job)
{
	struct job_batch *b = job->batch;

	job->batch = NULL;
	if (b && --b->jobs == 0) {
		db_rows_free(b->rows);
		free(b);
	}
}

void job_free(struct job *job)
{
	job_leave_batch(job);
	buf_release(&job->answer);
	free(job);
}

void job_free_all(struct job *job)
{
	for (struct job *next; job; job = next) {
		next = job->next;
		job_free(job);
	}
}

int job_request(const struct job *job, struct buf *headers, struct buf *body, struct err *e)
{
	const struct event_request r = {
		.type = job->type, .id = job->event_id, .webhook = job->webhook,
		.sequence = job->sequence, .time = time(NULL), .attempt = job->number,
		.secret = job->secret, .old_secret = job->previous, .own = job->headers};

	if (event_body(body, job->type, job->time, job->data, job->data_len, e) != 0)
		return -1;
	event_add_headers(headers, &r, body);
	return 0;
}

static int wait_before(int retry, long base, long cap)
{
	int64_t wait = base;

	for (int i = 1; i < retry && wait < cap; i++)
		wait *= 2;
	return (int)(wait < cap ? wait : cap);
}

static void say_status(struct job *job, const struct http_answer *a)
{
	if (a->status >= 300 && a->status < 400 && *a->location)
		snprintf(job->error, sizeof job->error,
			 "answered %d, moved to %.200s; redirects are not followed", a->status,
			 a->location);
	else
		snprintf(job->error, sizeof job->error, "answered %d", a->status);
}

void job_judge(struct job *job, const struct http_answer *a, long base, long cap)
{
	long after = a->retry_after < MOST_RETRY_AFTER ? a->retry_after : MOST_RETRY_AFTER;

	job->wait = -1;
	job->state = "delivered";
	if (a->status >= 200 && a->status < 300)
		return;
	if (a->status)
		say_status(job, a);
	else
		snprintf(job->error, sizeof job->error, "%s", a->why);
	job->gone = a->status == 410;
	job->state = "given_up";
	if (job->gone || a->forbidden || job->in_run > job->retry_count)
		return;
	job->state = "waiting";
	job->wait = wait_before(job->in_run, base, cap);
	if ((a->status == 429 || a->status == 503) && after > 0) {
		job->pause = (int)after;
		job->wait = job->wait > job->pause ? job->wait : job->pause;
	}
}

void job_refuse(struct job *job, const char *what, const char *why)
{
	job->state = "given_up";
	job->wait = job->connect_ms = job->first_byte_ms = -1;
	snprintf(job->error, sizeof job->error, "%s: %.250s", what, why);
}
