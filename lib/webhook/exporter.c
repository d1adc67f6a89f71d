/* SPDX-License-Identifier: MIT
 *
 * exporter: reads the feed a page at a time.
 */
#include "webhook/exporter.h"

#include "base/buf.h"
#include "base/record.h"
#include "filter/log.h"
#include "filter/ndjson.h"
#include "sql.h"
#include "webhook/feed.h"

#include <stdio.h>

enum { BATCH = 500, SUBJECTS = 2000 };

/* What was changed by now becomes events, so that a host without a daemon has them too. */
static int expand(struct db *db, struct err *e)
{
	struct db_param subjects = db_param_int(SUBJECTS);
	struct db_rows *rows;
	int64_t n;

	do {
		if (db_exec(db, &SQL_EXPAND_OUTBOX, &subjects, &rows, e) != 0)
			return -1;
		n = db_int(rows, 0, 0);
		db_rows_free(rows);
	} while (n > 0);
	return 0;
}

static void put_events(const struct feed_page *p)
{
	for (int i = 0; i < p->count; i++) {
		struct buf b = BUF_INIT;

		record_begin(&b, "event");
		record_join(&b, feed_event(p, i));
		ndjson_put_record(&b);
	}
}

int exporter_run(struct db *db, const char *since, struct err *e)
{
	char at[FEED_CURSOR];
	struct feed_from from;
	struct feed_page page;
	bool more, complete;

	if (expand(db, e) != 0 || feed_since(&from, since, e) != 0)
		return -1;
	do {
		if (feed_read(&page, db, &from, NULL, BATCH, e) != 0)
			return -1;
		put_events(&page);
		more = page.more && page.count > 0;
		complete = page.complete;
		snprintf(at, sizeof at, "%s", page.next);
		feed_free(&page);
		if (!complete)
			log_say(LOG_WARN, "the event of --since is no longer kept; some after it "
				"may be gone too");
		if (more && feed_since(&from, at, e) != 0)
			return -1;
	} while (more && !ndjson_stopping());
	return 0;
}
