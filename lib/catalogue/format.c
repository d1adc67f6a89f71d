/* SPDX-License-Identifier: MIT
 *
 * format: marks.h finds the names of an entry in the header, once; a record is then
 * read by the places of its fields.
 *   - what a group carries down is copied, for the row above is gone
 *   - a name with its options, and a SKU that is made, are composed in buffers
 */
#include "catalogue/format.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "catalogue/marks.h"
#include "catalogue/parents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct format {
	const struct formats_entry *entry;
	const char *location;
	struct marks_fields columns[PRODUCT_COLUMNS];
	struct marks_fields options, group, id, kind, parent, view, where, surcharge;
	struct buf held[PRODUCT_COLUMNS]; /* what the group carries down;
		with group_key: of which */
	struct buf group_key;
	bool in_group, same;
	bool is_parent;           /* the next record */
	bool alone, below;        /* it is in no group, or in that of the record above it, and
		nothing else tells */
	bool was_parent;          /* the last one */
	bool rejects;             /* a row of the group was rejected */
	unsigned said, inherited; /* columns (bits) that the last row said; took from others */
	unsigned spoiled;         /* what is held of them is of a row that was rejected */
	struct buf name, sku, choice;   /* as composed: `choice` of the options */
	struct product_text title;      /* the name without the options; or blank */
	struct marks_fields option_names;       /* of each of the options; CSVROW_FIELDS: none */
	struct buf option_name[MARKS_FIELDS]; /* as the first row of the group has them */
	char room[24]; /* of a sum */
	struct buf price; /* with its surcharge */
	struct parents *parents; /* NULL where there are none */
};

static struct product_text text_of(const char *s, size_t n)
{
	return (struct product_text){s, n};
}

/* --- names --- */

/* "Option1 value": the field "Option1 name" says which option it is. */
static size_t find_option_name(const struct csvrow *header, size_t value)
{
	static const char *const words[][2] = {{"value(s)", "name"}, {"value", "name"},
					       {"Wert(e)", "Name"}, {"Valeur(s)", "Nom"},
					       {"Valor(es)", "Nombre"}};
	struct product_text v = text_of(header->field[value].s, header->field[value].n);
	char name[80];

	for (size_t w = 0; w < sizeof words / sizeof *words && v.n < sizeof name; w++) {
		size_t n = strlen(words[w][0]), at = 0;

		while (at + n <= v.n && strncasecmp(v.s + at, words[w][0], n) != 0)
			at++;
		if (at + n > v.n)
			continue;
		n = (size_t)snprintf(name, sizeof name, "%.*s%s%.*s", (int)at, v.s, words[w][1],
				     (int)(v.n - at - n), v.s + at + n);
		for (size_t i = 0; n < sizeof name && i < header->n && i < CSVROW_FIELDS; i++)
			if (product_same_name(text_of(header->field[i].s, header->field[i].n),
					      text_of(name, n)))
				return i;
	}
	return CSVROW_FIELDS;
}

static void find_option_names(struct format *f, const struct csvrow *header)
{
	f->option_names.n = f->options.n;
	for (int i = 0; i < f->options.n; i++)
		f->option_names.at[i] = find_option_name(header, f->options.at[i]);
}

/* Each column after the last one that the entry names is a place, with its quantity. */
static void find_places(struct format *f, const struct csvrow *header)
{
	struct marks_fields named = marks_part(header, f->entry->rest);
	struct marks_fields *p = &f->columns[PRODUCT_QUANTITY];
	size_t from = 0;

	for (int i = 0; i < named.n; i++)
		from = named.at[i] >= from ? named.at[i] + 1 : from;
	for (size_t i = from; named.n > 0 && i < header->n && i < CSVROW_FIELDS; i++) {
		struct product_text name = text_of(header->field[i].s, header->field[i].n);

		if (!product_trim(&name) && p->n < MARKS_FIELDS &&
		    (f->location == NULL ||
		     product_same_name(name, text_of(f->location, strlen(f->location)))))
			p->at[p->n++] = i;
	}
}

