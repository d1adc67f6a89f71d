/* SPDX-License-Identifier: MIT
 *
 * show: a table is measured first: each column is as wide as its widest cell, at most WIDEST;
 * while the line is too long, the widest column gives way.
 */
#include "shell/show.h"

#include "base/record.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS = 40, NAME = 64, WIDEST = 60, NARROWEST = 6, GAP = 2, CELL = 512 };

struct column {
	char name[NAME];
	size_t width;
	bool number; /* nothing but numbers in it: aligned to the right */
};

size_t show_width(void)
{
	struct winsize w = {0};
	const char *said = getenv("COLUMNS");
	long n = said ? strtol(said, NULL, 10) : 0;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col >= 20)
		return w.ws_col;
	return n >= 20 && n < 10000 ? (size_t)n : 80;
}

void show_record(struct buf *b, const char *noun, const json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT);

	record_begin(b, "row");
	record_text(b, "of", noun);
	if (text)
		record_join(b, text);
	record_end(b);
	free(text);
}

/* As PostgreSQL and the API spell it, in UTC: people need no seconds of it. */
static bool is_time(const char *s)
{
	static const char like[] = "dddd-dd-ddTdd:dd:dd";
	size_t i = 0;

	while (like[i] && (like[i] == 'd' ? s[i] >= '0' && s[i] <= '9' : s[i] == like[i]))
		i++;
	return like[i] == '\0' && s[strlen(s) - 1] == 'Z';
}

/* The text of a value, which is on one line and leaves the terminal alone; it may be in `room`. */
static const char *cell(char room[CELL], const json_t *v)
{
	char *text;

	if (v == NULL || json_is_null(v))
		return "-";
	if (json_is_boolean(v))
		return json_is_true(v) ? "yes" : "no";
	if (json_is_string(v) && is_time(json_string_value(v))) {
		snprintf(room, CELL, "%.10s %.5s", json_string_value(v), json_string_value(v) + 11);
		return room;
	}
	if (json_is_string(v))
		return utf8_show(room, CELL, json_string_value(v), json_string_length(v));
	text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
	utf8_show(room, CELL, text ? text : "", text ? strlen(text) : 0);
	free(text);
	return room;
}

/* Adds at most `width` characters of s, and blanks up to it: on the left for a number, not
 * on the right at the end of a line. */
static void put(struct buf *b, const char *s, size_t width, bool number, bool last)
{
	size_t n = strlen(s), have = utf8_count(s, n), at = 0;
	bool cut = have > width;

	if (number && !cut)
		buf_addf(b, "%*s", (int)(width - have), "");
	for (size_t i = 0; i < (cut ? width - 1 : have); i++)
		at += utf8_span(s + at, n - at);
	buf_add(b, s, at);
	if (cut)
		buf_addstr(b, "…");
	if (!number && !cut && !last)
		buf_addf(b, "%*s", (int)(width - have), "");
	if (!last)
		buf_addf(b, "%*s", GAP, "");
}

static bool is_list(const json_t *v)
{
	return json_is_array(v) || json_is_object(v);
}

static size_t add_column(struct column *c, size_t n, const char *name, size_t len)
{
	if (n == COLUMNS || len >= NAME)
		return n;
	memcpy(c[n].name, name, len);
	c[n].name[len] = '\0';
	return n + 1;
}

static size_t name_columns(struct column *c, const json_t *rows, const char *columns)
{
	json_t *first = json_array_get(rows, 0), *v;
	const char *name;
	size_t n = 0;

	for (const char *s = columns; s && *s; s += strcspn(s, ","), s += *s == ',')
		n = add_column(c, n, s, strcspn(s, ","));
	if (columns == NULL)
		json_object_foreach(first, name, v)
			if (!is_list(v))
				n = add_column(c, n, name, strlen(name));
	return n;
}

static void measure(struct column *c, const json_t *rows)
{
	char room[CELL];
	const char *s;
	json_t *row;
	size_t i, n;

	c->width = strlen(c->name);
	c->number = json_array_size(rows) > 0;
	json_array_foreach(rows, i, row) {
		const json_t *v = json_object_get(row, c->name);

		c->number = c->number && (v == NULL || json_is_null(v) || json_is_number(v));
		s = cell(room, v);
		n = utf8_count(s, strlen(s));
		c->width = n > c->width ? n : c->width;
	}
	c->width = c->width > WIDEST ? WIDEST : c->width;
}

/* The widest give way until all of them fit. */
static void fit(struct column *c, size_t n, size_t width)
{
	for (;;) {
		size_t sum = n ? (n - 1) * GAP : 0, widest = 0;

		for (size_t i = 0; i < n; i++) {
			sum += c[i].width;
			widest = c[i].width > c[widest].width ? i : widest;
		}
		if (sum <= width || n == 0 || c[widest].width <= NARROWEST)
			return;
		c[widest].width--;
	}
}

void show_table(struct buf *b, const json_t *rows, const char *columns, size_t width)
{
	struct column c[COLUMNS];
	char room[CELL];
	size_t n = name_columns(c, rows, columns), i;
	json_t *row;

	for (i = 0; i < n; i++)
		measure(&c[i], rows);
	fit(c, n, width);
	for (i = 0; i < n; i++)
		put(b, c[i].name, c[i].width, c[i].number, i + 1 == n);
	buf_addstr(b, "\n");
	json_array_foreach(rows, i, row) {
		for (size_t k = 0; k < n; k++)
			put(b, cell(room, json_object_get(row, c[k].name)), c[k].width,
			    c[k].number, k + 1 == n);
		buf_addstr(b, "\n");
	}
}

/* The columns of the lists that are in objects; NULL: all of them. */
static const char *columns_of(const char *list)
{
	static const struct { const char *list, *columns; } known[] = {
		{"items", "line_no,sku,name,quantity,unit_price,taken,shipped"},
		{"ledger", "created_at,product_sku,delta,balance,reason,note"},
		{"sync_logs", "created_at,task_name,status,attempt,duration_ms,error_message"},
		{"payloads", "id,received_at,topic,note"},
		{"deliveries", "id,webhook_id,event,status,http_status,tries,error_message"}};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].list, list) == 0)
			return known[i].columns;
	return NULL;
}

static bool is_table(const json_t *v)
{
	return json_is_array(v) && json_is_object(json_array_get(v, 0));
}

void show_object(struct buf *b, json_t *object, size_t width)
{
	json_t *v;
	const char *name;
	char room[CELL];
	size_t longest = 0;

	json_object_foreach(object, name, v)
		longest = !is_table(v) && strlen(name) > longest ? strlen(name) : longest;
	json_object_foreach(object, name, v) {
		if (is_table(v))
			continue;
		put(b, name, longest, false, false);
		buf_addf(b, "%s\n", cell(room, v));
	}
	json_object_foreach(object, name, v) {
		if (!is_table(v))
			continue;
		buf_addf(b, "\n%s\n", name);
		show_table(b, v, columns_of(name), width);
	}
}
