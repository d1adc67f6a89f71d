/* SPDX-License-Identifier: MIT
 *
 * telling: order events say what customers are called, so a client that may not
 * read names may not subscribe to those events either.
 */
#ifndef TELLING_H
#define TELLING_H

#include "base/err.h"
#include "store/db.h"
#include "web/cgi.h"

/* ERR_FORBIDDEN if the webhook of the path (0: a new one) would, with these types and this address
 * (null: as they are), tell of people what the visitor may not read. */
ERR_CHECK int telling_check(struct cgi *c, struct db_param types, struct db_param url,
			    struct err *e);

/* The same of an event of this type that is to be shown or sent. */
ERR_CHECK int telling_check_event(struct cgi *c, const char *type, struct err *e);

#endif
