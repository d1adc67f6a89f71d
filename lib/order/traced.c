/* SPDX-License-Identifier: MIT
 *
 * traced: a statement of its own, since hardly any order comes with a trace.
 */
#include "order/traced.h"

#include "sql.h"
#include "store/array.h"

#include <string.h>

int traced_keep(struct db *db, const struct payload *items, const struct intake_result *results,
		size_t n, struct err *e)
{
	struct array a[2];
	size_t kept = 0;
	int rc = 0;

	array_init(&a[0], ARRAY_INT8);
	array_init(&a[1], ARRAY_TEXT);
	for (size_t i = 0; i < n; i++) {
		if (!*items[i].trace || results[i].order_id == 0 ||
		    strcmp(results[i].status, "accepted") != 0)
			continue;
		array_int8(&a[0], results[i].order_id);
		array_text(&a[1], items[i].trace);
		kept++;
	}
	if (kept > 0)
		rc = db_exec(db, &SQL_INSERT_TRACES,
			     (struct db_param[]){array_param(&a[0]), array_param(&a[1])}, NULL, e);
	array_release(&a[0]);
	array_release(&a[1]);
	return rc;
}
