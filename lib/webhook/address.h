/* SPDX-License-Identifier: MIT
 *
 * address: where webhooks may be sent to. A subscriber names any host they
 * like, so that a request of ours must not reach what only we can reach: this
 * machine, the private network, the metadata service of a cloud. No I/O.
 *
 * With `private` true loopback and private networks are allowed; link-local,
 * reserved, documentation, multicast and tunnel addresses never are.
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <sys/socket.h>

enum { ADDRESS_MOST_URL = 2048, ADDRESS_TEXT = 48 };

/* True if the address may be connected to. An IPv6 address that leads to an IPv4
 * one (mapped, or by NAT64) is judged as that. */
bool address_ok(const struct sockaddr *sa, bool private);

/* True if both lead to the same host. */
bool address_same(const struct sockaddr *a, const struct sockaddr *b);

/* As text, for a message. */
void address_text(const struct sockaddr *sa, char out[ADDRESS_TEXT]);

/* ERR_DATA, with the reason, unless the URL is http or https, spelled plainly,
 * and does not name what is refused. What its host's name leads to is known
 * only when it is connected to. */
ERR_CHECK int address_check_url(const char *url, bool private, struct err *e);

/* Adds such a URL as all that mean the same are spelled: scheme and host in small
 * letters, no dot at the host's end, no port that the scheme implies, a path. */
void address_normalize(const char *url, struct buf *out);

/* Adds what of such a URL may be shown to a user who may not use it: a path may have a secret. */
void address_show(const char *url, struct buf *out);

/* The host and port of such a URL, as they are written, for telling whether two
 * URLs go to the same place: a pointer into it, and the length. */
const char *address_host(const char *url, size_t *n);

#endif
