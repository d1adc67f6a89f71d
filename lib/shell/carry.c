/* SPDX-License-Identifier: MIT
 *
 * carry: a list is read a page at a time, by its cursor or by numbers where it has an order
 * without one. Records go out as they come; a table waits for all of its rows.
 */
#include "shell/carry.h"

#include "filter/log.h"
#include "filter/ndjson.h"
#include "shell/show.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { PAGE = 200 };

struct carry {
	struct ask *ask;
	struct line *line;
	struct buf path, query, answer, out, body;
	bool table;
	int shown;
};

/* --- what an id means */

/* The id of the row in a list of `path` whose member `key` is `value`, in any case. */
static int look_up(struct carry *c, const char *path, const char *param, const char *key,
		   const char *value, struct buf *id, struct err *e)
{
	struct ask_request r = {"GET", path, NULL, NULL};
	json_t *answer, *rows = NULL, *row;
	int found = 0;
	size_t i;

	buf_reset(&c->query);
	buf_addf(&c->query, "page_size=%d&%s=", PAGE, param);
	for (const char *s = value; *s; s++)
		buf_addf(&c->query, "%%%02X", (unsigned char)*s);
	r.query = c->query.data;
	if (ask_route(c->ask, &r, &c->answer, e) != 0)
		return -1;
	answer = json_loadb(c->answer.data, c->answer.len, 0, NULL);
	json_unpack(answer, "{s?o}", strrchr(path, '/') + 1, &rows);
	json_array_foreach(rows, i, row) {
		const char *is = json_string_value(json_object_get(row, key));

		if (*key && (is == NULL || strcasecmp(is, value) != 0))
			continue;
		buf_reset(id);
		buf_addf(id, "%" JSON_INTEGER_FORMAT,
			 json_integer_value(json_object_get(row, "id")));
		found++;
	}
	json_decref(answer);
	if (found == 1)
		return 0;
	if (found == 0)
		return err_set(e, ERR_NOTFOUND, "nothing is called \"%s\"", value);
	return err_set(e, ERR_CONFLICT, "%d are called \"%s\": say an id", found, value);
}

/* Products and their stock may be named by SKU, orders by their number. */
static int find_id(struct carry *c, const char *word, struct buf *id, struct err *e)
{
	const struct verb *v = c->line->verb;

	buf_reset(id);
	if (strspn(word, "0123456789") == strlen(word) || strstr(v->path, "{task_id}")) {
		buf_addstr(id, word);
		return 0;
	}
	if (strcmp(v->noun, "products") == 0 || strcmp(v->noun, "stock") == 0)
		return look_up(c, "/api/products", "sku", "sku", word, id, e);
	if (strcmp(v->noun, "orders") == 0)
		return look_up(c, "/api/orders", "exact", "", word, id, e);
	return err_set(e, ERR_DATA, "\"%s\" is no id", word);
}

/* The path of the verb with the id in place of its braces. */
static int make_path(struct carry *c, const char *word, struct err *e)
{
	const char *path = c->line->verb->path, *open = strchr(path, '{');
	struct buf id = BUF_INIT;
	int rc = open ? find_id(c, word, &id, e) : 0;

	buf_reset(&c->path);
	if (rc == 0 && open)
		buf_addf(&c->path, "%.*s%s%s", (int)(open - path), path, id.data,
			 strchr(open, '}') + 1);
	else
		buf_addstr(&c->path, path);
	if (rc == 0 && strlen(c->path.data) > (size_t)1000)
		rc = err_set(e, ERR_DATA, "this is too long for an id");
	for (const char *s = id.data; rc == 0 && open && *s; s++)
		if (strchr("/?%", *s))
			rc = err_set(e, ERR_DATA, "\"%s\" is no id", word);
	buf_release(&id);
	return rc;
}

/* --- the result */

static void show(struct carry *c, json_t *object)
{
	buf_reset(&c->out);
	if (c->table) {
		if (c->shown++)
			buf_addstr(&c->out, "\n");
		show_object(&c->out, object, show_width());
	} else {
		show_record(&c->out, c->line->verb->noun, object);
	}
	ndjson_put(&c->out);
}

