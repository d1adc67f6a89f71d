/* SPDX-License-Identifier: MIT
 *
 * forget: in this order
 *   1. each open request: its orders in pieces of ORDERS, those that only the payloads tell of
 *      a PIECE of payloads at a time, then other payloads and quarantine
 *   2. what is older than PERSONAL_DAYS
 *   3. the bodies that 1, 2 and the intake marked, in pieces of BODIES
 */
#include "report/forget.h"

#include "base/buf.h"
#include "base/idmap.h"
#include "order/person.h"
#include "order/privacy.h"
#include "order/reduce.h"
#include "sql.h"
#include "store/array.h"

#include <string.h>

enum { ORDERS = 1000, BODIES = 100, PIECES = 1000, PIECE = 5000 };

struct forget {
	struct db *db;
	const struct forget_ops *ops;
	void *ctx;
	int64_t orders, bodies;
};

static int64_t last_id(const struct db_rows *rows)
{
	return db_int(rows, db_count(rows) - 1, 0);
}

static int redact_rows(struct forget *f, const struct db_rows *rows, int64_t *fresh,
		       struct err *e)
{
	struct array ids;
	int rc;

	array_init(&ids, ARRAY_INT8);
	for (int i = 0; i < db_count(rows); i++)
		array_int8(&ids, db_int(rows, i, 0));
	rc = privacy_redact(f->db, &ids, fresh, e);
	array_release(&ids);
	return rc;
}

/* Runs `work` in a transaction of its own. */
static int in_transaction(struct forget *f, int (*work)(struct forget *f, void *arg, struct err *e),
			  void *arg, struct err *e)
{
	int rc = db_exec(f->db, &QUERY_BEGIN, NULL, NULL, e);

	if (rc == 0)
		rc = work(f, arg, e);
	if (rc == 0)
		rc = db_exec(f->db, &QUERY_COMMIT, NULL, NULL, e);
	if (rc != 0)
		db_rollback(f->db);
	return rc;
}

/* --- bodies --- */

/* Writes the reduced bodies back by `write`. */
static int reduce(struct forget *f, const struct db_rows *rows, const struct db_query *write,
		  struct err *e)
{
	struct array ids, bodies;
	struct buf whole = BUF_INIT, b = BUF_INIT;
	int rc;

	array_init(&ids, ARRAY_INT8);
	array_init(&bodies, ARRAY_BYTEA);
	for (int i = 0; i < db_count(rows); i++) {
		struct db_param p;

		buf_reset(&whole);
		buf_reset(&b);
		buf_add_hex(&whole, db_text(rows, i, 1), (size_t)db_length(rows, i, 1));
		if (whole.len > 0)
			reduce_text(whole.data, whole.len, &b);
		array_int8(&ids, db_int(rows, i, 0));
		p = b.len ? db_param_bytes(b.data, b.len) : db_param_text(NULL);
		array_value(&bodies, &p);
	}
	struct db_param p[] = {array_param(&ids), array_param(&bodies)};

	rc = db_exec(f->db, write, p, NULL, e);
	if (rc == 0)
		f->bodies += db_count(rows);
	array_release(&ids);
	array_release(&bodies);
	buf_release(&whole);
	buf_release(&b);
	return rc;
}

/* *arg is how many there were. */
static int reduce_some(struct forget *f, void *arg, struct err *e)
{
	struct db_param p = db_param_int(BODIES);
	struct db_rows *rows;
	int *n = arg, rc;

	if (db_exec(f->db, &SQL_CLAIM_PAYLOADS_TO_REDUCE, &p, &rows, e) != 0)
		return -1;
	*n = db_count(rows);
	rc = *n > 0 ? reduce(f, rows, &SQL_REDUCE_PAYLOADS, e) : 0;
	db_rows_free(rows);
	return rc;
}

/* `find` gives ids and bodies of quarantine after $2, at most $3; $1 is `what`. */
static int reduce_quarantine(struct forget *f, const struct db_query *find, int64_t what,
			     struct err *e)
{
	struct db_param p[] = {db_param_int(what), db_param_int(0), db_param_int(BODIES)};
	struct db_rows *rows;
	int n, rc;