struct format *format_new(const struct formats_entry *entry, const struct csvrow *header,
			  const char *location)
{
	struct format *f = xalloc_zero(1, sizeof *f);

	f->entry = entry;
	f->location = location;
	for (int i = 0; i < PRODUCT_COLUMNS; i++)
		f->columns[i] = marks_part(header, entry->columns[i]);
	f->options = marks_part(header, entry->options);
	find_option_names(f, header);
	f->group = marks_part(header, entry->group);
	f->id = marks_part(header, entry->id);
	f->kind = marks_part(header, entry->kind);
	f->parent = marks_part(header, entry->parent);
	f->view = marks_part(header, entry->view);
	f->where = marks_part(header, entry->location);
	f->surcharge = marks_part(header, entry->surcharge);
	if (entry->rest)
		find_places(f, header);
	f->columns[PRODUCT_ACTIVE].n = f->columns[PRODUCT_ACTIVE].n > 0; /* the first one only */
	if (f->parent.n > 0)
		f->parents = parents_new();
	return f;
}

void format_free(struct format *f)
{
	if (f == NULL)
		return;
	for (int i = 0; i < PRODUCT_COLUMNS; i++)
		buf_release(&f->held[i]);
	buf_release(&f->group_key);
	buf_release(&f->name);
	buf_release(&f->sku);
	buf_release(&f->choice);
	buf_release(&f->price);
	for (int i = 0; i < MARKS_FIELDS; i++)
		buf_release(&f->option_name[i]);
	parents_free(f->parents);
	free(f);
}

const struct formats_entry *format_entry(const struct format *f)
{
	return f->entry;
}

static void leave_out(struct marks_fields *p, size_t i)
{
	int n = 0;

	for (int k = 0; k < p->n; k++)
		if (p->at[k] != i)
			p->at[n++] = p->at[k];
	p->n = n;
}

void format_map(struct format *f, size_t i, enum product_column column)
{
	for (int k = 0; k < PRODUCT_COLUMNS; k++)
		leave_out(&f->columns[k], i);
	if (column < PRODUCT_COLUMNS)
		f->columns[column] = (struct marks_fields){1, {i}};
}

unsigned format_columns(const struct format *f)
{
	unsigned bits = 0;

	for (int i = 0; i < PRODUCT_COLUMNS; i++)
		bits |= (unsigned)(f->columns[i].n > 0) << i;
	return bits | (f->id.n > 0 ? 1u << PRODUCT_SKU : 0);
}

bool format_sku_field(const struct format *f, size_t *at)
{
	*at = f->columns[PRODUCT_SKU].at[0];
	return f->columns[PRODUCT_SKU].n > 0;
}

static bool has(const struct marks_fields *p, size_t i)
{
	for (int k = 0; k < p->n; k++)
		if (p->at[k] == i)
			return true;
	return false;
}

const char *format_meaning(const struct format *f, size_t i)
{
	const struct {
		const struct marks_fields *part;
		const char *name;
	} parts[] = {{&f->option_names, "option"},
		     {&f->options, "option"}, {&f->group, "group"}, {&f->id, "id"}, {&f->kind,
		"kind"},
		     {&f->parent, "parent"}, {&f->view, "view"}, {&f->where, "location"},
		     {&f->surcharge, "surcharge"}};

	for (int k = 0; k < PRODUCT_COLUMNS; k++)
		if (has(&f->columns[k], i))
			return product_column_name((enum product_column)k);
	for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
		if (has(parts[k].part, i))
			return parts[k].name;
	return NULL;
}

bool format_spares(const struct format *f, size_t i)
{
	for (int k = 0; k < PRODUCT_COLUMNS; k++)
		if (has(&f->columns[k], i))
			return k != PRODUCT_QUANTITY && k != PRODUCT_REORDER_LEVEL &&
			       f->columns[k].at[0] != i;
	return !has(&f->options, i) && !has(&f->option_names, i) && !has(&f->group, i) &&
	       !has(&f->view, i);
}

bool format_several(const struct format *f, enum product_column column, size_t *first,
		    size_t *second)
{
	const char *list = f->entry->columns[column];

	if (column != PRODUCT_PRICE || f->columns[column].n < 2 || strchr(list, '*') == NULL)
		return false;
	*first = f->columns[column].at[0];
	*second = f->columns[column].at[1];
	return true;
}

/* --- records --- */

static struct product_text raw_value(const struct csvrow *row, size_t i)
{
	return text_of(row->field[i].s, row->field[i].n);
}

