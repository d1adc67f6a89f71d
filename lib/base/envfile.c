/* SPDX-License-Identifier: MIT
 *
 * envfile: each line is taken apart where getline(3) put it.
 */
#include "base/envfile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char blanks[] = " \t\r\n";

/* The value between quotes, in place; *wrong says what is wrong with it. */
static char *unquoted(char *s, const char **wrong)
{
	char quote = *s, *to = s, *from = s + 1;

	for (;;) {
		if (*from == '\0') {
			*wrong = "has a quote that is not closed";
			return NULL;
		}
		if (*from != quote) {
			*to++ = *from++;
		} else if (quote == '\'' && strncmp(from, "'\\''", 4) == 0) {
			*to++ = quote;
			from += 4;
		} else {
			break;
		}
	}
	*to = '\0';
	from++;
	to = from + strspn(from, blanks);
	if (*to != '\0' && (*to != '#' || to == from)) {
		*wrong = "has text after the closing quote";
		return NULL;
	}
	return s;
}

/* The value after the =, without comment, blanks and quotes, in place. */
static char *value_of(char *s, const char **wrong)
{
	char *value = s + strspn(s, blanks), *end;

	if (*value == '"' || *value == '\'')
		return unquoted(value, wrong);
	for (end = s; *end; end++)
		if (*end == '#' && end > s && strchr(blanks, end[-1]))
			break;
	while (end > value && strchr(blanks, end[-1]))
		end--;
	*end = '\0';
	return value;
}

static void take_apart(struct envfile_line *l, char *text)
{
	char *s = text + strspn(text, blanks), *end;

	if (strncmp(s, "export", 6) == 0 && strchr(" \t", s[6]))
		s += 6 + strspn(s + 6, " \t");
	l->name = s;
	l->value = l->wrong = NULL;
	end = s + strcspn(s, " \t\r\n=");
	s = end + strspn(end, " \t");
	if (*s == '=')
		l->value = value_of(s + 1, &l->wrong);
	else
		l->wrong = "is not a NAME=value line";
	*end = '\0';
}

/* A file that is found where the program happens to run: ours or root's, and nobody else's. */
static bool is_trusted(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_uid == geteuid() || st.st_uid == 0) &&
	       (st.st_mode & S_IWOTH) == 0 &&
	       ((st.st_mode & S_IWGRP) == 0 || st.st_gid == getegid());
}

int envfile_each(const char *file, bool must, envfile_fn *fn, void *ctx, struct err *e)
{
	FILE *f = fopen(file, "re");
	struct envfile_line l = {.file = file};
	char *text = NULL;
	size_t size = 0;
	int rc = 0;

	if (f == NULL && errno == ENOENT && !must)
		return 0;
	if (f == NULL)
		return err_set(e, ERR_CONFIG, "cannot read settings from %s: %s", file,
			       strerror(errno));
	if (*file != '/' && !must && !is_trusted(fileno(f))) {
		fclose(f);
		return err_set(e, ERR_CONFIG, "%s belongs to somebody else, or others may write "
			       "it: its settings are not taken", file);
	}
	while (rc == 0 && getline(&text, &size, f) >= 0) {
		const char *s = text + strspn(text, blanks);

		l.number++;
		if (*s == '\0' || *s == '#')
			continue;
		take_apart(&l, text);
		rc = fn(ctx, &l, e);
	}
	if (rc == 0 && ferror(f))
		rc = err_set(e, ERR_CONFIG, "cannot read settings from %s: %s", file,
			     strerror(errno));
	free(text);
	fclose(f);
	return rc;
}

void envfile_add(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, "export %s='", name);
	for (size_t n; *value; value += n) {
		n = strcspn(value, "'");
		buf_add(b, value, n);
		if (value[n] == '\'') {
			buf_addstr(b, "'\\''");
			n++;
		}
	}
	buf_addstr(b, "'\n");
}
