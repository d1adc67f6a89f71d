/* SPDX-License-Identifier: MIT
 *
 * wrongs: a small table by hash, where each key has a few places to choose from.
 */
#include "web/wrongs.h"

#include "base/xalloc.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PLACES = 256, NEAR = 8, SECONDS = 60 };

struct wrong {
	char key[WRONGS_KEY];
	int64_t since; /* seconds */
	int n;
};

struct wrongs {
	struct wrong place[PLACES];
};

struct wrongs *wrongs_new(void)
{
	return xalloc_zero(1, sizeof(struct wrongs));
}

void wrongs_free(struct wrongs *t)
{
	free(t);
}

void wrongs_net(const char *address, char net[WRONGS_NET])
{
	struct in6_addr a;

	snprintf(net, WRONGS_NET, "%s", address);
	if (inet_pton(AF_INET6, address, &a) != 1 || IN6_IS_ADDR_V4MAPPED(&a))
		return;
	memset(a.s6_addr + 8, 0, 8);
	if (inet_ntop(AF_INET6, &a, net, WRONGS_NET - 3))
		strncat(net, "/64", 4);
}

void wrongs_key(const char *from, const char *name, char key[WRONGS_KEY])
{
	int n = snprintf(key, WRONGS_KEY, "%.*s/", WRONGS_NET - 1, from);

	for (; *name && n < WRONGS_KEY - 1; name++)
		key[n++] = *name >= 'A' && *name <= 'Z' ? (char)(*name | 32) : *name;
	key[n] = '\0';
}

static size_t place_of(const char *key)
{
	size_t h = 5381;

	while (*key)
		h = h * 33 ^ (unsigned char)*key++;
	return h % PLACES;
}

/* Of the places that a key may have it takes one that is out of date,
 * or else the least: many guesses are not forgotten for few under names made to fall there. */
int *wrongs_of(struct wrongs *t, const char *key)
{
	struct wrong *w = NULL;
	int64_t now = time(NULL);

	for (size_t i = 0; i < NEAR; i++) {
		struct wrong *at = &t->place[(place_of(key) + i) % PLACES];

		if (now - at->since >= SECONDS)
			at->n = 0;
		if (strncmp(at->key, key, sizeof at->key - 1) == 0 && at->n > 0)
			return &at->n;
		if (w == NULL || at->n < w->n)
			w = at;
	}
	*w = (struct wrong){.since = now};
	snprintf(w->key, sizeof w->key, "%s", key);
	return &w->n;
}