	do {
		if (db_exec(f->db, find, p, &rows, e) != 0)
			return -1;
		n = db_count(rows);
		if (n > 0)
			p[1] = db_param_int(last_id(rows));
		rc = n > 0 ? reduce(f, rows, &SQL_REDUCE_QUARANTINE, e) : 0;
		db_rows_free(rows);
	} while (rc == 0 && n == BODIES);
	return rc;
}

/* --- requests --- */

/* A request, and the piece that it has come to. */
struct piece {
	int64_t request, customer, after;
	const char *phone;
	bool redacts;
	struct array held; /* the ids of its orders */
	struct idmap seen; /* the same */
	int64_t fresh;     /* of how many the names went now */
	int n;
};

static void hold(struct piece *t, int64_t order, struct array *ids)
{
	size_t slot = IDMAP_START, at;

	if (idmap_next(&t->seen, order, &slot, &at))
		return;
	idmap_put(&t->seen, order, 0);
	array_int8(&t->held, order);
	array_int8(ids, order);
}

static int take_piece(struct forget *f, void *arg, struct err *e)
{
	struct piece *t = arg;
	struct db_param p[] = {db_param_int(t->request), db_param_int(t->after),
			       db_param_int(ORDERS)};
	struct db_rows *rows;
	struct array ids;
	int rc;

	if (db_exec(f->db, &SQL_FIND_PERSON_ORDERS, p, &rows, e) != 0)
		return -1;
	array_init(&ids, ARRAY_INT8);
	t->n = db_count(rows);
	if (t->n > 0)
		t->after = last_id(rows);
	for (int i = 0; i < t->n; i++)
		hold(t, db_int(rows, i, 0), &ids);
	rc = ids.n > 0 && t->redacts ? privacy_redact(f->db, &ids, &t->fresh, e) : 0;
	array_release(&ids);
	db_rows_free(rows);
	return rc;
}

/* Orders whose payloads are about the customer. */
static int take_bodies(struct forget *f, void *arg, struct err *e)
{
	struct piece *t = arg;
	struct db_param p[] = {db_param_int(t->request), db_param_int(t->after),
			       db_param_int(PIECE)};
	struct buf body = BUF_INIT;
	struct db_rows *rows;
	struct array ids;
	int rc;

	if (db_exec(f->db, &SQL_FIND_PERSON_BODIES, p, &rows, e) != 0)
		return -1;
	array_init(&ids, ARRAY_INT8);
	t->n = db_count(rows);
	for (int i = 0; i + 1 < t->n; i++) {
		buf_reset(&body);
		buf_addstr(&body, "");
		buf_add_hex(&body, db_text(rows, i, 2), (size_t)db_length(rows, i, 2));
		if (person_is_in(body.data, body.len, t->customer, t->phone))
			hold(t, db_int(rows, i, 1), &ids);
	}
	if (t->n > 0)
		t->after = last_id(rows);
	rc = ids.n > 0 && t->redacts ? privacy_redact(f->db, &ids, &t->fresh, e) : 0;
	array_release(&ids);
	buf_release(&body);
	db_rows_free(rows);
	return rc;
}

static int take_orders(struct forget *f, struct piece *t, struct err *e)
{
	int rc = 0;

	for (t->n = ORDERS; rc == 0 && t->n == ORDERS;)
		rc = in_transaction(f, take_piece, t, e);
	t->after = 0;
	for (t->n = 1; rc == 0 && t->n > 0;)
		rc = in_transaction(f, take_bodies, t, e);
	f->orders += t->fresh;
	return rc;
}

