/* SPDX-License-Identifier: MIT
 *
 * uploads: one statement reads an upload, for each way in which it is shown.
 */
#include "api/api.h"
#include "api/resources.h"
#include "base/record.h"
#include "catalogue/undo.h"
#include "catalogue/upload.h"
#include "sql.h"

#include <stdio.h>
#include <string.h>

static const struct param status_param = {
	"status", PARAM_CHOICE, "receiving,queued,running,completed,failed,cancelled", 0, 0};

static const struct param *const list_params[] = {PAGING_PARAMS, &status_param, NULL};

static int find_uploads(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e)
{
	struct db_param binds[PAGING_BINDS + 1];

	paging_bind(p, binds);
	binds[PAGING_BINDS] = db_param_text(api_filter(c, &status_param));
	return api_run(cgi_ctx(c), &SQL_FIND_UPLOADS, binds, found, e);
}

static int list_uploads(struct cgi *c, struct err *e)
{
	struct tally none = {0};

	return api_list(c, (struct api_list){
		.name = "uploads", .count = &SQL_TALLY_UPLOADS, .tally = &none,
		.all = &SQL_PAGE_UPLOADS, .find = find_uploads, .read = &SQL_READ_UPLOADS}, e);
}

/* What read-uploads has of an upload. */
enum { JSON, CHANGE, OVER, ID };

/* The upload of the path. */
static int find(struct cgi *c, struct db_rows **rows, struct err *e)
{
	char tasks[UPLOAD_TASK + 2];
	struct db_param p[] = {db_param_text(NULL), db_param_text(tasks)};

	snprintf(tasks, sizeof tasks, "{%s}", cgi_task(c));
	if (api_run(cgi_ctx(c), &SQL_READ_UPLOADS, p, rows, e) != 0)
		return -1;
	if (db_count(*rows) == 1)
		return 0;
	db_rows_free(*rows);
	*rows = NULL;
	return err_set(e, ERR_NOTFOUND, "there is no upload %s", cgi_task(c));
}

static int show_progress(struct cgi *c, struct err *e)
{
	struct db_rows *rows;

	if (find(c, &rows, e) != 0)
		return -1;
	buf_addf(cgi_out(c), "%s\n", db_text(rows, 0, JSON));
	db_rows_free(rows);
	return 0;
}

/* Each answer is one event with the newest state. A browser's EventSource reconnects
 * by itself with the id of the last event it saw, and stops at a 204. */
static int stream_progress(struct cgi *c, struct err *e)
{
	const char *last = cgi_var(c, "HTTP_LAST_EVENT_ID");
	struct buf *b = cgi_out(c);
	struct db_rows *rows;
	bool seen, over;

	if (find(c, &rows, e) != 0)
		return -1;
	seen = strcmp(last, db_text(rows, 0, CHANGE)) == 0;
	over = db_bool(rows, 0, OVER);
	cgi_type(c, "text/event-stream");
	if (seen && over)
		cgi_status(c, 204);
	else
		buf_addstr(b, "retry: 500\n\n");
	if (!seen)
		buf_addf(b, "id: %s\nevent: %s\ndata: %s\n\n", db_text(rows, 0, CHANGE),
			 over ? "done" : "progress", db_text(rows, 0, JSON));
	db_rows_free(rows);
	return 0;
}

static int cancel_upload(struct cgi *c, struct err *e)
{
	enum { JOB, STATUS, CHANGED, STOPPING };
	struct db_param p = db_param_text(cgi_task(c));
	struct buf *b = cgi_out(c);
	struct db_rows *rows;
	int rc = 0;

	if (api_run(cgi_ctx(c), &SQL_CANCEL_UPLOAD, &p, &rows, e) != 0)
		return -1;
	if (db_count(rows) == 0)
		rc = err_set(e, ERR_NOTFOUND, "there is no upload %s", cgi_task(c));
	else if (!db_bool(rows, 0, CHANGED))
		rc = err_set(e, ERR_CONFLICT, "the upload is over: it is %s",
			     db_text(rows, 0, STATUS));
	if (rc == 0) {
		cgi_status(c, 202);
		record_open(b, NULL, '{');
		record_text(b, "task_id", cgi_task(c));
		record_int(b, "upload_job_id", db_int(rows, 0, JOB));
		record_text(b, "status", db_text(rows, 0, STATUS));
		record_bool(b, "cancelling", db_bool(rows, 0, STOPPING));
		record_end(b);
	}
	db_rows_free(rows);
	return rc;
}

