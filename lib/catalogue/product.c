/* SPDX-License-Identifier: MIT
 *
 * product: one check a column, after what is the same for all of them: no
 * NUL, strict UTF-8, blanks taken off, blank is null.
 */
#include "catalogue/product.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* LONG_NUMBER: digits from which on a spreadsheet shows a power of ten. */
enum { PRICE_WHOLE = 12, PRICE_FRACTION = 6, LONG_NUMBER = 12, ID_DIGITS = 18 };

static const char *const names[PRODUCT_COLUMNS] = {
	"sku", "name", "description", "category", "price", "active", "reorder_level", "quantity",
	"quantity_was", "id", "counted_at"};

/* What the columns are called elsewhere, Shopify's export among them. */
static const struct {
	const char *name;
	enum product_column column;
} aliases[] = {
	{"title", PRODUCT_NAME},
	{"product_name", PRODUCT_NAME},
	{"product_title", PRODUCT_NAME},
	{"variant_sku", PRODUCT_SKU},
	{"product_sku", PRODUCT_SKU},
	{"fulfil_id", PRODUCT_ID},
	{"body", PRODUCT_DESCRIPTION},
	{"body_(html)", PRODUCT_DESCRIPTION},
	{"body_html", PRODUCT_DESCRIPTION},
	{"product_description", PRODUCT_DESCRIPTION},
};

static const char *const truths[] = {
	"true", "yes", "1", "t", "y", "active", "ja", "j", "oui", "sí", "si", "sim", "tak", "ano",
	"áno", "да", "Да", "enabled", "published", NULL};
static const char *const lies[] = {
	"false", "no", "0", "f", "n", "inactive", "nein", "non", "não", "nao", "nie", "ne", "нет",
	"Нет", "disabled", "draft", "archived", NULL};

static size_t digits(const char *s, size_t n)
{
	size_t k = 0;

	while (k < n && s[k] >= '0' && s[k] <= '9')
		k++;
	return k;
}

static struct product_text text_of(const char *s)
{
	return (struct product_text){s, strlen(s)};
}

const char *product_column_name(enum product_column column)
{
	return names[column];
}

bool product_trim(struct product_text *v)
{
	v->n = utf8_trim(&v->s, v->n);
	return v->n == 0;
}

