/* SPDX-License-Identifier: MIT
 *
 * query: the statements that are no files.
 */
#include "store/query.h"

#include <stddef.h>

/* READ COMMITTED whatever the database's default is: a statement that waited for
 * a lock must see what the holder of the lock committed. */
const struct db_query QUERY_BEGIN = {"begin", "begin isolation level READ COMMITTED", 0, false};
const struct db_query QUERY_BEGIN_SNAPSHOT = {
	"begin-snapshot", "begin isolation level repeatable read read only", 0, false};
const struct db_query QUERY_COMMIT = {"commit", "commit", 0, false};
const struct db_query QUERY_ROLLBACK = {"rollback", "rollback", 0, false};
const struct db_query QUERY_PART_BEGIN = {"part-begin", "savepoint part", 0, false};
const struct db_query QUERY_PART_COMMIT = {"part-commit", "release part", 0, false};
const struct db_query QUERY_PART_ROLLBACK = {"part-rollback", "rollback to part", 0, false};
