/* SPDX-License-Identifier: MIT
 *
 * sentinel: where Redis is, as Redis Sentinel or Valkey's knows it.
 */
#ifndef SENTINEL_H
#define SENTINEL_H

#include "base/err.h"
#include "store/redisurl.h"

struct sentinel_answer {
	char host[256];
	int port;
};

/* Asks the sentinel at u->hosts[at] for the master u->master, for less than a second. One
 * that asks for a password gets that of the URL. ERR_AWAY. */
ERR_CHECK int sentinel_ask(const struct redisurl *u, size_t at, struct sentinel_answer *a,
			   struct err *e);

#endif
