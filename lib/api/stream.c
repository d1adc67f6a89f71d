/* SPDX-License-Identifier: MIT
 *
 * stream: an id is the snapshot (xmin:xmax:in,progress) that its answer was
 * read in. New to a reader is what was written by a transaction that his
 * snapshot does not see, whatever the order in which ids were drawn; so
 * nothing is lost and nothing comes twice.
 * Health is asked for anew every second. Metrics cost more, the more orders
 * there are: they are kept for ten times as long as they took, but for 2 s at
 * most, and carry the time they were counted at, since the processes of a pool
 * count each for itself and answer in turn.
 */
#include "api/stream.h"

#include "api/resources.h"
#include "base/clock.h"
#include "base/record.h"
#include "base/xalloc.h"
#include "report/display.h"
#include "report/figures.h"
#include "sql.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FRESH_MS = 1000,
	RETRY_MS = 2000,
	METRICS_TIMES = 10,
	METRICS_MS = 2000,
	MOST_RUNNING = 1000
};

/* Of each kind this many are kept; a reader who missed more is told of a gap. */
enum { STREAM_MOST = 100 };

static const struct param retry_param = {"retry", PARAM_INT, NULL, 1000, 600000};
static const struct param last_id_param = {"last_event_id", PARAM_TEXT, NULL, 0, 0};

static const struct param *const stream_params[] = {&retry_param, &last_id_param, NULL};

struct snapshot {
	uint64_t next; /* the first transaction that had not begun */
	uint64_t running[MOST_RUNNING];
	size_t nrunning;
};

struct stream {
	struct db_rows *rows; /* of list-events; the first is the snapshot */
	struct snapshot at;
	int64_t read_ms;
	struct buf figures; /* the event's data */
	struct buf metrics; /* its part that costs most, "" before the first count */
	int64_t figures_until, metrics_until; /* by clock_ms */
};

enum { KIND, SOURCE, XID, DATA };

/* Reads "10:20:12,14"; false if it is none. */
static bool read_snapshot(struct snapshot *s, const char *text)
{
	char *end;

	s->nrunning = 0;
	if (strspn(text, "0123456789:,") != strlen(text) || *text == '\0')
		return false;
	strtoull(text, &end, 10);
	if (end == text || *end != ':')
		return false;
	s->next = strtoull(end + 1, &end, 10);
	if (*end != ':')
		return false;
	for (text = end + 1; *text; text = *end ? end + 1 : end) {
		if (s->nrunning == MOST_RUNNING)
			return false;
		s->running[s->nrunning++] = strtoull(text, &end, 10);
		if (end == text || *end == ':')
			return false;
	}
	return true;
}

static bool is_new(const struct snapshot *since, uint64_t xid)
{
	if (xid >= since->next)
		return true;
	for (size_t i = 0; i < since->nrunning; i++)
		if (since->running[i] == xid)
			return true;
	return false;
}

static int look(struct api *a, struct stream *ev, struct err *e)
{
	struct db_param most = db_param_int(STREAM_MOST);
	struct db_rows *rows;

	if (api_run(a, &SQL_LIST_EVENTS, &most, &rows, e) != 0)
		return -1;
	db_rows_free(ev->rows);
	ev->rows = rows;
	ev->read_ms = clock_ms();
	if (!read_snapshot(&ev->at, db_text(rows, 0, DATA)))
		return err_set(e, ERR_BUG, "no snapshot: %.60s", db_text(rows, 0, DATA));
	return 0;
}

static int64_t kept_ms(int64_t took)
{
	return took * METRICS_TIMES < METRICS_MS ? took * METRICS_TIMES : METRICS_MS;
}

/* Without PostgreSQL the metrics stay those of their time. */
static void count_metrics(struct api *a, struct stream *ev)
{
	int64_t started = clock_ms();
	struct figures_report r;
	struct err ignored = {0};

	if (started < ev->metrics_until)
		return;
	if (figures_report(&r, FIGURES_METRICS, a->db, a->queue, &a->tallies, NULL,
			   &ignored) == 0) {
		buf_reset(&ev->metrics);
		buf_addstr(&ev->metrics, "{");
		record_text(&ev->metrics, "metrics_time", r.time);
		record_open(&ev->metrics, "metrics", '{');
		display_metrics(&ev->metrics, &r.metrics);
		buf_addstr(&ev->metrics, "}}");
	}
	ev->metrics_until = clock_ms() + kept_ms(clock_ms() - started);
}

