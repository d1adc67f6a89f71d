/* SPDX-License-Identifier: MIT
 *
 * feed: one statement a page; its first row is about the page.
 */
#include "webhook/feed.h"

#include "base/clock.h"
#include "sql.h"
#include "webhook/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID, TEXT, MORE, COMPLETE };

int feed_since(struct feed_from *from, const char *since, struct err *e)
{
	const char *s = since, *micros;
	size_t digits, hex;

	*from = (struct feed_from){0};
	if (since == NULL)
		return 0;
	if (strncmp(s, "evt_", 4) != 0 && clock_is_rfc3339(since)) {
		from->time = since;
		return 0;
	}
	s += strncmp(s, "evt_", 4) == 0 ? 4 : 0;
	digits = strspn(s, "0123456789");
	micros = s + digits + 1;
	hex = s == since || s[digits] != '_' ? 0 : strspn(micros, "0123456789abcdef");
	if (digits == 0 || digits > 18 || hex == 0 || hex > 16 || micros[hex] != '\0')
		return err_set(e, ERR_DATA, "must be the id of an event, evt_…, or a time such as "
			       "2026-01-31T12:00:00Z");
	from->after = strtoll(s, NULL, 10);
	snprintf(from->micros, sizeof from->micros, "%s", micros);
	return 0;
}

int feed_check_types(const char *types, struct err *e)
{
	char word[64];

	for (const char *s = types; *s; s += strspn(s, ", ")) {
		size_t n = strcspn(s, ", ");

		snprintf(word, sizeof word, "%.*s", (int)(n < 63 ? n : 63), s);
		if (n == 0 || !event_known(word, true))
			return err_set(e, ERR_DATA, "has \"%.40s\", which is not one of %s, "
				       "product.*, order.*, inventory.*, *", word, event_types);
		s += n;
	}
	return 0;
}

int feed_read(struct feed_page *p, struct db *db, const struct feed_from *from, const char *types,
	      int limit, struct err *e)
{
	bool cursor = from->after > 0;
	struct db_param binds[] = {cursor ? db_param_int(from->after) : db_param_text(NULL),
				   db_param_text(cursor ? from->micros : NULL),
				   db_param_text(from->time), db_param_int(limit),
				   db_param_text(types)};

	*p = (struct feed_page){0};
	if (db_exec(db, &SQL_READ_FEED, binds, &p->rows, e) != 0)
		return -1;
	p->count = db_count(p->rows) - 1;
	p->next = db_text(p->rows, 0, TEXT);
	p->more = db_bool(p->rows, 0, MORE);
	p->complete = db_bool(p->rows, 0, COMPLETE);
	return 0;
}

const char *feed_event(const struct feed_page *p, int i)
{
	return db_text(p->rows, i + 1, TEXT);
}

void feed_free(struct feed_page *p)
{
	db_rows_free(p->rows);
	p->rows = NULL;
}
