/* SPDX-License-Identifier: MIT
 *
 * sent: a request of a webhook, told as JSON: for tests and for deliveries.
 */
#ifndef SENT_H
#define SENT_H

#include "base/buf.h"

/* Adds the member "headers": "Name: value" lines as a list of objects. */
void sent_headers(struct buf *b, const char *lines);

/* Adds the member "request": url, headers (a line each) and body. */
void sent_request(struct buf *b, const char *url, const struct buf *headers,
		  const struct buf *body);

#endif