/* The value of the i-th field of a part, trimmed. */
static struct product_text value_at(const struct csvrow *row, const struct marks_fields *p, int i)
{
	struct product_text v = {"", 0};

	if (i < p->n && p->at[i] < row->n && p->at[i] < CSVROW_FIELDS)
		v = text_of(row->field[p->at[i]].s, row->field[p->at[i]].n);
	product_trim(&v);
	return v;
}

/* The first value that is not blank. */
static struct product_text first_value(const struct csvrow *row, const struct marks_fields *p)
{
	struct product_text v = {"", 0};

	for (int i = 0; i < p->n && v.n == 0; i++)
		v = value_at(row, p, i);
	return v;
}

/* True if all of the text from `from` on is made of these characters. */
static bool all_of(struct product_text v, size_t from, const char *characters)
{
	for (; from < v.n; from++)
		if (v.s[from] == '\0' || strchr(characters, v.s[from]) == NULL)
			return false;
	return true;
}

static bool is_word(struct product_text v, const char *list)
{
	struct product_text word;

	while (marks_next(&list, &word))
		if (product_same_name(v, word))
			return true;
	return false;
}

/* "simple, virtual": true if one of the words with commas between is in the list. */
static bool has_word(struct product_text v, const char *list)
{
	while (v.n > 0) {
		const char *comma = memchr(v.s, ',', v.n);
		size_t n = comma ? (size_t)(comma - v.s) : v.n;

		if (is_word(text_of(v.s, n), list))
			return true;
		v = text_of(v.s + n + (comma != NULL), v.n - n - (comma != NULL));
	}
	return false;
}

/* True if the row belongs to the product of the row above it. */
static bool continues(struct format *f, const struct csvrow *row, struct product_text name)
{
	struct product_text key = first_value(row, &f->group);
	bool same;

	if (*f->entry->group == '\0') /* they stand below it, without a name */
		return f->in_group && !f->alone && (f->below || name.n == 0);
	same = f->in_group && !f->alone &&
	       (key.n == 0 || (key.n == f->group_key.len &&
			       memcmp(key.s, f->group_key.data, key.n) == 0));
	if (!same) {
		buf_reset(&f->group_key);
		buf_add(&f->group_key, key.s, key.n);
	}
	return same;
}

/* Takes what the row leaves blank from the rows above it, and keeps the rest. */
static void carry(struct format *f, bool same, struct product_text value[PRODUCT_COLUMNS])
{
	unsigned carried = f->entry->carried | 1u << PRODUCT_NAME | 1u << PRODUCT_DESCRIPTION |
			   1u << PRODUCT_CATEGORY | 1u << PRODUCT_ACTIVE;

	if (!same) {
		f->spoiled = 0;
		f->rejects = false;
	}
	for (int i = 0; i < PRODUCT_COLUMNS; i++) {
		if (!(carried & 1u << i))
			continue;
		if (!same)
			buf_reset(&f->held[i]);
		if (value[i].n == 0 && f->held[i].len > 0) {
			f->inherited |= 1u << i;
			value[i] = text_of(f->held[i].data, f->held[i].len);
		} else if (value[i].n > 0) {
			f->said |= 1u << i;
			f->spoiled &= ~(1u << i);
			buf_reset(&f->held[i]);
			buf_add(&f->held[i], value[i].s, value[i].n);
			value[i] = text_of(f->held[i].data, f->held[i].len);
		}
	}
	f->in_group = true;
	f->same = same;
}

/* Takes the next option off "[S]Size=S,[RB]Color=Red"; false if it is no such list. */
static bool next_listed(struct product_text *v, struct product_text *option)
{
	const char *end = v->n > 0 && *v->s == '[' ? memchr(v->s, ']', v->n) : NULL, *next, *is;

	if (end == NULL)
		return false;
	next = memmem(end, v->n - (size_t)(end - v->s), ",[", 2);
	*option = text_of(end + 1, (size_t)((next ? next : v->s + v->n) - end - 1));
	is = memchr(option->s, '=', option->n);
	if (is == NULL)
		return false;
	*option = text_of(is + 1, option->n - (size_t)(is + 1 - option->s));
	*v = next ? text_of(next + 1, v->n - (size_t)(next + 1 - v->s)) : text_of("", 0);
	return true;
}

/* Takes the next option off a value: all of it, or of "Type=…|Name=Size|Value=S" the values, or
 * of "#fff:White" the name of the color. */
