/* SPDX-License-Identifier: MIT
 *
 * empty: a database with all tables and nothing in them, to play something in.
 */
#ifndef EMPTY_H
#define EMPTY_H

#include "base/conf.h"
#include "base/err.h"
#include "store/db.h"

struct empty {
	struct db *db;       /* to it */
	struct conf *conf;   /* its settings: those of here, with its DATABASE_URL */
	char name[64];       /* "" unless it was made here */
	char *url, *history; /* what the process had */
};

/* `into` is an empty database; NULL makes one beside that of `db` and of the setting DATABASE_URL.
 * fulfil-migrate makes its tables. Changes DATABASE_URL and HISTORY_BEFORE of the process.
 * empty_close() has to follow, also if it fails. ERR_CONFIG: the role may not make a database, or
 * `into` is not empty. */
ERR_CHECK int empty_open(struct empty *x, struct db *db, const struct conf *conf, const char *into,
			 struct err *e);
/* Puts back what it changed, and drops the database if it was made by empty_open(). */
ERR_CHECK int empty_close(struct empty *x, struct db *db, struct err *e);

#endif
