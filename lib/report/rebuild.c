/* SPDX-License-Identifier: MIT
 *
 * rebuild: orders do not meet in an empty database with more than enough of everything, so
 * all payloads are played at once, a page at a time. What a line is was decided by the products
 * of then: the SKUs that count are the products there, and the few orders in which one of
 * these was passed over are played one by one, with it out of sight.
 */
#include "report/rebuild.h"

#include "base/xalloc.h"
#include "order/intake.h"
#include "order/work.h"
#include "report/empty.h"
#include "sql.h"
#include "store/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 256, SKUS = 20000 };

struct rebuild {
	struct db *here, *there;
	const struct conf *conf; /* of there */
	const char *worker;
	const struct audit_ops *ops;
	void *ctx;
	struct audit_result *audit;
	struct rebuild_result *result;
	struct work *work;   /* owned */
	struct intake *in;   /* owned */
	int64_t told;        /* breaches */
};

/* --- playing --- */

static int copy_skus(struct rebuild *r, struct err *e)
{
	char *after = xalloc_strdup("");
	int rc = 0, n = SKUS;

	while (rc == 0 && n == SKUS) {
		struct db_param p[] = {db_param_text(after), db_param_int(SKUS)};
		struct db_rows *rows;
		struct array skus;

		rc = db_exec(r->here, &SQL_REBUILD_SKUS, p, &rows, e);
		if (rc != 0)
			break;
		array_init(&skus, ARRAY_TEXT);
		n = db_count(rows);
		for (int i = 0; i < n; i++)
			array_text(&skus, db_text(rows, i, 0));
		if (n > 0) {
			struct db_param given = array_param(&skus);

			free(after);
			after = xalloc_strdup(db_text(rows, n - 1, 0));
			rc = db_exec(r->there, &SQL_REBUILD_PRODUCTS, &given, NULL, e);
		}
		array_release(&skus);
		db_rows_free(rows);
	}
	free(after);
	return rc;
}

/* Stores what was added, and processes what is due. */
static int settle(struct rebuild *r, struct err *e)
{
	static struct intake_result results[INTAKE_MOST];
	size_t done;
	int rc = intake_store(r->in, results, e);

	do {
		done = 0;
		rc = rc == 0 ? work_due(r->work, WORK_MOST, &done, e) : rc;
	} while (rc == 0 && done > 0);
	return rc;
}

static int add(struct rebuild *r, const struct db_rows *rows, int row, struct err *e)
{
	r->result->payloads++;
	if (intake_add_row(r->in, rows, row, e) != 0)
		return -1;
	return intake_is_full(r->in) ? settle(r, e) : 0;
}

/* The payloads of all orders that can be played together, or of one. */
static int play(struct rebuild *r, int64_t order, struct err *e)
{
	int64_t after = 0;
	int rc = 0, n = PIECE;

	while (rc == 0 && n == PIECE) {
		struct db_param p[] = {db_param_int(after), db_param_int(PIECE),
				       order ? db_param_int(order) : db_param_text(NULL)};
		struct db_rows *rows;

		rc = db_exec(r->here, &SQL_REBUILD_PAYLOADS, p, &rows, e);
		if (rc != 0)
			break;
		n = db_count(rows);
		for (int i = 0; rc == 0 && i < n; i++) {
			after = db_int(rows, i, 0);
			rc = add(r, rows, i, e);
		}
		db_rows_free(rows);
		rc = rc == 0 ? settle(r, e) : rc;
	}
	return rc;
}

static int hide(struct rebuild *r, const char *skus, struct err *e)
{
	struct db_param p = db_param_text(skus);

	return db_exec(r->there, &SQL_REBUILD_HIDE, &p, NULL, e);
}

