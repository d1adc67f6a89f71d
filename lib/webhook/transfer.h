/* SPDX-License-Identifier: MIT
 *
 * transfer: POST requests on libcurl; the only file that knows its easy interface
 * (multi.h has the other). No redirect is followed, and no cookie,
 * .netrc or compression used. The name of a URL is never looked up here: the caller passes its
 * addresses (http.c). A request is sent once at most.
 *
 * transfer_prepare() gives a transfer, transfer_start() hands it to libcurl, and
 * the done function is told how it ended; transfer_cancel() ends it silently at any
 * time. Both give the memory back for the next transfer_prepare().
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include "base/buf.h"
#include "base/err.h"
#include "webhook/multi.h"
#include "webhook/reply.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

enum { TRANSFER_OBJECTION = 120 };

struct transfer_loop; /* all transfers */
struct transfer;      /* one */

enum transfer_end {
	TRANSFER_ANSWERED,     /* the head of an answer is complete */
	TRANSFER_REFUSED,      /* the objects function refused the address */
	TRANSFER_FLOODED,      /* the head of the answer is longer than REPLY_HEAD */
	TRANSFER_GARBLED,      /* the answer is not HTTP */
	TRANSFER_CUT,          /* the answer ended before its head was complete */
	TRANSFER_CLOSED,       /* the connection was closed without an answer */
	TRANSFER_LATE_CONNECT, /* at the deadline there was no connection, */
	TRANSFER_LATE_TLS,     /* no TLS session, */
	TRANSFER_LATE_ANSWER,  /* no answer */
	TRANSFER_NO_TLS,       /* TLS failed */
	TRANSFER_LOCAL,        /* this machine is at fault: no socket, no certificates */
	TRANSFER_FAILED        /* anything else */
};

struct transfer_result { /* all borrowed for the call */
	enum transfer_end end;
	const char *detail;       /* of REFUSED, NO_TLS, LOCAL and FAILED, in words */
	const struct reply *reply;
	int connect_ms;           /* TCP and TLS; from the start; -1: not reached */
	int first_byte_ms;        /* likewise */
};

typedef void transfer_done_fn(void *ctx, void *tag, const struct transfer_result *r);

/* True if the address must not be connected to; `why` is set then. */
typedef bool transfer_objects_fn(void *ctx, const struct sockaddr *sa,
				 char why[TRANSFER_OBJECTION]);

/* `ca_file` "" takes the system's certificates, `proxy` "" none. What is sent through a
 * proxy goes by a tunnel to the first address of those that are passed. */
ERR_CHECK int transfer_loop_new(struct transfer_loop **out, const char *ca_file,
				const char *proxy, transfer_objects_fn *objects,
				transfer_done_fn *done, void *ctx, struct err *e);
void transfer_loop_free(struct transfer_loop *loop); /* cancel all transfers first */

/* Copies what it is given: headers are "Name: value\n" each. NULL if libcurl refuses
 * the request. */
struct transfer *transfer_prepare(struct transfer_loop *loop, const char *url,
				  const struct buf *headers, const struct buf *body, void *tag);

/* The host to look up, or NULL if the URL names an address; the transfer's. */
const char *transfer_host(const struct transfer *t);

/* True if the URL names an address that the objects function refuses; it sets `why`. */
bool transfer_refused(const struct transfer *t, char why[TRANSFER_OBJECTION]);

/* `addresses`: "192.0.2.1,[2001:db8::1]", or NULL if transfer_host() is. False if
 * libcurl refuses; cancel the transfer then. */
bool transfer_start(struct transfer *t, const char *addresses, long timeout_ms);
void transfer_cancel(struct transfer *t);

/* What drives the transfers; the done function is called from multi_step(). */
struct multi *transfer_multi(const struct transfer_loop *loop);

#endif
