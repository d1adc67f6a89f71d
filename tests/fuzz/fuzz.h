/* SPDX-License-Identifier: MIT
 *
 * fuzz: what the harnesses share. Each has the one function that libFuzzer calls; linked with
 * driver.c in place of libFuzzer it is fed its corpus and mutations of that, so that every build
 * can run it.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Ends the program, so that what was found is kept, unless it holds. */
#define FUZZ_HOLDS(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #what); \
			abort(); \
		} \
	} while (0)

/* The bytes as text, with a NUL after them, in memory of just that size. The caller frees it. */
static inline char *fuzz_text(const uint8_t *data, size_t n)
{
	char *s = malloc(n + 1);

	if (s == NULL)
		abort();
	memcpy(s, data, n);
	s[n] = '\0';
	return s;
}

/* What is said to people is text. */
static inline void fuzz_check_error(const struct err *e)
{
	FUZZ_HOLDS(utf8_check(e->msg, strlen(e->msg)) == strlen(e->msg));
	FUZZ_HOLDS(*e->msg != '\0');
}

#endif
