/* SPDX-License-Identifier: MIT
 *
 * receive: a body goes through in pieces: read, taken apart where it is a
 * form, and stored. Options may stand in the query string or in fields of the
 * form, before or after the file, each once.
 */
#include "api/api.h"
#include "api/resources.h"
#include "base/record.h"
#include "base/xalloc.h"
#include "catalogue/options.h"
#include "catalogue/upload.h"
#include "web/condition.h"
#include "web/multipart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 16, MOST_FIELD = 4096, FORM_ROOM = 1 << 16 };

#define YES_OR_NO "true,false,yes,no,on,off,1,0"

static const struct param filename_param = {"filename", PARAM_TEXT, NULL, 0, 1020};
static const struct param active_param = {"active", PARAM_CHOICE, "yes,no,random", 0, 0};
static const struct param stock_param = {"stock", PARAM_CHOICE, YES_OR_NO, 0, 0};
static const struct param dry_run_param = {"dry_run", PARAM_CHOICE, YES_OR_NO, 0, 0};
static const struct param spreadsheet_param = {"spreadsheet", PARAM_CHOICE, YES_OR_NO, 0, 0};
static const struct param delimiter_param = {"delimiter", PARAM_TEXT, NULL, 0, 3};
static const struct param encoding_param = {"encoding", PARAM_TEXT, NULL, 0, 40};
static const struct param max_errors_param = {"max_errors", PARAM_TEXT, NULL, 0, 20};
static const struct param map_param = {"map", PARAM_TEXT, NULL, 0, 4096};
static const struct param like_param = {"like", PARAM_TEXT, NULL, 0, 40};
static const struct param location_param = {"location", PARAM_TEXT, NULL, 0, 255};
static const struct param columns_param = {"columns", PARAM_TEXT, NULL, 0, 4096};
static const struct param decimal_param = {"decimal", PARAM_TEXT, NULL, 0, 1};
static const struct param only_param = {"only", PARAM_CHOICE, "all,update,create", 0, 0};
static const struct param missing_param = {"missing", PARAM_CHOICE, "keep,deactivate,zero,delete",
					   0, 0};
static const struct param max_shrink_param = {"max_shrink", PARAM_TEXT, NULL, 0, 20};
static const struct param min_rows_param = {"min_rows", PARAM_INT, NULL, 1, 2147483647};
static const struct param no_details_param = {"no_details", PARAM_CHOICE, YES_OR_NO, 0, 0};
static const struct param feed_param = {"feed", PARAM_TEXT, NULL, 0, 80};
static const struct param header_line_param = {"header_line", PARAM_INT, NULL, 1, 1000000};

/* The options of an import, which may as well be fields of the form, and `filename`. */
static const struct param *const file_params[] = {
	&filename_param, &active_param, &stock_param, &dry_run_param, &spreadsheet_param,
	&delimiter_param, &encoding_param, &max_errors_param, &map_param,
	&like_param, &location_param, &columns_param, &decimal_param, &only_param,
	&header_line_param, &missing_param, &max_shrink_param, &min_rows_param,
	&no_details_param, &feed_param, NULL};
enum { OPTIONS = sizeof file_params / sizeof *file_params - 1 };

struct receive {
	struct cgi *c;
	struct upload_in *in;
	const struct param *field; /* the part that comes now; NULL: the file */
	struct buf value;          /* of that field */
	struct buf options[OPTIONS]; /* by place in file_params */
	bool file;                 /* it was there */
};

/* The option of that name; NULL: there is none. */
static const struct param *find_option(const char *name)
{
	int i = 0;

	while (i < OPTIONS && strcmp(file_params[i]->name, name) != 0)
		i++;
	return file_params[i];
}

static struct buf *value_of(struct receive *r, const struct param *p)
{
	int i = 0;

	while (file_params[i] != p)
		i++;
	return &r->options[i];
}

/* An option, as it was sent; empty is as if it were not. A map may come in
 * several fields. */
static int take_option(struct receive *r, const struct param *p, const char *value, struct err *e)
{
	struct buf *to = value_of(r, p);
	char why[200];

	if (*value == '\0')
		return 0;
	param_check(p, value, why, sizeof why);
	if (*why)
		return cgi_invalid(r->c, "parameter", p->name, why, e);
	if (to->len > 0 && p != &map_param)
		return cgi_invalid(r->c, "parameter", p->name, "is given more than once", e);
	buf_addstr(to, to->len > 0 ? "\n" : "");
	buf_addstr(to, value);
	return 0;
}

/* --- the options, as JSON --- */

