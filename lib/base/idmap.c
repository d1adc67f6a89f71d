/* SPDX-License-Identifier: MIT
 *
 * idmap: open addressing, at most half full; the hash is Knuth's multiplicative
 * one by 2^64 divided by the golden ratio.
 */
#include "base/idmap.h"

#include "base/xalloc.h"

#include <stdlib.h>

static size_t start(const struct idmap *m, int64_t id)
{
	return ((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (m->size - 1);
}

static void grow(struct idmap *m)
{
	struct idmap old = *m;

	m->size = old.size ? old.size * 2 : 64;
	m->n = 0;
	m->slots = xalloc_zero(m->size, sizeof *m->slots);
	m->keys = xalloc_zero(m->size, sizeof *m->keys);
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i])
			idmap_put(m, old.keys[i], old.slots[i] - 1);
	idmap_release(&old);
}

void idmap_put(struct idmap *m, int64_t id, size_t place)
{
	size_t i;

	if (2 * (m->n + 1) > m->size)
		grow(m);
	for (i = start(m, id); m->slots[i]; i = (i + 1) & (m->size - 1))
		;
	m->slots[i] = place + 1;
	m->keys[i] = id;
	m->n++;
}

bool idmap_next(const struct idmap *m, int64_t id, size_t *at, size_t *place)
{
	if (m->size == 0)
		return false;
	*at = *at == IDMAP_START ? start(m, id) : (*at + 1) & (m->size - 1);
	for (; m->slots[*at]; *at = (*at + 1) & (m->size - 1))
		if (m->keys[*at] == id) {
			*place = m->slots[*at] - 1;
			return true;
		}
	return false;
}

void idmap_release(struct idmap *m)
{
	free(m->slots);
	free(m->keys);
}
