/* SPDX-License-Identifier: MIT
 *
 * envelope: takes the payloads out of what they were sent or kept in. No I/O.
 *
 *   [payload, …]  {"orders":[…]}  {"refunds":[…]}  {"order":{…}}  lists of the Admin API
 *   {"data":{"orders":{"nodes":[…]}}}             its GraphQL answer
 *   {"detail":{"payload":…,"metadata":{…}}}       Amazon EventBridge
 *   {"message":{"data":BASE64,"attributes":{…}}}  Google Pub/Sub
 *   {"receivedMessages":[…]}                      the same, pulled
 *   {"v":1,"type":"payload","topic":…,"shop":…,"data":…}  a record of a payload
 * Anything else is a payload itself. One may be within another.
 */
#ifndef ENVELOPE_H
#define ENVELOPE_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* What an envelope says of the payload, as Shopify's headers do; NULL: nothing. */
struct envelope_label {
	const char *topic, *shop, *webhook_id, *triggered_at, *api_version, *event_id, *trace;
};

/* A payload: its bytes as they are in the envelope, and the same parsed. All of it
 * is borrowed for the call. */
struct envelope_part {
	const char *text;
	size_t len;
	json_t *json;
	struct envelope_label label;
};

/* Calls `one` for each payload in `text`, which was parsed into `json`, in their
 * order; ends at the first -1, with that. ERR_DATA: an envelope that cannot be
 * opened; payloads before it have been given. */
ERR_CHECK int envelope_each(const char *text, size_t len, json_t *json,
			    int (*one)(void *ctx, const struct envelope_part *p, struct err *e),
			    void *ctx, struct err *e);

/* True if `json` is an envelope that says itself whose payload it has. */
bool envelope_is_labelled(const json_t *json);

#endif
