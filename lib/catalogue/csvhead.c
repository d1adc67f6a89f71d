/* SPDX-License-Identifier: MIT
 *
 * csvhead: each name to its column, then what is missing, mapped to nothing or
 * there twice.
 */
#include "catalogue/csvhead.h"

#include "base/utf8.h"
#include "catalogue/details.h"
#include "catalogue/guess.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static struct product_text text_of(const char *s, size_t n)
{
	return (struct product_text){s, n};
}

/* The name and the column of a map; the name may have a "=" in it. */
static bool split_map(const char *map, struct product_text *name, struct product_text *column)
{
	const char *sign = strrchr(map, '=');

	if (sign == NULL)
		return false;
	*name = text_of(map, (size_t)(sign - map));
	*column = text_of(sign + 1, strlen(sign + 1));
	return true;
}

/* The map of that name, or nmaps. */
static size_t find_map(struct product_text field, const char *const *maps, size_t nmaps)
{
	struct product_text name, column;
	size_t i = 0;

	while (i < nmaps && !(split_map(maps[i], &name, &column) && product_same_name(name, field)))
		i++;
	return i;
}

int csvhead_check_maps(const char *const *maps, size_t nmaps, struct err *e)
{
	struct product_text name, column;
	size_t first;
	int rank;

	for (size_t i = 0; i < nmaps; i++) {
		if (!split_map(maps[i], &name, &column) || product_trim(&name))
			return err_set(e, ERR_USAGE, "\"%.80s\" maps no column: NAME=COLUMN "
				       "does, with the "
				       "name that the header has", maps[i]);
		if (!product_trim(&column) && product_column_find(column) == PRODUCT_COLUMNS &&
		    details_find(column, &rank) == DETAILS_KNOWN)
			return err_set(e, ERR_USAGE, "\"%.80s\" maps to no column: there are "
				       "sku, name, description, category, price, active, "
				       "reorder_level, quantity, and barcode, cost, "
				       "compare_at_price, vendor, tags, weight, image_url, group, "
				       "group_title and options", maps[i]);
		first = find_map(name, maps, i);
		if (first < i)
			return err_set(e, ERR_USAGE, "\"%.80s\" and \"%.80s\" map the same "
				       "column of the "
				       "header: leave one out", maps[first], maps[i]);
	}
	return 0;
}

/* The column of a field; PRODUCT_COLUMNS for none. */
static enum product_column column_of(struct product_text field, const char *const *maps,
				     size_t nmaps)
{
	size_t map = find_map(field, maps, nmaps);
	enum product_column column = product_column_find(field);
	struct product_text name, to;

	if (map < nmaps && split_map(maps[map], &name, &to))
		return product_column_find(to);
	for (size_t i = 0; i < nmaps; i++)
		if (split_map(maps[i], &name, &to) && product_column_find(to) == column)
			return PRODUCT_COLUMNS;
	return column;
}

/* Adds a name to a list of them for people, as far as there is room; then how
 * many more there are. */
static void list(char *names, size_t size, struct product_text name)
{
	size_t n = strlen(names);
	char room[44], *more = strstr(names, " and ");
	long count = 1;

	if (n > 0 && names[n - 1] != '"') {
		count = strtol(more + 5, NULL, 10) + 1;
		n = (size_t)(more - names);
	}
	utf8_show(room, sizeof room, name.s, name.n);
	if (count == 1 && n + strlen(room) + sizeof ", \"\" and 16384 more" < size)
		snprintf(names + n, size - n, "%s\"%s\"", n ? ", " : "", room);
	else
		snprintf(names + n, size - n, " and %ld more", count);
}

static bool is_spreadsheet(struct product_text field)
{
	return product_same_name(field, text_of(CSVHEAD_SPREADSHEET,
						sizeof CSVHEAD_SPREADSHEET - 1));
}

bool csvhead_means_nothing(struct product_text field)
{
	return product_trim(&field) || is_spreadsheet(field) ||
	       product_same_name(field, text_of("reject_line", 11)) ||
	       product_same_name(field, text_of("reject_reason", 13));
}

void csvhead_list_unknown(struct csvhead *h, struct product_text name)
{
	if (!csvhead_means_nothing(name))
		list(h->unknown, sizeof h->unknown, name);
}

const char *csvhead_lost_map(const struct csvrow *row, const char *const *maps, size_t nmaps)
{
	for (size_t i = 0; i < nmaps; i++) {
		bool found = false;

		for (size_t k = 0; k < row->n && !found; k++)
			found = find_map(text_of(row->field[k].s, row->field[k].n), maps + i,
					 1) == 0;
		if (!found)
			return maps[i];
	}
	return NULL;
}

