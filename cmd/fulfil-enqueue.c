/* SPDX-License-Identifier: MIT
 *
 * fulfil-enqueue: puts the order_id of each record on stdin on the list, and
 * writes the record again with `queued`.
 *   - a batch is one RPUSH and waits for it: what says queued was taken
 *   - records are copied as text, so that no number changes its spelling
 *   - without Redis everything still comes out; PostgreSQL knows what is due
 */
#include "base/buf.h"
#include "base/conf.h"
#include "base/jtext.h"
#include "base/record.h"
#include "base/xalloc.h"
#include "filter/log.h"
#include "filter/ndjson.h"
#include "filter/opt.h"
#include "filter/program.h"
#include "sql.h"
#include "store/db.h"
#include "store/doorbell.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum { BATCH = 512, MOST_BYTES = 1 << 20, MOST_DUE = 10000 };

struct enqueue {
	struct doorbell *queue;
	struct buf records; /* of the batch, each without its last '}' */
	size_t ends[BATCH]; /* where each ends in it */
	int64_t ids[BATCH]; /* 0: there is none to queue */
	size_t n;
	int status;
};

/* Length of the JSON string at s, which starts with a quote. */
/* Adds the value of JSON text without the blanks between its tokens, up to
 * the comma or the bracket that ends it here; returns how much was read. */
static size_t copy_member(struct buf *b, const char *s, size_t len)
{
	size_t i = 0, n;
	int depth = 0;

	for (; i < len; i += n) {
		n = s[i] == '"' ? jtext_string_span(s + i, len - i) : 1;
		if (depth == 0 && (s[i] == ',' || s[i] == '}'))
			break;
		depth += s[i] == '{' || s[i] == '[';
		depth -= s[i] == '}' || s[i] == ']';
		if (strchr(" \t\r\n", s[i]) == NULL)
			buf_add(b, s + i, n);
	}
	return i;
}

/* Adds the object on one line, without its last '}' and without an earlier
 * answer of ours, and with a comma if a member was added. */
static void copy_record(struct buf *b, const char *s, size_t len)
{
	static const char ours[] = "\"queued\":";
	size_t i = 1, start;

	buf_addstr(b, "{");
	while (i < len && s[i] != '}') {
		start = b->len;
		i += copy_member(b, s + i, len - i);
		if (b->len - start >= sizeof ours - 1 &&
		    memcmp(b->data + start, ours, sizeof ours - 1) == 0)
			b->len = start;
		else if (b->len > start)
			buf_addstr(b, ",");
		i += i < len && s[i] == ',';
	}
}

static void put_batch(struct enqueue *q, bool pushed)
{
	struct buf line = BUF_INIT;
	size_t at = 0;

	for (size_t i = 0; i < q->n; i++) {
		buf_reset(&line);
		buf_add(&line, q->records.data + at, q->ends[i] - at);
		record_bool(&line, "queued", pushed && q->ids[i]);
		record_end(&line);
		ndjson_put(&line);
		at = q->ends[i];
	}
	buf_release(&line);
	buf_reset(&q->records);
	q->n = 0;
}

/* Never fails: without Redis the records are passed on, and it is logged once. */
static int push(void *ctx, struct err *e)
{
	struct enqueue *q = ctx;
	int64_t ids[BATCH];
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < q->n; i++)
		if (q->ids[i])
			ids[n++] = q->ids[i];
	if (n > 0)
		rc = doorbell_push(q->queue, ids, n, e);
	if (rc != 0 && q->status == 0) {
		log_say(LOG_ERROR, "%s; workers find the orders in PostgreSQL instead", e->msg);
		q->status = err_exit_status(e->code);
	}
	put_batch(q, rc == 0);
	return 0;
}

/* A record of ours about something else than an order, such as a summary. */
static bool is_note(const json_t *json)
{
	return json_is_integer(json_object_get(json, "v")) &&
	       json_is_string(json_object_get(json, "type")) &&
	       json_object_get(json, "order_id") == NULL;
}

static int one(void *ctx, const struct ndjson_record *rec, struct err *e)
{
	struct enqueue *q = ctx;
	const json_t *id = json_object_get(rec->json, "order_id");

	if (is_note(rec->json))
		id = json_null();
	if (!json_is_null(id) && (!json_is_integer(id) || json_integer_value(id) <= 0))
		return err_set(e, ERR_DATA, "the record has no order_id");
	copy_record(&q->records, rec->text, rec->len);
	q->ids[q->n] = json_is_null(id) ? 0 : json_integer_value(id);
	q->ends[q->n++] = q->records.len;
	return q->n == BATCH || q->records.len >= MOST_BYTES ? push(q, e) : 0;
}

static int list_due(struct db *db, int64_t **ids, size_t *n, struct err *e)
{
	struct db_param p = db_param_int(MOST_DUE);
	struct db_rows *rows;

	if (db_exec(db, &SQL_LIST_DUE, &p, &rows, e) != 0)
		return -1;
	*n = (size_t)db_count(rows);
	*ids = xalloc_zero(*n, sizeof **ids);
	for (size_t i = 0; i < *n; i++)
		(*ids)[i] = db_int(rows, (int)i, 0);
	db_rows_free(rows);
	return 0;
}

/* --due. A list that holds as many entries is only waiting for workers; with
 * more of the same it would grow for as long as they are away. */
static int queue_due(struct doorbell *queue, const struct conf *conf, struct err *e)
{
	struct buf line = BUF_INIT;
	struct db *db = NULL;
	int64_t *ids = NULL, length;
	size_t n = 0;
	int rc = db_open(&db, conf, "fulfil-enqueue", e);

	if (rc == 0)
		rc = list_due(db, &ids, &n, e);
	if (rc == 0)
		rc = doorbell_length(queue, &length, e);
	if (rc == 0 && (int64_t)n <= length)
		n = 0;
	if (rc == 0 && n > 0)
		rc = doorbell_push(queue, ids, n, e);
	record_begin(&line, "enqueue");
	record_int(&line, "queued", rc == 0 ? (int64_t)n : 0);
	ndjson_put_record(&line);
	free(ids);
	db_close(db);
	return rc == 0 ? 0 : log_err(e);
}

int main(int argc, char **argv)
{
	bool due = false;
	const struct opt options[] = {
		{"due", 0, OPT_FLAG, &due, NULL,
		 "queue what PostgreSQL says is due; reads no input", 0, 0},
		{0}};
	const struct opt_command cmd = {
		"fulfil-enqueue", "[options] < records",
		"Puts the ids of orders on the list that wakes the workers.",
		"fulfil-recv < payloads.json | fulfil-enqueue", options};
	const struct ndjson_ops ops = {one, NULL, push};
	struct enqueue *q = xalloc_zero(1, sizeof *q);
	struct conf *conf;
	struct err e = {0};
	int status;

	if (opt_parse(&cmd, argc, argv) < argc)
		opt_usage(&cmd, "records come on standard input, not as operands");
	if (program_start(&conf, CONF_COMMAND, &e) != 0 ||
	    doorbell_open(&q->queue, conf_get(conf, "REDIS_URL"), &e) != 0)
		log_die(&e);

	ndjson_catch_signals();
	status = due ? queue_due(q->queue, conf, &e) : ndjson_each(STDIN_FILENO, &ops, q);
	status = err_worse(status, q->status);

	doorbell_close(q->queue);
	buf_release(&q->records);
	conf_free(conf);
	free(q);
	return ndjson_close(status);
}
