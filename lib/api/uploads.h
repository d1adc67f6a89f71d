/* SPDX-License-Identifier: MIT
 *
 * uploads: handlers of /api/upload: the files that came for import, and how far
 * they are.
 */
#ifndef UPLOADS_H
#define UPLOADS_H

#include "base/err.h"
#include "web/cgi.h"

int uploads_list(struct cgi *c, struct err *e);
int uploads_progress(struct cgi *c, struct err *e);
int uploads_stream(struct cgi *c, struct err *e);
int uploads_rejects(struct cgi *c, struct err *e);
int uploads_cancel(struct cgi *c, struct err *e);

#endif