static bool next_option(struct product_text *v, struct product_text *option)
{
	static const char mark[] = "Value=";
	const char *at = v->n > 0 ? memmem(v->s, v->n, mark, sizeof mark - 1) : NULL;
	const char *colon = v->n > 0 && *v->s == '#' ? memchr(v->s, ':', v->n) : NULL;

	if (next_listed(v, option))
		return true;
	*option = *v;
	if (colon) {
		*option = text_of(colon + 1, v->n - (size_t)(colon + 1 - v->s));
		v->n = 0;
		return option->n > 0;
	}
	if (at == NULL) {
		v->n = 0;
		return option->n > 0 && strchr("|;[", *option->s) == NULL;
	}
	v->n -= (size_t)(at - v->s) + sizeof mark - 1;
	v->s = at + sizeof mark - 1;
	*option = *v;
	for (size_t i = 0; i < v->n && option->n == v->n; i++)
		if (strchr("|;[", v->s[i]) || (v->n - i > 5 && memcmp(v->s + i, "Type=", 5) == 0))
			option->n = i;
	v->s += option->n;
	v->n -= option->n;
	return true;
}

/* "[S]Size=S", and no name such as "[New] Mug". */
static bool is_options(struct product_text v)
{
	struct product_text option;

	return next_listed(&v, &option);
}

/* The i-th option of a row; blank if only variants have any, and it is none. */
static struct product_text option_at(const struct format *f, const struct csvrow *row, int i)
{
	struct product_text v = value_at(row, &f->options, i);

	if ((f->entry->variant && format_part(f, row) != FORMAT_VARIANT) ||
	    (f->entry->named_options && !is_options(v)))
		v.n = 0;
	return v;
}

/* The name with what tells the variant from others: "Tee - S / Red". */
static void add_options(struct format *f, const struct csvrow *row, struct product_text *name)
{
	const char *between = " - ";
	struct product_text option;

	f->title = *name;
	buf_reset(&f->name);
	buf_add(&f->name, name->s, name->n);
	for (int i = 0; i < f->options.n; i++) {
		struct product_text v = option_at(f, row, i);

		if (v.n == 0 || is_word(v, f->entry->plain))
			continue;
		while (next_option(&v, &option)) {
			buf_addstr(&f->name, between);
			buf_add(&f->name, option.s, option.n);
			between = " / ";
		}
	}
	*name = text_of(f->name.data, f->name.len);
}

/* A SKU of the id and the options: "tee-S", "id:44". */
static bool make_sku(struct format *f, const struct csvrow *row, struct product_text *sku)
{
	struct product_text id = first_value(row, &f->id), v, option;

	if (id.n == 0 && f->group_key.len > 0 && f->group.n > 0 && has(&f->id, f->group.at[0]))
		id = text_of(f->group_key.data, f->group_key.len);
	if (id.n == 0)
		return false;
	buf_reset(&f->sku);
	buf_addstr(&f->sku, f->entry->id_mark ? f->entry->id_mark : "");
	buf_add(&f->sku, id.s, id.n);
	for (int i = 0; i < f->options.n && f->entry->id_mark == NULL; i++) {
		v = option_at(f, row, i);
		if (v.n == 0 || is_word(v, f->entry->plain))
			continue;
		while (next_option(&v, &option)) {
			buf_addstr(&f->sku, "-");
			for (size_t k = 0; k < option.n; k++)
				buf_add(&f->sku, option.s[k] == ' ' ? "-" : option.s + k, 1);
		}
	}
	*sku = text_of(f->sku.data, f->sku.len);
	return true;
}

/* "A, A" or ",A": one SKU is it, if they are all the same, or nothing. */
static bool one_sku(struct product_text *sku)
{
	struct product_text first = {"", 0}, rest = *sku;

	if (memchr(sku->s, ',', sku->n) == NULL)
		return true;
	while (rest.n > 0) {
		const char *end = memchr(rest.s, ',', rest.n);
		size_t n = end ? (size_t)(end - rest.s) : rest.n;
		struct product_text v = text_of(rest.s, n);

		product_trim(&v);
		if (first.n == 0)
			first = v;
		if (v.n > 0 && (v.n != first.n || memcmp(v.s, first.s, v.n) != 0))
			return false;
		rest = text_of(rest.s + n + (end != NULL), rest.n - n - (end != NULL));
	}
	*sku = first;
	return true;
}

