/* SPDX-License-Identifier: MIT
 *
 * audit: holds the database against what must always be true of it, one
 * statement of sql/query/audit-*.sql a check. All checks see one read-only
 * snapshot, so that workers may go on beside it; nothing is kept in memory
 * but the rows of one check that are told.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include "base/backoff.h"
#include "base/err.h"
#include "store/db.h"

#include <stdint.h>

enum { AUDIT_MOST_TOLD = 100 }; /* rows of one check */

/* One row that breaks a rule; borrowed for the call. */
struct audit_breach {
	const char *check;
	int64_t order_id, product_id;  /* 0: it is not about one */
	const char *external_order_id; /* NULL: not known */
	const char *found, *expected;  /* for people */
};

struct audit_ops {
	void (*breach)(void *ctx, const struct audit_breach *b);
	void (*more)(void *ctx, const char *check, int64_t n); /* that were not told one by one */
	void (*ambiguous)(void *ctx, int64_t line, int64_t external_id); /* of a journal */
};

struct audit_result {
	int checks;
	int64_t breaches; /* told or not */
};

/* Begins a transaction that reads one snapshot, for as long as an audit takes. */
ERR_CHECK int audit_begin(struct db *db, struct err *e);

/* Runs every check and adds to *r. An order may be due for `grace` seconds. */
ERR_CHECK int audit_run(struct db *db, const struct backoff *delays, long grace,
			const struct audit_ops *ops, void *ctx, struct audit_result *r,
			struct err *e);

/* A list of orders that somebody was told were stored, as one more check.
 * `ambiguous` gets each line without a shop whose id several shops have: nothing
 * can be said of it. Each part of it is looked up after it was added, outside any snapshot, so
 * that an order stored a moment ago is seen. */
struct audit_journal;

/* Borrows everything for its life. */
struct audit_journal *audit_journal_new(struct db *db, const struct audit_ops *ops, void *ctx,
					struct audit_result *r);
void audit_journal_free(struct audit_journal *j);

/* `shop` is NULL if it is not known; `line` is where the list says so. */
ERR_CHECK int audit_journal_add(struct audit_journal *j, int64_t external_id, const char *shop,
				int64_t line, struct err *e);

/* Looks up what is left. */
ERR_CHECK int audit_journal_end(struct audit_journal *j, struct err *e);

#endif
