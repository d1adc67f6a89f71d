/* SPDX-License-Identifier: MIT
 *
 * undoer: one line of JSON a record, keys in a fixed order.
 */
#include "catalogue/undoer.h"

#include "base/buf.h"
#include "base/record.h"
#include "catalogue/undo.h"
#include "filter/log.h"
#include "filter/ndjson.h"

#include <sysexits.h>

static void kept(void *ctx, const char *sku, const char *why)
{
	struct buf b = BUF_INIT;

	(void)ctx;
	record_begin(&b, "kept");
	record_text(&b, "sku", sku);
	record_text(&b, "why", why);
	ndjson_put_record(&b);
}

int undoer_run(struct db *db, const struct conf *conf, const char *worker, int64_t import)
{
	const struct undo_options o = {.id = import, .actor = worker, .kept = kept,
				       .threshold = conf_get(conf, "LOW_STOCK_THRESHOLD")};
	struct buf b = BUF_INIT;
	struct undo_counts n;
	struct err e = {0};

	if (undo_run(db, &o, &n, &e) != 0)
		return e.code == ERR_NOTFOUND || e.code == ERR_CONFLICT
		       ? (log_err(&e), EX_DATAERR) : log_err(&e);
	record_begin(&b, "undo");
	record_int(&b, "import_id", n.import);
	record_int(&b, "restored", n.restored);
	record_int(&b, "deleted", n.deleted);
	record_int(&b, "stock", n.stock);
	record_int(&b, "kept", n.kept);
	ndjson_put_record(&b);
	return 0;
}
