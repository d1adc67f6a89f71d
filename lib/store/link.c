/* SPDX-License-Identifier: MIT
 *
 * link: notices by the function of the server that raised them, since their text is
 * in the server's language.
 */
#include "store/link.h"

#include "base/clock.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>

enum { GRACE_MS = 500 }; /* for the answer to a cancel */

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

bool link_cancel(struct link *l)
{
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
