/* SPDX-License-Identifier: MIT
 *
 * scan: what cron has done to the stock and the logs every few minutes:
 * levels mended where a threshold changed, products told of that ran low, old
 * rows pruned. Any number of scans may run at once; each works in short
 * transactions and skips what another has locked.
 */
#ifndef SCAN_H
#define SCAN_H

#include "base/conf.h"
#include "base/err.h"
#include "store/db.h"

#include <stdint.h>

/* A product that crossed into low or out; borrowed for the call. */
struct scan_alert {
	int64_t product_id;
	const char *sku, *name, *level; /* level: "low" or "out" */
	int64_t quantity, reorder_level;
};

struct scan_ops {
	void (*alert)(void *ctx, const struct scan_alert *a);
	/* What orders wait for: a JSON object for each SKU, borrowed. */
	void (*shortage)(void *ctx, const char *object);
	/* Everything told so far must be out of our hands when this returns 0;
	 * only then is it noted as told. -1: it will be told again. */
	int (*told)(void *ctx, struct err *e);
};

struct scan_result {
	int64_t scanned;  /* products with stock */
	int64_t alerts;
	int64_t low, out; /* products that are so now, told or not */
	int64_t mended;   /* levels */
	int64_t short_of; /* SKUs that orders wait for */
	int64_t pruned;   /* log rows, pieces of uploads deleted; payloads emptied */
	int64_t us;       /* how long it took */
};

/* One scan, with a row in sync_logs as `worker`, of failure too where the
 * database still takes one. ERR_CONFIG for bad settings. */
ERR_CHECK int scan_run(struct db *db, const struct conf *conf, const char *worker,
		       const struct scan_ops *ops, void *ctx, struct scan_result *r, struct err *e);

#endif
