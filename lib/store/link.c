/* SPDX-License-Identifier: MIT
 *
 * link: notices by the function of the server that raised them, since their text is
 * in the server's language; and cancels that do not wait for a host that vanished.
 */
#include "store/link.h"

#include "base/clock.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { GRACE_MS = 500, /* for the answer to a cancel */
       REACH_MS = 300 }; /* for a connection to the server */

static void take_notice(void *ctx, const PGresult *notice)
{
	struct link *l = ctx;
	const char *from = PQresultErrorField(notice, PG_DIAG_SOURCE_FUNCTION);

	if (from && strcmp(from, "SyncRepWaitForLSN") == 0)
		l->unsure = true;
}

void link_init(struct link *l, PGconn *conn, int commit_ms)
{
	*l = (struct link){.conn = conn, .commit_ms = commit_ms};
	PQsetNoticeReceiver(conn, take_notice, l);
}

static bool is_connected(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int why = 0;
	socklen_t n = sizeof why;

	int64_t end = clock_ms() + REACH_MS, left;

	while ((left = end - clock_ms()) > 0 && poll(&p, 1, (int)left) == -1 && errno == EINTR)
		continue;
	return p.revents && getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &n) == 0 &&
	       why == 0;
}

/* Whether the server's host still takes connections. libpq opens one to cancel, and waits for it
 * as long as TCP does: seconds to minutes for a host that vanished, and our client has gone. */
static bool is_reachable(const struct link *l)
{
	struct sockaddr_storage peer;
	socklen_t n = sizeof peer;
	bool reached;
	int fd;

	if (getpeername(PQsocket(l->conn), (struct sockaddr *)&peer, &n) != 0)
		return false;
	if (peer.ss_family == AF_UNIX)
		return true;
	fd = socket(peer.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return false;
	reached = connect(fd, (struct sockaddr *)&peer, n) == 0 || is_connected(fd);
	close(fd);
	return reached;
}

bool link_cancel(struct link *l)
{
	if (!is_reachable(l))
		return false;
	PGcancel *c = PQgetCancel(l->conn);
	char why[256];
	bool told = c == NULL || PQcancel(c, why, sizeof why) == 1;

	PQfreeCancel(c);
	return told;
}

/* Waits until PQgetResult does not; false if that took longer than `ms`. */
static bool comes_within(struct link *l, int ms)
{
	struct pollfd p = {.fd = PQsocket(l->conn), .events = POLLIN};
	int64_t deadline = clock_ms() + ms, left = ms;

	while (PQisBusy(l->conn)) {
		if (left <= 0)
			return false;
		if (poll(&p, 1, (int)left) > 0 && PQconsumeInput(l->conn) != 1)
			return true; /* PQgetResult says why */
		left = deadline - clock_ms();
	}
	return true;
}

/* How long this wait may be; 0: as long as it takes. */
static int patience(const struct link *l, bool commits)
{
	int64_t left = l->until ? l->until - clock_ms() : 0;

	if (l->until)
		return left > 1 ? (int)left : 1;
	return commits ? l->commit_ms : 0;
}

PGresult *link_result(struct link *l, bool commits)
{
	int ms = patience(l, commits);

	if (ms && !l->silent && !comes_within(l, ms))
		l->silent = !link_cancel(l) || !comes_within(l, GRACE_MS);
	return l->silent ? NULL : PQgetResult(l->conn);
}