static bool is_yes(const char *s)
{
	return strchr("ty1", *s) || strcmp(s, "on") == 0;
}

static void add_lines(struct buf *b, const char *key, const char *s)
{
	record_open(b, key, '[');
	for (; *s; s += strspn(s, "\r\n")) {
		size_t n = strcspn(s, "\r\n");

		record_text_of(b, NULL, s, n);
		s += n;
	}
	record_close(b, ']');
}

static void add_option(struct buf *b, const struct param *p, const char *value)
{
	if (p == &map_param)
		add_lines(b, p->name, value + strspn(value, "\r\n"));
	else if (p->choices && strcmp(p->choices, YES_OR_NO) == 0)
		record_bool(b, p->name, is_yes(value));
	else
		record_text(b, p->name, value);
}

static void add_options(struct buf *b, const struct receive *r)
{
	buf_addstr(b, "{");
	for (int i = 0; i < OPTIONS; i++)
		if (r->options[i].len > 0 && file_params[i] != &filename_param)
			add_option(b, file_params[i], r->options[i].data);
	buf_addstr(b, "}");
}

/* Adds the options so far, if an import can have them. */
static int read_options(const struct receive *r, struct buf *json, struct err *e)
{
	struct options checked;
	int rc;

	add_options(json, r);
	rc = options_read(&checked, json->data, "", e);
	options_release(&checked);
	return rc;
}

/* A mistake is told before the file has come, where that is possible. */
static int check_options(const struct receive *r, struct err *e)
{
	struct buf json = BUF_INIT;
	int rc = read_options(r, &json, e);

	buf_release(&json);
	return rc;
}

/* --- parts of a form --- */

static int begin_part(void *ctx, const struct multipart_part *p, struct err *e)
{
	struct receive *r = ctx;

	buf_reset(&r->value);
	buf_addstr(&r->value, "");
	r->field = NULL;
	if (strcmp(p->name, "file") == 0) {
		if (r->file)
			return cgi_invalid(r->c, "parameter", "file", "is given more than once", e);
		r->file = true;
		if (p->filename && *p->filename)
			upload_in_name(r->in, p->filename);
		return check_options(r, e);
	}
	if (p->filename)
		return cgi_invalid(r->c, "parameter", p->name,
				 "is a file; the one to import belongs in the field file", e);
	r->field = find_option(p->name);
	return r->field ? 0 : cgi_invalid(r->c, "parameter", p->name, "is not a field here", e);
}

static int add_part(void *ctx, const char *p, size_t n, struct err *e)
{
	struct receive *r = ctx;

	if (r->field == NULL)
		return upload_in_add(r->in, p, n, e);
	if (r->value.len + n > MOST_FIELD || memchr(p, '\0', n))
		return cgi_invalid(r->c, "parameter", r->field->name,
				   "is no text of at most 4096 bytes", e);
	buf_add(&r->value, p, n);
	return 0;
}

static int end_part(void *ctx, struct err *e)
{
	struct receive *r = ctx;

	return r->field ? take_option(r, r->field, r->value.data, e) : 0;
}

/* The body, to its end, in pieces. */
static int read_body(struct receive *r, struct multipart *form, struct err *e)
{
	char *piece = xalloc_zero(PIECE, 1);
	size_t n;
	int rc;

	do {
		rc = cgi_read(r->c, piece, PIECE, &n, e);
		if (rc == 0 && n > 0)
			rc = form ? multipart_feed(form, piece, n, e)
				  : upload_in_add(r->in, piece, n, e);
	} while (rc == 0 && n > 0);
	free(piece);
	return rc;
}

static int read_form(struct receive *r, const char *type, struct err *e)
{
	static const struct multipart_ops ops = {begin_part, add_part, end_part};
	struct multipart *form;
	int rc = multipart_new(&form, type, &ops, r, e);

	if (rc == 0)
		rc = read_body(r, form, e);
	if (rc == 0)
		rc = multipart_end(form, e);
	multipart_free(form);
	if (rc == 0 && !r->file)
		rc = cgi_invalid(r->c, "parameter", "file",
				 "is missing: the form has no such field", e);
	return rc;
}

/* The header says the encoding where no option does. */
static int take_charset(struct receive *r, struct err *e)
{
	struct buf charset = BUF_INIT;
	int rc = 0;

	if (value_of(r, &encoding_param)->len == 0 &&
	    multipart_param(cgi_var(r->c, "CONTENT_TYPE"), "charset", &charset) && charset.len > 0)
		rc = take_option(r, &encoding_param, charset.data, e);
	buf_release(&charset);
	return rc;
}

