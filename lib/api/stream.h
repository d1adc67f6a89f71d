/* SPDX-License-Identifier: MIT
 *
 * stream: what happens, as server-sent events. Each answer is short: all
 * that is new since the snapshot in Last-Event-ID, the figures, the end; the
 * browser comes back by itself. A process looks into the database once a
 * second at most, however many watch. Context: a struct api.
 */
#ifndef STREAM_H
#define STREAM_H

#include "api/api.h"
#include "base/err.h"
#include "web/cgi.h"

/* Frees what was kept from one request to the next. */
void stream_release(struct api *a);

#endif
