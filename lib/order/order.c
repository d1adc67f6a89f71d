/* SPDX-License-Identifier: MIT
 *
 * order: topics, notes, and what the readers of parse.c and change.c share.
 */
#include "order/order.h"

#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const topics[] = {"orders/create",	 "orders/paid",	      "orders/updated",
				     "orders/cancelled", "orders/edited",     "orders/fulfilled",
				     "refunds/create",	 "orders/partially_fulfilled"};

bool order_is_topic(const char *topic, const char *name)
{
	if (topic == NULL)
		return false;
	for (; *topic && *name; topic++, name++)
		if (tolower((unsigned char)*topic) != *name &&
		    !(*name == '/' && (*topic == '_' || *topic == '.')))
			return false;
	return *topic == *name;
}

bool order_is_return(const char *topic)
{
	return order_is_topic(topic, "reverse_fulfillment_orders/dispose") ||
	       (topic && strncasecmp(topic, "returns", 7) == 0 && topic[7] &&
		strchr("/_.", topic[7]));
}

bool order_topic_known(const char *topic)
{
	if (order_is_return(topic))
		return true;
	for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
		if (order_is_topic(topic, topics[i]))
			return true;
	return false;
}

const char *order_kind_name(enum order_kind kind)
{
	static const char *const names[] = {"order", "refund", "edit", "return", "stub", "other"};

	return names[kind];
}

void order_note(struct order *o, const char *what, size_t line, const char *value)
{
	if (o->notes.len > 2000)
		return;
	if (o->notes.len)
		buf_addstr(&o->notes, "; ");
	if (line)
		buf_addf(&o->notes, "line %zu: ", line);
	value = value ? value : "";
	buf_addf(&o->notes, "%s%.*s", what, (int)utf8_fit(value, strlen(value), 80), value);
}

int32_t order_units(const json_t *j, int32_t least)
{
	json_int_t v = json_is_integer(j) ? json_integer_value(j) : -1;

	return v >= least && v <= INT32_MAX ? (int32_t)v : -1;
}

bool order_change_is(const struct order_change *c, const char *kind)
{
	return strcmp(c->kind, kind) == 0;
}

bool order_skip_asks(const char *skip)
{
	return skip && (strcmp(skip, "custom") == 0 || strcmp(skip, "not_shipped") == 0);
}

void order_release(struct order *o)
{
	for (size_t i = 0; i < o->nmended; i++)
		free(o->mended[i]);
	free(o->mended);
	free(o->customer_name);
	free(o->lines);
	free(o->changes);
	buf_release(&o->notes);
	json_decref(o->json);
	o->json = NULL;
}
