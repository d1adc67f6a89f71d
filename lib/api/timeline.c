/* SPDX-License-Identifier: MIT
 *
 * timeline: what came and ended over a range of time, in steps that a chart can show.
 */
#include "api/api.h"
#include "api/resources.h"
#include "base/clock.h"
#include "base/record.h"
#include "base/words.h"
#include "sql.h"

#include <string.h>

static const char ranges[] = "1h,6h,24h,7d,30d";

/* How many steps of how many minutes, as `ranges`. */
static const struct {
	int steps, minutes;
} cuts[] = {{60, 1}, {72, 5}, {24, 60}, {168, 60}, {120, 360}};

static const struct param range_param = {"range", PARAM_CHOICE, ranges, 0, 0};
static const struct param *const timeline_params[] = {&range_param, NULL};

static int show_timeline(struct cgi *c, struct err *e)
{
	const char *range = api_filter(c, &range_param);
	int at = words_find(ranges, range ? range : "24h", strlen(range ? range : "24h"));
	struct db_param binds[] = {db_param_int(cuts[at].steps), db_param_int(cuts[at].minutes)};
	struct buf *b = cgi_out(c);
	struct db_rows *rows;
	char now[32];

	clock_now_text(now);
	if (api_run(cgi_ctx(c), &SQL_READ_ROLLUPS, binds, &rows, e) != 0)
		return -1;
	record_open(b, NULL, '{');
	record_text(b, "range", range ? range : "24h");
	record_int(b, "step_seconds", cuts[at].minutes * 60);
	record_text(b, "time", now);
	record_bool(b, "complete", !db_bool(rows, 0, 2));
	record_json(b, "total", db_text(rows, 0, 1));
	buf_addstr(b, ",\n");
	record_json(b, "points", db_text(rows, 0, 0));
	record_end(b);
	db_rows_free(rows);
	return 0;
}

const struct cgi_route timeline_routes[] = {
	{"GET", "/api/timeline", CGI_READ, timeline_params, show_timeline},
	{0}};