static void count(struct api *a, struct stream *ev)
{
	struct figures_report r;
	struct err ignored = {0};

	if (clock_ms() < ev->figures_until)
		return;
	count_metrics(a, ev);
	if (figures_report(&r, FIGURES_HEALTH, a->db, a->queue, &a->tallies, NULL, &ignored) != 0)
		ignored = (struct err){0}; /* what is wrong is what it tells */
	buf_reset(&ev->figures);
	record_open(&ev->figures, NULL, '{');
	record_text(&ev->figures, "time", r.time);
	record_open(&ev->figures, "health", '{');
	display_health(&ev->figures, &r.health);
	record_close(&ev->figures, '}');
	if (ev->metrics.len)
		record_join(&ev->figures, ev->metrics.data);
	record_close(&ev->figures, '}');
	ev->figures_until = clock_ms() + FRESH_MS;
}

static int refresh(struct api *a, struct err *e)
{
	if (a->events == NULL)
		a->events = xalloc_zero(1, sizeof *a->events);
	if ((a->events->rows == NULL || clock_ms() - a->events->read_ms >= FRESH_MS) &&
	    look(a, a->events, e) != 0)
		return -1;
	count(a, a->events);
	return 0;
}

void stream_release(struct api *a)
{
	if (a->events == NULL)
		return;
	db_rows_free(a->events->rows);
	buf_release(&a->events->figures);
	buf_release(&a->events->metrics);
	free(a->events);
	a->events = NULL;
}

static void put_event(struct buf *b, const char *kind, const char *data)
{
	buf_addf(b, "event: %s\ndata: %s\n\n", kind, data);
}

/* What of the kept rows is new since `since`. A source of which all that is
 * kept is new may have had more. */
static void put_new(struct buf *b, const struct stream *ev, const struct snapshot *since)
{
	int of_source = 0, fresh = 0;
	bool gap = false;

	for (int i = 1; i < db_count(ev->rows); i++) {
		if (i > 1 && strcmp(db_text(ev->rows, i, SOURCE),
				    db_text(ev->rows, i - 1, SOURCE)) != 0)
			of_source = fresh = 0;
		of_source++;
		if (is_new(since, (uint64_t)db_int(ev->rows, i, XID))) {
			put_event(b, db_text(ev->rows, i, KIND), db_text(ev->rows, i, DATA));
			fresh++;
		}
		gap = gap || (of_source == STREAM_MOST && fresh == STREAM_MOST);
	}
	if (gap)
		put_event(b, "gap", "{}");
}

static int stream_events(struct cgi *c, struct err *e)
{
	const char *id = cgi_var(c, "HTTP_LAST_EVENT_ID"), *given = cgi_text(c, &last_id_param);
	struct api *a = cgi_ctx(c);
	struct buf *b = cgi_out(c);
	struct snapshot since;
	bool known;

	if (*id == '\0' && given)
		id = given;
	known = read_snapshot(&since, id);
	if (refresh(a, e) != 0)
		return -1;
	if (known && since.next > a->events->at.next && look(a, a->events, e) != 0)
		return -1; /* another process had looked later */
	cgi_type(c, "text/event-stream");
	buf_addf(b, "retry: %lld\n\n", (long long)cgi_int(c, &retry_param, RETRY_MS));
	if (known && since.next > a->events->at.next)
		put_event(b, "gap", "{}"); /* of another cluster */
	else if (known)
		put_new(b, a->events, &since);
	else if (*id)
		put_event(b, "gap", "{}");
	buf_addf(b, "id: %s\n", db_text(a->events->rows, 0, DATA));
	put_event(b, "figures", a->events->figures.data);
	return 0;
}

const struct cgi_route stream_routes[] = {
	{"GET", "/api/events/stream", CGI_READ, stream_params, stream_events},
	{0}};
