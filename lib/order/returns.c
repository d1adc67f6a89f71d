/* SPDX-License-Identifier: MIT
 *
 * returns: one question for all returns of a batch. The lines of one return are of one order,
 * so the first that is known decides.
 */
#include "order/returns.h"

#include "base/xalloc.h"
#include "sql.h"

#include <stdlib.h>

enum { PIECE = 100 };

static bool is_unplaced(const struct payload *it)
{
	return it->order.kind == ORDER_RETURN && it->order.external_id == 0;
}

static bool names_line(const struct order_change *c)
{
	return order_change_is(c, "disposal") && c->line_id < 0;
}

void returns_lines(const struct payload *it, struct array *out)
{
	for (size_t i = 0; i < it->order.nchanges; i++)
		if (it->order.external_id == 0 && names_line(&it->order.changes[i]))
			array_int8(out, -it->order.changes[i].line_id);
}

bool returns_tell(const struct payload *it)
{
	for (size_t i = 0; i < it->order.nchanges; i++)
		if (order_change_is(&it->order.changes[i], "reverse"))
			return it->order.external_id != 0;
	return false;
}

int returns_place(struct db *db, struct payload *items, size_t n, struct err *e)
{
	struct array shops, lines;
	size_t *places = NULL, nplaces = 0;
	struct db_rows *rows = NULL;
	int rc = 0;

	array_init(&shops, ARRAY_TEXT);
	array_init(&lines, ARRAY_INT8);
	for (size_t i = 0; i < n; i++) {
		if (!is_unplaced(&items[i]))
			continue;
		returns_lines(&items[i], &lines);
		places = xalloc_grow(places, (size_t)lines.n + 1, sizeof *places);
		for (; nplaces < (size_t)lines.n; nplaces++) {
			places[nplaces] = i;
			array_text(&shops, items[i].shop);
		}
	}
	struct db_param p[] = {array_param(&shops), array_param(&lines)};
	if (nplaces > 0)
		rc = db_exec(db, &SQL_FIND_RETURN_ORDERS, p, &rows, e);
	for (int i = 0; rc == 0 && nplaces > 0 && i < db_count(rows); i++)
		items[places[db_int(rows, i, 0) - 1]].order.external_id = db_int(rows, i, 1);
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (is_unplaced(&items[i])) {
			items[i].order.kind = ORDER_OTHER;
			order_note(&items[i].order, "which order came back is not known yet: it is "
				   "kept, and counts once a payload tells", 0, NULL);
		}
	db_rows_free(rows);
	array_release(&shops);
	array_release(&lines);
	free(places);
	return rc;
}

int returns_next(struct db *db, struct db_rows **rows, struct err *e)
{
	struct db_param p = db_param_int(PIECE);

	return db_exec(db, &SQL_FIND_PLACED_RETURNS, &p, rows, e);
}
