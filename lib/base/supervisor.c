/* SPDX-License-Identifier: MIT
 *
 * supervisor: one datagram for each state, over a socket that is opened for it.
 * A supervisor that does not listen is no failure of the program's.
 */
#include "base/supervisor.h"

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void say(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	socklen_t len;
	int fd;

	if (path == NULL || (*path != '/' && *path != '@') || strlen(path) >= sizeof to.sun_path)
		return;
	memcpy(to.sun_path, path, strlen(path));
	if (*path == '@')
		to.sun_path[0] = '\0'; /* an abstract name */
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	sendto(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&to, len);
	close(fd);
}

/* How long systemd waits for a sign, if it waits for ours; else 0. */
static int64_t watchdog_ms(void)
{
	const char *us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (us == NULL || (pid && strtol(pid, NULL, 10) != (long)getpid()))
		return 0;
	return strtoll(us, NULL, 10) / 1000;
}

void supervisor_progress(void)
{
	static bool ready;
	static int64_t next;
	int64_t now = clock_ms();

	if (!ready)
		say("READY=1\n");
	ready = true;
	if (now < next || watchdog_ms() == 0)
		return;
	next = now + watchdog_ms() / 4;
	say("WATCHDOG=1\n");
}

void supervisor_stopping(void)
{
	say("STOPPING=1\n");
}
