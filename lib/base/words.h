/* SPDX-License-Identifier: MIT
 *
 * words: a list of words in one string, as "a,b,c" or "a, b, c". No I/O.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* The index of the first n bytes of `word` in the list, from 0; -1: it is not there.
 * An empty word is in no list. */
int words_find(const char *list, const char *word, size_t n);

bool words_has(const char *list, const char *word);

#endif
