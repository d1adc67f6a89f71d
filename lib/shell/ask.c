/* SPDX-License-Identifier: MIT
 *
 * ask: a CGI request made of a struct, and its answer read: the head ends at the first empty
 * line, and its Content-Type says where the rest goes.
 */
#include "shell/ask.h"

#include "api/api.h"
#include "api/tables.h"
#include "base/xalloc.h"
#include "filter/ndjson.h"
#include "filter/program.h"
#include "web/cgi.h"
#include "web/serve.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ask {
	struct api api;
	struct cgi_app app;
	char user[64];
	struct buf head, *answer;
	bool past_head, raw;
};

static void name_user(struct ask *a)
{
	const struct passwd *p = getpwuid(getuid());

	if (p)
		snprintf(a->user, sizeof a->user, "%s", p->pw_name);
	else
		snprintf(a->user, sizeof a->user, "uid %ld", (long)getuid());
}

int ask_open(struct ask **out, struct err *e)
{
	struct ask *a = xalloc_zero(1, sizeof *a);

	name_user(a);
	a->app = (struct cgi_app){.name = "fulfil", .prefix = "/api", .tables = tables_of_api,
				  .ctx = &a->api, .user = a->user};
	*out = a;
	if (program_start(&a->api.conf, CONF_COMMAND, e) != 0 ||
	    doorbell_open(&a->api.queue, conf_get(a->api.conf, "REDIS_URL"), e) != 0)
		return -1;
	a->api.threshold = conf_get(a->api.conf, "LOW_STOCK_THRESHOLD");
	return api_connect(&a->api, e);
}

void ask_close(struct ask *a)
{
	if (a == NULL)
		return;
	buf_release(&a->head);
	doorbell_close(a->api.queue);
	db_close(a->api.db);
	conf_free(a->api.conf);
	free(a);
}

static void take_body(struct ask *a, const char *p, size_t n)
{
	struct buf piece = BUF_INIT;

	if (!a->raw) {
		buf_add(a->answer, p, n);
		return;
	}
	buf_add(&piece, p, n);
	ndjson_put(&piece);
	buf_release(&piece);
}

static bool take(void *ctx, const char *p, size_t n)
{
	struct ask *a = ctx;
	const char *end;

	if (a->past_head) {
		take_body(a, p, n);
		return ndjson_status() == 0;
	}
	buf_add(&a->head, p, n);
	end = strstr(a->head.data, "\r\n\r\n");
	if (end == NULL)
		return true;
	a->past_head = true;
	a->raw = strncmp(a->head.data, "Status: 2", 9) == 0;
	for (const char *s = a->head.data; a->raw && s < end; s = strstr(s, "\r\n") + 2)
		if (strncmp(s, "Content-Type: application/json\r", 31) == 0)
			a->raw = false;
	end += 4;
	take_body(a, end, a->head.len - (size_t)(end - a->head.data));
	return true;
}

int ask_route(struct ask *a, const struct ask_request *r, struct buf *answer, struct err *e)
{
	struct gateway_call call = {.method = r->method, .path = r->path, .query = r->query,
				    .body = r->body, .write = take, .to = a};

	buf_reset(&a->head);
	buf_reset(answer);
	a->answer = answer;
	a->past_head = a->raw = false;
	return serve_call(&a->app, a->api.conf, &call, e);
}
