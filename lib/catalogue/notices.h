/* SPDX-License-Identifier: MIT
 *
 * notices: what an import has to tell of lines of its file: warnings and
 * rejects, counted by code, and the first of each code in words. Bounded,
 * however many there are. No I/O.
 */
#ifndef NOTICES_H
#define NOTICES_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum { NOTICES_CODES = 64, NOTICES_FIRST = 20 };

struct notices {
	int n;
	struct notices_code {
		const char *code; /* static */
		int64_t count;
	} code[NOTICES_CODES];
	struct buf first; /* the first of each code, as JSON objects with a comma between */
};

/* Counts one; `line` 0: the file as a whole. True if it is among the first
 * NOTICES_FIRST of its code. */
bool notices_add(struct notices *n, long line, const char *code, const char *text);

/* How many of that code. */
int64_t notices_count(const struct notices *n, const char *code);

/* Adds, as the member `key`, [{"code":"CODE","count":COUNT},…]. */
void notices_add_counts(const struct notices *n, struct buf *json, const char *key);

/* Adds, as the member `key`, [{"line":LINE,"code":"CODE","detail":"TEXT"},…]; the line is
 * null for the file as a whole. */
void notices_add_first(const struct notices *n, struct buf *json, const char *key);

void notices_release(struct notices *n);

#endif
