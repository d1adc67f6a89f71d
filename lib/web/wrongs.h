/* SPDX-License-Identifier: MIT
 *
 * wrongs: how often a minute something wrong was shown, by whom: a count for each key.
 */
#ifndef WRONGS_H
#define WRONGS_H

enum { WRONGS_NET = 64, WRONGS_KEY = 128 };

struct wrongs;

struct wrongs *wrongs_new(void);
void wrongs_free(struct wrongs *t);

/* The count of this minute, to be raised; valid until the next call with this table. Of more keys
 * than there is room for the least are forgotten: many guesses are not for few under other
 * names. */
int *wrongs_of(struct wrongs *t, const char *key);

/* The network of an address: an IPv4 address, the /64 of an IPv6 one. */
void wrongs_net(const char *address, char net[WRONGS_NET]);

/* A key for guesses at a name from somewhere; they hit the same user in either case. */
void wrongs_key(const char *from, const char *name, char key[WRONGS_KEY]);

#endif
