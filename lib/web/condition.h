/* SPDX-License-Identifier: MIT
 *
 * condition: what the headers of a request ask for beside its route. Idempotency-Key: a POST is
 * done once (once.h). If-Match: it is changed only if it has that version (match.h).
 * If-None-Match: an answer that the client has is not sent again.
 *
 * Programs only.
 */
#ifndef CONDITION_H
#define CONDITION_H

#include "base/err.h"
#include "web/cgi.h"

/* Calls the handler, if it is to be called. */
ERR_CHECK int condition_handle(struct cgi *c, struct err *e);

/* Adds the ETag of the answer, or makes it a 304 if the client has it. */
void condition_add_tag(struct cgi *c);

/* A POST with an Idempotency-Key is done once, without the handler knowing, but for the one that
 * is `late`, since its body is long: it calls this before it does what is to be done once, with
 * what tells its body from others. *done: it was done before; the answer is there, and nothing
 * remains to do. */
ERR_CHECK int condition_once(struct cgi *c, const char *print, bool *done, struct err *e);

#endif
