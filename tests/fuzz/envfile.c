/* SPDX-License-Identifier: MIT
 *
 * envfile: a file of settings; what is read is written so that it is read as the same.
 */
#include "base/envfile.h"
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

struct again {
	struct buf text;
	long lines;
};

static int one(void *ctx, const struct envfile_line *line, struct err *e)
{
	struct again *a = ctx;

	(void)e;
	FUZZ_HOLDS(line->name && (line->value || line->wrong));
	if (line->value && *line->name && strspn(line->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") ==
						  strlen(line->name)) {
		envfile_add(&a->text, line->name, line->value);
		a->lines++;
	}
	return 0;
}

static struct again read_bytes(const void *p, size_t n)
{
	struct again a = {BUF_INIT, 0};
	int fd = memfd_create("settings", 0);
	struct err e = {0};
	char path[40];

	if (fd < 0 || write(fd, p, n) != (ssize_t)n)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (envfile_each(path, true, one, &a, &e) != 0)
		fuzz_check_error(&e);
	close(fd);
	return a;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct again first = read_bytes(data, n), second;

	if (first.lines > 0) {
		second = read_bytes(first.text.data, first.text.len);
		FUZZ_HOLDS(first.lines == second.lines && first.text.len == second.text.len &&
			   memcmp(first.text.data, second.text.data, first.text.len) == 0);
		buf_release(&second.text);
	}
	buf_release(&first.text);
	return 0;
}
