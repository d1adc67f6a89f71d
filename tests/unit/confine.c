/* SPDX-License-Identifier: MIT
 *
 * confine: a child does `try` in a directory of its own, and ends with `ends`, the name of an
 * error or "done". Where the kernel has no Landlock, or the build has a sanitizer, everything is
 * done.
 */
#include "filter/confine.h"

#include "unit.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int attempt(const char *what, int open_file)
{
	char byte;
	int fd;

	if (strcmp(what, "make") == 0)
		return open("new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (strcmp(what, "change") == 0)
		return open("old", O_WRONLY | O_CLOEXEC);
	if (strcmp(what, "append") == 0)
		return open("old", O_WRONLY | O_APPEND | O_CLOEXEC);
	if (strcmp(what, "remove") == 0)
		return unlink("old");
	if (strcmp(what, "rename") == 0)
		return rename("old", "new");
	if (strcmp(what, "directory") == 0)
		return mkdir("new", 0700);
	if (strcmp(what, "link") == 0)
		return symlink("old", "new");
	if (strcmp(what, "go on with an open file") == 0)
		return write(open_file, "x", 1) == 1 ? 0 : -1;
	if (strcmp(what, "a pair of sockets") == 0) {
		int pair[2];
		return socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	}
	fd = open("old", O_RDONLY | O_CLOEXEC); /* read */
	return fd >= 0 && read(fd, &byte, 1) == 1 ? 0 : -1;
}

static bool is_confined(void)
{
#ifdef __SANITIZE_ADDRESS__
	return false;
#else
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
#endif
}

static void run(const struct unit_case *c)
{
	char directory[] = "/tmp/fulfil-confine.XXXXXX";
	int status = 0, open_file;
	pid_t child;

	if (mkdtemp(directory) == NULL || chdir(directory) != 0) {
		unit_is(c, "a directory", strerror(errno), directory);
		return;
	}
	open_file = open("old", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (write(open_file, "x", 1) != 1)
		unit_is(c, "a file", strerror(errno), "written");
	fflush(stdout);
	child = fork();
	if (child == 0) {
		confine_no_changes();
		_exit(attempt(unit_get(c, "try", ""), open_file) < 0 ? errno : 0);
	}
	waitpid(child, &status, 0);
	close(open_file);
	unlink("old");
	unlink("new");
	rmdir("new");
	if (chdir("/") != 0 || rmdir(directory) != 0)
		unit_is(c, "it leaves", strerror(errno), "nothing");
	status = WIFEXITED(status) ? WEXITSTATUS(status) : 255;
	unit_is(c, "ends", status ? strerrorname_np(status) : "done",
		is_confined() ? unit_get(c, "ends", "done") : "done");
}

int main(void)
{
	return unit_main(__FILE__, run);
}
