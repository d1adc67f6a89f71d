/* SPDX-License-Identifier: MIT
 *
 * undoer: one line of JSON a record, keys in a fixed order.
 */
#include "catalogue/undoer.h"

#include "base/buf.h"
#include "base/jtext.h"
#include "catalogue/undo.h"
#include "filter/log.h"
#include "filter/ndjson.h"

#include <sysexits.h>

static void kept(void *ctx, const char *sku, const char *why)
{
	struct buf b = BUF_INIT;

	(void)ctx;
	buf_addstr(&b, "{\"v\":1,\"type\":\"kept\",\"sku\":");
	jtext_add(&b, sku);
	buf_addf(&b, ",\"why\":\"%s\"}\n", why);
	ndjson_put(&b);
	buf_release(&b);
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
	buf_addf(&b, "{\"v\":1,\"type\":\"undo\",\"import_id\":%lld,\"restored\":%lld,"
		 "\"deleted\":%lld,\"stock\":%lld,\"kept\":%lld}\n", (long long)n.import,
		 (long long)n.restored, (long long)n.deleted, (long long)n.stock,
		 (long long)n.kept);
	ndjson_put(&b);
	buf_release(&b);
	return 0;
}
