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
#include "webhook/notify.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/xalloc.h"
#include "sql.h"
#include "store/array.h"
#include "webhook/dispatch.h"
#include "webhook/tries.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* ROOM: for a webhook that is new to us; MARGIN: seconds of a lease beyond the
 * time of the request; SUBJECTS: of the outbox in one transaction. */
enum { ROOM = 2, MARGIN = 20, SUBJECTS = 2000, RECORDED = 1000, QUEUED = 4096, IDLE_MS = 100 };

struct notify {
	struct db *db;
	const char *worker;
	notify_result_fn *fn;
	notify_disabled_fn *disabled;
	void *ctx;
	long disable_after;
	struct dispatch *dispatch;
	struct job *ended, **last_ended; /* to be recorded */
	struct job *recording;           /* sent to be */
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

void notify_free(struct notify *n)
{
	if (n == NULL)
		return;
	if (n->exchanging)
		db_done(n->db);
	dispatch_free(n->dispatch);
	job_free_all(n->ended);
	job_free_all(n->recording);
	array_release(&n->released);
	array_release(&n->released_of);
	if (n->epoll >= 0)
		close(n->epoll);
	free(n);
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
	struct job **at = &n->ended;
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
	struct job **at = &n->recording;

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

static void send_claim(struct notify *n)
{
	struct array ids, rooms;

	array_init(&ids, ARRAY_INT8);
	array_init(&rooms, ARRAY_INT4);
	dispatch_rooms(n->dispatch, &ids, &rooms);
	struct db_param p[] = {array_param(&ids), array_param(&rooms), db_param_int(ROOM),
			       db_param_int(MARGIN)};
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
	struct db_param p = db_param_int(SUBJECTS);

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
		tries_send_results(n->db, n->recording, n->worker);
		n->noting = tries_send_notes(n->db, n->dispatch, n->recording, n->disable_after);
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
	for (const struct job *job = n->recording; job; job = job->next) {
		struct notify_result r = {job->delivery, job->webhook, job->subject, job->event_id,
					  job->type, job->number, job->state, job->http_status,
					  job->error, job->duration_ms, job->wait};

		n->fn(n->ctx, &r);
	}
	job_free_all(n->recording);
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
			count = tries_take(n->dispatch, rows, n->claimed);
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

int notify_resend(struct notify *n, int64_t id, bool *found, struct err *e)
{
	struct db_param p[] = {db_param_int(id), db_param_int(MARGIN)};
	struct db_rows *rows;

	if (db_exec(n->db, &SQL_RESEND_DELIVERY, p, &rows, e) != 0)
		return -1;
	n->stopping = true;
	*found = tries_take(n->dispatch, rows, clock_ms()) > 0;
	return 0;
}
