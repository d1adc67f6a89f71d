/* SPDX-License-Identifier: MIT
 *
 * csvhold: the bytes of a record and of its fields, one after another.
 */
#include "catalogue/csvhold.h"

#include "base/xalloc.h"
#include "catalogue/csvreject.h"

#include <stdlib.h>

void csvhold_release(struct csvhold *h)
{
	buf_release(&h->bytes);
	free(h->field);
	*h = (struct csvhold){0};
}

void csvhold_keep(struct csvhold *h, const struct csvrow *row)
{
	size_t n = row->n < CSVROW_FIELDS ? row->n : CSVROW_FIELDS, at;

	if (h->field == NULL || n > h->room) {
		free(h->field);
		h->room = n > 0 ? n : 1;
		h->field = xalloc_zero(h->room, sizeof *h->field);
	}
	buf_reset(&h->bytes);
	buf_add(&h->bytes, row->raw.s, row->raw.n);
	for (size_t i = 0; i < n; i++)
		buf_add(&h->bytes, row->field[i].s, row->field[i].n);
	at = row->raw.n;
	for (size_t i = 0; i < n; i++) {
		h->field[i] = (struct csvrow_text){h->bytes.data + at, row->field[i].n};
		at += row->field[i].n;
	}
	h->row = *row;
	h->row.raw.s = h->bytes.data;
	h->row.field = h->field;
	h->any = true;
}

bool csvhold_take(struct csvhold *h, struct format *f, const struct csvrow *next)
{
	enum format_part part;

	if (!h->any)
		return false;
	/* A record without an end is the last one. */
	part = f && next && next->fault != CSVROW_UNTERMINATED ? format_part(f, next)
							       : FORMAT_OTHER;
	if (part == FORMAT_BETWEEN)
		return false;
	if (part == FORMAT_VARIANT && format_is_below(f, &h->row, next))
		format_expect_parent(f);
	h->any = false;
	return true;
}

bool csvhold_wants(const struct format *f, const struct csvrow *row, bool again)
{
	struct csvfill ignored;

	return f && format_entry(f)->held && row->fault == CSVROW_GOOD &&
	       format_part(f, row) == FORMAT_HELD && !(again && csvreject_tells(row, &ignored));
}
