/* SPDX-License-Identifier: MIT
 *
 * upload: every statement is a transaction of its own, so none is open while a
 * client or an import is waited for. A row that is no longer as it should be
 * (cancelled, pruned, taken up by another) shows as a statement without rows.
 */
#include "catalogue/upload.h"

#include "base/sign.h"
#include "base/xalloc.h"
#include "sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 64 }; /* deleted by one statement */

/* Runs q; true in *found if it gave a row. */
static int run(struct db *db, const struct db_query *q, const struct db_param *p, bool *found,
	       struct err *e)
{
	struct db_rows *rows;

	if (db_exec(db, q, p, &rows, e) != 0)
		return -1;
	*found = db_count(rows) > 0;
	db_rows_free(rows);
	return 0;
}

/* --- receiving --- */

struct upload_in {
	struct db *db;
	int64_t most, bytes, id, pieces; /* id 0: nothing is stored */
	char task[UPLOAD_TASK];
	char *filename;
	struct buf piece;
	struct sign_sum *sum;
	char hex[2 * SIGN_BYTES + 1]; /* of the sum, once it is made */
};

struct upload_in *upload_in_new(struct db *db, int64_t most)
{
	struct upload_in *u = xalloc_zero(1, sizeof *u);

	u->db = db;
	u->most = most;
	u->sum = sign_sum_new();
	upload_in_name(u, "upload.csv");
	return u;
}

void upload_in_free(struct upload_in *u)
{
	if (u == NULL)
		return;
	free(u->filename);
	buf_release(&u->piece);
	sign_sum_free(u->sum);
	free(u);
}

void upload_in_name(struct upload_in *u, const char *filename)
{
	free(u->filename);
	u->filename = xalloc_strdup(filename);
}

const char *upload_in_filename(const struct upload_in *u)
{
	return u->filename;
}

static int begin(struct upload_in *u, struct err *e)
{
	struct db_param p = db_param_text(u->filename);
	struct db_rows *rows;

	if (db_exec(u->db, &SQL_INSERT_UPLOAD, &p, &rows, e) != 0)
		return -1;
	u->id = db_int(rows, 0, 0);
	snprintf(u->task, sizeof u->task, "%s", db_text(rows, 0, 1));
	db_rows_free(rows);
	return 0;
}

static int store_piece(struct upload_in *u, struct err *e)
{
	bool taken;

	if (u->id == 0 && begin(u, e) != 0)
		return -1;
	struct db_param p[] = {db_param_int(u->id), db_param_int(u->pieces),
			       db_param_bytes(u->piece.data, u->piece.len)};
	if (run(u->db, &SQL_INSERT_UPLOAD_PIECE, p, &taken, e) != 0)
		return -1;
	if (!taken)
		return err_set(e, ERR_CONFLICT, "the upload was cancelled");
	sign_sum_add(u->sum, u->piece.data, u->piece.len);
	buf_reset(&u->piece);
	u->pieces++;
	return 0;
}

int upload_in_add(struct upload_in *u, const char *bytes, size_t n, struct err *e)
{
	u->bytes += (int64_t)n;
	if (u->most && u->bytes > u->most)
		return err_set(e, ERR_LARGE, "the file is longer than %lld bytes",
			       (long long)u->most);
	while (n > 0) {
		size_t room = UPLOAD_PIECE - u->piece.len, k = n < room ? n : room;

		buf_add(&u->piece, bytes, k);
		bytes += k;
		n -= k;
		if (u->piece.len == UPLOAD_PIECE && store_piece(u, e) != 0)
			return -1;
	}
	return 0;
}

int upload_in_end(struct upload_in *u, const char **sum, struct err *e)
{
	unsigned char digest[SIGN_BYTES];

	if (u->bytes == 0)
		return err_set(e, ERR_SEMANTIC, "the file is empty");
	if (u->piece.len > 0 && store_piece(u, e) != 0)
		return -1;
	sign_sum_end(u->sum, digest);
	sign_hex(digest, sizeof digest, u->hex);
	*sum = u->hex;
	return 0;
}

