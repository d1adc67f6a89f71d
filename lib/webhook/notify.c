/* SPDX-License-Identifier: MIT
 *
 * notify: a step collects the deliveries that ended, exchanges them with PostgreSQL
 * for new ones (one exchange at a time), and sends.
 * Invariant: an ended delivery is in `ended` or `recording` until a commit that
 * contains it was acknowledged, and an unsent one likewise in `unsent` or
 * `returning`.
 */
#include "webhook/notify.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/xalloc.h"
#include "webhook/dispatch.h"
#include "webhook/exchange.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/* RECORDED: most deliveries recorded in one exchange. QUEUED: nothing is claimed
 * while as many are pending. */
enum { RECORDED = 1000, QUEUED = 4096, IDLE_MS = 100 };

struct notify {
	struct db *db;
	notify_result_fn *fn;
	notify_disabled_fn *disabled;
	void *ctx;
	struct dispatch *dispatch;
	struct exchange *exchange;
	struct delivery_list ended, recording;  /* recording: part of the exchange */
	struct delivery_list unsent, returning; /* likewise */
	int epoll;
	bool claiming;         /* the exchange claims */
	bool stopping;         /* claims nothing more */
	bool quiet;            /* the last claim found nothing to do */
	int64_t next_claim_ms; /* clock_ms() */
	int64_t exchanges;     /* that PostgreSQL answered */
};

int notify_new(struct notify **out, struct db *db, const struct conf *conf, const char *worker,
	       notify_result_fn *fn, notify_disabled_fn *disabled, void *ctx, struct err *e)
{
	struct notify *n = xalloc_zero(1, sizeof *n);
	struct epoll_event ev = {.events = EPOLLIN};

	*out = n;
	n->db = db;
	n->fn = fn;
	n->disabled = disabled;
	n->ctx = ctx;
	n->epoll = epoll_create1(EPOLL_CLOEXEC);
	n->exchange = exchange_new(db, worker, conf_int(conf, "WEBHOOK_DISABLE_AFTER"));
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
	exchange_free(n->exchange);
	dispatch_free(n->dispatch);
	delivery_free_list(&n->ended);
	delivery_free_list(&n->recording);
	delivery_free_list(&n->unsent);
	delivery_free_list(&n->returning);
	if (n->epoll >= 0)
		close(n->epoll);
	free(n);
}

/* --- the exchange --- */

static void watch_db(struct notify *n, int op)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = db_socket(n->db)};

	epoll_ctl(n->epoll, op, ev.data.fd, &ev);
}

static bool wants_claim(const struct notify *n)
{
	if (n->stopping || dispatch_pending(n->dispatch) >= QUEUED)
		return false;
	return clock_ms() >= n->next_claim_ms || dispatch_hungry(n->dispatch);
}

/* Puts deliveries back, in front of those that were added later. */
static void put_back(struct delivery_list *from, struct delivery_list *to)
{
	delivery_move(from, to);
	delivery_move(to, from);
}

static void put_all_back(struct notify *n)
{
	put_back(&n->recording, &n->ended);
	put_back(&n->returning, &n->unsent);
}

static int send_exchange(struct notify *n, bool claim, struct err *e)
{
	struct exchange_order o = {.ended = &n->recording, .unsent = &n->returning, .claim = claim};
	struct dispatch_note *notes;
	struct dispatch_room *rooms = NULL;
	int rc;

	while (n->ended.first && n->recording.count < RECORDED)
		delivery_append(&n->recording, delivery_take(&n->ended));
	delivery_move(&n->returning, &n->unsent);
	o.nnotes = dispatch_notes(n->dispatch, &n->recording, &notes);
	o.notes = notes;
	if (claim)
		o.nrooms = dispatch_rooms(n->dispatch, &rooms);
	o.rooms = rooms;
	n->claiming = claim;
	rc = exchange_send(n->exchange, &o, e);
	if (rc == 0)
		watch_db(n, EPOLL_CTL_ADD);
	else
		put_all_back(n);
	free(notes);
	free(rooms);
	return rc;
}

