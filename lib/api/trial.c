/* SPDX-License-Identifier: MIT
 *
 * trial: POST /api/webhooks/{id}/test: sends one request to the webhook now, as a
 * delivery would but marked as a test, and answers with all of it: what was sent,
 * what came back, and how long each part took. It tests a disabled webhook too and
 * records nothing. Two tests run at once, since a receiver may be slow; a third is
 * ERR_BUSY.
 */
#include "api/api.h"
#include "api/resources.h"
#include "api/sent.h"
#include "api/telling.h"
#include "base/record.h"
#include "sql.h"
#include "webhook/address.h"
#include "webhook/event.h"
#include "webhook/http.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The webhook's timeout holds, up to this, since a client waits. */
enum { TRIAL_SECONDS = 10 };

struct try {
	struct buf *out; /* where the answer is told */
	bool done;
};

static void put_answer(struct buf *b, const struct http_answer *a)
{
	size_t line = strcspn(a->head, "\r\n");

	if (a->status) {
		record_bool(b, "success", a->status >= 200 && a->status < 300);
		record_int(b, "status", a->status);
		record_text_of(b, "status_line", a->head, line);
		record_null(b, "error");
		sent_headers(b, a->head + line);
		record_text_of(b, "body", a->body, a->len);
	} else {
		record_bool(b, "success", false);
		record_null(b, "status");
		record_null(b, "status_line");
		record_text(b, "error", a->why);
		sent_headers(b, "");
		record_text(b, "body", "");
	}
	record_count(b, "lookup_ms", a->lookup_ms);
	record_count(b, "connect_ms", a->connect_ms);
	record_count(b, "first_byte_ms", a->first_byte_ms);
	record_count(b, "duration_ms", a->duration_ms);
}

static void on_answer(void *ctx, void *tag, const struct http_answer *a)
{
	struct try *t = ctx;

	(void)tag;
	put_answer(t->out, a);
	t->done = true;
}

static int send_one(const struct api *a, const struct http_request *r, struct buf *out,
		    struct err *e)
{
	bool private = conf_bool(a->conf, "WEBHOOK_ALLOW_PRIVATE");
	struct try t = {.out = out};
	struct http *h;

	if (address_check_url(r->url, private, e) != 0) {
		struct http_answer none = {.lookup_ms = -1, .connect_ms = -1, .first_byte_ms = -1,
					   .head = "", .body = ""};

		snprintf(none.why, sizeof none.why, "the URL is refused: %.150s", e->msg);
		put_answer(out, &none);
		return 0;
	}
	if (http_new(&h, a->conf, on_answer, &t, e) != 0)
		return -1;
	http_post(h, r, NULL);
	while (!t.done) {
		struct pollfd p = {.fd = http_fd(h), .events = POLLIN};

		poll(&p, 1, http_wait_ms(h));
		http_step(h);
	}
	http_free(h);
	return 0;
}

static int try_webhook(struct cgi *c, const struct db_rows *rows, struct err *e)
{
	enum { URL, SECRET, OLD_SECRET, HEADERS, TIMEOUT, TYPE, DATA, TIME, MICROS, CLOUD };
	struct buf headers = BUF_INIT, body = BUF_INIT, *out = cgi_out(c);
	long timeout = (long)db_int(rows, 0, TIMEOUT);
	char id[64];
	const struct event_request r = {
		.type = db_text(rows, 0, TYPE), .id = id, .webhook = cgi_id(c),
		.time = db_int(rows, 0, TIME), .secret = db_text_or_null(rows, 0, SECRET),
		.old_secrets = db_text_or_null(rows, 0, OLD_SECRET),
		.own = db_text_or_null(rows, 0, HEADERS), .cloud = db_bool(rows, 0, CLOUD),
		.event_time = db_int(rows, 0, TIME)};
	struct http_request request = {db_text(rows, 0, URL), &headers, &body,
				       timeout < TRIAL_SECONDS ? timeout : TRIAL_SECONDS};
	int rc = telling_check_event(c, r.type, e);

	snprintf(id, sizeof id, "test_%s", db_text(rows, 0, MICROS));
	if (rc == 0)
		rc = event_fill(&r, &body, db_text(rows, 0, DATA),
				(size_t)db_length(rows, 0, DATA), e);
	if (rc == 0) {
		event_add_headers(&headers, &r, &body);
		record_open(out, NULL, '{');
		record_text(out, "event", r.type);
		rc = send_one(cgi_ctx(c), &request, out, e);
	}
	if (rc == 0) {
		sent_request(out, request.url, &headers, &body);
		record_end(out);
	}
	buf_release(&headers);
	buf_release(&body);
	return rc;
}

/* A test blocks its process; at most two run, so that others keep answering. */
static int take_place(struct api *a, struct err *e)
{
	struct db_rows *rows;
	bool taken;

	if (api_run(a, &QUERY_BEGIN, NULL, NULL, e) != 0 ||
	    api_run(a, &SQL_LOCK_WEBHOOK_TEST, NULL, &rows, e) != 0)
		return -1;
	taken = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return taken ? 0 : err_set(e, ERR_BUSY, "two webhooks are being tested now; try again in a "
					        "few seconds");
}

static void leave_place(struct api *a)
{
	if (a->db)
		db_rollback(a->db);
}

static int test_webhook(struct cgi *c, struct err *e)
{
	struct db_param binds[1];
	struct db_rows *rows;
	int rc = take_place(cgi_ctx(c), e);

	if (rc != 0 && e->code == ERR_BUSY)
		cgi_header(c, "Retry-After", "5");
	if (rc == 0)
		rc = api_run_by_id(c, &SQL_READ_WEBHOOK_TEST, API_ID, binds, "webhook", &rows, e);
	if (rc == 0) {
		rc = try_webhook(c, rows, e);
		db_rows_free(rows);
	}
	leave_place(cgi_ctx(c));
	return rc;
}

const struct cgi_route trial_routes[] = {
	{"POST", "/api/webhooks/{id}/test", CGI_WRITE, cgi_no_params, test_webhook},
	{0}};