int upload_in_queue(struct upload_in *u, const char *options, int64_t *id, char task[UPLOAD_TASK],
		    struct err *e)
{
	bool queued;

	struct db_param p[] = {db_param_int(u->id), db_param_text(u->filename),
			       db_param_text(options), db_param_text(u->hex)};
	if (run(u->db, &SQL_QUEUE_UPLOAD, p, &queued, e) != 0)
		return -1;
	if (!queued)
		return err_set(e, ERR_CONFLICT, "the upload was cancelled");
	*id = u->id;
	snprintf(task, UPLOAD_TASK, "%s", u->task);
	return 0;
}

void upload_in_drop(struct upload_in *u, const char *why)
{
	struct db_param p[] = {db_param_int(u->id), db_param_text(why)};
	bool found;

	/* Where the database is away, upload_prune finds it. */
	if (u->id == 0 || !db_alive(u->db) || run(u->db, &SQL_DROP_UPLOAD, p, &found, NULL) != 0)
		return;
}

/* --- importing --- */

int upload_claim(struct db *db, const char *worker, struct upload_job **out, struct err *e)
{
	enum { ID, TASK, FILENAME, OPTIONS, BYTES, PIECES, TRIES };
	struct db_param p[] = {db_param_text(worker), db_param_bool(db_is_pooled(db))};
	struct upload_job *job;
	struct db_rows *rows;

	*out = NULL;
	if (db_exec(db, &SQL_CLAIM_UPLOAD, p, &rows, e) != 0)
		return -1;
	if (db_count(rows) > 0) {
		job = *out = xalloc_zero(1, sizeof *job);
		job->id = db_int(rows, 0, ID);
		snprintf(job->task, sizeof job->task, "%s", db_text(rows, 0, TASK));
		snprintf(job->worker, sizeof job->worker, "%s", worker);
		job->filename = xalloc_strdup(db_text(rows, 0, FILENAME));
		job->options = xalloc_strdup(db_text(rows, 0, OPTIONS));
		job->bytes = db_int(rows, 0, BYTES);
		job->pieces = db_int(rows, 0, PIECES);
		job->tries = (int)db_int(rows, 0, TRIES);
	}
	db_rows_free(rows);
	return 0;
}

void upload_job_free(struct upload_job *job)
{
	if (job == NULL)
		return;
	free(job->filename);
	free(job->options);
	buf_release(&job->rejects);
	free(job);
}

int upload_read(struct db *db, const struct upload_job *job, int64_t n, struct buf *out,
		struct err *e)
{
	struct db_param p[] = {db_param_int(job->id), db_param_int(n)};
	struct db_rows *rows;
	int rc = 0;

	if (db_exec(db, &SQL_READ_UPLOAD_PIECE, p, &rows, e) != 0)
		return -1;
	if (db_count(rows) == 1)
		buf_add_hex(out, db_text(rows, 0, 0), (size_t)db_length(rows, 0, 0));
	else
		rc = err_set(e, ERR_CONFLICT, "piece %lld of upload %lld is gone", (long long)n,
			     (long long)job->id);
	db_rows_free(rows);
	return rc;
}

int upload_note(struct db *db, const struct upload_job *job, const struct upload_progress *g,
		bool *stop, struct err *e)
{
	struct db_param p[] = {
		db_param_int(job->id), db_param_text(job->worker), db_param_text(g->phase),
		db_param_int(g->percent), db_param_int(g->processed),
		g->total < 0 ? db_param_text(NULL) : db_param_int(g->total),
		db_param_int(g->rows_per_second), db_param_int(g->created),
		db_param_int(g->updated), db_param_int(g->unchanged),
		db_param_int(g->superseded), db_param_int(g->rejected), db_param_text(g->report)};
	struct db_rows *rows;

	if (db_exec(db, &SQL_NOTE_UPLOAD, p, &rows, e) != 0)
		return -1;
	if (db_count(rows) == 0) {
		db_rows_free(rows);
		return err_set(e, ERR_CONFLICT, "another importer has claimed upload %lld",
			       (long long)job->id);
	}
	*stop = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return 0;
}

