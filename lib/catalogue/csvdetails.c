/* SPDX-License-Identifier: MIT
 *
 * csvdetails: of the fields that may be one known detail the best named one
 * that has a value counts, and the others are kept as extra ones. The text before
 * each value is made once.
 */
#include "catalogue/csvdetails.h"

#include "base/buf.h"
#include "base/jtext.h"
#include "base/utf8.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NAME = 200, MOST_FIELDS = 6 };

/* Fields that may be one known detail, the best named first. */
struct known {
	int n;
	struct field {
		size_t at;
		int rank;
		struct product_text name; /* until csvdetails_end */
		bool variants;    /* it is of the variant, and not of the product */
		const char *unit; /* of its numbers, or "" */
	} field[MOST_FIELDS];
	struct buf held; /* what the rows above say */
};

struct extra {
	size_t at, from, n; /* its member and the colon, in `members` */
};

struct csvdetails {
	struct known known[DETAILS_KNOWN];
	struct extra *extra;
	size_t nextras, room;
	struct buf members, keys, json, scratch;
	bool grouped;
};

struct csvdetails *csvdetails_new(void)
{
	return xalloc_zero(1, sizeof(struct csvdetails));
}

void csvdetails_free(struct csvdetails *d)
{
	if (d == NULL)
		return;
	for (int i = 0; i < DETAILS_KNOWN; i++)
		buf_release(&d->known[i].held);
	buf_release(&d->members);
	buf_release(&d->keys);
	buf_release(&d->json);
	buf_release(&d->scratch);
	free(d->extra);
	free(d);
}

void csvdetails_begin(struct csvdetails *d)
{
	for (int i = 0; i < DETAILS_KNOWN; i++) {
		d->known[i].n = 0;
		buf_reset(&d->known[i].held);
	}
	d->nextras = 0;
	d->grouped = false;
	buf_reset(&d->members);
	buf_reset(&d->keys);
}

/* --- headers --- */

/* Adds a name to the array; it has at least one. */
static void add_key(struct csvdetails *d, const char *before, struct product_text name)
{
	if (d->keys.len > 0)
		d->keys.data[--d->keys.len] = ',', d->keys.len++;
	buf_addstr(&d->keys, d->keys.len > 0 ? "\"" : "{\"");
	buf_addstr(&d->keys, before);
	for (size_t i = 0; i < name.n; i++)
		buf_addf(&d->keys, name.s[i] == '"' || name.s[i] == '\\' ? "\\%c" : "%c",
			 name.s[i]);
	buf_addstr(&d->keys, "\"}");
}

static bool has_member(const struct csvdetails *d, const char *s, size_t n)
{
	for (size_t i = 0; i < d->nextras; i++)
		if (d->extra[i].n == n &&
		    memcmp(d->members.data + d->extra[i].from, s, n) == 0)
			return true;
	return false;
}

/* The name of a column that we exported begins with this already. */
static void take_off_prefix(struct product_text *name)
{
	if (!details_is_extra(*name))
		return;
	name->s += strlen(DETAILS_EXTRA);
	name->n -= strlen(DETAILS_EXTRA);
}

static bool add_extra(struct csvdetails *d, size_t at, struct product_text name)
{
	size_t from = d->members.len;

	product_trim(&name);
	take_off_prefix(&name);
	if (name.n > MOST_NAME)
		return false;
	buf_addstr(&d->members, "\"" DETAILS_EXTRA);
	jtext_addn(&d->members, name.s, name.n);
	/* The quote that begins the name stands after the prefix. */
	memmove(d->members.data + from + sizeof DETAILS_EXTRA,
		d->members.data + from + sizeof DETAILS_EXTRA + 1,
		d->members.len - from - sizeof DETAILS_EXTRA - 1);
	d->members.len--;
	buf_addstr(&d->members, ":");
	if (has_member(d, d->members.data + from, d->members.len - from)) {
		d->members.len = from;
		return false;
	}
	if (d->nextras == d->room) {
		d->room = d->room ? d->room * 2 : 16;
		d->extra = xalloc_grow(d->extra, d->room, sizeof *d->extra);
	}
	d->extra[d->nextras++] = (struct extra){at, from, d->members.len - from};
	add_key(d, DETAILS_EXTRA, name);
	return true;
}

