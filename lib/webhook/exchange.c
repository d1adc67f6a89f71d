/* SPDX-License-Identifier: MIT
 *
 * exchange: rows into deliveries, deliveries into array parameters.
 */
#include "webhook/exchange.h"

#include "base/clock.h"
#include "base/jtext.h"
#include "base/xalloc.h"
#include "sql.h"
#include "store/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NEW_ROOM: deliveries claimed of a webhook that is not known yet. MARGIN_S: a
 * lease is this much longer than the request may take. SUBJECTS: of the outbox, in
 * one transaction. */
enum { NEW_ROOM = 2, MARGIN_S = 20, SUBJECTS = 2000 };

struct exchange {
	struct db *db;
	const char *worker;
	long disable_after_s;
	bool sent;
	bool claims, records, lanes, notes, returns; /* which statements were sent */
	int64_t claimed_ms;
};

struct exchange *exchange_new(struct db *db, const char *worker, long disable_after_s)
{
	struct exchange *x = xalloc_zero(1, sizeof *x);

	x->db = db;
	x->worker = worker;
	x->disable_after_s = disable_after_s;
	return x;
}

void exchange_free(struct exchange *x)
{
	if (x == NULL)
		return;
	if (x->sent)
		pipeline_end(x->db);
	free(x);
}

bool exchange_sent(const struct exchange *x)
{
	return x->sent;
}

/* --- rows into deliveries --- */

/* Columns of claim-deliveries.sql and resend-delivery.sql. */
enum column {
	DELIVERY, WEBHOOK, TRIES, TRIES_BEFORE, EVENT, SEQUENCE, TYPE, DATA, TIME, MICROS, URL,
	SECRET, OLD_SECRETS, HEADERS, TIMEOUT, RETRY_COUNT, FAILING, SUBJECT, RETRY_FOR,
	TRACE, IN_ORDER, CLOUD
};

/* The id of an event contains its time: a database restored from a backup counts
 * its events from there again, and a receiver must not take a new one for an old. */
static struct delivery *new_delivery(const struct db_rows *r, int row, int64_t claimed_ms)
{
	const struct delivery_texts texts = {
		.url = db_text(r, row, URL), .data = db_text(r, row, DATA),
		.data_len = (size_t)db_length(r, row, DATA),
		.secret = db_text_or_null(r, row, SECRET),
		.old_secrets = db_text_or_null(r, row, OLD_SECRETS),
		.headers = db_text_or_null(r, row, HEADERS)};
	struct delivery *d = delivery_new(&texts);

	d->id = db_int(r, row, DELIVERY);
	d->webhook = db_int(r, row, WEBHOOK);
	d->subject = db_int(r, row, SUBJECT);
	d->sequence = db_int(r, row, SEQUENCE);
	d->time = db_int(r, row, TIME);
	d->number = (int)db_int(r, row, TRIES) + 1;
	d->in_run = d->number - (int)db_int(r, row, TRIES_BEFORE);
	d->retry_count = (int)db_int(r, row, RETRY_COUNT);
	d->retry_for_s = (long)db_int(r, row, RETRY_FOR);
	d->failing = db_bool(r, row, FAILING);
	d->in_order = db_bool(r, row, IN_ORDER);
	d->cloud = db_bool(r, row, CLOUD);
	d->timeout_s = (long)db_int(r, row, TIMEOUT);
	d->claimed_ms = claimed_ms;
	snprintf(d->event_id, sizeof d->event_id, "evt_%lld_%s", (long long)db_int(r, row, EVENT),
		 db_text(r, row, MICROS));
	snprintf(d->type, sizeof d->type, "%s", db_text(r, row, TYPE));
	if (!db_is_null(r, row, TRACE))
		snprintf(d->trace, sizeof d->trace, "%s", db_text(r, row, TRACE));
	return d;
}

static void append_rows(struct delivery_list *list, struct db_rows *rows, int64_t claimed_ms)
{
	for (int i = 0; i < db_count(rows); i++)
		delivery_append(list, new_delivery(rows, i, claimed_ms));
	db_rows_free(rows);
}

int exchange_resend(struct exchange *x, int64_t id, struct delivery_list *claimed, struct err *e)
{
	struct db_param p[] = {db_param_int(id), db_param_int(MARGIN_S)};
	struct db_rows *rows;

	if (db_exec(x->db, &SQL_RESEND_DELIVERY, p, &rows, e) != 0)
		return -1;
	append_rows(claimed, rows, clock_ms());
	return 0;
}

