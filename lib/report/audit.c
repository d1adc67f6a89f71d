/* SPDX-License-Identifier: MIT
 *
 * audit: a table of statements with the same columns. The name of a check is
 * that of its statement without "audit-".
 */
#include "report/audit.h"

#include "base/xalloc.h"
#include "order/allot.h"
#include "sql.h"
#include "store/array.h"

#include <stdlib.h>
#include <string.h>

enum { PART = 1000 };

enum extra { NONE, GRACE, DELAYS };

static const struct {
	const struct db_query *query;
	enum extra extra; /* its $2 */
} checks[] = {
	{&SQL_AUDIT_DUPLICATE_ORDER, NONE},
	{&SQL_AUDIT_PAYLOAD_WITHOUT_ORDER, NONE},
	{&SQL_AUDIT_ORDER_WITHOUT_PAYLOAD, NONE},
	{&SQL_AUDIT_STOCK_SUM, NONE},
	{&SQL_AUDIT_STOCK_NEGATIVE, NONE},
	{&SQL_AUDIT_LEDGER_BALANCE, NONE},
	{&SQL_AUDIT_LEDGER_TWICE, NONE},
	{&SQL_AUDIT_LEDGER_STRAY, NONE},
	{&SQL_AUDIT_ORDER_TAKEN, NONE},
	{&SQL_AUDIT_SUCCESS_TWICE, NONE},
	{&SQL_AUDIT_SUCCESS_MISSING, NONE},
	{&SQL_AUDIT_SUCCESS_UNFINISHED, NONE},
	{&SQL_AUDIT_LOG_STRAY, NONE},
	{&SQL_AUDIT_RETRY_COUNT, NONE},
	{&SQL_AUDIT_RETRY_EARLY, DELAYS},
	{&SQL_AUDIT_RETRY_LATE, DELAYS},
	{&SQL_AUDIT_FAILURE_MISSING, NONE},
	{&SQL_AUDIT_FAILURE_EARLY, DELAYS},
	{&SQL_AUDIT_ORDER_OVERDUE, GRACE},
	{&SQL_AUDIT_ORDER_STUCK, NONE},
	{&SQL_AUDIT_BACKORDER_STRAY, NONE},
	{&SQL_AUDIT_BACKORDER_MISSING, NONE},
	{&SQL_AUDIT_BACKORDER_FORGOTTEN, NONE},
	{&SQL_AUDIT_EVENT_OVERDUE, GRACE},
	{&SQL_AUDIT_DELIVERY_OVERDUE, GRACE},
	{&SQL_AUDIT_DELIVERY_STRAY, NONE},
	{&SQL_AUDIT_DELIVERY_TRIES, NONE},
	{&SQL_AUDIT_DELIVERY_MISSING, NONE},
	{&SQL_AUDIT_DELIVERY_STATE, NONE},
	{&SQL_AUDIT_ATTEMPT_STRAY, NONE},
};

enum column { ORDER, PRODUCT, EXTERNAL, FOUND, EXPECTED, TOTAL };

/* Tells of the first rows; returns how many breaches all of them stand for. */
static int64_t tell(const struct db_query *q, const struct db_rows *rows, int64_t most,
		    const struct audit_ops *ops, void *ctx)
{
	int n = db_count(rows);

	for (int i = 0; i < n && i < most; i++) {
		struct audit_breach b = {
			.check = q->name + strlen("audit-"),
			.order_id = db_int(rows, i, ORDER),
			.product_id = db_int(rows, i, PRODUCT),
			.external_order_id = db_is_null(rows, i, EXTERNAL)
						     ? NULL : db_text(rows, i, EXTERNAL),
			.found = db_text(rows, i, FOUND),
			.expected = db_text(rows, i, EXPECTED)};

		ops->breach(ctx, &b);
	}
	return n ? db_int(rows, 0, TOTAL) : 0;
}

static int run_checks(struct db *db, const struct db_param extras[], const struct audit_ops *ops,
		      void *ctx, struct audit_result *r, struct err *e)
{
	struct db_rows *rows;

	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		const struct db_query *q = checks[i].query;
		struct db_param p[] = {db_param_int(AUDIT_MOST_TOLD), extras[checks[i].extra],
				       db_param_text(ALLOT_CRASHED)};
		int64_t n;

		if (db_exec(db, q, p, &rows, e) != 0)
			return -1;
		n = tell(q, rows, AUDIT_MOST_TOLD, ops, ctx);
		if (n > db_count(rows))
			ops->more(ctx, q->name + strlen("audit-"), n - db_count(rows));
		db_rows_free(rows);
		r->checks++;
		r->breaches += n;
	}
	return 0;
}

