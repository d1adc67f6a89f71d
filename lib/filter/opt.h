/* SPDX-License-Identifier: MIT
 *
 * opt: one table of options that parses the command line and prints --help.
 *
 * getopt_long(3) does the parsing, so --opt=value, --opt value, -o value and
 * `--` behave as everywhere. Every command has --help and --version.
 */
#ifndef OPT_H
#define OPT_H

#include <stddef.h>

enum opt_kind {
	OPT_FLAG,  /* bool *: set to true */
	OPT_INT,   /* long *: a whole number from min to max */
	OPT_TEXT,  /* const char **: borrowed from argv */
	OPT_CHOICE, /* const char **: one of the words in `metavar`, commas between */
	OPT_LIST    /* struct opt_list *: may be given several times */
};

enum { OPT_LIST_MOST = 32 };

struct opt_list {
	const char *words[OPT_LIST_MOST]; /* borrowed from argv */
	size_t n;
};

struct opt {
	const char *name;    /* without the dashes; a row with NULL ends the table */
	char letter;         /* or '\0' */
	enum opt_kind kind;
	void *to;
	const char *metavar; /* what --help calls the value */
	const char *help;
	long min, max;
};

struct opt_command {
	const char *name;     /* "fulfil-recv" */
	const char *synopsis; /* what follows the name: "[options] < payloads.json" */
	const char *purpose;  /* one line */
	const char *example;  /* one line, shown first */
	const struct opt *options;
};

/* Fills in the variables that the table points to and returns the index of
 * the first operand. Prints and exits for --help and --version (0) and for a
 * usage error (64). */
int opt_parse(const struct opt_command *cmd, int argc, char **argv);

/* Ends the program with a usage error: one line, and where to read more. */
_Noreturn void opt_usage(const struct opt_command *cmd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
