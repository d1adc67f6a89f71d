/* SPDX-License-Identifier: MIT
 *
 * traceparent: the header of the W3C's Trace Context, by which a request says of whose trace it is.
 */
#ifndef TRACEPARENT_H
#define TRACEPARENT_H

#include <stdbool.h>

enum { TRACEPARENT = 56 }; /* bytes of one, with its end */

/* Reads a traceparent of any version into one of version 00, whose flags say no more than whether
 * the trace is recorded. False, and "", if it is none: s may be NULL. */
bool traceparent_read(const char *s, char out[TRACEPARENT]);

#endif