/* Cuts a list of categories at the last one that fits. */
static bool cut_category(struct product_text *v)
{
	size_t n = v->n;

	if (utf8_check(v->s, v->n) < v->n || utf8_count(v->s, v->n) <= PRODUCT_CATEGORY_MOST)
		return false;
	while (n > 0 && (n > PRODUCT_CATEGORY_MOST || strchr(",|>;/", v->s[n]) == NULL))
		n--;
	if (n == 0)
		return false;
	v->n = n;
	product_trim(v);
	return true;
}

/* True if what follows the whole number of a quantity may be left out: ".0", or with
 * fractions ".5", which *told says then. */
static bool is_rest(const struct format *f, struct product_text v, size_t from, unsigned *told)
{
	if (all_of(v, from, ".0"))
		return true;
	if (!f->entry->fractions || v.s[from] != '.' || !all_of(v, from + 1, "0123456789"))
		return false;
	*told |= FORMAT_FRACTION;
	return true;
}

/* Sums whole numbers, or leaves the first value as it is where one is none. */
static struct product_text sum(struct format *f, const struct csvrow *row, char room[24],
			       unsigned *told)
{
	const struct marks_fields *p = &f->columns[PRODUCT_QUANTITY];
	long long total = 0;
	bool any = false;

	for (int i = 0; i < p->n; i++) {
		struct product_text v = value_at(row, p, i);
		size_t k = v.n > 0 && *v.s == '-', n;
		long long part = 0;

		if (v.n == 0 || is_word(v, f->entry->none))
			continue;
		for (n = k; n < v.n && n < 12 && v.s[n] >= '0' && v.s[n] <= '9'; n++)
			part = part * 10 + (v.s[n] - '0');
		if (n == k || !is_rest(f, v, n, told))
			return v;
		total += k ? -part : part;
		any = true;
	}
	return any ? text_of(room, (size_t)snprintf(room, 24, "%lld", total)) : text_of("", 0);
}

/* What the words of the format say, as the checks of a product take it. */
static void translate(struct format *f, struct product_text value[PRODUCT_COLUMNS],
		      unsigned *told)
{
	struct product_text *v = &value[PRODUCT_ACTIVE], *q = &value[PRODUCT_QUANTITY];

	if (v->n > 0 && is_word(*v, f->entry->yes))
		*v = text_of("t", 1);
	else if (v->n > 0 && is_word(*v, f->entry->no))
		*v = text_of("f", 1);
	if (is_word(value[PRODUCT_PRICE], f->entry->none))
		value[PRODUCT_PRICE].n = 0;
	if (is_word(*q, f->entry->none))
		q->n = 0;
	if (q->n > 0 && is_word(*q, f->entry->zero))
		*q = text_of("0", 1);
	if (f->entry->fractions && !f->entry->sum) {
		size_t whole = 0;

		while (whole < q->n && q->s[whole] >= '0' && q->s[whole] <= '9')
			whole++;
		if (whole > 0 && whole < q->n && is_rest(f, *q, whole, told))
			q->n = whole;
	}
	if (q->n > 1 && *q->s == '-' && all_of(*q, 1, "0123456789.")) {
		*q = text_of("0", 1);
		*told |= FORMAT_NEGATIVE;
	}
	if (value[PRODUCT_CATEGORY].n > PRODUCT_CATEGORY_MOST &&
	    cut_category(&value[PRODUCT_CATEGORY]))
		*told |= FORMAT_CUT;
}

/* Keeps the parent for its variants, under its SKU and its id. */
static void keep_parent(struct format *f, const struct csvrow *row,
			const struct product_text value[PRODUCT_COLUMNS])
{
	struct product_text id = first_value(row, &f->id);

	if (f->parents == NULL)
		return;
	parents_add(f->parents, value[PRODUCT_SKU], value[PRODUCT_NAME], value[PRODUCT_CATEGORY]);
	buf_reset(&f->sku);
	buf_addstr(&f->sku, "id:");
	buf_add(&f->sku, id.s, id.n);
	if (id.n > 0)
		parents_add(f->parents, text_of(f->sku.data, f->sku.len), value[PRODUCT_NAME],
			    value[PRODUCT_CATEGORY]);
}