/* True if a field is a number, which no column is called. */
static bool has_number(const struct csvrow *row)
{
	for (size_t i = 0; i < row->n && i < CSVROW_FIELDS; i++) {
		struct product_text v = text_of(row->field[i].s, row->field[i].n);
		size_t k = 0;

		if (product_trim(&v))
			continue;
		while (k < v.n && strchr("0123456789.,", v.s[k]))
			k++;
		if (k == v.n)
			return true;
	}
	return false;
}

/* What the header lacks: the name of a map, which explains the rest, or a column. */
static int missing(const struct csvhead *h, const struct csvrow *row, const char *lost,
		   struct err *e)
{
	bool no_sku = !(h->columns & 1u << PRODUCT_SKU), no_name =
		!(h->columns & 1u << PRODUCT_NAME);
	char names[160] = "";

	for (size_t i = 0; i < row->n; i++)
		list(names, sizeof names, text_of(row->field[i].s, row->field[i].n));
	if (lost)
		return err_set(e, ERR_DATA, "unknown_column: the header has no column as "
			       "\"%.80s\" says, "
			       "but %s", lost, names);
	if (row->n == 1 && memchr(row->raw.s, '"', row->raw.n) &&
	    (memchr(row->field[0].s, ',', row->field[0].n) || memchr(row->field[0].s, ';',
								     row->field[0].n)))
		return err_set(e, ERR_DATA, "missing_column: the whole line of the header stands "
			       "in quotes, "
			       "%s, so it is one column: save the file without them", names);
	return err_set(e, ERR_DATA, "missing_column: the header has no column %s%s%s, but %s: name "
		       "the columns so, or map them, as in \"NAME=%s\"%s", no_sku ? "sku" : "",
		       no_sku && no_name ? " and no column " : "", no_name ? "name" : "", names,
		       no_sku ? "sku" : "name", has_number(row) ? "; if this is no header, name "
		       "them, as in --columns sku,quantity,-" : "");
}

