/* SPDX-License-Identifier: MIT
 *
 * apievent: what happens, as server-sent events. Each answer is short: all
 * that is new since the snapshot in Last-Event-ID, the figures, the end; the
 * browser comes back by itself. A process looks into the database once a
 * second at most, however many watch. Context: a struct api.
 */
#ifndef APIEVENT_H
#define APIEVENT_H

#include "api.h"
#include "cgi.h"
#include "err.h"

/* Of each kind at most so many are kept; who missed more is told of a gap. */
enum { APIEVENT_MOST = 100 };

int apievent_stream(struct cgi *c, struct err *e); /* retry, last_event_id */

/* Frees what was kept from one request to the next. */
void apievent_release(struct api *a);

#endif