static int carry_out(struct forget *f, const struct db_rows *rows, struct err *e)
{
	enum { ID, KIND, SHOP, PHONE, CUSTOMER, AGAIN };
	struct forget_done d = {.request_id = db_int(rows, 0, ID), .kind = db_text(rows, 0, KIND),
				.shop = db_text(rows, 0, SHOP)};
	struct piece t = {.request = d.request_id, .redacts = strcmp(d.kind, "data_request") != 0,
			  .phone = db_text_or_null(rows, 0, PHONE)};
	bool again = db_bool(rows, 0, AGAIN);
	struct db_param p = db_param_int(d.request_id);
	int64_t bodies = f->bodies;
	int rc;

	if (!db_is_null(rows, 0, CUSTOMER))
		t.customer = db_int(rows, 0, CUSTOMER);
	array_init(&t.held, ARRAY_INT8);
	rc = take_orders(f, &t, e);
	if (rc == 0 && t.redacts && !again)
		rc = db_exec(f->db, &SQL_MARK_PERSON_PAYLOADS, &p, NULL, e);
	if (rc == 0 && t.redacts && !again)
		rc = reduce_quarantine(f, &SQL_FIND_PERSON_QUARANTINE, d.request_id, e);
	d.orders = again ? t.fresh : t.held.n;
	d.bodies = f->bodies - bodies;
	if (rc == 0) {
		struct db_param ended[] = {p, array_param(&t.held), db_param_int(d.bodies)};

		rc = db_exec(f->db, &SQL_END_PRIVACY_REQUEST, ended, NULL, e);
	}
	if (rc == 0 && (!again || d.orders > 0))
		f->ops->done(f->ctx, &d);
	array_release(&t.held);
	idmap_release(&t.seen);
	return rc;
}

static int carry_out_all(struct forget *f, struct err *e)
{
	struct db_param after = db_param_int(0);
	struct db_rows *rows;
	int n, rc;

	do {
		if (db_exec(f->db, &SQL_CLAIM_PRIVACY_REQUEST, &after, &rows, e) != 0)
			return -1;
		n = db_count(rows);
		if (n > 0)
			after = db_param_int(last_id(rows));
		rc = n > 0 ? carry_out(f, rows, e) : 0;
		db_rows_free(rows);
	} while (rc == 0 && n > 0);
	return rc;
}

/* --- the clock --- */

struct old {
	long days;
	int n; /* how many were looked at */
};

static int age_orders(struct forget *f, void *arg, struct err *e)
{
	struct old *old = arg;
	struct db_param p[] = {db_param_int(old->days), db_param_int(ORDERS)};
	struct db_rows *rows;
	int rc;

	if (db_exec(f->db, &SQL_AGE_ORDERS, p, &rows, e) != 0)
		return -1;
	old->n = db_count(rows);
	rc = old->n > 0 ? redact_rows(f, rows, &f->orders, e) : 0;
	db_rows_free(rows);
	return rc;
}

static int age_payloads(struct forget *f, void *arg, struct err *e)
{
	struct old *old = arg;
	struct db_param p[] = {db_param_int(old->days), db_param_int(ORDERS)};
	struct db_rows *rows;

	if (db_exec(f->db, &SQL_AGE_PAYLOADS, p, &rows, e) != 0)
		return -1;
	old->n = (int)db_int(rows, 0, 0);
	db_rows_free(rows);
	return 0;
}

static int forget_old(struct forget *f, long days, struct err *e)
{
	struct old orders = {days, 1}, payloads = {days, 1};
	int rc = 0;

	for (int i = 0; rc == 0 && orders.n > 0 && i < PIECES; i++)
		rc = in_transaction(f, age_orders, &orders, e);
	for (int i = 0; rc == 0 && payloads.n > 0 && i < PIECES; i++)
		rc = in_transaction(f, age_payloads, &payloads, e);
	return rc == 0 ? reduce_quarantine(f, &SQL_AGE_QUARANTINE, days, e) : rc;
}

int forget_run(struct db *db, long days, const struct forget_ops *ops, void *ctx, int64_t *orders,
	       int64_t *bodies, struct err *e)
{
	struct forget f = {.db = db, .ops = ops, .ctx = ctx};
	int n = BODIES, rc;

	rc = carry_out_all(&f, e);
	if (rc == 0)
		rc = db_exec(db, &SQL_EXPIRE_PRIVACY_REQUESTS, NULL, NULL, e);
	if (rc == 0 && days > 0)
		rc = forget_old(&f, days, e);
	while (rc == 0 && n == BODIES)
		rc = in_transaction(&f, reduce_some, &n, e);
	*orders += f.orders;
	*bodies += f.bodies;
	return rc;
}
