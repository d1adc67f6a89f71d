/* SPDX-License-Identifier: MIT
 *
 * multi: drives libcurl's easy handles, many at once, on one epoll descriptor; the
 * only file that knows libcurl's multi interface.
 */
#ifndef MULTI_H
#define MULTI_H

#include "base/err.h"

#include <stdbool.h>

struct multi;

/* Called from multi_step() for a handle that is done: `tag` is its CURLOPT_PRIVATE,
 * `code` its CURLcode. The function removes the handle. */
typedef void multi_done_fn(void *ctx, void *tag, int code);

ERR_CHECK int multi_new(struct multi **out, multi_done_fn *done, void *ctx, struct err *e);
void multi_free(struct multi *m); /* remove all handles first */

bool multi_add(struct multi *m, void *easy); /* false if libcurl refuses it */
void multi_remove(struct multi *m, void *easy);

/* multi_step() has work once the descriptor can be read or this many milliseconds
 * have passed (-1: never). It does what can be done without waiting. */
int multi_fd(const struct multi *m);
int multi_wait_ms(const struct multi *m);
void multi_step(struct multi *m);

#endif
