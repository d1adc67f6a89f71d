/* SPDX-License-Identifier: MIT
 *
 * api: one connection a process, kept over requests.
 */
#include "api/api.h"

#include "base/clock.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 3, WATCH_MS = 100 };

const struct param api_since = {"since", PARAM_TIME, NULL, 0, 0};
const struct param api_until = {"until", PARAM_TIME, NULL, 0, 0};

void api_begin(void *api, struct cgi *c)
{
	struct api *a = api;
	const char *method = cgi_method(c);

	a->waits = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ? c : NULL;
	a->deadline_ms = clock_ms() + API_SECONDS * 1000;
}

static bool is_over(void *ctx)
{
	struct api *a = ctx;

	return a->waits && (clock_ms() > a->deadline_ms || cgi_gone(a->waits));
}

int api_open(struct api *a, struct err *e)
{
	if (a->db == NULL && db_open_hurried(&a->db, a->conf, "fulfil-api", false, e) != 0)
		return -1;
	db_watch(a->db, WATCH_MS, is_over, a);
	return 0;
}

/* The socket of a connection that was lost while it was idle can be read, so
 * no request pays for a restart of PostgreSQL that was before it. */
int api_connect(struct api *a, struct err *e)
{
	struct pollfd p = {.events = POLLIN};

	if (api_open(a, e) != 0)
		return -1;
	p.fd = db_socket(a->db);
	if (db_alive(a->db) && poll(&p, 1, 0) == 0)
		return 0;
	return db_reopen(a->db, e);
}

int api_run(struct api *a, const struct db_query *q, const struct db_param *binds,
	    struct db_rows **rows, struct err *e)
{
	int rc = api_connect(a, e);

	for (int i = 0; rc == 0 && i < TRIES; i++) {
		rc = db_exec(a->db, q, binds, rows, e);
		if (rc == 0 || strncmp(e->sqlstate, "40", 2) != 0)
			break;
		rc = i + 1 < TRIES ? 0 : -1;
	}
	if (rc != 0 && a->waits && strcmp(e->sqlstate, "57014") == 0)
		return err_set(e, ERR_AGAIN, "this took longer than %d s, and was ended",
			       API_SECONDS);
	return rc;
}

int api_run_by_id(struct cgi *c, const struct db_query *q, enum api_id kind, struct db_param *binds,
		  const char *what, struct db_rows **rows, struct err *e)
{
	char array[32];

	snprintf(array, sizeof array, "{%lld}", (long long)cgi_id(c));
	binds[0] = kind == API_IDS ? db_param_text(array) : db_param_int(cgi_id(c));
	if (api_run(cgi_ctx(c), q, binds, rows, e) != 0)
		return -1;
	if (db_count(*rows) > 0 && !db_is_null(*rows, 0, 0))
		return 0;
	db_rows_free(*rows);
	*rows = NULL;
	return err_set(e, ERR_NOTFOUND, "there is no %s %lld", what, (long long)cgi_id(c));
}

int api_show(struct cgi *c, const struct db_query *q, enum api_id kind, struct db_param *binds,
	     const char *what, struct err *e)
{
	struct db_rows *rows;

	if (api_run_by_id(c, q, kind, binds, what, &rows, e) != 0)
		return -1;
	buf_add(cgi_out(c), db_text(rows, 0, 0), (size_t)db_length(rows, 0, 0));
	buf_addstr(cgi_out(c), "\n");
	db_rows_free(rows);
	return 0;
}

int api_send_bytes(struct cgi *c, const struct db_query *q, const char *what, const char *type,
		   struct err *e)
{
	struct db_param binds[1];
	struct db_rows *rows;
	char name[100];

	if (api_run_by_id(c, q, API_ID, binds, what, &rows, e) != 0)
		return -1;
	buf_add_hex(cgi_out(c), db_text(rows, 0, 0), (size_t)db_length(rows, 0, 0));
	db_rows_free(rows);
	snprintf(name, sizeof name, "attachment; filename=\"%s-%lld\"", what, (long long)cgi_id(c));
	cgi_header(c, "Content-Disposition", name);
	cgi_type(c, type);
	return 0;
}

int api_list(struct cgi *c, struct api_list l, struct err *e)
{
	struct api *a = cgi_ctx(c);
	struct db_rows *found = NULL;
	struct paging p;
	int rc;

	if (paging_read(c, l.sort, &p, e) != 0 || api_connect(a, e) != 0)
		return -1;
	if (l.all == NULL)
		paging_cap(&p);
	rc = l.find && (p.filtered || l.all == NULL)
		? l.find(c, &p, &found, e)
		: paging_all(&p, l.tally, a->db, l.count, l.all, &found, e);
	if (rc == 0)
		rc = paging_put(c, &p, l.name, a->db, l.read, l.binds, found, e);
	db_rows_free(found);
	return rc;
}

const char *api_filter(struct cgi *c, const struct param *p)
{
	const char *s = cgi_text(c, p);

	return s && *s ? s : NULL;
}

bool api_flag(struct cgi *c, const struct param *p)
{
	const char *s = cgi_text(c, p);

	return s && (strcmp(s, "true") == 0 || strcmp(s, "1") == 0);
}

int api_invalid_member(struct cgi *c, const char *key, const char *detail, struct err *e)
{
	struct buf pointer = BUF_INIT;
	int rc;

	buf_addstr(&pointer, "/");
	for (const char *s = key; *s && s - key < 100; s++)
		if (*s == '~' || *s == '/')
			buf_addstr(&pointer, *s == '~' ? "~0" : "~1");
		else
			buf_add(&pointer, s, 1);
	rc = cgi_invalid(c, "pointer", pointer.data, detail, e);
	buf_release(&pointer);
	return rc;
}

struct db_param api_needle(struct api_needle *n, const char *text)
{
	*n = (struct api_needle){.like = BUF_INIT, .ascii = true};
	if (text == NULL)
		return db_param_text(NULL);
	buf_addstr(&n->like, "%");
	for (const char *s = text; *s; s++) {
		char ch = *s >= 'A' && *s <= 'Z' ? (char)(*s + 'a' - 'A') : *s;

		n->ascii = n->ascii && (unsigned char)ch < 0x80;
		if (strchr("\\%_", ch))
			buf_addstr(&n->like, "\\");
		buf_add(&n->like, &ch, 1);
	}
	buf_addstr(&n->like, "%");
	return db_param_text(n->like.data);
}

struct db_param api_needle_ascii(const struct api_needle *n)
{
	return db_param_bool(n->ascii);
}

static int bisect(struct api *a, const struct db_query *q, const char *time, int64_t *id,
		  struct err *e)
{
	struct db_param at = db_param_text(time);
	struct db_rows *rows;

	if (api_run(a, q, &at, &rows, e) != 0)
		return -1;
	*id = db_int(rows, 0, 0);
	db_rows_free(rows);
	return 0;
}

int api_span(struct cgi *c, const struct db_query *from, const struct db_query *upto,
	     struct api_span *s, struct err *e)
{
	const char *since = api_filter(c, &api_since), *until = api_filter(c, &api_until);

	*s = (struct api_span){.ceiling = INT64_MAX, .since = since ? since : "-infinity",
			       .until = until ? until : "infinity"};
	if (since && from && bisect(cgi_ctx(c), from, since, &s->floor, e) != 0)
		return -1;
	return until && upto ? bisect(cgi_ctx(c), upto, until, &s->ceiling, e) : 0;
}