static long long path_id(const char *path)
{
	return strtoll(strrchr(path, '/') + 1, NULL, 10);
}

/* One request that is no list. */
static int one(struct carry *c, const char *word, const char *body, struct err *e)
{
	const struct line *l = c->line;
	struct ask_request r = {l->verb->method, NULL, l->query.len ? l->query.data : "", body};
	json_t *answer;

	if (make_path(c, word, e) != 0)
		return -1;
	r.path = c->path.data;
	if (ask_route(c->ask, &r, &c->answer, e) != 0)
		return -1;
	answer = json_loadb(c->answer.data, c->answer.len, 0, NULL);
	if (answer == NULL && strcmp(r.method, "DELETE") == 0)
		answer = json_pack("{s:I,s:s}", "id", (json_int_t)path_id(c->path.data),
				   "status", "deleted");
	if (answer)
		show(c, answer);
	json_decref(answer);
	return 0;
}

static json_t *find_rows(json_t *answer)
{
	const char *name;
	json_t *v;

	json_object_foreach(answer, name, v)
		if (json_is_array(v))
			return v;
	return NULL;
}

/* Takes the rows of a page, as many as are still wanted. */
static void take_rows(struct carry *c, json_t *rows, json_t *all)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		if (c->line->limit && c->shown >= c->line->limit)
			return;
		c->shown++;
		if (c->table) {
			json_array_append(all, row);
			continue;
		}
		buf_reset(&c->out);
		show_record(&c->out, c->line->verb->noun, row);
		ndjson_put(&c->out);
	}
}

static void show_rows(struct carry *c, json_t *all, json_t *total, bool more)
{
	if (!c->table)
		return;
	buf_reset(&c->out);
	if (json_array_size(all) > 0)
		show_table(&c->out, all, c->line->verb->columns, show_width());
	ndjson_put(&c->out);
	ndjson_flush();
	if (json_array_size(all) == 0)
		log_say(LOG_INFO, "there is nothing to list");
	else if (more && json_is_integer(total))
		log_say(LOG_INFO, "these are %d of %" JSON_INTEGER_FORMAT "; --limit 0 lists all",
			c->shown, json_integer_value(total));
}

static bool has_pages(const struct verb *v)
{
	for (const struct param *const *p = verb_route(v)->params; p && *p; p++)
		if (strcmp((*p)->name, "page_size") == 0)
			return true;
	return false;
}

/* How the next page is asked for; false if there is none. */
static bool next_page(struct carry *c, const json_t *answer, int page)
{
	const char *cursor = json_string_value(json_object_get(answer, "next_cursor"));
	json_int_t pages = json_integer_value(json_object_get(answer, "total_pages"));
	long limit = c->line->limit;

	buf_reset(&c->query);
	if (!has_pages(c->line->verb)) {
		buf_addstr(&c->query, c->line->query.len ? c->line->query.data : "");
		return answer == NULL;
	}
	buf_addf(&c->query, "%s%spage_size=%ld", c->line->query.len ? c->line->query.data : "",
		 c->line->query.len ? "&" : "", limit > 0 && limit < PAGE ? limit : (long)PAGE);
	if (answer == NULL)
		return true;
	if (cursor)
		buf_addf(&c->query, "&cursor=%s", cursor);
	else
		buf_addf(&c->query, "&page=%d", page + 1);
	return cursor || pages > page;
}

