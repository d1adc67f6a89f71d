/* SPDX-License-Identifier: MIT
 *
 * notify: one exchange with PostgreSQL at a time, as a pipeline of two
 * transactions that is sent, and taken once its socket can be read:
 *   1. the outbox becomes events and deliveries
 *   2. tries that ended are recorded, with what they say of their webhooks, and
 *      deliveries that are due are claimed
 * Invariant: a try that ended is in `ended` or `recording` until a commit that
 * holds it was acknowledged; recording it twice changes nothing.
 */
#include "notify.h"

#include "array.h"
#include "clock.h"
#include "dispatch.h"
#include "fault.h"
#include "jtext.h"
#include "sql.h"
#include "xalloc.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* ROOM: for a webhook that is new to us; MARGIN: seconds of a lease beyond the
 * time of the request; SUBJECTS: of the outbox in one transaction. */
enum { ROOM = 8, MARGIN = 20, SUBJECTS = 2000, RECORDED = 1000, QUEUED = 4096, IDLE_MS = 100 };

struct notify {
	struct db *db;
	const char *worker;
	notify_result_fn *fn;
	notify_disabled_fn *disabled;
	void *ctx;
	long disable_after;
	struct dispatch *dispatch;
	struct dispatch_job *ended, **last_ended; /* to be recorded */
	struct dispatch_job *recording;           /* sent to be */
	size_t nended;
	int epoll;
	bool exchanging, claiming, noting, releasing, stopping, lost, quiet;
	int64_t claimed, next_claim; /* clock_ms; claimed: when that was sent */
	struct array released, released_of; /* ids and webhooks, while stopping */
};

int notify_new(struct notify **out, struct db *db, const struct conf *conf, const char *worker,
	       notify_result_fn *fn, notify_disabled_fn *disabled, void *ctx, struct err *e)
{
	struct notify *n = xalloc_zero(1, sizeof *n);
	struct epoll_event ev = {.events = EPOLLIN};

	*out = n;
	n->db = db;
	n->worker = worker;
	n->fn = fn;
	n->disabled = disabled;
	n->ctx = ctx;
	n->last_ended = &n->ended;
	array_init(&n->released, ARRAY_INT8);
	array_init(&n->released_of, ARRAY_INT8);
	n->epoll = epoll_create1(EPOLL_CLOEXEC);
	n->disable_after = conf_int(conf, "WEBHOOK_DISABLE_AFTER");
	if (dispatch_new(&n->dispatch, conf, e) == 0) {
		ev.data.fd = dispatch_fd(n->dispatch);
		if (epoll_ctl(n->epoll, EPOLL_CTL_ADD, ev.data.fd, &ev) == 0)
			return 0;
		err_set(e, ERR_BUG, "epoll cannot be set up");
	}
	notify_free(n);
	*out = NULL;
	return -1;
}

static void free_list(struct dispatch_job *job)
{
	for (struct dispatch_job *next; job; job = next) {
		next = job->next;
		dispatch_free_job(job);
	}
}

void notify_free(struct notify *n)
{
	if (n == NULL)
		return;
	if (n->exchanging)
		db_done(n->db);
	dispatch_free(n->dispatch);
	free_list(n->ended);
	free_list(n->recording);
	array_release(&n->released);
	array_release(&n->released_of);
	if (n->epoll >= 0)
		close(n->epoll);
	free(n);
}

/* --- rows into jobs --- */

enum column {
	DELIVERY, WEBHOOK, TRIES, TRIES_BEFORE, EVENT, SEQUENCE, TYPE, DATA, TIME, MICROS, URL, SECRET,
	PREVIOUS, HEADERS, TIMEOUT, RETRY_COUNT, FAILING, SUBJECT
};

static const char *or_null(const struct db_rows *r, int row, int col)
{
	return db_is_null(r, row, col) ? NULL : db_text(r, row, col);
}

/* The id of an event holds when it was, so that one of a database that was
 * put back from a backup is not taken for another. */
