/* SPDX-License-Identifier: MIT
 *
 * resolve: looks up host names that strangers chose, without blocking. A name is
 * refused if address.h refuses any of its addresses.
 *
 * getaddrinfo(3) blocks, so that each lookup has a thread: a name server that does
 * not answer delays only the requests for its names.
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
	char list[RESOLVE_LIST]; /* "192.0.2.1,[2001:db8::1]": the first RESOLVE_FAMILY
				    addresses of each family; "" on failure */
	char why[RESOLVE_WHY];   /* reason for an empty list */
	bool forbidden;          /* refused by policy; retrying cannot help */
};

ERR_CHECK int resolve_new(struct resolve **out, bool private, struct err *e);
void resolve_free(struct resolve *r);

/* NULL if the address may be connected to, or what it is: "private or reserved".
 * Unless `private`, the addresses of this machine's interfaces are refused too. */
const char *resolve_objection(const struct resolve *r, const struct sockaddr *sa);

/* The addresses of a host; starts a lookup unless one ended after since_ms
 * (clock_ms()) or, with addresses, some seconds ago. NULL while the lookup runs. The
 * answer is valid until the next call. */
const struct resolve_answer *resolve_ask(struct resolve *r, const char *host, int64_t since_ms);

/* The descriptor can be read from the end of a lookup until resolve_seen(), which is
 * true if one ended. */
int resolve_fd(const struct resolve *r);
bool resolve_seen(struct resolve *r);

#endif
