/* SPDX-License-Identifier: MIT
 *
 * options: what the CSV layer has to say of an option it says itself, so that
 * nothing is checked in two ways.
 */
#include "catalogue/options.h"

#include "base/jtext.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	MOST_SHRINK = 200000, /* millionths of the products that a file may lack */
	MOST_NAME = 80
};

enum bulk_active options_active(const char *s)
{
	return strcasecmp(s, "yes") == 0 ? BULK_YES : strcasecmp(s, "no") == 0 ? BULK_NO
		: BULK_RANDOM;
}

int options_delimiter(struct import_options *o, const char *s, struct err *e)
{
	bool tab = strcmp(s, "tab") == 0 || strcmp(s, "\\t") == 0;

	if (!tab && (s[0] == '\0' || s[1] != '\0'))
		return err_set(e, ERR_DATA, "takes one character, or tab, not \"%.20s\"", s);
	o->csv.delimiter = tab ? '\t' : *s;
	return 0;
}

enum bulk_mode options_only(const char *s)
{
	return s && strcasecmp(s, "update") == 0 ? BULK_UPDATE_ONLY
	       : s && strcasecmp(s, "create") == 0 ? BULK_CREATE_ONLY : BULK_ALL;
}

int options_feed(const char *name, struct err *e)
{
	size_t n = strlen(name);
	bool text = n > 0 && n <= MOST_NAME && utf8_check(name, n) == n;

	for (size_t i = 0; i < n && text; i++)
		text = (unsigned char)name[i] >= ' ' && name[i] != 0x7F;
	return text ? 0 : err_set(e, ERR_DATA, "takes a name of 1 to %d bytes", MOST_NAME);
}

int options_decimal(struct import_options *o, const char *s, struct err *e)
{
	if (strcmp(s, ",") != 0 && strcmp(s, ".") != 0)
		return err_set(e, ERR_DATA, "takes , or ., not \"%.20s\"", s);
	o->csv.decimal = *s;
	return 0;
}

/* "5" or "0.5" as millionths of 100; -1: it is no share. */
static int64_t share(const char *s, size_t n)
{
	size_t whole = strspn(s, "0123456789"), part;
	int64_t v = strtoll(s, NULL, 10), unit = 1000;

	part = s[whole] == '.' ? strspn(s + whole + 1, "0123456789") : 0;
	if (whole == 0 || whole > 3 || part > 4 || whole + (s[whole] == '.') + part != n ||
	    (s[whole] == '.' && part == 0))
		return -1;
	v *= 10000;
	for (size_t i = 0; i < part; i++, unit /= 10)
		v += (s[whole + 1 + i] - '0') * unit;
	return v > 1000000 ? -1 : v;
}

int options_missing(struct import_options *o, const char *how, const char *shrink, struct err *e)
{
	static const char *const ways[] = {"keep", "deactivate", "zero", "delete"};
	size_t n = shrink ? strlen(shrink) : 0;
	int i = 3;

	while (how && i > 0 && strcasecmp(how, ways[i]) != 0)
		i--;
	o->missing = how ? (enum missing_how)i : MISSING_KEEP;
	o->most_shrink = o->missing == MISSING_KEEP ? -1 : MOST_SHRINK;
	if (shrink == NULL)
		return 0;
	o->most_shrink = share(shrink, n > 0 && shrink[n - 1] == '%' ? n - 1 : n);
	return o->most_shrink >= 0 ? 0
	       : err_set(e, ERR_DATA, "takes a share from 0 to 100, such as 10 or 0.5%%, not "
			 "\"%.20s\"", shrink);
}

int options_limit(struct import_options *o, const char *s, struct err *e)
{
	size_t digits = s ? strspn(s, "0123456789") : 0, n = s ? strlen(s) : 0;

	o->most_errors = o->most_share = -1;
	if (s == NULL)
		return 0;
	if (n > 0 && s[n - 1] == '%')
		o->most_share = share(s, n - 1);
	else if (digits > 0 && digits <= 18 && digits == n)
		o->most_errors = strtoll(s, NULL, 10);
	if (o->most_share < 0 && o->most_errors < 0)
		return err_set(e, ERR_DATA, "takes a number of rows, or a share such as 5%% or "
			       "0.5%%, not "
			       "\"%.20s\"", s);
	return 0;
}