static void take_parent(struct format *f, const struct csvrow *row,
			struct product_text value[PRODUCT_COLUMNS])
{
	struct product_text name, category;

	if (f->parents == NULL || f->alone ||
	    !parents_find(f->parents, first_value(row, &f->parent), &name, &category))
		return;
	if (value[PRODUCT_NAME].n == 0) {
		f->inherited |= 1u << PRODUCT_NAME;
		value[PRODUCT_NAME] = name;
	}
	if (value[PRODUCT_CATEGORY].n == 0) {
		f->inherited |= 1u << PRODUCT_CATEGORY;
		value[PRODUCT_CATEGORY] = category;
	}
}

/* True if the name of a variant tells it from others: it is not that of its parent, too. */
static bool has_own_name(struct format *f, const struct csvrow *row, struct product_text name)
{
	struct product_text parents = {"", 0}, category;

	if (!f->entry->full_names)
		return false;
	if (f->parents == NULL || f->alone ||
	    !parents_find(f->parents, first_value(row, &f->parent), &parents, &category) ||
	    parents.n != name.n || memcmp(parents.s, name.s, name.n) != 0)
		return true;
	f->inherited |= 1u << PRODUCT_NAME;
	return false;
}

/* Why the row is no product; NULL: it may be one. */
static const char *passed(struct format *f, const struct csvrow *row)
{
	struct product_text where = first_value(row, &f->where);

	if (f->is_parent)
		return "parent_row";
	if (f->entry->held && format_part(f, row) == FORMAT_BETWEEN)
		return "continued_row";
	if (has_word(first_value(row, &f->kind), f->entry->passed))
		return "parent_row";
	if (first_value(row, &f->view).n > 0)
		return "store_view_row";
	if (f->location && f->where.n > 0 &&
	    !product_same_name(where, text_of(f->location, strlen(f->location))))
		return "other_location";
	return NULL;
}

/* What the row itself says; true if it has anything that makes it a product. */
static bool own_values(struct format *f, const struct csvrow *row, char room[24],
		       struct product_text value[PRODUCT_COLUMNS], unsigned *told)
{
	for (int i = 0; i < PRODUCT_COLUMNS; i++)
		value[i] = first_value(row, &f->columns[i]);
	if (value[PRODUCT_DESCRIPTION].n > 0 && f->columns[PRODUCT_DESCRIPTION].n == 1)
		value[PRODUCT_DESCRIPTION] = raw_value(row, f->columns[PRODUCT_DESCRIPTION].at[0]);
	if (f->entry->sum)
		value[PRODUCT_QUANTITY] = sum(f, row, room, told);
	if (f->entry->variant && format_part(f, row) == FORMAT_VARIANT)
		value[PRODUCT_SKU] = value_at(row, &f->columns[PRODUCT_SKU], 0);
	if (f->entry->named_options && is_options(value[PRODUCT_NAME]))
		value[PRODUCT_NAME].n = 0;
	return value[PRODUCT_SKU].n > 0 || value[PRODUCT_NAME].n > 0 ||
		value[PRODUCT_PRICE].n > 0 ||
	       first_value(row, &f->options).n > 0;
}

