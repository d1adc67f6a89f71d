/* SPDX-License-Identifier: MIT
 *
 * unit: what the drivers share. tests/unit/x.c tests x.c of lib/ with the cases of
 * tests/unit/x.case, and speaks TAP. A file of cases holds blocks of
 * `key: value` lines with an empty line between; `case` comes first and names
 * it; \n \r \t \\ and \xHH stand for bytes, and lines with # in front for people.
 */
#ifndef UNIT_H
#define UNIT_H

#include "base/buf.h"
#include "base/xalloc.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNIT_FIELDS = 64 };

struct unit_case {
	long line; /* of its first field */
	int n;
	struct unit_field {
		char *key; /* owned, as is the value */
		struct buf value;
	} field[UNIT_FIELDS];
};

static int unit_count, unit_failed;

/* The value of the first field of that name, or `none`. */
__attribute__((unused)) static const char *unit_get(const struct unit_case *c, const char *key,
						    const char *none)
{
	for (int i = 0; i < c->n; i++)
		if (strcmp(c->field[i].key, key) == 0)
			return c->field[i].value.data;
	return none;
}

/* Adds the value of `input`, or as often as `input1000` says. */
__attribute__((unused)) static void unit_add_input(struct buf *in, const struct unit_field *f)
{
	const char *digits = strpbrk(f->key, "0123456789");

	for (long times = digits ? strtol(digits, NULL, 10) : 1; times > 0; times--)
		buf_add(in, f->value.data, f->value.len);
}

/* Adds bytes so that they are on one line. */
__attribute__((unused)) static void unit_add_escaped(struct buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20)
			buf_addf(b, "\\x%02X", (unsigned)s[i]);
		else
			buf_add(b, s + i, 1);
}

static void unit_say(bool ok, const struct unit_case *c, const char *what)
{
	unit_failed += !ok;
	printf("%s %d - %s: %s\n", ok ? "ok" : "not ok", ++unit_count, unit_get(c, "case", "?"),
	       what);
	if (!ok)
		printf("# the case at line %ld\n", c->line);
}

static void unit_show(const char *label, const char *text)
{
	for (const char *s = text; s && *s; s += strcspn(s, "\n"), s += *s == '\n')
		printf("# %s: %.*s\n", label, (int)strcspn(s, "\n"), s);
}

/* One test: the same text. */
__attribute__((unused)) static void unit_is(const struct unit_case *c, const char *what,
					    const char *got, const char *want)
{
	bool ok = strcmp(got, want) == 0;

	unit_say(ok, c, what);
	if (!ok) {
		unit_show("     got", got);
		unit_show("expected", want);
	}
}

/* The bytes that a value stands for; \n and the like are undone. */
static void unit_unescape(struct buf *b, const char *s)
{
	static const char letters[] = "nrt\\", bytes[] = "\n\r\t\\";

	buf_add(b, "", 0);
	for (; *s; s++) {
		const char *at = *s == '\\' && s[1] ? strchr(letters, s[1]) : NULL;
		char hex[3] = {0}, c = *s;

		if (at) {
			c = bytes[at - letters];
			s++;
		} else if (*s == '\\' && s[1] == 'x' && s[2] && s[3]) {
			memcpy(hex, s + 2, 2);
			c = (char)strtoul(hex, NULL, 16);
			s += 3;
		}
		buf_add(b, &c, 1);
	}
}

static void unit_end_case(struct unit_case *c, void (*run)(const struct unit_case *))
{
	if (c->n > 0)
		run(c);
	for (int i = 0; i < c->n; i++) {
		free(c->field[i].key);
		buf_release(&c->field[i].value);
	}
	memset(c, 0, sizeof *c);
}

/* Runs each case of the file beside `source`; what main() returns. */
static int unit_main(const char *source, void (*run)(const struct unit_case *))
{
	char file[4096], *line = NULL;
	struct unit_case c = {0};
	size_t size = 0;
	long number = 0;
	ssize_t n;
	FILE *f;

	snprintf(file, sizeof file, "%.*s.case", (int)strlen(source) - 2, source);
	f = fopen(file, "re");
	if (f == NULL) {
		printf("Bail out! cannot read %s: %s\n", file, strerror(errno));
		return 1;
	}
	while ((n = getline(&line, &size, f)) >= 0) {
		char *value;

		number++;
		line[strcspn(line, "\n")] = '\0';
		value = strstr(line, ": ");
		if (*line == '\0')
			unit_end_case(&c, run);
		if (*line == '\0' || *line == '#')
			continue;
		if (c.n == UNIT_FIELDS || (value == NULL && line[n > 1 ? n - 2 : 0] != ':')) {
			printf("Bail out! %s:%ld is no field\n", file, number);
			unit_failed++;
			break;
		}
		c.line = c.n ? c.line : number;
		c.field[c.n].key = xalloc_strndup(line, strcspn(line, ":"));
		unit_unescape(&c.field[c.n++].value, value ? value + 2 : "");
	}
	unit_end_case(&c, run);
	free(line);
	fclose(f);
	printf("1..%d\n", unit_count);
	return unit_failed > 0;
}

#endif
