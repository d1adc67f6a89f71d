/* SPDX-License-Identifier: MIT
 *
 * carry: carries out what a line says, for each id or record, and shows the result.
 * Programs only.
 */
#ifndef CARRY_H
#define CARRY_H

#include "shell/ask.h"
#include "shell/line.h"

/* Returns the gravest exit status. What fails is said on stderr, and the next is done. */
int carry_out(struct ask *a, struct line *l);

#endif
