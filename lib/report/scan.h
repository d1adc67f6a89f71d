/* SPDX-License-Identifier: MIT
 *
 * scan: the periodic maintenance that cron runs every few minutes: it corrects
 * stock levels after a threshold changed, reports products that ran low, and
 * deletes rows past their retention. Several scans may run at once; each works
 * in short transactions and skips rows that another has locked.
 */
#ifndef SCAN_H
#define SCAN_H

#include "base/conf.h"
#include "base/err.h"
#include "report/forget.h"
#include "store/db.h"

#include <stdint.h>

/* A product that crossed into low or out; borrowed for the call. */
struct scan_alert {
	int64_t product_id;
	const char *sku, *name, *level; /* level: "low" or "out" */
	int64_t quantity, reorder_level;
};

/* Something is wrong with the intake or a webhook since this scan; borrowed for the call. */
struct scan_alarm {
	const char *shop; /* "": all */
	const char *kind; /* silence, lateness, uninstalled, quarantine, webhook_… */
	int64_t seconds;  /* how long there is silence or how late it is; since when otherwise */
	int64_t webhook;  /* its id; 0: it is of the intake */
};

struct scan_ops {
	void (*alert)(void *ctx, const struct scan_alert *a);
	void (*alarm)(void *ctx, const struct scan_alarm *a);
	/* What was asked about people's data, and is done now. */
	void (*forgot)(void *ctx, const struct forget_done *d);
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
	int64_t alarms;   /* that are new */
	int64_t short_of; /* SKUs that orders wait for */
	int64_t redacted; /* orders that lost the names of people */
	int64_t reduced;  /* bodies that lost what they said of people */
	int64_t pruned;   /* rows deleted; payloads emptied */
	int64_t us;       /* how long it took */
};

/* One scan, with a row in sync_logs as `worker`, of failure too where the
 * database still takes one. ERR_CONFIG for bad settings. */
ERR_CHECK int scan_run(struct db *db, const struct conf *conf, const char *worker,
		       const struct scan_ops *ops, void *ctx, struct scan_result *r, struct err *e);

#endif