/* Takes the next character off a trimmed name, as names are compared. */
static char next_folded(struct product_text *v)
{
	char c = *v->s;
	size_t k = c == '-' || c == '_' ? 1 : utf8_blank(v->s, v->n), n = k ? k : 1;

	while (k > 0 && n < v->n &&
	       (k = v->s[n] == '-' || v->s[n] == '_' ? 1 : utf8_blank(v->s + n, v->n - n)) > 0)
		n += k;
	if (utf8_blank(v->s, v->n) > 0 || c == '-')
		c = '_';
	v->s += n;
	v->n -= n;
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool product_same_name(struct product_text a, struct product_text b)
{
	product_trim(&a);
	product_trim(&b);
	while (a.n > 0 && b.n > 0)
		if (next_folded(&a) != next_folded(&b))
			return false;
	return a.n == b.n;
}

enum product_column product_column_find(struct product_text name)
{
	for (int i = 0; i < PRODUCT_COLUMNS; i++)
		if (product_same_name(name, text_of(names[i])))
			return (enum product_column)i;
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (product_same_name(name, text_of(aliases[i].name)))
			return aliases[i].column;
	return PRODUCT_COLUMNS;
}

/* Digits, perhaps a point and more, then an exponent: a number to Excel. */
static bool has_exponent(const char *s, size_t n)
{
	size_t k = digits(s, n);

	if (k == 0)
		return false;
	if (k < n && s[k] == '.')
		k += 1 + digits(s + k + 1, n - k - 1);
	if (k + 1 >= n || (s[k] != 'e' && s[k] != 'E'))
		return false;
	k += 1 + (s[k + 1] == '+' || s[k + 1] == '-');
	return k < n && k + digits(s + k, n - k) == n;
}

/* "MAR-1", "1/4", "12 Jan": a date to Excel. */
static bool looks_like_date(const char *s, size_t n)
{
	static const char months[] = "jan feb mar apr may jun jul aug sep oct nov dec";
	size_t first = digits(s, n), rest;
	bool month = false;

	for (size_t i = 0; n >= 3 && i < sizeof months - 1; i += 4)
		month |= strncasecmp(s + (first ? n - 3 : 0), months + i, 3) == 0;
	if (first > 0 && first <= 4 && month)
		return n - first <= 4;
	if (month)
		first = 3;
	if (first == 0 || first > 4 || first >= n || strchr("-/ .", s[first]) == NULL)
		return false;
	rest = digits(s + first + 1, n - first - 1);
	return rest > 0 && rest <= 4 && first + 1 + rest <= n && s[first] != '.';
}

/* Bytes of a sign of a currency, or a blank that does not break; 0: none is here. */
static size_t sign(const char *s, size_t n)
{
	static const char *const signs[] = {"\u20AC", "\u00A3", "\u00A5", "\u00A0"};

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (n >= strlen(signs[i]) && memcmp(s, signs[i], strlen(signs[i])) == 0)
			return strlen(signs[i]);
	return 0;
}

/* "12:30", "$5", "(5)", "1,000", ".5": a number to a spreadsheet, which spells it anew; 1.5 and
 * 15 stay as they are. */
static bool looks_like_number(const char *s, size_t n)
{
	bool any = false, odd = n > LONG_NUMBER || s[0] == '.' || s[n - 1] == '.';
	int points = 0;

	for (size_t i = 0, k; i < n; i += k) {
		k = sign(s + i, n - i);
		odd |= k > 0;
		if (k > 0)
			continue;
		k = 1;
		if (digits(s + i, 1) == 1)
			any = true;
		else if (s[i] == '.')
			points++;
		else if (s[i] != '\0' && strchr(",:/-()%$ ", s[i]))
			odd = true;
		else
			return false;
	}
	return any && (odd || points > 1);
}

/* "true", which comes back as TRUE. */
static bool is_truth(struct product_text v)
{
	return (v.n == 4 && strncasecmp(v.s, "true", 4) == 0) ||
	       (v.n == 5 && strncasecmp(v.s, "false", 5) == 0);
}

bool product_needs_guard(struct product_text v)
{
	size_t whole;

	while (v.n > 0 && *v.s == '\'')
		v.s++, v.n--;
	if (v.n == 0)
		return false;
	if (*v.s != '\0' && strchr("=+-@\t\r", *v.s))
		return true;
	whole = digits(v.s, v.n);
	if (whole == v.n && v.n > 1 && (*v.s == '0' || v.n >= LONG_NUMBER))
		return true;
	if (whole > 0 && whole + 1 < v.n && v.s[whole] == '.' && v.s[v.n - 1] == '0' &&
	    whole + 1 + digits(v.s + whole + 1, v.n - whole - 1) == v.n)
		return true;
	return has_exponent(v.s, v.n) || looks_like_date(v.s, v.n) ||
	       looks_like_number(v.s, v.n) || is_truth(v);
}

int product_refuse(struct product_fault *f, const char *code, const char *fmt, ...)
{
	va_list ap;

	f->code = code;
	va_start(ap, fmt);
	vsnprintf(f->detail, sizeof f->detail, fmt, ap);
	va_end(ap);
	return -1;
}

/* The first control character that is not in `allowed`, or 0. */
static unsigned control(const struct product_text *v, const char *allowed)
{
	for (size_t i = 0; i < v->n; i++) {
		unsigned char c = (unsigned char)v->s[i];

		if ((c < 0x20 || c == 0x7F) && strchr(allowed, c) == NULL)
			return c;
		if (c == 0xC2 && (unsigned char)v->s[i + 1] < 0xA0)
			return (unsigned char)v->s[i + 1];
	}
	return 0;
}

/* A text of at most `most` code points without control characters. */
static int check_text(const struct product_text *v, enum product_column column, size_t most,
		      const char *allowed, struct product_fault *f)
{
	static const char *const too_long[] = {"sku_too_long", "name_too_long", NULL,
					       "category_too_long"};
	static const char *const bad[] = {"bad_sku", "bad_name", NULL, "bad_category"};
	size_t count = v->n > most ? utf8_count(v->s, v->n) : 0;
	unsigned c = control(v, allowed);

	if (count > most)
		return product_refuse(f, too_long[column],
				      "%s has %zu characters; %zu are the most", names[column],
				      count, most);
	if (c)
		return product_refuse(f, bad[column], "%s has the control character U+%04X in it",
				      names[column], c);
	return 0;
}

static int check_price(const struct product_text *v, struct product_fault *f)
{
	size_t whole = digits(v->s, v->n), part = 0;
	bool point = whole < v->n && v->s[whole] == '.';
	char room[48];

	if (point)
		part = digits(v->s + whole + 1, v->n - whole - 1);
	if (whole > 0 && whole <= PRICE_WHOLE && part <= PRICE_FRACTION && (!point || part > 0) &&
	    whole + point + part == v->n)
		return 0;
	return product_refuse(f, "bad_price", "\"%s\" is no price: 1 to %d digits, and up to %d "
			      "more after a point", utf8_show(room, sizeof room, v->s, v->n),
			      PRICE_WHOLE, PRICE_FRACTION);
}

static bool is_one_of(const struct product_text *v, const char *const *words)
{
	/* Asked of each row: the first letter tells most apart. */
	while (*words && ((**words | 32) != (*v->s | 32) ||
			  !product_same_name(*v, text_of(*words))))
		words++;
	return *words != NULL;
}

static int check_active(struct product_text *v, struct product_fault *f)
{
	char room[48];
	bool yes = is_one_of(v, truths);

	if (yes || is_one_of(v, lies)) {
		*v = text_of(yes ? "t" : "f");
		return 0;
	}
	return product_refuse(f, "bad_active", "\"%s\" is neither yes nor no: true, yes, 1 or "
			      "active; false, no, 0 or inactive",
			      utf8_show(room, sizeof room, v->s, v->n));
}

static int check_number(const struct product_text *v, enum product_column column,
			struct product_fault *f)
{
	bool whole = digits(v->s, v->n) == v->n;
	int64_t value = 0;
	char room[48];

	for (size_t i = 0; whole && i < v->n && value <= INT32_MAX; i++)
		value = value * 10 + (v->s[i] - '0');
	if (whole && value <= INT32_MAX)
		return 0;
	return product_refuse(f, column == PRODUCT_REORDER_LEVEL ? "bad_reorder_level"
			      : "bad_quantity",
			      "\"%s\" is no whole number from 0 to %d",
			      utf8_show(room, sizeof room, v->s, v->n), INT32_MAX);
}

static int check_time(const struct product_text *v, struct product_fault *f)
{
	char s[64];
	int64_t us;

	snprintf(s, sizeof s, "%.*s", v->n < sizeof s ? (int)v->n : 0, v->s);
	if (!clock_parse_rfc3339(s, &us))
		return product_refuse(f, "bad_counted_at",
				      "counted_at is not a time such as 2026-11-20T09:00:00Z");
	if (us > clock_wall_us())
		return product_refuse(f, "bad_counted_at", "counted_at is in the future");
	return 0;
}

static int check_id(const struct product_text *v, struct product_fault *f)
{
	char room[48];

	if (digits(v->s, v->n) == v->n && v->n <= ID_DIGITS)
		return 0;
	return product_refuse(f, "bad_id", "\"%s\" is no id of a product",
			      utf8_show(room, sizeof room, v->s, v->n));
}

static int check_value(enum product_column column, struct product_text *v, struct product_fault *f)
{
	switch (column) {
	case PRODUCT_SKU:
		return check_text(v, column, PRODUCT_SKU_MOST, "", f);
	case PRODUCT_NAME:
		return check_text(v, column, PRODUCT_NAME_MOST, "\t\n\r", f);
	case PRODUCT_CATEGORY:
		return check_text(v, column, PRODUCT_CATEGORY_MOST, "", f);
	case PRODUCT_DESCRIPTION:
		if (v->n <= PRODUCT_DESCRIPTION_MOST)
			return 0;
		return product_refuse(f, "description_too_long",
				      "description is longer than %d bytes",
				      PRODUCT_DESCRIPTION_MOST);
	case PRODUCT_PRICE:
		return check_price(v, f);
	case PRODUCT_ACTIVE:
		return check_active(v, f);
	case PRODUCT_ID:
		return check_id(v, f);
	case PRODUCT_COUNTED_AT:
		return check_time(v, f);
	case PRODUCT_REORDER_LEVEL:
	case PRODUCT_QUANTITY:
	case PRODUCT_QUANTITY_WAS:
	case PRODUCT_COLUMNS:
		break;
	}
	return check_number(v, column, f);
}

int product_check(enum product_column column, struct product_text *v, struct product_fault *f)
{
	size_t bad;

	if (v->s && memchr(v->s, '\0', v->n))
		return product_refuse(f, "nul_byte", "%s has a NUL byte in it", names[column]);
	bad = v->s ? utf8_check(v->s, v->n) : v->n;
	if (bad < v->n)
		return product_refuse(f, "bad_encoding", "%s is not UTF-8: byte %zu is 0x%02X",
				      names[column], bad + 1, (unsigned char)v->s[bad]);
	if (v->s && column != PRODUCT_DESCRIPTION)
		product_trim(v);
	if (v->s && v->n > 0)
		return check_value(column, v, f);
	*v = (struct product_text){NULL, 0};
	if (column == PRODUCT_SKU)
		return product_refuse(f, "missing_sku", "sku is empty");
	if (column == PRODUCT_NAME)
		return product_refuse(f, "missing_name", "name is empty");
	return 0;
}
