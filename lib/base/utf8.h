/* SPDX-License-Identifier: MIT
 *
 * utf8: strict UTF-8 (Unicode, table 3-7: no surrogates, nothing overlong).
 */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/* Length of the sequence at s, which has n > 0 bytes; 0 if it is not one. */
size_t utf8_span(const char *s, size_t n);

/* The index of the first byte that is not valid UTF-8; n if all are. */
size_t utf8_check(const char *s, size_t n);

/* How many bytes the character at s has, of n, if it steers a terminal or turns the text after
 * it: C1 (U+0080 to U+009F) and the marks of direction; 0 if it is another. */
size_t utf8_control(const char *s, size_t n);

/* Makes UTF-8 of the n bytes at s: each byte that is of no character becomes "?". */
void utf8_mend(char *s, size_t n);

/* How many of the n bytes at s are whole characters within the first `most`. */
size_t utf8_fit(const char *s, size_t n, size_t most);

/* The number of code points of valid UTF-8. */
size_t utf8_count(const char *s, size_t n);

/* How many bytes the blank at s has, which has n > 0 bytes: one of ASCII's, a no-break space
 * (U+00A0), a byte order mark (U+FEFF), or one of those that are seen as a space (U+2000 to U+200A,
 * U+2028, U+2029, U+202F, U+205F, U+3000); 0 if there is none. What is seen as nothing is no blank:
 * a cell with it is refused, and names keep their marks of direction. */
size_t utf8_blank(const char *s, size_t n);

/* Takes the blanks off both ends of the n bytes at *s. Moves *s to the first byte that is
 * left and returns how many are. */
size_t utf8_trim(const char **s, size_t n);

/* Copies text for use in a message: as many whole characters as fit into `size`
 * bytes with a final NUL, with "?" for each control character and each byte that
 * is not UTF-8. Returns `room`. */
char *utf8_show(char *room, size_t size, const char *s, size_t n);

#endif
