/* SPDX-License-Identifier: MIT
 *
 * apiupload: handlers of /api/upload: the files that came for import, and how far
 * they are.
 */
#ifndef APIUPLOAD_H
#define APIUPLOAD_H

#include "cgi.h"
#include "err.h"

int apiupload_list(struct cgi *c, struct err *e);
int apiupload_progress(struct cgi *c, struct err *e);
int apiupload_stream(struct cgi *c, struct err *e);
int apiupload_rejects(struct cgi *c, struct err *e);
int apiupload_cancel(struct cgi *c, struct err *e);

#endif