int audit_begin(struct db *db, struct err *e)
{
	if (db_exec(db, &QUERY_BEGIN_SNAPSHOT, NULL, NULL, e) != 0)
		return -1;
	return db_exec(db, &SQL_ALLOW_AUDIT, NULL, NULL, e);
}

int audit_run(struct db *db, const struct backoff *delays, long grace, const struct audit_ops *ops,
	      void *ctx, struct audit_result *r, struct err *e)
{
	struct array waits;
	int rc;

	array_init(&waits, ARRAY_INT4);
	for (int i = 0; i < delays->n; i++)
		array_int4(&waits, delays->seconds[i]);
	struct db_param extras[] = {[NONE] = db_param_text(NULL),
				    [GRACE] = db_param_int(grace),
				    [DELAYS] = array_param(&waits)};
	rc = audit_begin(db, e);
	if (rc == 0)
		rc = run_checks(db, extras, ops, ctx, r, e);
	array_release(&waits);
	db_rollback(db);
	return rc;
}

struct audit_journal {
	struct db *db;
	const struct audit_ops *ops;
	void *ctx;
	struct audit_result *result;
	struct array ids, shops, lines;
	int64_t told, untold;
};

static void empty(struct audit_journal *j)
{
	array_init(&j->ids, ARRAY_INT8);
	array_init(&j->shops, ARRAY_TEXT);
	array_init(&j->lines, ARRAY_INT8);
}

static void release(struct audit_journal *j)
{
	array_release(&j->ids);
	array_release(&j->shops);
	array_release(&j->lines);
}

struct audit_journal *audit_journal_new(struct db *db, const struct audit_ops *ops, void *ctx,
					struct audit_result *r)
{
	struct audit_journal *j = xalloc_zero(1, sizeof *j);

	*j = (struct audit_journal){.db = db, .ops = ops, .ctx = ctx, .result = r};
	empty(j);
	r->checks++;
	return j;
}

void audit_journal_free(struct audit_journal *j)
{
	if (j == NULL)
		return;
	release(j);
	free(j);
}

static int find_ambiguous(struct audit_journal *j, struct err *e)
{
	struct db_param p[] = {array_param(&j->ids), array_param(&j->shops),
			       array_param(&j->lines)};
	struct db_rows *rows;

	if (db_exec(j->db, &SQL_FIND_AMBIGUOUS, p, &rows, e) != 0)
		return -1;
	for (int i = 0; i < db_count(rows); i++)
		j->ops->ambiguous(j->ctx, db_int(rows, i, 0), db_int(rows, i, 1));
	db_rows_free(rows);
	return 0;
}

static int look_up(struct audit_journal *j, struct err *e)
{
	struct db_param p[] = {db_param_int(AUDIT_MOST_TOLD), array_param(&j->ids),
			       array_param(&j->shops), array_param(&j->lines)};
	int64_t n, most = AUDIT_MOST_TOLD - j->told;
	struct db_rows *rows;

	if (find_ambiguous(j, e) != 0 || db_exec(j->db, &SQL_AUDIT_JOURNAL, p, &rows, e) != 0)
		return -1;
	n = tell(&SQL_AUDIT_JOURNAL, rows, most, j->ops, j->ctx);
	most = n < most ? n : most;
	j->told += most;
	j->untold += n - most;
	j->result->breaches += n;
	db_rows_free(rows);
	release(j);
	empty(j);
	return 0;
}

int audit_journal_add(struct audit_journal *j, int64_t external_id, const char *shop, int64_t line,
		      struct err *e)
{
	array_int8(&j->ids, external_id);
	array_text(&j->shops, shop);
	array_int8(&j->lines, line);
	return j->ids.n == PART ? look_up(j, e) : 0;
}

int audit_journal_end(struct audit_journal *j, struct err *e)
{
	if (j->ids.n > 0 && look_up(j, e) != 0)
		return -1;
	if (j->untold > 0)
		j->ops->more(j->ctx, "journal", j->untold);
	return 0;
}
