/* SPDX-License-Identifier: MIT
 *
 * csvhold: a record kept until it is known what follows it: whether it is a product,
 * or only the parent of the variants below it. One record at a time; no I/O.
 */
#ifndef CSVHOLD_H
#define CSVHOLD_H

#include "base/buf.h"
#include "catalogue/csvrow.h"
#include "catalogue/format.h"

#include <stdbool.h>

struct csvhold { /* of zeros; csvhold_release */
	bool any;
	struct csvrow row;   /* a copy, once `any` */
	struct buf bytes;
	struct csvrow_text *field;
	size_t room;         /* of `field` */
};

void csvhold_release(struct csvhold *h);

/* Keeps a copy of the record. */
void csvhold_keep(struct csvhold *h, const struct csvrow *row);

/* Takes the record that is kept, if what comes now, NULL at the end, tells what it is: it is to
 * be read now, with the format told if it is a parent. False: there is none, or it waits. */
bool csvhold_take(struct csvhold *h, struct format *f, const struct csvrow *next);

/* True if the record has to wait; `f` NULL: never. `again`: what csvreject_is_again says
 * of the header. */
bool csvhold_wants(const struct format *f, const struct csvrow *row, bool again);

#endif