/* --- what is sent --- */

static void add_int_or_null(struct array *a, int v, int none)
{
	if (v == none)
		array_null(a);
	else
		array_int4(a, v);
}

/* NULL for an empty text; for others a copy in *room that PostgreSQL and JSON take. */
static const char *clean(struct buf *room, const char *s, size_t n)
{
	buf_reset(room);
	if (n == 0)
		return NULL;
	jtext_add_clean(room, s, n);
	return room->data;
}

static void add_result(struct array a[], const struct delivery *d)
{
	struct buf text = BUF_INIT;

	array_int8(&a[0], d->id);
	array_int4(&a[1], d->number);
	array_text(&a[2], delivery_state_name(d->state));
	add_int_or_null(&a[3], d->wait_s, -1);
	add_int_or_null(&a[4], d->http_status, 0);
	array_text(&a[5], clean(&text, d->error, strlen(d->error)));
	array_text(&a[6], clean(&text, d->answer.data, d->answer.len));
	add_int_or_null(&a[7], d->connect_ms, -1);
	add_int_or_null(&a[8], d->first_byte_ms, -1);
	array_int4(&a[9], d->duration_ms);
	array_int8(&a[10], clock_us() - d->started_us);
	array_int8(&a[11], d->webhook);
	buf_release(&text);
}

static void send_results(struct exchange *x, const struct delivery_list *ended)
{
	enum { ARRAYS = 12 };
	static const uint32_t types[ARRAYS] = {ARRAY_INT8, ARRAY_INT4, ARRAY_TEXT, ARRAY_INT4,
					       ARRAY_INT4, ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT4,
					       ARRAY_INT4, ARRAY_INT4, ARRAY_INT8, ARRAY_INT8};
	struct array a[ARRAYS];
	struct db_param p[ARRAYS + 1];

	for (int i = 0; i < ARRAYS; i++)
		array_init(&a[i], types[i]);
	for (const struct delivery *d = ended->first; d; d = d->next)
		add_result(a, d);
	for (int i = 0; i < ARRAYS; i++)
		p[i] = array_param(&a[i]);
	p[ARRAYS] = db_param_text(x->worker);
	pipeline_send(x->db, &SQL_RECORD_DELIVERIES, p);
	for (int i = 0; i < ARRAYS; i++)
		array_release(&a[i]);
}

static void send_notes(struct exchange *x, const struct dispatch_note *notes, size_t n)
{
	enum { ARRAYS = 5 };
	static const uint32_t types[ARRAYS] = {ARRAY_INT8, ARRAY_INT4, ARRAY_BOOL, ARRAY_INT4,
					       ARRAY_TEXT};
	struct array a[ARRAYS];
	struct db_param p[ARRAYS + 1];

	for (int i = 0; i < ARRAYS; i++)
		array_init(&a[i], types[i]);
	for (size_t i = 0; i < n; i++) {
		array_int8(&a[0], notes[i].webhook);
		array_int4(&a[1], notes[i].failures);
		array_bool(&a[2], notes[i].after_success);
		add_int_or_null(&a[3], notes[i].pause_s, 0);
		array_text(&a[4], notes[i].gone ? "it answered 410 Gone" : NULL);
	}
	for (int i = 0; i < ARRAYS; i++)
		p[i] = array_param(&a[i]);
	p[ARRAYS] = db_param_int(x->disable_after_s);
	pipeline_send(x->db, &SQL_NOTE_WEBHOOKS, p);
	for (int i = 0; i < ARRAYS; i++)
		array_release(&a[i]);
}

static bool any_in_order(const struct delivery_list *list)
{
	const struct delivery *d = list->first;

	while (d && !d->in_order)
		d = d->next;
	return d != NULL;
}

/* A statement about deliveries by the ids of their webhooks and their own. */
static void send_ids(struct exchange *x, const struct db_query *q,
		     const struct delivery_list *list)
{
	struct array webhooks, ids;

	array_init(&webhooks, ARRAY_INT8);
	array_init(&ids, ARRAY_INT8);
	for (const struct delivery *d = list->first; d; d = d->next) {
		array_int8(&webhooks, d->webhook);
		array_int8(&ids, d->id);
	}
	struct db_param p[] = {array_param(&webhooks), array_param(&ids)};
	pipeline_send(x->db, q, p);
	array_release(&webhooks);
	array_release(&ids);
}