static struct dispatch_job *new_job(struct dispatch_batch *b, int row, int64_t claimed)
{
	struct dispatch_job *job = xalloc_zero(1, sizeof *job);
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
	snprintf(job->event_id, sizeof job->event_id, "evt_%lld_%s", (long long)db_int(r, row, EVENT),
		 db_text(r, row, MICROS));
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

static size_t take_in(struct notify *n, struct db_rows *rows, int64_t claimed)
{
	size_t count = (size_t)db_count(rows);
	struct dispatch_batch *b;

	if (count == 0) {
		db_rows_free(rows);
		return 0;
	}
	b = xalloc_zero(1, sizeof *b);
	b->rows = rows;
	b->jobs = count + 1; /* one for us, until all are made */
	for (size_t i = 0; i < count; i++)
		dispatch_add(n->dispatch, new_job(b, (int)i, claimed), db_bool(rows, (int)i, FAILING));
	b->jobs--;
	return count;
}

/* --- an exchange: what is sent --- */

static void collect_ended(struct notify *n)
{
	*n->last_ended = dispatch_ended(n->dispatch);
	for (; *n->last_ended; n->last_ended = &(*n->last_ended)->next)
		n->nended++;
}

/* Moves the first RECORDED of the ended ones to `recording`. */
static void choose_ended(struct notify *n)
{
	struct dispatch_job **at = &n->ended;
	int count = 0;

	for (; *at && count < RECORDED; at = &(*at)->next)
		count++;
	n->recording = n->ended;
	n->ended = *at;
	*at = NULL;
	if (n->ended == NULL)
		n->last_ended = &n->ended;
	n->nended -= (size_t)count;
}

static void put_back(struct notify *n)
{
	struct dispatch_job **at = &n->recording;

	if (n->recording == NULL)
		return;
	for (; *at; at = &(*at)->next)
		n->nended++;
	if (n->ended == NULL)
		n->last_ended = at;
	*at = n->ended;
	n->ended = n->recording;
	n->recording = NULL;
}

static void add_int_or_null(struct array *a, int v, int none)
{
	if (v == none)
		array_null(a);
	else
		array_int4(a, v);
}

static void add_result(struct array a[], const struct dispatch_job *job)
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

static void send_results(struct notify *n)
{
	enum { ARRAYS = 12 };
	static const uint32_t types[ARRAYS] = {ARRAY_INT8, ARRAY_INT4, ARRAY_TEXT, ARRAY_INT4,
					       ARRAY_INT4, ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT4,
					       ARRAY_INT4, ARRAY_INT4, ARRAY_INT8, ARRAY_INT8};
	struct array a[ARRAYS];
	struct db_param p[ARRAYS + 1];

	for (int i = 0; i < ARRAYS; i++)
		array_init(&a[i], types[i]);
	for (const struct dispatch_job *job = n->recording; job; job = job->next)
		add_result(a, job);
	for (int i = 0; i < ARRAYS; i++)
		p[i] = array_param(&a[i]);
	p[ARRAYS] = db_param_text(n->worker);
	db_send(n->db, &SQL_RECORD_DELIVERIES, p);
	for (int i = 0; i < ARRAYS; i++)
		array_release(&a[i]);
}

static void send_notes(struct notify *n)
{
	struct dispatch_note *notes;
	size_t count = dispatch_notes(n->dispatch, n->recording, &notes);
	struct array a[5];
	struct db_param p[6];
	char room[DB_INT_TEXT];

	n->noting = count > 0;
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
	p[5] = db_param_int(n->disable_after, room);
	if (n->noting)
		db_send(n->db, &SQL_NOTE_WEBHOOKS, p);
	for (int i = 0; i < 5; i++)
		array_release(&a[i]);
	free(notes);
}

static void send_claim(struct notify *n)
{
	struct array ids, rooms;
	char room[DB_INT_TEXT], margin[DB_INT_TEXT];

	array_init(&ids, ARRAY_INT8);
	array_init(&rooms, ARRAY_INT4);
	dispatch_rooms(n->dispatch, &ids, &rooms);
	struct db_param p[] = {array_param(&ids), array_param(&rooms), db_param_int(ROOM, room),
			       db_param_int(MARGIN, margin)};
	n->claimed = clock_ms();
	db_send(n->db, &SQL_CLAIM_DELIVERIES, p);
	array_release(&ids);
	array_release(&rooms);
}

static void watch_db(struct notify *n, int op)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = db_socket(n->db)};

	epoll_ctl(n->epoll, op, ev.data.fd, &ev);
}

static int send_exchange(struct notify *n, bool claim, struct err *e)
{
	char room[DB_INT_TEXT];
	struct db_param p = db_param_int(SUBJECTS, room);

	if (db_pipeline(n->db, e) != 0)
		return -1;
	n->exchanging = true;
	n->claiming = claim;
	n->noting = false;
	n->releasing = n->released.n > 0;
	if (claim) {
		db_send(n->db, &SQL_EXPAND_OUTBOX, &p);
		db_sync(n->db);
	}
	choose_ended(n);
	if (n->recording) {
		send_results(n);
		send_notes(n);
	}
	if (n->releasing) {
		struct db_param given[] = {array_param(&n->released_of), array_param(&n->released)};

		db_send(n->db, &SQL_RELEASE_DELIVERIES, given);
	}
	if (claim)
		send_claim(n);
	db_sync(n->db);
	watch_db(n, EPOLL_CTL_ADD);
	return 0;
}

/* --- an exchange: what comes back --- */

static void tell(struct notify *n)
{
	for (const struct dispatch_job *job = n->recording; job; job = job->next) {
		struct notify_result r = {job->delivery, job->webhook, job->subject, job->event_id,
					  job->type, job->number, job->state, job->http_status, job->error,
					  job->duration_ms, job->wait};

		n->fn(n->ctx, &r);
	}
	free_list(n->recording);
	n->recording = NULL;
}