static int play_apart(struct rebuild *r, struct err *e)
{
	int64_t order = 0;
	int rc = 0, n = 1;

	while (rc == 0 && n > 0) {
		struct db_param p = db_param_int(order);
		struct db_rows *rows;

		rc = db_exec(r->here, &SQL_REBUILD_APART, &p, &rows, e);
		if (rc != 0)
			break;
		n = db_count(rows);
		if (n > 0) {
			order = db_int(rows, 0, 0);
			rc = hide(r, db_text(rows, 0, 1), e);
			rc = rc == 0 ? play(r, order, e) : rc;
			rc = rc == 0 ? hide(r, "[]", e) : rc;
		}
		db_rows_free(rows);
	}
	return rc;
}

/* --- comparing --- */

/* Columns of rebuild-orders, and of rebuild-read. */
enum { O_ID, O_SHOP, O_EXTERNAL, O_WHOLE };
enum { R_PLACE, R_ID, R_STATUS, R_CANCELLED, R_LINES, R_TAKEN };

/* The orders of a page, here and there. */
struct page {
	struct array shops, ids;
	struct db_rows *here, *there;
};

static void page_release(struct page *w)
{
	array_release(&w->shops);
	array_release(&w->ids);
	db_rows_free(w->here);
	db_rows_free(w->there);
}

static int read_page(struct rebuild *r, struct page *w, struct err *e)
{
	struct db_param p[] = {array_param(&w->shops), array_param(&w->ids)};

	if (db_exec(r->here, &SQL_REBUILD_READ, p, &w->here, e) != 0)
		return -1;
	return db_exec(r->there, &SQL_REBUILD_READ, p, &w->there, e);
}

static void tell(struct rebuild *r, const struct page *w, int row, const char *external,
		 const char *found, const char *expected)
{
	struct audit_breach b = {.check = "rebuild", .order_id = db_int(w->here, row, R_ID),
				 .external_order_id = external, .found = found,
				 .expected = expected};

	r->audit->breaches++;
	if (r->told++ < AUDIT_MOST_TOLD)
		r->ops->breach(r->ctx, &b);
}

/* `other` is the row there, -1 if the order is not. */
static void compare(struct rebuild *r, const struct page *w, int row, int other,
		    const char *external)
{
	const char *status = db_text_or_null(w->here, row, R_STATUS), *now;
	char found[64], expected[64];

	if (other < 0) {
		tell(r, w, row, external, "here", "not there after a rebuild");
		return;
	}
	now = db_text_or_null(w->there, other, R_STATUS);
	if (strcmp(db_text(w->here, row, R_LINES), db_text(w->there, other, R_LINES)) != 0)
		tell(r, w, row, external, db_text(w->here, row, R_LINES),
		     db_text(w->there, other, R_LINES));
	else if (status && (now == NULL || strcmp(status, now) != 0))
		tell(r, w, row, external, status, now ? now : "not done, after a rebuild");
	else if (status && db_int(w->here, row, R_TAKEN) != db_int(w->there, other, R_TAKEN)) {
		snprintf(found, sizeof found, "%lld units taken",
			 (long long)db_int(w->here, row, R_TAKEN));
		snprintf(expected, sizeof expected, "%lld by a rebuild",
			 (long long)db_int(w->there, other, R_TAKEN));
		tell(r, w, row, external, found, expected);
	}
}

/* Cancels there what a person cancelled here: no payload says so. */
static int cancel(struct rebuild *r, const struct page *w, const struct db_rows *orders,
		  const int *places, struct err *e)
{
	int other = 0, cancelled = 0, rc = 0;

	for (int i = 0; rc == 0 && i < db_count(w->here); i++) {
		int order = places[db_int(w->here, i, R_PLACE) - 1];
		struct db_param p[] = {db_param_text(db_text(orders, order, O_SHOP)),
				       db_param_int(db_int(orders, order, O_EXTERNAL))};

		while (other < db_count(w->there) &&
		       db_int(w->there, other, R_PLACE) < db_int(w->here, i, R_PLACE))
			other++;
		if (other == db_count(w->there) || !db_bool(w->here, i, R_CANCELLED) ||
		    db_bool(w->there, other, R_CANCELLED) ||
		    db_int(w->there, other, R_PLACE) != db_int(w->here, i, R_PLACE))
			continue;
		rc = db_exec(r->there, &SQL_REBUILD_CANCEL, p, NULL, e);
		cancelled++;
	}
	return rc == 0 && cancelled ? settle(r, e) : rc;
}

