/* SPDX-License-Identifier: MIT
 *
 * job: one try at one delivery: what it takes to send it, and what came of it.
 * No I/O.
 */
#ifndef JOB_H
#define JOB_H

#include "base/buf.h"
#include "base/err.h"
#include "store/db.h"
#include "webhook/http.h"

#include <stdbool.h>
#include <stdint.h>

/* Rows that the jobs made of them borrow from; freed with the last of these. */
struct job_batch {
	struct db_rows *rows;
	size_t jobs;
};

enum { JOB_EVENT_ID = 64, JOB_WHY = 300 };

/* One try at one delivery; heap, with its own memory but for `batch`'s. */
struct job {
	struct job *next;
	struct endpoint *to;          /* dispatch's */
	int64_t delivery, webhook, subject, sequence;
	int64_t time;       /* of the event, Unix seconds */
	int number, in_run; /* which try it is, from 1: ever, and since the last replay */
	int retry_count;
	long timeout;       /* seconds */
	char event_id[JOB_EVENT_ID], type[32];
	struct job_batch *batch; /* NULL once it was sent; holds the next six: */
	const char *url, *secret, *previous, *headers, *data; /* or NULL but url and data */
	size_t data_len;
	int64_t claimed, started; /* clock_ms, clock_us */

	const char *state; /* once it ended: delivered, waiting or given_up */
	int wait;          /* seconds before the next try; -1: none */
	int pause;         /* seconds for the whole webhook; 0: none */
	bool gone;         /* it wants to hear no more */
	int http_status;   /* 0: no answer */
	char error[JOB_WHY];
	struct buf answer;
	int connect_ms, first_byte_ms, duration_ms; /* -1: not reached */
};

void job_free(struct job *job);
void job_free_all(struct job *list);

/* Does without its rows from now on. */
void job_leave_batch(struct job *job);

/* Adds what is to be sent. ERR_DATA if the event's data cannot be. */
ERR_CHECK int job_request(const struct job *job, struct buf *headers, struct buf *body,
			  struct err *e);

/* Sets what came of it: an answer, or that it must not be sent. The first retry
 * waits `base` seconds, each further one twice as long, up to `cap`. */
void job_judge(struct job *job, const struct http_answer *a, long base, long cap);
void job_refuse(struct job *job, const char *what, const char *why);

#endif
