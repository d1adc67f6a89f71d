/* SPDX-License-Identifier: MIT
 *
 * decide: how many units of each line must be off the shelf, from what target.h
 * has gathered about the order. No I/O.
 */
#ifndef DECIDE_H
#define DECIDE_H

#include "order/target.h"

#include <stdbool.h>

/* Sets target, kept, base and cause of each line. True if stock may have to move
 * since the last target_settle(), or a line is another article's now. */
bool decide_units(struct target *t);

#endif
