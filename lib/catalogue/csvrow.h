/* SPDX-License-Identifier: MIT
 *
 * csvrow: CSV, pushed in pieces of any size, into records that know which
 * lines and which bytes they are. libcsv parses; where it refuses a record,
 * or would swallow the next ones, this decides:
 *   - a record ends at LF, CRLF or CR outside quotes
 *   - blanks between a delimiter and a quote are no data; all others are kept
 *   - a quote inside an unquoted field is a character like any other
 *   - text after a closing quote spoils the record, which ends with its line
 *   - a quote that is open at the end of input spoils all from where its
 *     record began
 *   - a record longer than CSVROW_MOST is spoiled, and comes in pieces
 * Every byte of the input belongs to exactly one record. Memory stays below
 * three times CSVROW_MOST, whatever comes.
 */
#ifndef CSVROW_H
#define CSVROW_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	CSVROW_MOST = 5 << 19,         /* bytes of a record, 2.5 MiB */
	CSVROW_FIELDS = 16384,         /* fields of a record that are kept */
	CSVROW_FIELD_MOST = 1 << 20    /* a longer field is cut off after one more byte */
};

enum csvrow_fault { CSVROW_GOOD, CSVROW_BAD_QUOTE, CSVROW_UNTERMINATED, CSVROW_TOO_LARGE };

struct csvrow_text {
	const char *s; /* without a final NUL */
	size_t n;
};

/* Borrowed for the call. An empty line is a record without text, too. */
struct csvrow {
	long line, last_line;       /* in the file, from 1; last_line only in the last piece */
	struct csvrow_text raw;     /* with its line end */
	enum csvrow_fault fault;    /* if not good, only the fields in front of it follow */
	bool bare_quote;            /* a quote inside an unquoted field */
	size_t n;                   /* fields, counting those that are not kept */
	const struct csvrow_text *field;
	bool more;                  /* one that is not kept has text */
	bool first, last;           /* of the pieces of one that is too large; else both */
};

/* 0: go on. Anything else ends the call of csvrow_feed or csvrow_end, which
 * returns it; after 1, csvrow_restart has to follow. */
typedef int csvrow_fn(void *ctx, const struct csvrow *row, struct err *e);

struct csvrow_reader; /* csvrow_free */

/* The bytes of the blanks that s begins with: ASCII's without line ends, no-break
 * spaces, byte order marks. A delimiter is none. */
size_t csvrow_blanks(char delimiter, const char *s, size_t n);

struct csvrow_reader *csvrow_new(char delimiter, csvrow_fn *fn, void *ctx);
void csvrow_free(struct csvrow_reader *r);

/* Forgets everything that was fed, to begin again with another delimiter. */
void csvrow_restart(struct csvrow_reader *r, char delimiter);

/* From the next record on quotes are characters like any other, but where they are
 * around a field and those in it are doubled. */
void csvrow_literal(struct csvrow_reader *r, bool yes);

ERR_CHECK int csvrow_feed(struct csvrow_reader *r, const char *bytes, size_t n, struct err *e);
ERR_CHECK int csvrow_end(struct csvrow_reader *r, struct err *e);

#endif
