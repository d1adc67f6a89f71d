/* SPDX-License-Identifier: MIT
 *
 * patience: a timer's signal, ten times a second while a read waits. Its handler calls only what a
 * handler may: poll, fcntl, shutdown, and the clock.
 */
#include "web/patience.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { TICK_US = 100000, SLOW_AFTER_MS = 1000, WAY_MS = 300 };

static struct patience *volatile current;
static bool makes_way; /* this process does, until it has its next request */

/* The processes of a pool share the socket that listens, so a lock on it is one for the pool. */
static bool lock_door(int door, short type)
{
	struct flock whole = {.l_type = type, .l_whence = SEEK_SET};

	return fcntl(door, F_SETLK, &whole) == 0;
}

/* The slowest makes way first. */
static int64_t holds_out(const struct patience *p, int64_t waited)
{
	return WAY_MS + p->taken * 1000 / (waited * PATIENCE_RATE / 1000 + 1);
}

static bool has_to_make_way(struct patience *p, int64_t now)
{
	struct pollfd door = {.fd = p->door, .events = POLLIN};
	int64_t waited = p->waited + now - p->began;

	if (poll(&door, 1, 0) != 1 || !(door.revents & POLLIN)) {
		p->since = 0;
		return false;
	}
	if (p->since == 0)
		p->since = now;
	if (waited < SLOW_AFTER_MS || p->taken >= waited * PATIENCE_RATE / 1000 ||
	    now - p->since < holds_out(p, waited))
		return false;
	makes_way = lock_door(p->door, F_WRLCK); /* one after another */
	return makes_way;
}

static void look(struct patience *p)
{
	int64_t now = clock_ms();

	if (p->end != PATIENCE_MORE)
		return;
	if (now >= p->deadline)
		p->end = PATIENCE_LATE;
	else if (has_to_make_way(p, now))
		p->end = PATIENCE_WAY;
	if (p->end != PATIENCE_MORE)
		shutdown(p->connection, SHUT_RD);
}

static void on_alarm(int sig)
{
	int was = errno;

	(void)sig;
	if (current)
		look(current);
	errno = was;
}

static void tick(suseconds_t us)
{
	const struct itimerval t = {{0, us}, {0, us}};

	setitimer(ITIMER_REAL, &t, NULL);
}

void patience_start(struct patience *p, int connection, int door)
{
	*p = (struct patience){.connection = connection, .door = door};
	if (makes_way)
		makes_way = !lock_door(door, F_UNLCK);
}

void patience_begin(struct patience *p, int64_t deadline_ms)
{
	static bool ready;

	if (!ready) {
		struct sigaction act = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};

		sigemptyset(&act.sa_mask);
		ready = sigaction(SIGALRM, &act, NULL) == 0;
	}
	p->began = clock_ms();
	p->deadline = deadline_ms;
	look(p);
	current = p;
	tick(TICK_US);
}

void patience_stop(void)
{
	tick(0);
	current = NULL;
}
