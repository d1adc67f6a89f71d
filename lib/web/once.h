/* SPDX-License-Identifier: MIT
 *
 * once: what a client asks for under an Idempotency-Key is done once. All that the
 * request changes and the record of its answer are one transaction, so that a client
 * that lost the answer asks again and gets it, and after a crash is served as if it
 * asked for the first time. A request that was refused leaves no record.
 *
 *	once_begin(&o, db, &answer, &done, e);   done: the answer is there
 *	…                                        statements on db
 *	once_end(&o, &answer, rc, e);
 */
#ifndef ONCE_H
#define ONCE_H

#include "base/buf.h"
#include "base/err.h"
#include "store/db.h"
#include "web/response.h"

#include <stdbool.h>

enum { ONCE_MOST_KEY = 255, ONCE_DIGEST = 65 };

struct once {
	const char *who;           /* the client; borrowed, as all texts here */
	const char *key;
	char digest[ONCE_DIGEST];  /* of the request: once_digest */
	struct db *db;             /* between once_begin and once_end, else NULL */
	struct buf type;           /* of an answer that was read: owned */
};

/* True if a client may use such a key: 1 to ONCE_MOST_KEY printable characters of ASCII. */
bool once_key_ok(const char *key);

/* Sets the digest of a request. */
void once_digest(struct once *o, const char *method, const char *path, const char *query,
		 const void *body, size_t len);

/* ERR_CONFLICT: it is being done now; ERR_SEMANTIC: the key was used for another request. Nothing
 * is open then, nor if *done: the answer borrows from `o` then. */
ERR_CHECK int once_begin(struct once *o, struct db *db, struct response *a, bool *done,
			 struct err *e);

/* Ends what was begun. rc and e are those of the handler: what it did is kept where it succeeded
 * or was refused for good, and taken back where it failed. */
ERR_CHECK int once_end(struct once *o, struct response *a, int rc, struct err *e);

#endif
