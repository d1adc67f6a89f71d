/* SPDX-License-Identifier: MIT
 *
 * quarantine: signed bodies that could not be taken in: list, read, try again,
 * delete. Handlers of cgi.h; their context is a struct api.
 */
#ifndef QUARANTINE_H
#define QUARANTINE_H

#include "base/err.h"
#include "web/cgi.h"

int quarantine_list(struct cgi *c, struct err *e); /* paging.h's */
int quarantine_show(struct cgi *c, struct err *e); /* the bytes */
int quarantine_retry(struct cgi *c, struct err *e);
int quarantine_delete(struct cgi *c, struct err *e);

#endif