static bool contains(struct product_text name, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= name.n; i++)
		if (product_same_name((struct product_text){name.s + i, n},
				      (struct product_text){part, n}))
			return true;
	return false;
}

static const char *unit_of(enum details_key key, struct product_text name)
{
	static const struct {
		const char *part, *unit;
	} units[] = {{"grams", "g"}, {"(g)", "g"}, {"(kg)", "kg"}, {"(lbs)", "lb"},
		     {"(lb)", "lb"}, {"(oz)", "oz"}};

	for (size_t i = 0; key == DETAILS_WEIGHT && i < sizeof units / sizeof *units; i++)
		if (contains(name, units[i].part))
			return units[i].unit;
	return "";
}

/* Adds the field where its name has its rank. */
static void add_known(struct csvdetails *d, enum details_key key, size_t at,
		      struct product_text name, int rank)
{
	struct known *k = &d->known[key];
	int i = k->n < MOST_FIELDS ? k->n++ : MOST_FIELDS - 1;

	if (i == 0)
		add_key(d, "", (struct product_text){details_name(key),
						     strlen(details_name(key))});
	for (; i > 0 && k->field[i - 1].rank > rank; i--)
		k->field[i] = k->field[i - 1];
	k->field[i] = (struct field){at, rank, name, contains(name, "variant"), unit_of(key, name)};
}

/* A format tells these of each record. */
static bool is_of_group(enum details_key key)
{
	return key >= DETAILS_GROUP && key <= DETAILS_OPTIONS;
}

static void begin_group(struct csvdetails *d)
{
	for (int i = DETAILS_GROUP; i <= DETAILS_OPTIONS && !d->grouped; i++) {
		const char *name = details_name((enum details_key)i);

		add_key(d, "", (struct product_text){name, strlen(name)});
	}
	d->grouped = true;
}

bool csvdetails_add(struct csvdetails *d, size_t at, struct product_text name, bool mapped,
		    bool grouped)
{
	enum details_key key;
	int rank;

	if (grouped)
		begin_group(d);
	if (name.n == 0)
		return true;
	key = details_find(name, &rank);
	if (key == DETAILS_KNOWN || (grouped && is_of_group(key)))
		return add_extra(d, at, name);
	add_known(d, key, at, name, mapped ? -1 : rank);
	return true;
}

void csvdetails_end(struct csvdetails *d)
{
	for (int k = 0; k < DETAILS_KNOWN; k++)
		for (int i = 1; i < d->known[k].n; i++)
			add_extra(d, d->known[k].field[i].at, d->known[k].field[i].name);
}

bool csvdetails_any(const struct csvdetails *d)
{
	return d->keys.len > 0;
}

const char *csvdetails_keys(const struct csvdetails *d)
{
	return d->keys.len > 0 ? d->keys.data : NULL;
}

const char *csvdetails_meaning(const struct csvdetails *d, size_t at)
{
	for (int k = 0; k < DETAILS_KNOWN; k++)
		for (int i = 0; i < d->known[k].n; i++)
			if (d->known[k].field[i].at == at)
				return details_name((enum details_key)k);
	for (size_t i = 0; i < d->nextras; i++)
		if (d->extra[i].at == at)
			return "extra";
	return NULL;
}

/* --- records --- */

static struct product_text value_at(const struct csvrow *row, size_t at)
{
	if (at >= row->n || at >= CSVROW_FIELDS)
		return (struct product_text){"", 0};
	return (struct product_text){row->field[at].s, row->field[at].n};
}

static void put(struct csvdetails *d, const char *member, size_t n, struct product_text v)
{
	buf_addstr(&d->json, d->json.len > 0 ? "," : "{");
	buf_add(&d->json, member, n);
	jtext_addn(&d->json, v.s, v.n);
}

static void put_known(struct csvdetails *d, enum details_key key, struct product_text v)
{
	char member[32];

	if (v.n == 0)
		return;
	put(d, member, (size_t)snprintf(member, sizeof member, "\"%s\":", details_name(key)), v);
}

/* Who is told of values that are left out. */
struct teller {
	void (*warn)(void *ctx, long line, const char *code, const char *text);
	void *ctx;
	long line;
};