/* What a ZIP file is, by the names of the first things in it. */
static const char *archive(const struct csvrow *row)
{
	static const struct {
		const char *name, *what;
	} kinds[] = {
		{"opendocument.spreadsheet", "a spreadsheet of LibreOffice, as .ods: save the "
					     "sheet as Text CSV"},
		{"[Content_Types].xml", "an Excel workbook, as .xlsx: save the sheet as \"CSV "
					"UTF-8\""},
		{"docProps/", "an Excel workbook, as .xlsx: save the sheet as \"CSV UTF-8\""},
		{"xl/", "an Excel workbook, as .xlsx: save the sheet as \"CSV UTF-8\""},
		{".iwa", "a workbook of Numbers: export it as CSV"},
		{".csv", "a ZIP archive: unpack it, and import the CSV files in it"},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (memmem(row->raw.s, row->raw.n, kinds[i].name, strlen(kinds[i].name)))
			return kinds[i].what;
	return "a ZIP file, as a workbook of Excel (.xlsx) is: save the sheet as \"CSV UTF-8\", or "
	       "unpack it";
}

/* Bytes that are no CSV, told by the first line; -1 and why. */
static int check_kind(const struct csvrow *row, size_t n, struct err *e)
{
	static const char page[] = "a web page, as some exports that are called .xls are, and what "
				   "a site answers that wants a sign-in: open it in a spreadsheet "
				   "and save the sheet as \"CSV UTF-8\"";
	static const struct {
		const char *magic, *what;
	} kinds[] = {
		{"PK\x03\x04", NULL},
		{"\xD0\xCF\x11\xE0", "an old Excel workbook: save the sheet as CSV"},
		{"\x1F\x8B", "compressed by gzip: unpack it first"},
		{"%PDF-", "a PDF: ask for the data as CSV"},
		{"\x89PNG", "a PNG image"},
		{"\xFF\xD8\xFF", "a JPEG image"},
		{"7z\xBC\xAF", "a 7-Zip archive: unpack it first"},
		{"\xFD" "7zXZ", "compressed by xz: unpack it first"},
		{"\x28\xB5\x2F\xFD", "compressed by zstd: unpack it first"},
		{"BZh91AY", "compressed by bzip2: unpack it first"},
		{"{\\rtf", "a text of a word processor: save the table as CSV"},
		{"<?xml", "XML, as some exports that are called .xls are: open it in a spreadsheet "
			  "and save the sheet as \"CSV UTF-8\""},
		{"<!doctype", page}, {"<html", page}, {"<head", page}, {"<meta", page},
		{"<table", page},
		{"{\"", "JSON: ask for the data as CSV"},
		{"[{", "JSON: ask for the data as CSV"},
		{"{\n", "JSON: ask for the data as CSV"},
		{"{\r", "JSON: ask for the data as CSV"},
		{"[\n", "JSON: ask for the data as CSV"},
	};
	const char *s = row->raw.s;
	size_t nuls = 0, odd = 0;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (row->line == 1 && row->raw.n >= strlen(kinds[i].magic) &&
		    strncasecmp(s, kinds[i].magic, strlen(kinds[i].magic)) == 0)
			return err_set(e, ERR_DATA, "binary: this is no CSV but %s",
				       kinds[i].what ? kinds[i].what : archive(row));
	for (size_t i = 0; i < n; i++) {
		nuls += s[i] == '\0';
		odd += s[i] == '\0' && i % 2 == 1;
	}
	if (nuls > 1 && nuls * 3 > n && (odd == 0 || odd == nuls))
		return err_set(e, ERR_DATA, "bad_encoding: every other byte of the header is "
			       "NUL, as in "
			       "UTF-16 without a byte order mark: give the encoding, UTF-16%s",
			       odd ? "LE" : "BE");
	if (nuls > 0)
		return err_set(e, ERR_DATA, "binary: the header has NUL bytes in it, so this is "
			       "no CSV in "
			       "UTF-8: save it as that, or give its encoding");
	return 0;
}

int csvhead_check_bytes(const struct csvrow *row, bool decoded, bool whole, struct err *e)
{
	size_t n = row->raw.n, at = 0;

	while (!whole && at < n && row->raw.s[at] != '\n' && row->raw.s[at] != '\r')
		at++;
	n = whole ? n : at;
	if (check_kind(row, n, e) != 0)
		return -1;
	at = utf8_check(row->raw.s, n);
	if (at == n)
		return 0;
	if (decoded)
		return err_set(e, ERR_DATA, "bad_encoding: the header on line %ld is not in the "
			       "encoding "
			       "that was given, or that the byte order mark says", row->line);
	return err_set(e, ERR_DATA, "bad_encoding: the header on line %ld is not UTF-8 (0x%02X "
		       "at byte "
		       "%zu): save it as that, or give its encoding, such as WINDOWS-1252",
			       row->line,
		       (unsigned char)row->raw.s[at], at + 1);
}

bool csvhead_is_found(const struct csvhead *h)
{
	unsigned others = 1u << PRODUCT_NAME | 1u << PRODUCT_PRICE | 1u << PRODUCT_QUANTITY |
			  1u << PRODUCT_CATEGORY | 1u << PRODUCT_ACTIVE |
				  1u << PRODUCT_REORDER_LEVEL;

	return h->columns & 1u << PRODUCT_SKU &&
	       (h->detailed || h->columns & (others | (h->update_only ? ~0u << 1 : 0)));
}

bool csvhead_is_described(unsigned columns)
{
	return !(columns & 1u << PRODUCT_NAME) && columns & 1u << PRODUCT_DESCRIPTION &&
	       columns & (1u << PRODUCT_PRICE | 1u << PRODUCT_QUANTITY);
}

bool csvhead_map_of(struct product_text name, const char *const *maps, size_t nmaps,
		    struct product_text *to)
{
	size_t map = find_map(name, maps, nmaps);
	struct product_text said;

	if (map == nmaps || !split_map(maps[map], &said, to))
		return false;
	product_trim(to);
	return true;
}

/* Notes that the field i may be a column that no other field is called; true
 * if it is sure to mean that. The first two of each are kept. */
static bool guess(struct csvhead *h, size_t i, struct product_text field, const char *const *maps,
		  size_t nmaps)
{
	int rank;
	enum product_column column = guess_column(field, &rank);
	struct product_text name, to;

	if (column == PRODUCT_COLUMNS || find_map(field, maps, nmaps) < nmaps)
		return false;
	for (size_t k = 0; k < nmaps; k++)
		if (split_map(maps[k], &name, &to) && product_column_find(to) == column)
			return false;
	if (rank > 0) {
		if (h->weak_rank[column] == 0 || rank < h->weak_rank[column]) {
			h->weak_rank[column] = rank;
			h->weak[column] = i;
		}
		return false;
	}
	if (h->guesses[column]++ == 0)
		h->guess[column] = i;
	else if (h->guesses[column] == 2)
		h->second_guess[column] = i;
	return true;
}

/* Takes the guesses for the columns that nothing is called; two for one column
 * are told instead, and left out. */
static void take_guesses(struct csvhead *h, const struct csvrow *row)
{
	char one[44], other[44];

	for (int i = 0; i < PRODUCT_COLUMNS; i++) {
		const struct csvrow_text *a = &row->field[h->guess[i]];
		const struct csvrow_text *b = &row->field[h->second_guess[i]];

		if (h->columns & 1u << i)
			continue;
		if (h->guesses[i] == 0 && h->weak_rank[i] > 0) {
			h->columns |= 1u << i;
			h->index[i] = h->weak[i];
		}
		if (h->guesses[i] == 0)
			continue;
		if (h->guesses[i] == 1 || i == PRODUCT_CATEGORY || i == PRODUCT_DESCRIPTION ||
		    i == PRODUCT_NAME) {
			h->columns |= 1u << i;
			h->index[i] = h->guess[i];
			continue;
		}
		snprintf(h->ambiguous, sizeof h->ambiguous, "\"%s\" and \"%s\" may both be the "
			 "column "
			 "%s, so both are left out: choose one with --map \"%s=%s\"",
			 utf8_show(one, sizeof one, a->s, a->n),
			 utf8_show(other, sizeof other, b->s, b->n),
			 product_column_name((enum product_column)i), one,
			 product_column_name((enum product_column)i));
	}
}

static int twice(const struct csvrow *row, size_t first, size_t second, enum product_column column,
		 struct err *e)
{
	const struct csvrow_text *a = &row->field[first], *b = &row->field[second];
	char one[44], other[44];
	char way[120] = "map one to nothing, as in \"NAME=\"";

	if (product_same_name(text_of(a->s, a->n), text_of(b->s, b->n)))
		snprintf(way, sizeof way, "name the columns from the line after it, as in "
			 "--columns sku,name,price,- --header-line %ld", row->last_line + 1);
	return err_set(e, ERR_DATA, "duplicate_column: \"%s\" and \"%s\" are both the column %s: "
		       "rename one, or %s", utf8_show(one, sizeof one, a->s, a->n),
		       utf8_show(other, sizeof other, b->s, b->n), product_column_name(column),
		       way);
}

/* True for a known detail of a product: a cost, a barcode. */
static bool is_detail(struct product_text field, const char *const *maps, size_t nmaps)
{
	struct product_text to = field;
	int rank;

	csvhead_map_of(field, maps, nmaps, &to);
	return to.n > 0 && details_find(to, &rank) < DETAILS_KNOWN;
}

/* A column that is called id may be that of another system: it gives way to one that
 * is sure. True: it does. */
static bool take_id(struct csvhead *h, struct product_text field, bool mapped)
{
	bool bare = !mapped && product_same_name(field, text_of("id", 2));

	if (bare && h->columns & 1u << PRODUCT_ID)
		return true;
	if (h->bare_id)
		h->columns &= ~(1u << PRODUCT_ID);
	h->bare_id = bare;
	return false;
}

int csvhead_read(struct csvhead *h, const struct csvrow *row, const char *const *maps, size_t nmaps,
		 bool update_only, struct err *e)
{
	size_t second[PRODUCT_COLUMNS] = {0};
	const char *lost;

	*h = (struct csvhead){.width = row->n, .update_only = update_only};
	if (row->n > CSVROW_FIELDS)
		return err_set(e, ERR_DATA, "too_many_columns: the header has %zu columns; %d "
			       "are the most",
			       row->n, CSVROW_FIELDS);
	for (size_t i = 0; i < row->n; i++) {
		struct product_text field = text_of(row->field[i].s, row->field[i].n);
		enum product_column column = column_of(field, maps, nmaps);

		if (column == PRODUCT_COLUMNS) {
			h->spreadsheet |= is_spreadsheet(field);
			if (guess(h, i, field, maps, nmaps))
				continue;
			h->detailed |= is_detail(field, maps, nmaps);
			h->unnamed[i] = product_trim(&field);
			h->any_unnamed |= h->unnamed[i];
			continue;
		}
		if (column == PRODUCT_ID && take_id(h, field, find_map(field, maps, nmaps) < nmaps))
			continue;
		if (!(h->columns & 1u << column))
			h->index[column] = i;
		else if (second[column] == 0)
			second[column] = i;
		h->columns |= 1u << column;
	}
	take_guesses(h, row);
	lost = csvhead_lost_map(row, maps, nmaps);
	if (lost || !csvhead_is_found(h))
		return missing(h, row, lost, e);
	for (int i = 0; i < PRODUCT_COLUMNS; i++)
		if (second[i] > 0)
			return twice(row, h->index[i], second[i], (enum product_column)i, e);
	return 0;
}
