/* SPDX-License-Identifier: MIT
 *
 * parents: a hash table with open addressing over texts that stand one after
 * another in a buffer: key, name, category. A key that comes again counts from
 * then on.
 */
#include "catalogue/parents.h"

#include "base/buf.h"
#include "base/xalloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 6 << 20, MOST_KEYS = 1 << 16, SLOTS = MOST_KEYS * 2 };

struct entry {
	uint32_t at, key, name, category; /* where in `text`, and lengths; key 0: free */
};

struct parents {
	struct buf text;
	size_t n;
	struct entry slot[SLOTS];
};

struct parents *parents_new(void)
{
	return xalloc_zero(1, sizeof(struct parents));
}

void parents_free(struct parents *p)
{
	if (p)
		buf_release(&p->text);
	free(p);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

/* The slot of the key, or the free one where it belongs. */
static size_t find(const struct parents *p, struct product_text key)
{
	uint32_t hash = 2166136261u;
	size_t i;

	for (size_t k = 0; k < key.n; k++)
		hash = (hash ^ (unsigned char)lower(key.s[k])) * 16777619u;
	for (i = hash % SLOTS; p->slot[i].key > 0; i = (i + 1) % SLOTS)
		if (p->slot[i].key == key.n && same(p->text.data + p->slot[i].at, key.s, key.n))
			break;
	return i;
}

void parents_add(struct parents *p, struct product_text key, struct product_text name,
		 struct product_text category)
{
	size_t i, n = key.n + name.n + category.n;

	if (key.n == 0 || p->n == MOST_KEYS || p->text.len + n > MOST_BYTES)
		return;
	i = find(p, key);
	p->n += p->slot[i].key == 0;
	p->slot[i] = (struct entry){(uint32_t)p->text.len, (uint32_t)key.n, (uint32_t)name.n,
				    (uint32_t)category.n};
	buf_add(&p->text, key.s, key.n);
	if (name.n > 0)
		buf_add(&p->text, name.s, name.n);
	if (category.n > 0)
		buf_add(&p->text, category.s, category.n);
}

bool parents_find(const struct parents *p, struct product_text key, struct product_text *name,
		  struct product_text *category)
{
	const struct entry *e = &p->slot[key.n > 0 ? find(p, key) : 0];
	const char *s;

	if (key.n == 0 || e->key == 0)
		return false;
	s = p->text.data + e->at;
	*name = (struct product_text){s + e->key, e->name};
	*category = (struct product_text){s + e->key + e->name, e->category};
	return true;
}
