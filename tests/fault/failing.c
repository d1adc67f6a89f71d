/* SPDX-License-Identifier: MIT
 *
 * failing: for LD_PRELOAD. The call number FAIL_AT, from 1, of the kind FAIL_CALL that the
 * program makes after its start fails as it does on a bad day, once:
 *   malloc         malloc, calloc, realloc: no memory; but for libraries that end the program by
 *                  a signal of their own then (OpenSSL 3.0 at its start, hiredis)
 *   read, write    read, recv; write, send: an input or output error; a socket is cut
 *   connect        connection refused
 *   open           too many files
 * With FAIL_COUNT=FILE nothing fails, and the numbers of calls are written there at the end, a
 * line each: KIND NUMBER. The C library's own calls of each other are not seen.
 */
#define _GNU_SOURCE /* dladdr() */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum kind { KIND_MALLOC, KIND_READ, KIND_WRITE, KIND_CONNECT, KIND_OPEN, KINDS };

static const char *const names[KINDS] = {"malloc", "read", "write", "connect", "open"};
static atomic_long calls[KINDS];
static long fail_at;
static enum kind fail_kind = KINDS;
static bool begun;

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static void count(void)
{
	const char *path = getenv("FAIL_COUNT");
	char text[200];
	int n = 0, fd;

	begun = false;
	for (int i = 0; i < KINDS; i++)
		n += snprintf(text + n, sizeof text - (size_t)n, "%s %ld\n", names[i], calls[i]);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, (size_t)n) != n)
		_exit(99);
	close(fd);
}

__attribute__((constructor)) static void begin(void)
{
	const char *kind = getenv("FAIL_CALL"), *at = getenv("FAIL_AT");

	for (int i = 0; kind && i < KINDS; i++)
		if (strcmp(kind, names[i]) == 0)
			fail_kind = (enum kind)i;
	fail_at = at ? strtol(at, NULL, 10) : 0;
	if (getenv("FAIL_COUNT"))
		atexit(count);
	begun = true;
}

static bool fails(enum kind k)
{
	return begun && atomic_fetch_add(&calls[k], 1) + 1 == fail_at && k == fail_kind;
}

static bool fails_memory(const void *caller)
{
	Dl_info from;

	if (!begun)
		return false;
	if (dladdr(caller, &from) && from.dli_fname &&
	    (strstr(from.dli_fname, "libcrypto") || strstr(from.dli_fname, "libhiredis")))
		return false;
	return fails(KIND_MALLOC);
}

/* The next one of that name, after this file. */
#define NEXT(name) static __typeof__(name) *next; \
	if (next == NULL) \
		*(void **)&next = dlsym(RTLD_NEXT, #name)

void *malloc(size_t n)
{
	if (fails_memory(__builtin_return_address(0))) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	if (fails_memory(__builtin_return_address(0))) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	if (fails_memory(__builtin_return_address(0))) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_realloc(p, n);
}

ssize_t read(int fd, void *b, size_t n)
{
	NEXT(read);
	if (fails(KIND_READ)) {
		errno = EIO;
		return -1;
	}
	return next(fd, b, n);
}

ssize_t recv(int fd, void *b, size_t n, int flags)
{
	NEXT(recv);
	if (fails(KIND_READ)) {
		shutdown(fd, SHUT_RDWR);
		errno = ECONNRESET;
		return -1;
	}
	return next(fd, b, n, flags);
}

ssize_t write(int fd, const void *b, size_t n)
{
	NEXT(write);
	if (fails(KIND_WRITE)) {
		errno = EIO;
		return -1;
	}
	return next(fd, b, n);
}

ssize_t send(int fd, const void *b, size_t n, int flags)
{
	NEXT(send);
	if (fails(KIND_WRITE)) {
		shutdown(fd, SHUT_RDWR);
		errno = ECONNRESET;
		return -1;
	}
	return next(fd, b, n, flags);
}

int connect(int fd, const struct sockaddr *a, socklen_t n)
{
	NEXT(connect);
	if (fails(KIND_CONNECT)) {
		errno = ECONNREFUSED;
		return -1;
	}
	return next(fd, a, n);
}

int open(const char *path, int flags, ...)
{
	NEXT(open);
	mode_t mode = 0;
	va_list ap;

	va_start(ap, flags);
	if (flags & O_CREAT)
		mode = va_arg(ap, mode_t);
	va_end(ap);
	if (fails(KIND_OPEN)) {
		errno = EMFILE;
		return -1;
	}
	return next(path, flags, mode);
}
