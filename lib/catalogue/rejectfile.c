/* SPDX-License-Identifier: MIT
 *
 * rejectfile: rename(2) after fsync(2), so that a host that dies leaves one of
 * the two whole.
 */
#include "catalogue/rejectfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_device(const struct rejectfile *f)
{
	return strcmp(f->beside, f->name) == 0;
}

int rejectfile_open(struct rejectfile *f, const char *name, struct err *e)
{
	bool device = false;
	struct stat st;

	*f = (struct rejectfile){.name = name, .fd = -1};
	if (name == NULL)
		return 0;
	if (stat(name, &st) == 0) {
		device = !S_ISREG(st.st_mode);
		f->precious = !device && st.st_size > 0;
	}
	if (snprintf(f->beside, sizeof f->beside, device ? "%s" : "%s.new", name) >=
	    (int)sizeof f->beside)
		return err_set(e, ERR_IO, "the name of the file of rejected rows is too long");
	f->fd = open(f->beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	return f->fd >= 0 ? 0 : err_set(e, ERR_IO, "cannot write %s: %s", f->beside,
					strerror(errno));
}

int rejectfile_write(const struct rejectfile *f, const char *text, size_t n, struct err *e)
{
	while (n > 0) {
		ssize_t w = write(f->fd, text, n);

		if (w < 0 && errno != EINTR)
			return err_set(e, ERR_IO, "cannot write %s: %s", f->name, strerror(errno));
		text += w > 0 ? w : 0;
		n -= w > 0 ? (size_t)w : 0;
	}
	return 0;
}

int rejectfile_close(struct rejectfile *f, enum rejectfile_end end, bool *left, struct err *e)
{
	bool good = true;

	*left = false;
	if (f->fd < 0)
		return 0;
	if (end != REJECTFILE_DROP && !is_device(f))
		good = fsync(f->fd) == 0;
	good &= close(f->fd) == 0;
	f->fd = -1;
	if (!good)
		return err_set(e, ERR_IO, "cannot write %s: %s", f->beside, strerror(errno));
	if (is_device(f))
		return 0;
	if (end == REJECTFILE_DROP) {
		unlink(f->beside);
		return 0;
	}
	*left = end == REJECTFILE_BESIDE && f->precious;
	if (*left || rename(f->beside, f->name) == 0)
		return 0;
	*left = true;
	return err_set(e, ERR_IO, "rejected rows stay in %s: %s", f->beside, strerror(errno));
}