static void report(struct notify *n)
{
	for (const struct delivery *d = n->recording.first; d; d = d->next) {
		struct notify_result r = {
			.delivery_id = d->id, .webhook_id = d->webhook, .subject = d->subject,
			.event_id = d->event_id, .type = d->type, .attempt = d->number,
			.status = delivery_state_name(d->state), .http_status = d->http_status,
			.error = d->error, .duration_ms = d->duration_ms, .retry_in_s = d->wait_s};

		n->fn(n->ctx, &r);
	}
}

static void dispatch_claimed(struct notify *n, struct delivery_list *claimed)
{
	struct delivery *d;

	if (n->stopping)
		delivery_move(&n->unsent, claimed);
	while ((d = delivery_take(claimed)) != NULL)
		dispatch_add(n->dispatch, d);
}

static void plan_claim(struct notify *n, bool quiet, bool more)
{
	n->quiet = quiet;
	n->next_claim_ms = clock_ms() + (quiet ? IDLE_MS : more ? 0 : IDLE_MS / 4);
}

static int take_exchange(struct notify *n, struct err *e)
{
	struct exchange_result r;
	int rc;

	watch_db(n, EPOLL_CTL_DEL);
	rc = exchange_take(n->exchange, &r, n->disabled, n->ctx, e);
	n->exchanges += rc == 0;
	if (r.recorded) {
		fault_point("recorded");
		report(n);
		delivery_free_list(&n->recording);
		delivery_free_list(&n->returning);
	} else {
		put_all_back(n);
	}
	if (n->claiming)
		plan_claim(n, rc == 0 && r.events == 0 && r.claimed.count == 0, r.events > 0);
	dispatch_claimed(n, &r.claimed);
	return rc;
}

static int reconnect(struct notify *n, struct err *e)
{
	if (db_reopen(n->db, e) != 0)
		return -1;
	n->next_claim_ms = 0;
	return 0;
}

/* --- a step --- */

static int collect(struct notify *n, struct err *e)
{
	int rc = dispatch_collect(n->dispatch, &n->ended, &n->unsent, e);

	if (n->ended.first)
		fault_point("sent");
	return rc;
}

/* Takes the results of an exchange once they are there, and sends the next. */
static int exchange(struct notify *n, struct err *e)
{
	bool claim;

	if (exchange_sent(n->exchange) && pipeline_is_ready(n->db) && take_exchange(n, e) != 0)
		return -1;
	if (exchange_sent(n->exchange))
		return 0;
	if (!db_alive(n->db) && reconnect(n, e) != 0)
		return -1;
	claim = wants_claim(n);
	return n->ended.first || n->unsent.first || claim ? send_exchange(n, claim, e) : 0;
}

int notify_step(struct notify *n, struct err *e)
{
	struct err second = {0};
	int rc = collect(n, e), rc2 = exchange(n, rc == 0 ? e : &second);

	dispatch_send(n->dispatch, &n->ended);
	return rc == 0 ? rc2 : rc;
}

int notify_fd(const struct notify *n)
{
	return n->epoll;
}

int notify_wait_ms(const struct notify *n)
{
	bool sent = exchange_sent(n->exchange);
	int64_t ms = n->next_claim_ms - clock_ms();
	int wait_ms = dispatch_wait_ms(n->dispatch);

	if (!sent && (n->ended.first || n->unsent.first || wants_claim(n)))
		return 0;
	if (sent || n->stopping || ms > IDLE_MS)
		ms = IDLE_MS;
	if (ms < 0)
		ms = 0;
	return wait_ms >= 0 && wait_ms < ms ? wait_ms : (int)ms;
}

int64_t notify_exchanges(const struct notify *n)
{
	return n->exchanges;
}

bool notify_idle(const struct notify *n)
{
	return !exchange_sent(n->exchange) && n->ended.first == NULL && n->unsent.first == NULL &&
	       dispatch_pending(n->dispatch) == 0 && (n->quiet || n->stopping);
}

void notify_stop(struct notify *n)
{
	n->stopping = true;
	dispatch_drop(n->dispatch, &n->unsent);
}

int notify_resend(struct notify *n, int64_t id, bool *found, struct err *e)
{
	struct delivery_list claimed = {0};

	if (exchange_resend(n->exchange, id, &claimed, e) != 0)
		return -1;
	*found = claimed.count > 0;
	dispatch_claimed(n, &claimed);
	n->stopping = true;
	return 0;
}
