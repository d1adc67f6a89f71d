/* SPDX-License-Identifier: MIT
 *
 * xalloc: calloc, reallocarray and strdup, with a check of their result.
 */
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

void *xalloc_checked(void *p)
{
	static const char msg[] = "fulfil: out of memory\n";

	if (p == NULL) {
		if (write(STDERR_FILENO, msg, sizeof msg - 1) < 0)
			_exit(EX_OSERR);
		_exit(EX_OSERR);
	}
	return p;
}

void *xalloc_zero(size_t n, size_t size)
{
	return xalloc_checked(calloc(n ? n : 1, size ? size : 1));
}

void *xalloc_grow(void *p, size_t n, size_t size)
{
	return xalloc_checked(reallocarray(p, n ? n : 1, size ? size : 1));
}

char *xalloc_strdup(const char *s)
{
	return s ? xalloc_checked(strdup(s)) : NULL;
}

char *xalloc_strndup(const char *s, size_t n)
{
	return s ? xalloc_checked(strndup(s, n)) : NULL;
}