static int list(struct carry *c, const char *word, struct err *e)
{
	struct ask_request r = {"GET", NULL, NULL, NULL};
	json_t *answer = NULL, *all = json_array();
	bool more = true;
	int rc = make_path(c, word, e);

	c->shown = 0;
	for (int page = 0; rc == 0 && more && next_page(c, answer, page); page++) {
		r.path = c->path.data;
		r.query = c->query.data;
		json_decref(answer);
		answer = NULL;
		rc = ask_route(c->ask, &r, &c->answer, e);
		if (rc != 0)
			break;
		answer = json_loadb(c->answer.data, c->answer.len, 0, NULL);
		take_rows(c, find_rows(answer), all);
		more = c->line->limit == 0 || c->shown < c->line->limit;
		more = more && ndjson_status() == 0 && json_array_size(find_rows(answer)) > 0;
	}
	if (rc == 0)
		show_rows(c, all, json_object_get(answer, "total"), !more);
	json_decref(answer);
	json_decref(all);
	return rc;
}

/* --- records from standard input */

static const char *const id_names[] = {"id", "order_id", "product_id", "webhook_id", "delivery_id",
				       "task_id", NULL};

static bool is_ours(const char *name)
{
	for (int i = 0; id_names[i]; i++)
		if (strcmp(name, id_names[i]) == 0)
			return true;
	return strcmp(name, "v") == 0 || strcmp(name, "type") == 0 || strcmp(name, "of") == 0;
}

/* The id that the record has: of the noun's own name, or "id". */
static const char *id_of(const json_t *record, const struct verb *v, char room[40])
{
	const json_t *id = NULL;
	char own[40];

	snprintf(own, sizeof own, "%.*s_id", (int)strlen(v->noun) - 1, v->noun);
	if (strstr(v->path, "{task_id}"))
		id = json_object_get(record, "task_id");
	else if (strcmp(v->noun, "stock") == 0)
		id = json_object_get(record, "product_id");
	else if (strcmp(v->noun, "deliveries") == 0)
		id = json_object_get(record, "delivery_id");
	id = id ? id : json_object_get(record, own);
	id = id ? id : json_object_get(record, "id");
	if (json_is_string(id))
		return json_string_value(id);
	if (!json_is_integer(id))
		return NULL;
	snprintf(room, 40, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
	return room;
}

static int take_record(void *ctx, const struct ndjson_record *r, struct err *e)
{
	struct carry *c = ctx;
	const struct verb *v = c->line->verb;
	const char *id = "", *name;
	char room[40], *text = NULL;
	json_t *members, *value;
	void *next;
	int rc;

	if (!json_is_object(r->json))
		return err_set(e, ERR_DATA, "not a JSON object");
	if (verb_has_id(v) && (id = id_of(r->json, v, room)) == NULL)
		return err_set(e, ERR_DATA, "the record has no id");
	members = json_copy(r->json);
	json_object_foreach_safe(members, next, name, value)
		if (is_ours(name))
			json_object_del(members, name);
	if (verb_has_body(v))
		text = json_dumps(members, JSON_COMPACT);
	rc = one(c, id, text, e);
	json_decref(members);
	free(text);
	return rc;
}

static void flush_all(struct carry *c)
{
	buf_release(&c->path);
	buf_release(&c->query);
	buf_release(&c->answer);
	buf_release(&c->out);
	buf_release(&c->body);
}

static bool is_list(const struct verb *v)
{
	static const char *const words[] = {"list", "alerts", "shortages", "causes", "ledger",
					     NULL};

	for (int i = 0; words[i]; i++)
		if (strcmp(v->name, words[i]) == 0)
			return true;
	return false;
}

int carry_out(struct ask *a, struct line *l)
{
	static const struct ndjson_ops ops = {take_record, NULL, NULL};
	struct carry c = {.ask = a, .line = l, .table = strcmp(l->format, "table") == 0};
	char *body = l->body ? json_dumps(l->body, JSON_COMPACT) : NULL;
	struct err e = {0};
	int status = 0;

	if (l->records)
		status = ndjson_each(STDIN_FILENO, &ops, &c);
	for (int i = 0; !l->records && (i < l->n_ids || i == 0); i++) {
		const char *word = l->n_ids ? l->ids[i] : "";
		int rc = is_list(l->verb) ? list(&c, word, &e) : one(&c, word, body, &e);

		if (rc != 0)
			status = err_worse(status, log_err(&e));
	}
	free(body);
	flush_all(&c);
	return status;
}
