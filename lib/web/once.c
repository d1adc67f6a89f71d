/* SPDX-License-Identifier: MIT
 *
 * once: the key is locked before its record is read, by two statements, since one
 * would read as of the time before it had the lock.
 */
#include "web/once.h"

#include "base/sign.h"
#include "sql.h"

#include <string.h>

bool once_key_ok(const char *key)
{
	size_t n = 0;

	while (key[n] > ' ' && key[n] <= '~')
		n++;
	return n > 0 && n <= ONCE_MOST_KEY && key[n] == '\0';
}

void once_digest(struct once *o, const char *method, const char *path, const char *query,
		 const void *body, size_t len)
{
	struct sign_sum *s = sign_sum_new();
	unsigned char sum[SIGN_BYTES];

	sign_sum_add(s, method, strlen(method) + 1);
	sign_sum_add(s, path, strlen(path) + 1);
	sign_sum_add(s, query, strlen(query) + 1);
	sign_sum_add(s, body, len);
	sign_sum_end(s, sum);
	sign_sum_free(s);
	sign_hex(sum, sizeof sum, o->digest);
}

static int lock(const struct once *o, struct db *db, struct err *e)
{
	struct db_param p[] = {db_param_text(o->who), db_param_text(o->key)};
	struct db_rows *rows;
	bool held;

	if (db_exec(db, &SQL_LOCK_KEY, p, &rows, e) != 0)
		return -1;
	held = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return held ? 0 : err_set(e, ERR_CONFLICT, "a request with this Idempotency-Key is being "
						   "done; ask again in a second");
}

static int read_answer(struct once *o, struct db *db, struct response *a, bool *done,
		       struct err *e)
{
	enum { STATUS, TYPE, HEADERS, BODY, SAME };
	struct db_param p[] = {db_param_text(o->who), db_param_text(o->key),
			       db_param_text(o->digest)};
	struct db_rows *rows;
	int rc = 0;

	if (db_exec(db, &SQL_READ_KEY, p, &rows, e) != 0)
		return -1;
	*done = db_count(rows) > 0;
	if (*done && !db_bool(rows, 0, SAME)) {
		rc = err_set(e, ERR_SEMANTIC,
			     "this Idempotency-Key was used for another request within a day");
	} else if (*done) {
		buf_reset(&o->type);
		buf_addstr(&o->type, db_text(rows, 0, TYPE));
		a->status = (int)db_int(rows, 0, STATUS);
		a->type = o->type.data;
		buf_addstr(&a->headers, db_text(rows, 0, HEADERS));
		buf_reset(&a->body);
		buf_add(&a->body, db_text(rows, 0, BODY), (size_t)db_length(rows, 0, BODY));
		response_header(a, "Idempotency-Replayed", "true");
	}
	db_rows_free(rows);
	return rc;
}

int once_begin(struct once *o, struct db *db, struct response *a, bool *done, struct err *e)
{
	struct err ignored;
	int rc = db_hold(db, e);

	*done = false;
	if (rc != 0)
		return -1;
	rc = lock(o, db, e);
	if (rc == 0)
		rc = read_answer(o, db, a, done, e);
	if (rc == 0 && *done)
		return db_settle(db, true, e); /* what it tells of may wait for its standby still */
	if (rc == 0)
		o->db = db;
	else if (db_settle(db, false, &ignored) != 0)
		return rc; /* there was nothing to keep */
	return rc;
}

static int keep(const struct once *o, struct response *a, struct err *e)
{
	buf_addstr(&a->headers, "");
	buf_addstr(&a->body, "");
	struct db_param p[] = {db_param_text(o->who), db_param_text(o->key),
			       db_param_text(o->digest), db_param_int(a->status),
			       db_param_text(a->type), db_param_text(a->headers.data),
			       db_param_text(a->body.data)};

	return db_exec(o->db, &SQL_KEEP_KEY, p, NULL, e);
}

int once_end(struct once *o, struct response *a, int rc, struct err *e)
{
	bool failed = rc != 0 && err_http_status(e->code) >= 500;
	struct db *db = o->db;
	struct err ignored;

	if (rc == 0)
		failed = (rc = keep(o, a, e)) != 0;
	o->db = NULL;
	if (!failed)
		return db_settle(db, true, e) == 0 ? rc : -1;
	if (db_settle(db, false, &ignored) != 0)
		return -1; /* the connection is lost, and the server takes all of it back */
	return -1;
}
