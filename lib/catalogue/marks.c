/* SPDX-License-Identifier: MIT
 *
 * marks: a format is the one of which the header has the most marks; the names
 * of the tables are compared as those of products' columns are.
 */
#include "catalogue/marks.h"

#include <string.h>

static struct product_text text_of(const char *s, size_t n)
{
	return (struct product_text){s, n};
}

/* True if the name is the pattern's, which may have one `*` in it. */
static bool name_matches(struct product_text name, struct product_text pattern)
{
	const char *star = memchr(pattern.s, '*', pattern.n);
	size_t before = star ? (size_t)(star - pattern.s) : 0, after = pattern.n - before - 1;

	if (product_same_name(name, pattern))
		return true;
	product_trim(&name);
	if (star == NULL || name.n < before + after)
		return false;
	return (before == 0 ||
		product_same_name(text_of(name.s, before), text_of(pattern.s, before))) &&
	       (after == 0 || product_same_name(text_of(name.s + name.n - after, after),
						text_of(star + 1, after)));
}

bool marks_next(const char **list, struct product_text *name)
{
	if (*list == NULL || **list == '\0' || **list == ';')
		return false;
	*name = text_of(*list, strcspn(*list, "|;"));
	*list += name->n;
	*list += **list == '|';
	product_trim(name);
	return true;
}

struct marks_fields marks_part(const struct csvrow *header, const char *list)
{
	struct product_text name;
	struct marks_fields p = {0};

	while (marks_next(&list, &name))
		for (size_t i = 0; i < header->n && i < CSVROW_FIELDS; i++)
			if (p.n < MARKS_FIELDS &&
			    name_matches(text_of(header->field[i].s, header->field[i].n), name))
				p.at[p.n++] = i;
	return p;
}

/* How many marks the entry has, 0 if the header lacks one. */
static int count_marks(const struct formats_entry *entry, const struct csvrow *header)
{
	const char *list = entry->marks;
	struct product_text name;
	int n = 0;

	if (marks_part(header, entry->lacks).n > 0)
		return 0;
	while (*list) {
		if (marks_part(header, list).n == 0)
			return 0;
		while (marks_next(&list, &name))
			;
		list += strspn(list, "; ");
		n++;
	}
	return n;
}

int marks_format(const struct csvrow *header, const struct formats_entry **out, struct err *e)
{
	const struct formats_entry *second = NULL;
	int most = 0;

	*out = NULL;
	for (size_t i = 0; i < formats_count; i++) {
		int n = count_marks(&formats_all[i], header);

		if (n > most)
			second = NULL;
		else if (n > 0 && n == most)
			second = &formats_all[i];
		if (n > most) {
			most = n;
			*out = &formats_all[i];
		}
	}
	if (second == NULL)
		return 0;
	return err_set(e, ERR_DATA, "ambiguous_format: the header may be of %s or of %s: say "
		       "which, "
		       "with --like %s or --like %s, or --like plain for neither", (*out)->title,
		       second->title, (*out)->name, second->name);
}
