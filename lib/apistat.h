/* SPDX-License-Identifier: MIT
 *
 * apistat: the routes that tell whether all is well. Handlers of cgi.h; their
 * context is a struct api.
 */
#ifndef APISTAT_H
#define APISTAT_H

#include "cgi.h"
#include "err.h"

int apistat_health(struct cgi *c, struct err *e);     /* 200 or 503; detail for those who may read */
int apistat_metrics(struct cgi *c, struct err *e);
int apistat_prometheus(struct cgi *c, struct err *e); /* without PostgreSQL: what is left */

#endif
