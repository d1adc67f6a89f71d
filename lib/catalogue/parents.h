/* SPDX-License-Identifier: MIT
 *
 * parents: what was read of parent products, for variants further down in the
 * file. Bounded: what does not fit any more is not kept. No I/O.
 */
#ifndef PARENTS_H
#define PARENTS_H

#include "catalogue/product.h"

#include <stdbool.h>

struct parents; /* parents_free */

struct parents *parents_new(void);
void parents_free(struct parents *p);

/* Keeps the name and category of the parent that variants call `key`. */
void parents_add(struct parents *p, struct product_text key, struct product_text name,
		 struct product_text category);

/* False: it is not known. What is found lives until the next parents_add. */
bool parents_find(const struct parents *p, struct product_text key, struct product_text *name,
		  struct product_text *category);

#endif
