/* SPDX-License-Identifier: MIT
 *
 * demo: the figures of stat without servers, for a look at them.
 */
#ifndef DEMO_H
#define DEMO_H

#include "report/figures.h"

#include <stdint.h>

/* Fills in `parts`: figures of a shop that does well, which move with `ms`, a
 * clock in milliseconds. */
void demo_report(struct figures_report *r, unsigned parts, int64_t ms);

#endif
