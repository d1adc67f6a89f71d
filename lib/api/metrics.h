/* SPDX-License-Identifier: MIT
 *
 * metrics: the routes that tell whether all is well. Handlers of cgi.h; their
 * context is a struct api.
 */
#ifndef METRICS_H
#define METRICS_H

#include "base/err.h"
#include "web/cgi.h"

/* 200 or 503; detail for those who may read */
int metrics_health(struct cgi *c, struct err *e);
int metrics_show(struct cgi *c, struct err *e);
int metrics_prometheus(struct cgi *c, struct err *e); /* without PostgreSQL: what is left */

#endif