/* What an undo leaves as it is; the first ones are named. */
struct kept {
	struct buf json;
	int n;
};

static void add_kept(void *ctx, const char *sku, const char *why)
{
	enum { NAMED = 100 };
	struct kept *k = ctx;

	if (k->n++ >= NAMED)
		return;
	record_open(&k->json, NULL, '{');
	record_text(&k->json, "sku", sku);
	record_text(&k->json, "why", why);
	record_close(&k->json, '}');
}

static void put_undone(struct buf *b, const char *task, const struct undo_counts *n,
		       const struct kept *k)
{
	record_open(b, NULL, '{');
	record_text(b, "task_id", task);
	record_int(b, "import_id", n->import);
	record_int(b, "restored", n->restored);
	record_int(b, "deleted", n->deleted);
	record_int(b, "stock", n->stock);
	record_int(b, "kept", n->kept);
	record_open(b, "products_kept", '[');
	if (k->n > 0)
		record_json(b, NULL, k->json.data);
	record_close(b, ']');
	record_end(b);
}

static int undo_upload(struct cgi *c, struct err *e)
{
	struct api *a = cgi_ctx(c);
	struct kept k = {.json = BUF_INIT};
	const struct undo_options o = {.task = cgi_task(c), .actor = "api", .kept = add_kept,
				       .ctx = &k, .threshold = a->threshold};
	struct undo_counts n;
	struct db_rows *rows;
	int rc;

	if (find(c, &rows, e) != 0)
		return -1;
	db_rows_free(rows);
	rc = undo_run(a->db, &o, &n, e);
	if (rc == 0)
		put_undone(cgi_out(c), cgi_task(c), &n, &k);
	buf_release(&k.json);
	return rc;
}

static int send_rejects(struct cgi *c, struct err *e)
{
	struct db_param p[2];
	char name[100];
	struct db_rows *rows;

	if (find(c, &rows, e) != 0)
		return -1;
	p[0] = db_param_int(db_int(rows, 0, ID));
	snprintf(name, sizeof name, "attachment; filename=\"rejects-%s.csv\"",
		 db_text(rows, 0, ID));
	db_rows_free(rows);
	cgi_type(c, "text/csv; charset=utf-8");
	cgi_header(c, "Content-Disposition", name);
	for (int64_t n = 0, got = 1; got > 0; n++) {
		p[1] = db_param_int(n);
		if ((n > 1 && cgi_flush(c, e) != 0) ||
		    api_run(cgi_ctx(c), &SQL_READ_UPLOAD_REJECTS, p, &rows, e) != 0)
			return -1;
		got = db_count(rows);
		if (got > 0)
			buf_add_hex(cgi_out(c), db_text(rows, 0, 0), (size_t)db_length(rows, 0, 0));
		db_rows_free(rows);
	}
	return 0;
}

const struct cgi_route uploads_routes[] = {
	{"GET", "/api/upload", CGI_READ, list_params, list_uploads},
	{"GET", "/api/upload/{task_id}/progress", CGI_READ, cgi_no_params, show_progress},
	{"GET", "/api/upload/{task_id}/stream", CGI_READ, cgi_no_params, stream_progress},
	{"GET", "/api/upload/{task_id}/rejects", CGI_READ, cgi_no_params, send_rejects},
	{"POST", "/api/upload/{task_id}/cancel", CGI_WRITE, cgi_no_params, cancel_upload},
	{"POST", "/api/upload/{task_id}/undo", CGI_WRITE, cgi_no_params, undo_upload},
	{0}};