static void send_claim(struct exchange *x, const struct dispatch_room *rooms, size_t n)
{
	struct array webhooks, counts;

	array_init(&webhooks, ARRAY_INT8);
	array_init(&counts, ARRAY_INT4);
	for (size_t i = 0; i < n; i++) {
		array_int8(&webhooks, rooms[i].webhook);
		array_int4(&counts, rooms[i].count);
	}
	struct db_param p[] = {array_param(&webhooks), array_param(&counts), db_param_int(NEW_ROOM),
			       db_param_int(MARGIN_S)};
	x->claimed_ms = clock_ms();
	pipeline_send(x->db, &SQL_CLAIM_DELIVERIES, p);
	array_release(&webhooks);
	array_release(&counts);
}

int exchange_send(struct exchange *x, const struct exchange_order *o, struct err *e)
{
	struct db_param subjects = db_param_int(SUBJECTS);

	if (pipeline_begin(x->db, e) != 0)
		return -1;
	x->sent = true;
	x->claims = o->claim;
	x->records = o->ended->count > 0;
	x->notes = o->nnotes > 0;
	x->lanes = any_in_order(o->ended);
	x->returns = o->unsent->count > 0;
	if (x->claims) {
		pipeline_send(x->db, &SQL_LOCK_LANES, NULL);
		pipeline_send(x->db, &SQL_EXPAND_OUTBOX, &subjects);
		pipeline_sync(x->db);
	}
	if (x->lanes)
		pipeline_send(x->db, &SQL_LOCK_LANES, NULL);
	if (x->records)
		send_results(x, o->ended);
	if (x->lanes)
		send_ids(x, &SQL_RELEASE_LANES, o->ended);
	if (x->notes)
		send_notes(x, o->notes, o->nnotes);
	if (x->returns)
		send_ids(x, &SQL_RELEASE_DELIVERIES, o->unsent);
	if (x->claims)
		send_claim(x, o->rooms, o->nrooms);
	pipeline_sync(x->db);
	return 0;
}

/* --- what comes back --- */

static int take_outbox(struct exchange *x, int64_t *events, struct err *e)
{
	struct db_rows *rows;

	if (pipeline_take(x->db, NULL, e) != 0 || pipeline_take(x->db, &rows, e) != 0)
		return -1;
	*events = db_int(rows, 0, 0);
	db_rows_free(rows);
	return 0;
}

static int take_disabled(struct exchange *x, exchange_disabled_fn *disabled, void *ctx,
			 struct err *e)
{
	struct db_rows *rows;

	if (pipeline_take(x->db, &rows, e) != 0)
		return -1;
	for (int i = 0; i < db_count(rows); i++)
		disabled(ctx, db_int(rows, i, 0), db_text(rows, i, 1));
	db_rows_free(rows);
	return 0;
}

/* The second transaction. */
static int take_rest(struct exchange *x, struct delivery_list *claimed,
		     exchange_disabled_fn *disabled, void *ctx, struct err *e)
{
	struct db_rows *rows = NULL;

	if (x->lanes && pipeline_take(x->db, NULL, e) != 0)
		return -1;
	if (x->records && pipeline_take(x->db, NULL, e) != 0)
		return -1;
	if (x->lanes && pipeline_take(x->db, NULL, e) != 0)
		return -1;
	if (x->notes && take_disabled(x, disabled, ctx, e) != 0)
		return -1;
	if (x->returns && pipeline_take(x->db, NULL, e) != 0)
		return -1;
	if (x->claims && pipeline_take(x->db, &rows, e) != 0)
		return -1;
	if (rows)
		append_rows(claimed, rows, x->claimed_ms);
	return 0;
}

int exchange_take(struct exchange *x, struct exchange_result *out, exchange_disabled_fn *disabled,
		  void *ctx, struct err *e)
{
	struct err second = {0};
	int rc = 0, rc2;

	*out = (struct exchange_result){0};
	if (x->claims)
		rc = take_outbox(x, &out->events, e);
	rc2 = take_rest(x, &out->claimed, disabled, ctx, rc == 0 ? e : &second);
	pipeline_end(x->db);
	x->sent = false;
	out->recorded = rc2 == 0;
	return rc == 0 ? rc2 : rc;
}