/* A price such as 12.50, in units of a millionth; false if it is none, or too large. */
static bool read_price(struct product_text v, long long *millionths)
{
	bool point = false;
	int after = 0;

	*millionths = 0;
	for (size_t i = 0; i < v.n; i++) {
		if (v.s[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (v.s[i] < '0' || v.s[i] > '9' || i > 18 || after == 6)
			return false;
		*millionths = *millionths * 10 + (v.s[i] - '0');
		after += point;
		if (*millionths > 1000000000000)
			return false;
	}
	for (; after < 6; after++)
		*millionths *= 10;
	return v.n > 0;
}

/* A variant that costs more than its product. What cannot be added gives no price, so that the row
 * is refused and not sold too cheaply. */
static void add_surcharge(struct format *f, const struct csvrow *row, struct product_text *price)
{
	struct product_text more = first_value(row, &f->surcharge);
	bool less = more.n > 1 && *more.s == '-';
	struct product_text was = *price, given = more;
	long long whole = 0, part = 0;

	if (less)
		more = text_of(more.s + 1, more.n - 1);
	if (more.n == 0 || was.n == 0 || (read_price(more, &part) && part == 0))
		return;
	if (!read_price(more, &part) || !read_price(was, &whole) || (less && part > whole)) {
		char text[100];

		snprintf(text, sizeof text, "%.*s + %.*s", (int)was.n, was.s, (int)given.n,
			 given.s);
		buf_reset(&f->price);
		buf_addstr(&f->price, text);
		*price = text_of(f->price.data, f->price.len);
		return;
	}
	buf_reset(&f->price);
	whole += less ? -part : part;
	buf_addf(&f->price, "%lld.%06lld", whole / 1000000, whole % 1000000);
	while (f->price.len > 3 && f->price.data[f->price.len - 1] == '0' &&
	       f->price.data[f->price.len - 3] != '.')
		f->price.len--;
	*price = text_of(f->price.data, f->price.len);
}

enum format_part format_part(const struct format *f, const struct csvrow *row)
{
	struct product_text kind = first_value(row, &f->kind);

	if (is_word(kind, f->entry->variant))
		return FORMAT_VARIANT;
	if (is_word(kind, f->entry->held))
		return FORMAT_HELD;
	return has_word(kind, f->entry->passed) ? FORMAT_BETWEEN : FORMAT_OTHER;
}

bool format_is_below(const struct format *f, const struct csvrow *row, const struct csvrow *below)
{
	struct product_text a = first_value(row, &f->group), b = first_value(below, &f->group);

	return f->group.n == 0 || b.n == 0 || (a.n == b.n && memcmp(a.s, b.s, a.n) == 0);
}

void format_expect_parent(struct format *f)
{
	f->is_parent = true;
}

void format_expect_reject(struct format *f, const struct csvfill *fill)
{
	f->is_parent = fill->parent;
	f->below = fill->below;
	f->alone = !fill->below;
}

static void begin_row(struct format *f)
{
	f->was_parent = f->is_parent;
	f->said = f->inherited = 0;
	f->same = false;
	f->title.n = 0;
	buf_reset(&f->name);
}

const char *format_read(struct format *f, const struct csvrow *row,
			struct product_text value[PRODUCT_COLUMNS], unsigned *told)
{
	struct product_text *sku = &value[PRODUCT_SKU], *name = &value[PRODUCT_NAME];
	bool own, named;
	const char *why = passed(f, row);

	*told = 0;
	own = own_values(f, row, f->room, value, told);
	named = name->n > 0;
	begin_row(f);
	if (f->entry->group && (why == NULL || f->is_parent))
		carry(f, continues(f, row, *name), value);
	f->is_parent = f->below = false;
	if (why && strcmp(why, "parent_row") == 0)
		keep_parent(f, row, value);
	if (why == NULL && !own && f->entry->thin)
		why = f->entry->thin;
	if (why) {
		f->alone = false;
		return why;
	}
	take_parent(f, row, value);
	add_surcharge(f, row, &value[PRODUCT_PRICE]);
	if (f->entry->sku_list && !one_sku(sku))
		*told |= FORMAT_SKUS;
	if (sku->n > 1 && *sku->s == '\'' && all_of(*sku, 1, "0123456789"))
		*sku = text_of(sku->s + 1, sku->n - 1); /* as Shopify guards a number */
	if (sku->n == 0 && make_sku(f, row, sku))
		*told |= FORMAT_SKU_MADE;
	if (name->n > 0 && f->options.n > 0 && !(named && has_own_name(f, row, *name)))
		add_options(f, row, name);
	f->alone = false;
	translate(f, value, told);
	return NULL;
}

/* The name of an option; a row below the first one of its product need not say it. */
static struct product_text option_name(struct format *f, const struct csvrow *row, int i)
{
	struct product_text v = value_at(row, &f->option_names, i);
	struct buf *held = &f->option_name[i];

	if (v.n == 0 && f->same)
		return text_of(held->data, held->len);
	buf_reset(held);
	buf_add(held, v.s, v.n);
	return v;
}

void format_group(struct format *f, const struct csvrow *row, struct csvdetails_group *g)
{
	*g = (struct csvdetails_group){.same = f->same, .handle = first_value(row, &f->group),
				       .title = f->title};
	if (g->handle.n == 0)
		g->handle = f->group.n > 0 ? text_of(f->group_key.data, f->group_key.len)
					   : first_value(row, &f->parent);
	buf_reset(&f->choice);
	for (int i = 0; i < f->options.n; i++) {
		struct product_text v = option_at(f, row, i);
		struct product_text name = option_name(f, row, i);

		if (v.n == 0 || is_word(v, f->entry->plain))
			continue;
		buf_addstr(&f->choice, f->choice.len > 0 ? " / " : "");
		buf_add(&f->choice, name.s, name.n);
		buf_addstr(&f->choice, name.n > 0 ? ": " : "");
		buf_add(&f->choice, v.s, v.n);
	}
	g->options = text_of(f->choice.data, f->choice.len);
	if (g->options.n == 0)
		g->title.n = 0;
}

/* --- rows that are rejected --- */

static bool is_text(const struct product_text *v)
{
	return memchr(v->s, '\0', v->n) == NULL && utf8_check(v->s, v->n) == v->n;
}

/* Its group cannot be told: what comes below it takes nothing from above it. */
static bool is_apart(const struct format *f, const struct csvrow *row)
{
	return row->fault != CSVROW_GOOD && first_value(row, &f->group).n == 0;
}

void format_note(struct format *f, const struct csvrow *row)
{
	struct product_text value[PRODUCT_COLUMNS], *name = &value[PRODUCT_NAME];
	const char *why = passed(f, row);
	unsigned told = 0, spoiled = 0;
	bool same;

	begin_row(f);
	own_values(f, row, f->room, value, &told);
	for (int i = 0; i < PRODUCT_COLUMNS; i++) {
		struct product_text v = first_value(row, &f->columns[i]);

		if (v.n > 0 && !is_text(&v))
			spoiled |= 1u << i; /* its bytes stay where they are */
		if (value[i].n > 0 && !is_text(&value[i]))
			value[i].n = 0;
	}
	if (f->entry->group && (why == NULL || f->is_parent)) {
		f->is_parent = false;
		same = continues(f, row, *name) && !is_apart(f, row);
		if (is_apart(f, row) || (f->group_key.len > 0 &&
					 !is_text(&(struct product_text){f->group_key.data,
									 f->group_key.len})))
			buf_reset(&f->group_key);
		carry(f, same, value);
	} else if (why && strcmp(why, "parent_row") == 0) {
		keep_parent(f, row, value);
	} else if (why == NULL) {
		take_parent(f, row, value);
		if (f->inherited & 1u << PRODUCT_NAME && name->n > 0 && f->options.n > 0)
			add_options(f, row, name);
	}
	f->is_parent = f->alone = f->below = false;
	f->inherited &= ~spoiled;
}

static void fill_in(struct csvfill *fill, size_t at, struct product_text value)
{
	if (value.n > 0 && is_text(&value))
		fill->field[fill->n++] = (struct csvfill_field){at, value};
}

/* The value of a column that the row took from others; what it was before its
 * options were added, if they are added again. */
static struct product_text inherited(const struct format *f, const struct csvrow *row, int column)
{
	struct product_text name = {"", 0}, category = {"", 0};

	if (column == PRODUCT_NAME && f->entry->named_options && f->name.len > 0)
		return text_of(f->name.data, f->name.len);
	if (f->entry->group)
		return text_of(f->held[column].data, f->held[column].len);
	if (!parents_find(f->parents, first_value(row, &f->parent), &name, &category))
		return name;
	if (column == PRODUCT_NAME && f->entry->full_names && f->name.len > 0)
		return text_of(f->name.data, f->name.len);
	return column == PRODUCT_NAME ? name : category;
}

void format_reject(struct format *f, const struct csvrow *row, struct csvfill *fill)
{
	unsigned wanted = f->inherited & ~f->spoiled;

	*fill = (struct csvfill){.below = f->same && f->rejects, .parent = f->was_parent};
	for (int i = 0; i < PRODUCT_COLUMNS; i++)
		if (wanted & 1u << i && f->columns[i].n > 0)
			fill_in(fill, f->columns[i].at[0], inherited(f, row, i));
	if (f->same && f->group.n > 0 && first_value(row, &f->group).n == 0 &&
	    f->group_key.len > 0)
		fill_in(fill, f->group.at[0], text_of(f->group_key.data, f->group_key.len));
	f->spoiled |= f->said;
	f->rejects = true;
}
