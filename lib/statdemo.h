/* SPDX-License-Identifier: MIT
 *
 * statdemo: the figures of stat without servers, for a look at them.
 */
#ifndef STATDEMO_H
#define STATDEMO_H

#include "stat.h"

#include <stdint.h>

/* Fills in `parts`: figures of a shop that does well, which move with `ms`, a
 * clock in milliseconds. */
void statdemo_report(struct stat_report *r, unsigned parts, int64_t ms);

#endif