int upload_flush_rejects(struct db *db, struct upload_job *job, struct err *e)
{
	struct db_param p[] = {db_param_int(job->id), db_param_int(job->nrejects),
			       db_param_bytes(job->rejects.data, job->rejects.len)};

	if (job->rejects.len == 0)
		return 0;
	if (db_exec(db, &SQL_INSERT_UPLOAD_REJECTS, p, NULL, e) != 0)
		return -1;
	buf_reset(&job->rejects);
	job->nrejects++;
	return 0;
}

int upload_reject(struct db *db, struct upload_job *job, const char *p, size_t n, struct err *e)
{
	buf_add(&job->rejects, p, n);
	return job->rejects.len < UPLOAD_PIECE ? 0 : upload_flush_rejects(db, job, e);
}

static int end(struct db *db, const struct upload_job *job, const char *status, const char *why,
	       const struct upload_progress *g, bool *cancelled, struct err *e)
{
	struct db_param p[] = {
		db_param_int(job->id), db_param_text(job->worker), db_param_text(status),
		db_param_text(why), db_param_int(g->processed),
		db_param_int(g->rows_per_second), db_param_int(g->created),
		db_param_int(g->updated), db_param_int(g->unchanged),
		db_param_int(g->superseded), db_param_int(g->rejected), db_param_text(g->report)};
	struct db_rows *rows;
	int rc = db_exec(db, &SQL_END_UPLOAD, p, &rows, e);

	if (rc == 0 && db_count(rows) == 0)
		rc = err_set(e, ERR_CONFLICT,
			     "upload %lld was cancelled, or another importer has claimed it",
			     (long long)job->id);
	*cancelled = rc == 0 && db_bool(rows, 0, 0);
	db_rows_free(rows);
	return rc;
}

int upload_complete(struct db *db, const struct upload_job *job, const struct upload_progress *p,
		    struct err *e)
{
	bool cancelled;

	return end(db, job, "completed", NULL, p, &cancelled, e);
}

int upload_fail(struct db *db, const struct upload_job *job, const char *why,
		const struct upload_progress *p, bool *cancelled, struct err *e)
{
	return end(db, job, "failed", why, p, cancelled, e);
}

int upload_return(struct db *db, const struct upload_job *job, const char *spent, struct err *e)
{
	struct db_param p[] = {db_param_int(job->id), db_param_text(job->worker),
			       db_param_text(spent ? "1" : "0"), db_param_text(spent)};

	return db_exec(db, &SQL_RETURN_UPLOAD, p, NULL, e);
}

int upload_unlock(struct db *db, const struct upload_job *job, struct err *e)
{
	struct db_param p = db_param_int(job->id);

	return db_exec(db, &SQL_UNLOCK_UPLOAD, &p, NULL, e);
}

/* --- keeping house --- */

static int prune(struct db *db, const struct db_query *q, const struct db_param *p, int64_t *n,
		 struct err *e)
{
	struct db_rows *rows;
	int64_t gone;

	do {
		if (db_exec(db, q, p, &rows, e) != 0)
			return -1;
		gone = db_int(rows, 0, 0);
		db_rows_free(rows);
		*n += gone;
	} while (gone == ROWS);
	return 0;
}

int upload_prune(struct db *db, long days, int64_t *n, struct err *e)
{
	struct db_param p[] = {db_param_int(ROWS), db_param_int(days)};

	*n = 0;
	if (db_exec(db, &SQL_EXPIRE_UPLOADS, NULL, NULL, e) != 0 ||
	    prune(db, &SQL_PRUNE_UPLOAD_PIECES, p, n, e) != 0)
		return -1;
	if (days == 0)
		return 0;
	return prune(db, &SQL_PRUNE_UPLOAD_REJECTS, p, n, e) != 0 ? -1
	       : prune(db, &SQL_PRUNE_UPLOADS, p, n, e) != 0 ? -1
	       : prune(db, &SQL_PRUNE_IMPORT_CHANGES, p, n, e) != 0 ? -1
	       : prune(db, &SQL_PRUNE_IMPORTS, p, n, e);
}