/* In single quotes, if it has anything but what needs none. */
static void add_word(struct buf *b, const char *s)
{
	size_t plain = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "0123456789_-=,.%/");

	if (s[plain] == '\0') {
		buf_addstr(b, s);
		return;
	}
	buf_addstr(b, "'");
	for (size_t n; (n = strcspn(s, "'")) < strlen(s); s += n + 1) {
		buf_add(b, s, n);
		buf_addstr(b, "'\\''");
	}
	buf_addf(b, "%s'", s);
}

static void add_option(struct buf *b, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_addf(b, " --%s ", name);
	add_word(b, value);
}

void options_again(struct buf *b, const struct import_options *o, char decimal)
{
	buf_addstr(b, o->stock ? " --stock" : "");
	buf_addstr(b, o->mode == BULK_UPDATE_ONLY ? " --update-only"
		   : o->mode == BULK_CREATE_ONLY ? " --create-only" : "");
	buf_addstr(b, o->csv.spreadsheet ? " --spreadsheet" : "");
	buf_addstr(b, o->csv.no_details ? " --no-details" : "");
	add_option(b, "like", o->csv.like);
	add_option(b, "location", o->csv.location);
	add_option(b, "decimal", decimal ? (char[]){decimal, '\0'} : NULL);
	add_option(b, "delimiter", o->csv.delimiter ? (char[]){o->csv.delimiter, '\0'} : NULL);
	for (size_t i = 0; i < o->csv.nmaps; i++)
		add_option(b, "map", o->csv.maps[i]);
}

static const char *text(const struct options *o, const char *name)
{
	return json_string_value(json_object_get(o->json, name));
}

static bool flag(const struct options *o, const char *name)
{
	return json_is_true(json_object_get(o->json, name));
}

static int read_maps(struct options *o, struct err *e)
{
	const json_t *map = json_object_get(o->json, "map");

	if (json_array_size(map) > OPTIONS_MAPS)
		return err_set(e, ERR_DATA, "map takes at most %d names", OPTIONS_MAPS);
	for (size_t i = 0; i < json_array_size(map); i++) {
		o->maps[i] = json_string_value(json_array_get(map, i));
		o->maps[i] = o->maps[i] ? o->maps[i] : "";
	}
	o->opt.csv.maps = o->maps;
	o->opt.csv.nmaps = json_array_size(map);
	return 0;
}

/* Names the option in front of what is wrong with its value. */
static int named(const char *name, int rc, struct err *e)
{
	struct err why = *e;

	return rc == 0 ? 0 : err_set(e, ERR_DATA, "%s %s", name, why.msg);
}

int options_read(struct options *o, const char *json, const char *active, struct err *e)
{
	static const struct csvfile_ops none;
	struct import_options *opt = &o->opt;
	struct csvfile *catalog = NULL;

	*o = (struct options){0};
	if (jtext_parse(json, strlen(json), &o->json, e) != 0)
		return -1;
	opt->active = options_active(text(o, "active") ? text(o, "active") : active);
	opt->stock = flag(o, "stock");
	opt->dry_run = flag(o, "dry_run");
	opt->csv.spreadsheet = flag(o, "spreadsheet");
	opt->csv.no_details = flag(o, "no_details");
	opt->csv.encoding = text(o, "encoding");
	opt->mode = options_only(text(o, "only"));
	opt->csv.like = text(o, "like");
	opt->csv.location = text(o, "location");
	opt->csv.names = text(o, "columns");
	if (text(o, "header_line"))
		opt->csv.header_line = strtol(text(o, "header_line"), NULL, 10);
	if (text(o, "min_rows"))
		opt->least_rows = strtoll(text(o, "min_rows"), NULL, 10);
	if (named("max_shrink", options_missing(opt, text(o, "missing"), text(o, "max_shrink"), e),
		  e) != 0)
		return -1;
	o->feed = text(o, "feed");
	if (o->feed && named("feed", options_feed(o->feed, e), e) != 0)
		return -1;
	if (text(o, "decimal") &&
	    named("decimal", options_decimal(opt, text(o, "decimal"), e), e) != 0)
		return -1;
	if (text(o, "delimiter") &&
	    named("delimiter", options_delimiter(opt, text(o, "delimiter"), e), e) != 0)
		return -1;
	if (named("max_errors", options_limit(opt, text(o, "max_errors"), e), e) != 0 ||
	    read_maps(o, e) != 0 || csvfile_new(&catalog, &opt->csv, &none, NULL, e) != 0)
		return -1;
	csvfile_free(catalog);
	return 0;
}

void options_release(struct options *o)
{
	json_decref(o->json);
	o->json = NULL;
}
