/* SPDX-License-Identifier: MIT
 *
 * detail: each member by itself; all that is wrong is said at once.
 */
#include "api/detail.h"

#include "api/api.h"
#include "catalogue/details.h"

#include <stdio.h>
#include <string.h>

/* What is wrong with a member, whose name can be any text. */
static int refuse(struct cgi *c, const char *name, const char *detail, struct err *e)
{
	char pointer[120] = "/details";

	if (strlen(name) <= 100 && name[strcspn(name, "/~")] == '\0')
		snprintf(pointer, sizeof pointer, "/details/%.100s", name);
	return cgi_invalid(c, "pointer", pointer, detail, e);
}

static int read_one(struct cgi *c, const char *name, const json_t *j, json_t *kept, struct err *e)
{
	struct product_text v = {json_string_value(j), json_string_length(j)};
	struct product_fault f;
	enum details_key key;

	if (!details_is_member(name, &key))
		return refuse(c, name, "is not one of barcode, cost, compare_at_price, vendor, "
			      "tags, weight, image_url, group, group_title and options; an "
			      "extra one is called \"extra: NAME\"", e);
	if (!json_is_null(j) && !json_is_string(j))
		return refuse(c, name, "must be a text or null", e);
	if (v.s && memchr(v.s, '\0', v.n))
		return refuse(c, name, "has a NUL byte in it", e);
	if (v.s && key < DETAILS_KNOWN)
		product_trim(&v);
	if (v.n > 0 && details_check(key, &v, &f) != 0)
		return refuse(c, name, f.detail, e);
	json_object_set_new_nocheck(kept, name,
				    v.n > 0 ? json_stringn_nocheck(v.s, v.n) : json_null());
	return 0;
}

int detail_read(struct cgi *c, const json_t *j, json_t *columns, struct err *e)
{
	json_t *kept, *member;
	const char *name;
	int rc = 0;

	if (!json_is_object(j))
		return api_invalid_member(c, "details", "must be an object of texts; null takes "
					  "one out", e);
	kept = json_object();
	json_object_foreach((json_t *)j, name, member)
		if (read_one(c, name, member, kept, e) != 0)
			rc = -1;
	json_object_set_new_nocheck(columns, "details", kept);
	return rc;
}
