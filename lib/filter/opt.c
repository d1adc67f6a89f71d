/* SPDX-License-Identifier: MIT
 *
 * opt: the table becomes getopt_long's two tables; abbreviations of long
 * options are refused, so that a script keeps its meaning when one is added.
 */
#include "filter/opt.h"

#include "base/words.h"
#include "filter/log.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { MOST = 32, HELP = 'h', VERSION = 'V', LONG_ONLY = 256 };

void opt_usage(const struct opt_command *cmd, const char *fmt, ...)
{
	va_list ap;
	char msg[512];

	va_start(ap, fmt);
	vsnprintf(msg, sizeof msg, fmt, ap);
	va_end(ap);
	fprintf(stderr, "%s: %s; try %s --help\n", cmd->name, msg, cmd->name);
	exit(EX_USAGE);
}

static void print_option(const char *name, char letter, const char *metavar, const char *help)
{
	char left[96];

	snprintf(left, sizeof left, "%s%c%s --%s%s%s", letter ? "-" : " ", letter ? letter : ' ',
		 letter ? "," : " ", name, metavar ? " " : "", metavar ? metavar : "");
	if (strlen(left) <= 28)
		printf("  %-28s %s\n", left, help);
	else
		printf("  %s\n%31s%s\n", left, "", help);
}

static _Noreturn void print_help(const struct opt_command *cmd)
{
	printf("usage: %s %s\n\n%s\n\nexample:\n  %s\n\noptions:\n", cmd->name, cmd->synopsis,
	       cmd->purpose, cmd->example);
	for (const struct opt *o = cmd->options; o->name; o++)
		print_option(o->name, o->letter, o->kind == OPT_FLAG ? NULL : o->metavar, o->help);
	print_option("help", HELP, NULL, "show this and exit");
	print_option("version", VERSION, NULL, "show the version and exit");
	if (fflush(stdout) != 0)
		exit(EX_IOERR);
	exit(0);
}

static _Noreturn void print_version(const struct opt_command *cmd)
{
	printf("%s (fulfil) %s\nLicence: MIT\n", cmd->name, FULFIL_VERSION);
	if (fflush(stdout) != 0)
		exit(EX_IOERR);
	exit(0);
}

static void store(const struct opt_command *cmd, const struct opt *o, const char *value)
{
	struct opt_list *list;
	char *end;
	long v;

	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)o->to = true;
		return;
	case OPT_CHOICE:
		if (!words_has(o->metavar, value))
			opt_usage(cmd, "--%s takes one of %s, not \"%s\"", o->name, o->metavar,
				  value);
		*(const char **)o->to = value;
		return;
	case OPT_TEXT:
		*(const char **)o->to = value;
		return;
	case OPT_LIST:
		list = o->to;
		if (list->n == OPT_LIST_MOST)
			opt_usage(cmd, "--%s comes more than %d times", o->name, OPT_LIST_MOST);
		list->words[list->n++] = value;
		return;
	case OPT_INT:
		errno = 0;
		v = strtol(value, &end, 10);
		if (*value == '\0' || *end || errno || v < o->min || v > o->max)
			opt_usage(cmd, "--%s takes a whole number from %ld to %ld, not \"%s\"",
				  o->name, o->min, o->max, value);
		*(long *)o->to = v;
	}
}

/* getopt_long takes abbreviations; the word must be whole for us. */
static void refuse_abbreviation(const struct opt_command *cmd, const char *word, const char *name)
{
	size_t n = strcspn(word, "=");

	if (strncmp(word, "--", 2) == 0 &&
	    (n - 2 != strlen(name) || strncmp(word + 2, name, n - 2)))
		opt_usage(cmd, "there is no option \"%.*s\"", (int)n, word);
}

static int build(const struct opt_command *cmd, struct option *longs, char *shorts)
{
	int n = 0;

	*shorts++ = ':';
	for (const struct opt *o = cmd->options; o->name; o++, n++) {
		bool arg = o->kind != OPT_FLAG;

		longs[n] = (struct option){o->name, arg, NULL, LONG_ONLY + n};
		if (o->letter) {
			*shorts++ = o->letter;
			if (arg)
				*shorts++ = ':';
		}
	}
	longs[n] = (struct option){"help", 0, NULL, HELP};
	longs[n + 1] = (struct option){"version", 0, NULL, VERSION};
	memcpy(shorts, "hV", 3);
	return n;
}

static const struct opt *by_letter(const struct opt_command *cmd, int c)
{
	const struct opt *o = cmd->options;

	while (o->name && o->letter != c)
		o++;
	return o;
}

/* A standard descriptor that came closed would become the next socket, and
 * records would go to a server. /dev/null, the wrong way round, fails instead. */
static void hold_standard_descriptors(void)
{
	static const int modes[] = {O_WRONLY, O_RDONLY, O_WRONLY};

	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
			exit(EX_OSERR);
}

int opt_parse(const struct opt_command *cmd, int argc, char **argv)
{
	struct option longs[MOST + 3] = {0};
	char shorts[2 * MOST + 4];
	int c, at = -1;

	hold_standard_descriptors();
	log_init(cmd->name);
	build(cmd, longs, shorts);
	while (at = -1, (c = getopt_long(argc, argv, shorts, longs, &at)) != -1) {
		const char *word = argv[optind - 1];

		if (c == '?')
			opt_usage(cmd, "there is no option \"%s\"", word);
		if (c == ':')
			opt_usage(cmd, "\"%s\" needs a value", word);
		if (at >= 0 && longs[at].has_arg && optarg == word)
			word = argv[optind - 2];
		if (at >= 0)
			refuse_abbreviation(cmd, word, longs[at].name);
		if (c == HELP)
			print_help(cmd);
		if (c == VERSION)
			print_version(cmd);
		store(cmd, at >= 0 ? &cmd->options[at] : by_letter(cmd, c), optarg);
	}
	return optind;
}
