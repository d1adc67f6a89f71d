/* SPDX-License-Identifier: MIT
 *
 * scopes: what somebody may: to read, and to change, in each area of the API.
 */
#ifndef SCOPES_H
#define SCOPES_H

#include "base/err.h"

#include <stdbool.h>

enum scopes_area {
	SCOPES_METRICS, SCOPES_CATALOGUE, SCOPES_ORDERS, SCOPES_STOCK, SCOPES_WEBHOOKS,
	SCOPES_PERSONAL, /* what people are called and where they live */
	SCOPES_AREAS,
	SCOPES_ANY /* for a question: any of them */
};

enum { SCOPES_NAME = 64 };

/* What somebody may: a bit for each area. */
struct visitor {
	unsigned reads, writes; /* who writes an area reads it too */
	char name[SCOPES_NAME];   /* of the token or user; "" for tokens of the settings */
	char credential[SCOPES_NAME]; /* what it is told apart by: of its token, or its name */
};

/* Who may read everything, and change it if `write`. */
void scopes_everywhere(struct visitor *v, bool write);

/* Who may everything. */
void scopes_all(struct visitor *v, const char *name);

/* Somebody whom the web server knows, by REMOTE_USERS: NAME=SCOPES with blanks between, * for all
 * others; all may everything if it is empty. ERR_FORBIDDEN: not among them. */
ERR_CHECK int scopes_remote(const char *list, const char *name, struct visitor *v, struct err *e);

bool scopes_may(const struct visitor *v, enum scopes_area area, bool write);

/* Reads "orders,stock:write" into `v`: names of areas, or `all`, each with :read or :write
 * (read if neither). ERR_DATA, naming the word. */
ERR_CHECK int scopes_read(const char *text, struct visitor *v, struct err *e);

#endif
