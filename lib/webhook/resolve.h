/* SPDX-License-Identifier: MIT
 *
 * resolve: the addresses of a name that a stranger chose, without waiting for
 * them. A name is refused if one of its addresses is (address.h), whichever of
 * them would be connected to.
 *
 * The system's resolver has no way to be asked and go on, so that each name
 * being looked up has a thread: one that does not answer holds nobody up but
 * those who ask for it.
 */
#ifndef RESOLVE_H
#define RESOLVE_H

#include "base/err.h"
#include "webhook/address.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum { RESOLVE_FAMILY = 4, RESOLVE_LIST = 2 * RESOLVE_FAMILY * (ADDRESS_TEXT + 3),
       RESOLVE_WHY = 160 };

struct resolve;

struct resolve_answer {
	char list[RESOLVE_LIST]; /* "192.0.2.1,[2001:db8::1]": the first RESOLVE_FAMILY of
				    each family; "" if there are none, */
	char why[RESOLVE_WHY];   /* which is why */
	bool forbidden;          /* it would be the next time too */
};

ERR_CHECK int resolve_new(struct resolve **out, bool private, struct err *e);
void resolve_free(struct resolve *r);

/* NULL if it may be connected to, or what it is: "private or reserved". Unless
 * `private`, the addresses of this machine's interfaces may not be either. */
const char *resolve_objection(const struct resolve *r, const struct sockaddr *sa);

/* What is known of a host since the time `since` (clock_ms), addresses for some
 * seconds more; NULL while it is being looked up. Valid until the next call. */
const struct resolve_answer *resolve_ask(struct resolve *r, const char *host, int64_t since);

/* Can be read once a name was looked up, until resolve_seen. */
int resolve_fd(const struct resolve *r);
void resolve_seen(struct resolve *r);

#endif
