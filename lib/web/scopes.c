/* SPDX-License-Identifier: MIT
 *
 * scopes: a set of areas is an int, with a bit for each.
 */
#include "web/scopes.h"

#include <stdio.h>
#include <string.h>

enum { SCOPES = 200 };

static const char *const areas[SCOPES_AREAS] = {"metrics", "catalogue", "orders", "stock",
					      "webhooks", "personal"};

static void grant(struct visitor *v, unsigned bits, bool write)
{
	v->reads |= bits;
	if (write)
		v->writes |= bits;
}

static unsigned bits_of(const char *word, size_t n)
{
	if (n == 3 && strncmp(word, "all", 3) == 0)
		return (1U << SCOPES_AREAS) - 1;
	for (unsigned i = 0; i < SCOPES_AREAS; i++)
		if (strlen(areas[i]) == n && strncmp(word, areas[i], n) == 0)
			return 1U << i;
	return 0;
}

int scopes_read(const char *text, struct visitor *v, struct err *e)
{
	const char *s = text;

	do {
		size_t n = strcspn(s, ","), name = strcspn(s, ":,");
		unsigned bits = bits_of(s, name);
		bool read = name == n || (n - name == 5 && strncmp(s + name, ":read", 5) == 0);
		bool write = n - name == 6 && strncmp(s + name, ":write", 6) == 0;

		if (bits == 0 || !(read || write))
			return err_set(e, ERR_DATA, "\"%.*s\" is no scope: they are metrics, "
				       "catalogue, orders, stock, webhooks, personal and all, each "
				       "with :read or :write", (int)(n > 40 ? 40 : n), s);
		grant(v, bits, write);
		s += n;
	} while (*s++ == ',');
	return 0;
}

bool scopes_may(const struct visitor *v, enum scopes_area area, bool write)
{
	unsigned bits = write ? v->writes : v->reads;

	return area == SCOPES_ANY ? bits != 0 : (bits >> area & 1) != 0;
}

void scopes_everywhere(struct visitor *v, bool write)
{
	*v = (struct visitor){0};
	grant(v, (1U << SCOPES_AREAS) - 1, write);
}

void scopes_all(struct visitor *v, const char *name)
{
	scopes_everywhere(v, true);
	snprintf(v->name, sizeof v->name, "%s", name);
	snprintf(v->credential, sizeof v->credential, "%s", name);
}

int scopes_remote(const char *list, const char *name, struct visitor *v, struct err *e)
{
	static const char gaps[] = " \t\n";
	size_t len = strlen(name), n;
	const char *found = NULL;
	char scopes[SCOPES];

	scopes_all(v, name);
	if (list[strspn(list, gaps)] == '\0')
		return 0;
	for (const char *s = list + strspn(list, gaps); *s; s += n, s += strspn(s, gaps)) {
		n = strcspn(s, gaps);
		if (n > len && s[len] == '=' && strncmp(s, name, len) == 0)
			found = s + len + 1;
		else if (found == NULL && n > 2 && s[0] == '*' && s[1] == '=')
			found = s + 2;
	}
	v->reads = v->writes = 0;
	if (found == NULL)
		return err_set(e, ERR_FORBIDDEN, "this user is not among REMOTE_USERS");
	snprintf(scopes, sizeof scopes, "%.*s", (int)strcspn(found, gaps), found);
	return scopes_read(scopes, v, e) == 0 ? 0 : err_set(e, ERR_CONFIG, "REMOTE_USERS: %s",
							     scopes);
}
