/* SPDX-License-Identifier: MIT
 *
 * ndjson: the one record loop of the filters, and their one way to write.
 *
 * Input is a stream of JSON objects: one a line, or pretty-printed, or one
 * after another. A broken one is reported on stderr with its line number and
 * the next ones are read; a line that starts with '{' starts a new one if the
 * text before it cannot go on there. Output is one object a line, written
 * whole lines at a time, at the latest when no further input is waiting.
 */
#ifndef NDJSON_H
#define NDJSON_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>

struct ndjson_record {
	const char *text; /* exactly as read, without what stood around it */
	size_t len;
	long line;        /* of its first character, from 1 */
	json_t *json;     /* borrowed for the call */
};

struct ndjson_ops {
	/* Takes one record. -1 reports it as bad and the loop continues, unless the code is
	 * of the kind that concerns no single record (AWAY, AGAIN, IO, CONFIG,
	 * SETUP, BUG), which ends the loop. */
	int (*one)(void *ctx, const struct ndjson_record *r, struct err *e);
	/* Input that could not be read as a record; may be NULL. */
	void (*bad)(void *ctx, long line, const char *why);
	/* Nothing more is waiting: do what was put off. May be NULL. */
	int (*flush)(void *ctx, struct err *e);
};

enum { NDJSON_MOST = 8 << 20 }; /* bytes of one record */

/* Reads `fd` to its end, or until ndjson_stopping(); returns the gravest exit
 * status that occurred. Flushes the output too. */
int ndjson_each(int fd, const struct ndjson_ops *ops, void *ctx);

/* Where a person types the input, says so in one line on stderr: "reading WHAT
 * from the terminal". ndjson_each does so for records. */
void ndjson_say_typed(int fd, const char *what);

/* Adds a line (with its '\n') to the output; written when 64 KiB have come
 * together, or by ndjson_flush. */
void ndjson_put(const struct buf *line);

/* Ends a record that record_begin() began (record.h), puts it, and releases the buf. */
void ndjson_put_record(struct buf *b);

/* Writes what was put. A reader that has gone away ends the program quietly;
 * any other failure is remembered for ndjson_status. */
void ndjson_flush(void);

/* 0, or 74 once something could not be written. */
int ndjson_status(void);

/* Flushes, closes stdout, and returns `status` or 74, whichever is graver.
 * The last thing a command calls. */
int ndjson_close(int status);

/* From now on SIGTERM and SIGINT only set the flag that ndjson_stopping
 * reads, and interrupt waits. */
void ndjson_catch_signals(void);
int ndjson_stopping(void);

/* Waits until fd can be read, ms have passed (-1: for ever), or a signal
 * came; 1 only if it can be read. */
int ndjson_wait(int fd, int ms);

#endif
