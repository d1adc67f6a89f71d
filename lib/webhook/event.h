/* SPDX-License-Identifier: MIT
 *
 * event: what a webhook is told, byte for byte. No I/O.
 *
 * The body is {"data": …, "event": …, "timestamp": …} as Python's
 * json.dumps(sort_keys=True) spells it: keys sorted, ", " and ": ", \uXXXX for
 * what is not ASCII. So receivers that hash the bytes verify, and those that
 * hash what they parsed and sorted again. The same event always gives the same
 * bytes.
 *
 * Who asks for CloudEvents gets those of CloudEvents 1.0, HTTP binding, binary mode: the
 * attributes are headers (ce-…), the body is the data.
 */
#ifndef EVENT_H
#define EVENT_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All types, with ", " between. */
extern const char event_types[];

/* True for one of them; with `wish` also for patterns: "product.*" and the like, and "*". */
bool event_known(const char *type, bool wish);

/* Adds the body. `data` is JSON text; ERR_DATA if it is not. */
ERR_CHECK int event_body(struct buf *b, const char *type, int64_t time, const char *data,
			 size_t len, struct err *e);

/* What signs: a whsec_ secret is base64 of the key, a whsk_ secret that of a
 * pair of Ed25519 (sign.h), any other is the key itself. ERR_DATA for a whsec_
 * that is no base64 of 24 to 64 bytes, for a whsk_ that is no pair, and for the
 * whpk_ of a public key. */
ERR_CHECK int event_check_secret(const char *secret, struct err *e);

struct event_request { /* all borrowed */
	const char *type, *id;             /* the event's */
	int64_t webhook, sequence, time;   /* time: of this try, Unix seconds */
	int attempt;                       /* 0: a test */
	const char *secret;                /* or NULL */
	const char *old_secrets;           /* sign as well; a line each, or NULL */
	const char *trace;                 /* its traceparent, or NULL */
	const char *own;                   /* a JSON object of the subscriber's headers, or NULL */
	int64_t subject, event_time;       /* an id; of the event, Unix seconds */
	bool cloud;                        /* it is a CloudEvent */
};

/* Adds the body that goes with the request: event_body() of its event_time, or for a CloudEvent the
 * data alone, spelled in the same way. */
ERR_CHECK int event_fill(const struct event_request *r, struct buf *b, const char *data, size_t len,
			 struct err *e);

/* Adds the headers of the request, a "Name: value\n" each. What is wrong with a
 * header of the subscriber's own leaves that one out. */
void event_add_headers(struct buf *headers, const struct event_request *r, const struct buf *body);

/* The signature headers among them; none without a secret. webhook-signature has
 * a v1a of each whsk_ secret and a v1 of any other, X-Webhook-Signature is by the
 * first other: who is to check a whsk_ has only its public half. */
void event_sign(struct buf *headers, const struct event_request *r, const struct buf *body);

/* Headers of the subscriber's own. ERR_DATA for a name or value that HTTP does
 * not take, and for names that are ours or the connection's. */
ERR_CHECK int event_check_header(const char *name, const char *value, struct err *e);

#endif
