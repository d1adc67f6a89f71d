/* SPDX-License-Identifier: MIT
 *
 * upload: files on their way from a request to an importer, in pieces in
 * PostgreSQL, so that any host can receive and any host can import.
 *
 * An upload is `receiving` until it is whole, then `queued`, `running` and at
 * last `completed`, `failed` or `cancelled`. Its importer holds a lock of
 * the session of its connection; a killed one's is free at once, and the next
 * takes the upload up again, three times at most. The transaction of the
 * import itself marks it completed, so it is imported exactly once.
 */
#ifndef UPLOAD_H
#define UPLOAD_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"
#include "store/db.h"

#include <stdbool.h>
#include <stdint.h>

enum { UPLOAD_PIECE = 1 << 18 }; /* bytes */

#define UPLOAD_TASK 37

/* --- receiving --- */

struct upload_in; /* upload_in_free */

/* Nothing is in the database before the first full piece. Borrows db;
 * `most` is the number of bytes that are taken, 0: any. */
struct upload_in *upload_in_new(struct db *db, int64_t most);
void upload_in_free(struct upload_in *u);

/* The name to show; shown from the first piece on, so set it early. */
void upload_in_name(struct upload_in *u, const char *filename);
const char *upload_in_filename(const struct upload_in *u); /* "upload.csv" where none was given */

/* The next bytes. ERR_LARGE; ERR_CONFLICT once the upload was cancelled. */
ERR_CHECK int upload_in_add(struct upload_in *u, const char *p, size_t n, struct err *e);

/* All is there, and has that SHA-256, in hex: borrowed. ERR_SEMANTIC if there was not a byte. */
ERR_CHECK int upload_in_end(struct upload_in *u, const char **sum, struct err *e);

/* After that: an importer may take it. `options` is a JSON object. */
ERR_CHECK int upload_in_queue(struct upload_in *u, const char *options, int64_t *id,
			      char task[UPLOAD_TASK], struct err *e);

/* It will not be received to its end, because `why`. */
void upload_in_drop(struct upload_in *u, const char *why);

/* --- importing --- */

/* One that was claimed; upload_job_free. */
struct upload_job {
	int64_t id;
	char task[UPLOAD_TASK];
	char worker[96];
	char *filename, *options; /* owned; options is a JSON object */
	int64_t bytes, pieces;
	int tries;                /* with this one */
	struct buf rejects;       /* not stored yet */
	int64_t nrejects;         /* pieces of rejects that are stored */
};

struct upload_progress {
	const char *phase;
	int percent;
	int64_t processed, total; /* rows; total is -1 until it is known */
	int64_t rows_per_second;
	int64_t created, updated, unchanged, superseded, rejected;
	const char *report; /* what was told, as a JSON object */
};

/* Takes the next upload that waits, in the name of `worker`; *job is NULL if
 * there is none. The claim lasts as long as db's
 * connection, or through a pooler for as long as progress is stored. */
ERR_CHECK int upload_claim(struct db *db, const char *worker, struct upload_job **job,
			   struct err *e);
void upload_job_free(struct upload_job *job);

/* Adds piece n, from 0, of its bytes. */
ERR_CHECK int upload_read(struct db *db, const struct upload_job *job, int64_t n, struct buf *out,
			  struct err *e);

/* Stores the progress, on the connection of the claim. *stop: the upload was
 * cancelled. ERR_CONFLICT if another importer has claimed it. */
ERR_CHECK int upload_note(struct db *db, const struct upload_job *job,
			  const struct upload_progress *p, bool *stop, struct err *e);

/* Adds rejected rows, as CSV; they are stored a piece at a time, and the rest by
 * upload_flush_rejects. */
ERR_CHECK int upload_reject(struct db *db, struct upload_job *job, const char *p, size_t n,
			    struct err *e);
ERR_CHECK int upload_flush_rejects(struct db *db, struct upload_job *job, struct err *e);

/* Marks the upload as completed, in the transaction of the import. ERR_CONFLICT if
 * that must not commit: it was cancelled, or another importer has claimed it. */
ERR_CHECK int upload_complete(struct db *db, const struct upload_job *job,
			      const struct upload_progress *p, struct err *e);

/* Marks the upload as failed for the reason `why`, or as cancelled if that was
 * asked for (*cancelled). ERR_CONFLICT if another importer has claimed it. */
ERR_CHECK int upload_fail(struct db *db, const struct upload_job *job, const char *why,
			  const struct upload_progress *p, bool *cancelled, struct err *e);

/* Returns the upload to the queue. `spent` is the reason if this counts as one of
 * its three attempts; NULL if it does not count. */
ERR_CHECK int upload_return(struct db *db, const struct upload_job *job, const char *spent,
			    struct err *e);

/* Releases the claim. */
ERR_CHECK int upload_unlock(struct db *db, const struct upload_job *job, struct err *e);

/* --- keeping house --- */

/* Uploads that stopped coming fail; the bytes of those that are over go, and
 * all of those that were over `days` ago (0: never). *n: rows deleted. */
ERR_CHECK int upload_prune(struct db *db, long days, int64_t *n, struct err *e);

#endif
