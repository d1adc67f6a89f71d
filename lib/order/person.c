/* SPDX-License-Identifier: MIT
 *
 * person: all of the payload is searched, since REST, GraphQL and other topics have the customer in
 * different places.
 */
#include "order/person.h"

#include "base/err.h"
#include "base/jtext.h"
#include "order/shape.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

static bool same_digits(const char *a, const char *b)
{
	size_t n = 0;

	for (;; a++, b++, n++) {
		while (*a && !isdigit((unsigned char)*a))
			a++;
		while (*b && !isdigit((unsigned char)*b))
			b++;
		if (*a != *b || *a == '\0')
			return *a == *b && n > 0;
	}
}

static bool is_named(const char *key, const json_t *v, int64_t id, const char *phone)
{
	if (id && strcmp(key, "customer") == 0 && shape_id(json_object_get(v, "id")) == id)
		return true;
	if (id && strcmp(key, "customer_id") == 0)
		return shape_id(v) == id;
	return phone && json_is_string(v) && strstr(key, "hone") != NULL &&
	       same_digits(json_string_value(v), phone);
}

static bool is_in(const json_t *json, int64_t id, const char *phone)
{
	const char *key;
	json_t *v;
	size_t i;

	json_object_foreach((json_t *)json, key, v)
		if (is_named(key, v, id, phone) || is_in(v, id, phone))
			return true;
	json_array_foreach(json, i, v)
		if (is_in(v, id, phone))
			return true;
	return false;
}

bool person_is_in(const char *text, size_t len, int64_t id, const char *phone)
{
	json_t *json = NULL;
	struct err e;
	bool found;

	if (jtext_parse(text, len, &json, &e) != 0)
		return false;
	found = is_in(json, id, phone);
	json_decref(json);
	return found;
}