static int take_notes(struct notify *n, struct err *e)
{
	struct db_rows *rows;

	if (db_take(n->db, &rows, e) != 0)
		return -1;
	for (int i = 0; i < db_count(rows); i++)
		n->disabled(n->ctx, db_int(rows, i, 0), db_text(rows, i, 1));
	db_rows_free(rows);
	return 0;
}

/* All of the second transaction; *claimed is NULL if none was asked for. */
static int take_second(struct notify *n, struct db_rows **claimed, struct err *e)
{
	int rc = 0;

	if (n->recording)
		rc = db_take(n->db, NULL, e);
	if (rc == 0 && n->noting)
		rc = take_notes(n, e);
	if (rc == 0 && n->releasing)
		rc = db_take(n->db, NULL, e);
	if (rc == 0 && n->claiming)
		rc = db_take(n->db, claimed, e);
	return rc;
}

static int take_exchange(struct notify *n, struct err *e)
{
	struct db_rows *rows = NULL;
	int64_t events = 0;
	size_t count = 0;
	struct err first;
	int rc = 0, rc2;

	watch_db(n, EPOLL_CTL_DEL);
	if (n->claiming) {
		rc = db_take(n->db, &rows, e);
		events = rc == 0 ? db_int(rows, 0, 0) : 0;
		db_rows_free(rows);
		rows = NULL;
	}
	rc2 = take_second(n, &rows, rc ? &first : e);
	db_done(n->db);
	n->exchanging = false;
	if (rc2 == 0) {
		fault_point("recorded");
		tell(n);
		if (n->releasing) {
			array_release(&n->released);
			array_init(&n->released, ARRAY_INT8);
		}
		if (n->claiming)
			count = take_in(n, rows, n->claimed);
	} else {
		put_back(n);
	}
	if (n->claiming) {
		n->quiet = rc == 0 && rc2 == 0 && events == 0 && count == 0;
		n->next_claim = clock_ms() + (n->quiet ? IDLE_MS : events > 0 ? 0 : IDLE_MS / 4);
	}
	return rc ? rc : rc2;
}

/* --- a step --- */

static bool wants_claim(const struct notify *n)
{
	if (n->stopping || dispatch_in_hand(n->dispatch) >= QUEUED)
		return false;
	return clock_ms() >= n->next_claim || dispatch_hungry(n->dispatch);
}

static bool db_is_readable(const struct notify *n)
{
	struct pollfd p = {.fd = db_socket(n->db), .events = POLLIN};

	return poll(&p, 1, 0) != 0;
}

static int reconnect(struct notify *n, struct err *e)
{
	if (db_reopen(n->db, e) != 0)
		return -1;
	n->next_claim = 0;
	return 0;
}

int notify_step(struct notify *n, struct err *e)
{
	bool claim;
	int rc = 0;

	dispatch_step(n->dispatch);
	collect_ended(n);
	if (n->nended > 0)
		fault_point("sent");
	if (n->exchanging && db_is_readable(n))
		rc = take_exchange(n, e);
	if (rc != 0 || n->exchanging)
		return rc;
	if (!db_alive(n->db) && reconnect(n, e) != 0)
		return -1;
	claim = wants_claim(n);
	if (n->ended || n->released.n > 0 || claim)
		rc = send_exchange(n, claim, e);
	dispatch_step(n->dispatch); /* what was claimed a moment ago goes out now */
	collect_ended(n);
	return rc;
}

int notify_fd(const struct notify *n)
{
	return n->epoll;
}

int notify_wait_ms(const struct notify *n)
{
	int64_t ms = n->next_claim - clock_ms();
	int wait = dispatch_wait_ms(n->dispatch);

	if (!n->exchanging && (n->ended || wants_claim(n)))
		return 0;
	if (n->exchanging || n->stopping || ms > IDLE_MS)
		ms = IDLE_MS;
	return wait >= 0 && wait < ms ? wait : (int)ms;
}

bool notify_idle(const struct notify *n)
{
	return !n->exchanging && n->ended == NULL && n->released.n == 0 &&
	       dispatch_in_hand(n->dispatch) == 0 && (n->quiet || n->stopping);
}

void notify_stop(struct notify *n)
{
	n->stopping = true;
	dispatch_drop(n->dispatch, &n->released_of, &n->released);
}

int notify_resend(struct notify *n, int64_t id, const char *since, size_t *count, struct err *e)
{
	char ids[DB_INT_TEXT], most[DB_INT_TEXT], margin[DB_INT_TEXT];
	struct db_param p[] = {id ? db_param_int(id, ids) : db_param_text(NULL),
			       db_param_text(since), db_param_int(RECORDED, most),
			       db_param_int(MARGIN, margin)};
	struct db_rows *rows;

	*count = 0;
	if (db_exec(n->db, &SQL_RESEND_DELIVERIES, p, &rows, e) != 0)
		return -1;
	n->quiet = false;
	*count = take_in(n, rows, clock_ms());
	return 0;
}
