/* SPDX-License-Identifier: MIT
 *
 * fulfil: in front of the commands. `fulfil recv` is fulfil-recv; `fulfil orders retry 7` does
 * what POST /api/orders/7/retry does, by the same code, in this process.
 */
#include "filter/log.h"
#include "filter/ndjson.h"
#include "filter/opt.h"
#include "shell/carry.h"
#include "shell/top.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static const struct opt options[] = {{0}};

static const struct opt_command cmd = {
	"fulfil", "COMMAND [ARGUMENT ...]",
	"works on orders, products, stock and the rest; or runs fulfil-COMMAND",
	"fulfil orders list --status failed", options};

/* --- help */

static void print_verbs(const char *noun)
{
	const struct verb *before = NULL;

	for (const struct verb *v = verb_noun(noun); v && v->noun && strcmp(v->noun, noun) == 0;
	     before = v++)
		if (before == NULL || strcmp(before->name, v->name) != 0)
			printf("  %-10s %-10s %.56s\n", v->noun, v->name, verb_summary(v));
}

static void print_nouns(void)
{
	const char *noun = "";

	for (const struct verb *v = verb_table; v->noun; v++)
		if (strcmp(v->noun, noun) != 0)
			print_verbs(noun = v->noun);
}

static int is_command(const struct dirent *d)
{
	return strncmp(d->d_name, "fulfil-", 7) == 0 && strchr(d->d_name, '.') == NULL;
}

/* Those beside this program. */
static void print_commands(const char *directory)
{
	struct dirent **found;
	int n = scandir(directory, &found, is_command, alphasort);

	printf("commands of their own, each with a page:\n ");
	for (int i = 0; i < n; i++) {
		printf(" %s", found[i]->d_name + 7);
		free(found[i]);
	}
	if (n >= 0)
		free(found);
	printf("\n");
}

/* --- commands */

/* The directory of this program comes first in PATH, and sbin last. */
static void set_path(char directory[4096])
{
	const char *path = getenv("PATH");
	struct buf b = BUF_INIT;
	ssize_t n = readlink("/proc/self/exe", directory, 4095);

	directory[n > 0 ? n : 0] = '\0';
	if (strrchr(directory, '/'))
		*strrchr(directory, '/') = '\0';
	buf_addf(&b, "%s:%s:/usr/local/sbin:/usr/sbin", directory, path ? path : "/usr/bin:/bin");
	setenv("PATH", b.data, 1);
	buf_release(&b);
}

static _Noreturn void run(char **argv)
{
	char name[256];

	snprintf(name, sizeof name, "fulfil-%s", argv[1]);
	if (strchr(argv[1], '/') == NULL) {
		argv[1] = name;
		execvp(name, argv + 1);
		if (errno != ENOENT) {
			log_say(LOG_ERROR, "cannot run %s: %s", name, strerror(errno));
			exit(EX_OSERR);
		}
		argv[1] = name + 7;
	}
	opt_usage(&cmd, "there is no command \"%s\"", argv[1]);
}

static int help(const char *word, const char *directory)
{
	char page[256];

	if (word == NULL) {
		print_nouns();
		printf("a screen that lives, with keys that retry and cancel: fulfil top\n");
		print_commands(directory);
		printf("fulfil help NAME, or fulfil NAME VERB --help, tells more.\n");
	} else if (verb_noun(word)) {
		print_verbs(word);
	} else {
		fflush(stdout);
		snprintf(page, sizeof page, "fulfil-%s", word);
		execlp("man", "man", page, (char *)NULL);
		opt_usage(&cmd, "there is no man to show the page %s", page);
	}
	return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
}

/* --- nouns and verbs */

static int work(int argc, char **argv)
{
	struct ask *a = NULL;
	struct err e = {0};
	struct line l;
	int status;

	line_read(&l, argc, argv);
	log_init(cmd.name);
	status = ask_open(&a, &e) != 0 ? log_err(&e) : carry_out(a, &l);
	ask_close(a);
	line_release(&l);
	return ndjson_close(status);
}

int main(int argc, char **argv)
{
	char directory[4096];

	if (argc < 2 || argv[1][0] == '-') {
		opt_parse(&cmd, argc < 2 ? 1 : 2, argv);
		opt_usage(&cmd, "say what: fulfil help lists it");
	}
	log_init(cmd.name);
	set_path(directory);
	if (strcmp(argv[1], "help") == 0)
		return help(argv[2], directory);
	if (strcmp(argv[1], "top") == 0)
		return top_run(argc, argv);
	if (verb_noun(argv[1]) == NULL)
		run(argv);
	if (argc < 3 || strcmp(argv[2], "--help") == 0) {
		print_verbs(argv[1]);
		return fflush(stdout) != 0 ? EX_IOERR : argc < 3 ? EX_USAGE : EX_OK;
	}
	if (verb_find(argv[1], argv[2], false) == NULL)
		opt_usage(&cmd, "%s have no \"%s\"; fulfil help %s lists what they have", argv[1],
			  argv[2], argv[1]);
	return work(argc, argv);
}
