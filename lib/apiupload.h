/* SPDX-License-Identifier: MIT
 *
 * apiupload: handlers of /api/upload: files for import, and how far they are.
 */
#ifndef APIUPLOAD_H
#define APIUPLOAD_H

#include "cgi.h"
#include "err.h"

/* The parameters of its route are the options of an import, which may as well be
 * fields of the form: filename, active, stock and so on. */
int apiupload_receive(struct cgi *c, struct err *e);
int apiupload_list(struct cgi *c, struct err *e);
int apiupload_progress(struct cgi *c, struct err *e);
int apiupload_stream(struct cgi *c, struct err *e);
int apiupload_rejects(struct cgi *c, struct err *e);
int apiupload_cancel(struct cgi *c, struct err *e);

#endif
