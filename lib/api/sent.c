/* SPDX-License-Identifier: MIT
 *
 * sent: GET /api/deliveries/{id}/request: what the last attempt of a delivery sent,
 * byte for byte. The event gives the body, the webhook the address, its own headers
 * and what signs, the attempt its number and second: nothing is kept for it, so it
 * says when the webhook was changed after the attempt. Who may not change webhooks sees
 * neither the webhook's own headers nor signatures, nor the path of its address.
 */
#include "api/sent.h"

#include "api/api.h"
#include "api/resources.h"
#include "base/record.h"
#include "sql.h"
#include "webhook/address.h"
#include "webhook/event.h"

#include <string.h>

void sent_headers(struct buf *b, const char *s)
{
	record_open(b, "headers", '[');
	for (size_t n; *s; s += n + strspn(s + n, "\r\n")) {
		const char *colon;
		size_t skip;

		n = strcspn(s, "\r\n");
		colon = memchr(s, ':', n);
		if (colon == NULL)
			continue;
		skip = (size_t)(colon + 1 - s);
		skip += strspn(s + skip, " \t");
		skip = skip < n ? skip : n;
		record_open(b, NULL, '{');
		record_text_of(b, "name", s, (size_t)(colon - s));
		record_text_of(b, "value", s + skip, n - skip);
		record_close(b, '}');
	}
	record_close(b, ']');
}

void sent_request(struct buf *b, const char *url, const struct buf *headers,
		  const struct buf *body)
{
	record_open(b, "request", '{');
	record_text(b, "url", url);
	sent_headers(b, headers->data ? headers->data : "");
	record_text_of(b, "body", body->data, body->len);
	record_close(b, '}');
}

static int tell(struct cgi *c, const struct db_rows *rows, struct err *e)
{
	enum { URL, SECRET, OLD_SECRETS, OWN, WEBHOOK, TYPE, DATA, EVENT_TIME, EVENT_ID, SEQUENCE,
	       NUMBER, TIME, SENT_AT, CHANGED, TRACE, CLOUD, SUBJECT };
	struct buf headers = BUF_INIT, body = BUF_INIT, shown = BUF_INIT, *b = cgi_out(c);
	bool all = cgi_may_in(c, CGI_WRITE, SCOPES_WEBHOOKS);
	const struct event_request r = {
		.type = db_text(rows, 0, TYPE), .id = db_text(rows, 0, EVENT_ID),
		.webhook = db_int(rows, 0, WEBHOOK), .sequence = db_int(rows, 0, SEQUENCE),
		.time = db_int(rows, 0, TIME), .attempt = (int)db_int(rows, 0, NUMBER),
		.secret = all ? db_text_or_null(rows, 0, SECRET) : NULL,
		.old_secrets = all ? db_text_or_null(rows, 0, OLD_SECRETS) : NULL,
		.own = all ? db_text_or_null(rows, 0, OWN) : NULL,
		.trace = db_text_or_null(rows, 0, TRACE), .cloud = db_bool(rows, 0, CLOUD),
		.subject = db_int(rows, 0, SUBJECT), .event_time = db_int(rows, 0, EVENT_TIME)};
	size_t n = (size_t)db_length(rows, 0, DATA);
	int rc = event_fill(&r, &body, db_text(rows, 0, DATA), n, e);

	address_show(db_text(rows, 0, URL), &shown);
	if (rc == 0) {
		event_add_headers(&headers, &r, &body);
		record_open(b, NULL, '{');
		record_int(b, "delivery_id", cgi_id(c));
		record_int(b, "attempt", r.attempt);
		record_text(b, "sent_at", db_text_or_null(rows, 0, SENT_AT));
		record_bool(b, "changed_since", db_bool(rows, 0, CHANGED));
		record_bool(b, "complete", all);
		sent_request(b, all ? db_text(rows, 0, URL) : shown.data, &headers, &body);
		record_end(b);
	}
	buf_release(&headers);
	buf_release(&body);
	buf_release(&shown);
	return rc;
}

static int show_sent(struct cgi *c, struct err *e)
{
	struct db_param binds[1];
	struct db_rows *rows;
	int rc = api_run_by_id(c, &SQL_READ_SENT, API_ID, binds, "delivery", &rows, e);

	if (rc == 0) {
		rc = tell(c, rows, e);
		db_rows_free(rows);
	}
	return rc;
}

const struct cgi_route sent_routes[] = {
	{"GET", "/api/deliveries/{id}/request", CGI_READ, cgi_no_params, show_sent},
	{0}};
