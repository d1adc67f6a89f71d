/* SPDX-License-Identifier: MIT
 *
 * remade: what is wanted is divided before the order is decided. The database knows which products
 * were deleted, so it is asked whenever something comes back.
 */
#include "order/remade.h"

#include "sql.h"
#include "store/array.h"
#include "store/pipeline.h"

bool remade_split(struct allot_want *w, int64_t taken, int64_t heir, struct allot_want *rest)
{
	if (w->units <= taken)
		return false;
	*rest = *w;
	rest->product = heir;
	rest->units = w->units - taken;
	rest->kept = w->kept < rest->units ? w->kept : rest->units;
	w->units = taken;
	w->kept -= rest->kept;
	return true;
}

int remade_send(struct db *db, const struct allot_move *moves, size_t n, const char *worker,
		int64_t threshold)
{
	struct array product, units;
	int owed;

	array_init(&product, ARRAY_INT8);
	array_init(&units, ARRAY_INT4);
	for (size_t i = 0; i < n; i++)
		if (moves[i].delta > 0) {
			array_int8(&product, moves[i].product);
			array_int4(&units, (int32_t)moves[i].delta);
		}
	struct db_param p[] = {array_param(&product), array_param(&units), db_param_text(worker),
			       db_param_int(threshold)};
	owed = product.n > 0;
	if (owed)
		pipeline_send(db, &SQL_FORWARD_RETURNED, p);
	array_release(&product);
	array_release(&units);
	return owed;
}
