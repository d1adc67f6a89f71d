/* SPDX-License-Identifier: MIT
 *
 * events: GET /api/events, for a program that fetches what webhooks are told.
 */
#include "api/api.h"
#include "api/resources.h"
#include "base/record.h"
#include "webhook/feed.h"

enum { USUAL = 100, MOST = 1000 };

static const struct param since_param = {"since", PARAM_TEXT, NULL, 0, 64};
static const struct param event_param = {"event", PARAM_TEXT, NULL, 0, 500};
static const struct param limit_param = {"limit", PARAM_INT, NULL, 1, MOST};

static const struct param *const feed_params[] = {&since_param, &event_param, &limit_param, NULL};

static void put(struct buf *b, const struct feed_page *p)
{
	record_open(b, NULL, '{');
	record_open(b, "events", '[');
	for (int i = 0; i < p->count; i++)
		buf_addf(b, "%s%s", i ? ",\n" : "\n", feed_event(p, i));
	buf_addstr(b, "],\n");
	record_text(b, "next", *p->next ? p->next : NULL);
	record_bool(b, "more", p->more);
	record_bool(b, "complete", p->complete);
	record_end(b);
}

static int read_feed(struct cgi *c, struct err *e)
{
	const char *types = api_filter(c, &event_param);
	struct api *a = cgi_ctx(c);
	struct feed_from from;
	struct feed_page page;
	struct err why;

	if (feed_since(&from, api_filter(c, &since_param), &why) != 0)
		return cgi_invalid(c, "parameter", "since", why.msg, e);
	if (types && feed_check_types(types, &why) != 0)
		return cgi_invalid(c, "parameter", "event", why.msg, e);
	if (api_connect(a, e) != 0 ||
	    feed_read(&page, a->db, &from, types, (int)cgi_int(c, &limit_param, USUAL), e) != 0)
		return -1;
	put(cgi_out(c), &page);
	feed_free(&page);
	return 0;
}

const struct cgi_route events_routes[] = {
	{"GET", "/api/events", CGI_READ, feed_params, read_feed},
	{0}};