static int read_file(struct receive *r, struct err *e)
{
	struct buf name = BUF_INIT;

	if (take_charset(r, e) != 0)
		return -1;
	if (multipart_filename(cgi_var(r->c, "HTTP_CONTENT_DISPOSITION"), &name) && name.len > 0)
		upload_in_name(r->in, name.data);
	buf_release(&name);
	return check_options(r, e) != 0 ? -1 : read_body(r, NULL, e);
}

static bool is_type(const char *type, const char *what)
{
	size_t n = strcspn(type, "; \t");

	return n == strlen(what) && strncasecmp(type, what, n) == 0;
}

/* What the query string says; a name there is for a file that has none. */
static int take_query(struct receive *r, struct err *e)
{
	for (int i = 0; i < OPTIONS; i++) {
		const char *value = cgi_text(r->c, file_params[i]);

		if (value && take_option(r, file_params[i], value, e) != 0)
			return -1;
	}
	return 0;
}

static int receive(struct receive *r, int64_t most, struct err *e)
{
	const char *type = cgi_var(r->c, "CONTENT_TYPE");
	bool form = is_type(type, "multipart/form-data");
	const char *filename = api_filter(r->c, &filename_param);
	struct buf name = BUF_INIT;
	int64_t length;

	if (!form && !is_type(type, "text/csv") && !is_type(type, "text/plain") &&
	    !is_type(type, "application/csv") && !is_type(type, "application/vnd.ms-excel") &&
	    !is_type(type, "application/octet-stream"))
		return err_set(e, ERR_MEDIA, "the body must be text/csv, or multipart/form-data "
			       "with the field file");
	if (cgi_length(r->c, &length, e) != 0 || take_query(r, e) != 0)
		return -1;
	if (most && length > most + (form ? FORM_ROOM : 0))
		return err_set(e, ERR_LARGE, "the file is longer than %lld bytes", (long long)most);
	if (filename) {
		multipart_clean_name(filename, strlen(filename), &name);
		upload_in_name(r->in, name.data);
		buf_release(&name);
	}
	return form ? read_form(r, type, e) : read_file(r, e);
}

/* What comes again under its Idempotency-Key is dropped: *done. The boundaries of a form differ
 * from one time to the next, so that it is the file, its name and the options that tell. */
static int take_once(struct receive *r, const char *options, bool *done, struct err *e)
{
	struct buf print = BUF_INIT;
	const char *sum;
	int rc = upload_in_end(r->in, &sum, e);

	if (rc == 0) {
		buf_addf(&print, "%s %s %s", sum, options, upload_in_filename(r->in));
		rc = condition_once(r->c, print.data, done, e);
	}
	if (rc == 0 && *done)
		upload_in_drop(r->in, "it was sent before");
	buf_release(&print);
	return rc;
}

static int queue(struct receive *r, struct err *e)
{
	struct buf options = BUF_INIT, *b = cgi_out(r->c);
	char task[UPLOAD_TASK], location[100];
	bool done = false;
	int64_t id = 0;
	int rc;

	rc = read_options(r, &options, e);
	if (rc == 0)
		rc = take_once(r, options.data, &done, e);
	if (rc == 0 && !done)
		rc = upload_in_queue(r->in, options.data, &id, task, e);
	buf_release(&options);
	if (rc != 0 || done)
		return rc;
	snprintf(location, sizeof location, "/api/upload/%s/progress", task);
	cgi_header(r->c, "Location", location);
	cgi_status(r->c, 202);
	record_open(b, NULL, '{');
	record_text(b, "task_id", task);
	record_int(b, "upload_job_id", id);
	record_text(b, "filename", upload_in_filename(r->in));
	record_text(b, "status", "queued");
	record_end(b);
	return 0;
}

static int receive_file(struct cgi *c, struct err *e)
{
	struct api *a = cgi_ctx(c);
	struct receive r = {.c = c};
	long most = conf_int(a->conf, "UPLOAD_MAX_BYTES");
	int rc;

	if (api_connect(a, e) != 0)
		return -1;
	r.in = upload_in_new(a->db, most);
	rc = receive(&r, most, e);
	if (rc == 0)
		rc = queue(&r, e);
	if (rc != 0)
		upload_in_drop(r.in, e->msg);
	upload_in_free(r.in);
	buf_release(&r.value);
	for (int i = 0; i < OPTIONS; i++)
		buf_release(&r.options[i]);
	return rc;
}

const struct cgi_route receive_routes[] = {
	{"POST", "/api/upload", CGI_WRITE, file_params, receive_file},
	{0}};