/* Makes the value what is kept, for which it may use the scratch; false if it cannot be. */
static bool take(struct csvdetails *d, enum details_key key, const char *unit,
		 const struct csvproduct_rules *rules, struct product_text *v,
		 const struct teller *t)
{
	struct numbers numbers = *rules->numbers; /* it shows nothing of the prices of the file */
	bool price = key == DETAILS_COST || key == DETAILS_COMPARE_AT_PRICE;
	struct product_fault why = {0};
	const char *code = NULL;
	char text[240];

	if (csvproduct_is_damaged(v, key == DETAILS_BARCODE, &why))
		code = why.code;
	else if (price)
		numbers_read(&numbers, PRODUCT_PRICE, v, t->line);
	if (code == NULL && details_check(key, v, &why) != 0)
		code = "bad_detail";
	if (code) {
		snprintf(text, sizeof text, "its %s is left out: %s", details_name(key),
			 why.detail);
		t->warn(t->ctx, t->line, code, text);
		return false;
	}
	buf_reset(&d->scratch);
	buf_add(&d->scratch, v->s, v->n);
	if (*unit && strspn(d->scratch.data, "0123456789.,") == v->n)
		buf_addf(&d->scratch, " %s", unit);
	*v = (struct product_text){d->scratch.data, d->scratch.len};
	return true;
}

/* What rows of one product have in common, as they stand on its first row. */
static bool is_carried(enum details_key key)
{
	return key == DETAILS_VENDOR || key == DETAILS_TAGS || key == DETAILS_IMAGE_URL;
}

/* Keeps what rows below this one may have of it: of images, that of the product. */
static void hold(struct known *k, enum details_key key, const struct csvrow *row,
		 const struct csvproduct_rules *rules, struct product_text v)
{
	if (key == DETAILS_IMAGE_URL)
		v.n = 0;
	for (int i = 0; key == DETAILS_IMAGE_URL && i < k->n && v.n == 0; i++)
		if (!k->field[i].variants)
			v = csvproduct_plain(rules, value_at(row, k->field[i].at));
	buf_reset(&k->held);
	buf_add(&k->held, v.s, v.n);
}

static void read_known(struct csvdetails *d, enum details_key key, const struct csvrow *row,
		       const struct csvproduct_rules *rules, const struct csvdetails_group *g,
		       const struct teller *t)
{
	bool carried = g && is_carried(key), same = carried && g->same;
	struct known *k = &d->known[key];
	struct product_text v = {"", 0};

	for (int i = 0; i < k->n && v.n == 0; i++) {
		/* Below the first row an image without a variant is another one of the product. */
		if (same && key == DETAILS_IMAGE_URL && !k->field[i].variants)
			continue;
		v = csvproduct_plain(rules, value_at(row, k->field[i].at));
		if (v.n > 0 && !take(d, key, k->field[i].unit, rules, &v, t))
			v.n = 0;
	}
	if (v.n == 0 && same)
		v = (struct product_text){k->held.data, k->held.len};
	else if (carried && !(same && key == DETAILS_IMAGE_URL))
		hold(k, key, row, rules, v);
	put_known(d, key, v);
}

struct product_text csvdetails_read(struct csvdetails *d, const struct csvrow *row,
				    const struct csvproduct_rules *rules,
				    const struct csvdetails_group *g,
				    void (*warn)(void *ctx, long line, const char *code,
						 const char *text),
				    void *ctx)
{
	const struct teller t = {warn, ctx, row->line};

	buf_reset(&d->json);
	for (int k = 0; k < DETAILS_KNOWN; k++)
		if (d->known[k].n > 0)
			read_known(d, (enum details_key)k, row, rules, g, &t);
	if (g) {
		put_known(d, DETAILS_GROUP, g->handle);
		put_known(d, DETAILS_GROUP_TITLE, g->title);
		put_known(d, DETAILS_OPTIONS, g->options);
	}
	for (size_t i = 0; i < d->nextras; i++) {
		struct product_text v = value_at(row, d->extra[i].at), trimmed = v;

		if (v.n == 0 || product_trim(&trimmed))
			continue;
		if (rules->spreadsheet)
			v = csvproduct_plain(rules, v);
		put(d, d->members.data + d->extra[i].from, d->extra[i].n, v);
	}
	if (d->json.len == 0)
		return (struct product_text){NULL, 0};
	buf_addstr(&d->json, "}");
	return (struct product_text){d->json.data, d->json.len};
}
