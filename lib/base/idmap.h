/* SPDX-License-Identifier: MIT
 *
 * idmap: a hash table from ids to places in an array, for lists that a sender may
 * make as long as he likes. Several entries may have one id; none is removed.
 *
 * Starts as all zero, ends with idmap_release(). Finding costs one probe or two
 * and one more for each entry of the same id.
 */
#ifndef IDMAP_H
#define IDMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct idmap {
	size_t *slots; /* owned: place + 1; 0: free */
	int64_t *keys; /* owned */
	size_t size, n;
};

void idmap_put(struct idmap *m, int64_t id, size_t place);

/* Walks the entries of an id: *at starts as IDMAP_START, and *place is the next
 * entry's. False at the end. */
#define IDMAP_START SIZE_MAX
bool idmap_next(const struct idmap *m, int64_t id, size_t *at, size_t *place);

void idmap_release(struct idmap *m);

#endif
