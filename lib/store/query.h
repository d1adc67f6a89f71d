/* SPDX-License-Identifier: MIT
 *
 * query: what is sent to PostgreSQL: a statement, which is a file of sql/query, and its parameters.
 */
#ifndef QUERY_H
#define QUERY_H

#include <stdbool.h>
#include <stdint.h>

struct db_query {
	const char *name;
	const char *sql;
	int nparams;
	bool writes;
};

/* One bound parameter; all zero is null. Text and bytes (PostgreSQL's binary form)
 * are borrowed until the statement was sent; a number is held here. */
struct db_param {
	enum { DB_TEXT, DB_BYTES, DB_INT } kind;
	int len;           /* of bytes */
	const char *value; /* text or bytes; NULL: null */
	int64_t number;
};

/* Each begins or ends a transaction. One of QUERY_BEGIN_SNAPSHOT sees the database as of one
 * moment, and writes nothing. */
extern const struct db_query QUERY_BEGIN, QUERY_BEGIN_SNAPSHOT, QUERY_COMMIT, QUERY_ROLLBACK;
/* The same of a part within a transaction, which can be rolled back alone. */
extern const struct db_query QUERY_PART_BEGIN, QUERY_PART_COMMIT, QUERY_PART_ROLLBACK;

#endif