/* rows: the orders, of which places[] are in the page. */
static int compare_page(struct rebuild *r, struct page *w, const struct db_rows *rows,
			const int *places, struct err *e)
{
	int other = 0;

	if (read_page(r, w, e) != 0 || cancel(r, w, rows, places, e) != 0)
		return -1;
	db_rows_free(w->here);
	db_rows_free(w->there);
	w->here = w->there = NULL;
	if (read_page(r, w, e) != 0)
		return -1;
	for (int i = 0; i < db_count(w->here); i++) {
		int64_t place = db_int(w->here, i, R_PLACE);

		while (other < db_count(w->there) && db_int(w->there, other, R_PLACE) < place)
			other++;
		compare(r, w, i,
			other < db_count(w->there) && db_int(w->there, other, R_PLACE) == place
				? other : -1,
			db_text(rows, places[place - 1], O_EXTERNAL));
	}
	return 0;
}

static int compare_all(struct rebuild *r, struct err *e)
{
	int64_t after = 0;
	int rc = 0, n = PIECE;

	while (rc == 0 && n == PIECE) {
		struct db_param p[] = {db_param_int(after), db_param_int(PIECE)};
		struct page w = {.here = NULL};
		int places[PIECE], kept = 0;
		struct db_rows *rows;

		rc = db_exec(r->here, &SQL_REBUILD_ORDERS, p, &rows, e);
		if (rc != 0)
			break;
		n = db_count(rows);
		array_init(&w.shops, ARRAY_TEXT);
		array_init(&w.ids, ARRAY_INT8);
		for (int i = 0; i < n; i++) {
			after = db_int(rows, i, O_ID);
			if (!db_bool(rows, i, O_WHOLE))
				continue;
			array_text(&w.shops, db_text(rows, i, O_SHOP));
			array_int8(&w.ids, db_int(rows, i, O_EXTERNAL));
			places[kept++] = i;
		}
		r->result->orders += kept;
		r->result->left_out += n - kept;
		if (kept > 0)
			rc = compare_page(r, &w, rows, places, e);
		page_release(&w);
		db_rows_free(rows);
	}
	return rc;
}

/* --- all of it --- */

static void ignore(void *ctx, const struct allot_order *o, int duration_ms)
{
	(void)ctx;
	(void)o;
	(void)duration_ms;
}

static int run(struct rebuild *r, struct err *e)
{
	int rc;

	r->in = intake_new(r->there, r->conf);
	r->work = work_new(r->there, r->conf, r->worker, NULL, ignore, NULL);
	rc = audit_begin(r->here, e);
	if (rc == 0)
		rc = copy_skus(r, e);
	if (rc == 0)
		rc = play(r, 0, e);
	if (rc == 0)
		rc = play_apart(r, e);
	if (rc == 0)
		rc = compare_all(r, e);
	db_rollback(r->here);
	return rc;
}

int rebuild_run(struct db *db, const struct conf *conf, const char *into, const char *worker,
		const struct audit_ops *ops, void *ctx, struct audit_result *audit,
		struct rebuild_result *result, struct err *e)
{
	struct rebuild r = {.here = db, .worker = worker, .ops = ops, .ctx = ctx, .audit = audit,
			    .result = result};
	struct err later;
	struct empty empty;
	int rc = empty_open(&empty, db, conf, into, e);

	if (rc == 0) {
		r.there = empty.db;
		r.conf = empty.conf;
		rc = run(&r, e);
		work_free(r.work);
		intake_free(r.in);
	}
	if (empty_close(&empty, db, rc == 0 ? e : &later) != 0)
		rc = -1;
	if (r.told > AUDIT_MOST_TOLD)
		ops->more(ctx, "rebuild", r.told - AUDIT_MOST_TOLD);
	audit->checks++;
	return rc;
}
