/* SPDX-License-Identifier: MIT
 *
 * xalloc: allocation that cannot fail: without memory the program ends with
 * status 71 (EX_OSERR). That loses nothing, since every change of the database
 * is one transaction. Free the memory with free(3).
 */
#ifndef XALLOC_H
#define XALLOC_H

#include <stddef.h>

void *xalloc_zero(size_t n, size_t size);
void *xalloc_grow(void *p, size_t n, size_t size);
char *xalloc_strdup(const char *s);            /* NULL gives NULL */
char *xalloc_strndup(const char *s, size_t n); /* ends at a NUL too */
void *xalloc_checked(void *p);                 /* p; ends the program if p is NULL */

#endif
