/* SPDX-License-Identifier: MIT
 *
 * conf: a case has lines of a settings file (`file`), of .env (`here`) and of
 * the environment (`env`), and says what a setting is then (`is: NAME=value`,
 * `number: NAME VALUE`, `bool: NAME yes`, `list: NAME WORD no`, `lines:` what
 * conf_add_lines adds) or a part of the error. `reader` may be cgi or run.
 *
 * With an operand it prints the table instead: `names` as NAME=default lines,
 * `example` as .env.example has it.
 */
#include "base/conf.h"

#include "unit.h"

#include <unistd.h>

static const char file_name[] = "conf-test.env";

static void write_file(const struct unit_case *c, const char *key, const char *path)
{
	FILE *f = fopen(path, "we");

	for (int i = 0; f && i < c->n; i++)
		if (strcmp(c->field[i].key, key) == 0)
			fprintf(f, "%s\n", c->field[i].value.data);
	if (f == NULL || fclose(f) != 0)
		unit_say(false, c, "a file could not be written");
}

static void set_environment(const struct unit_case *c)
{
	clearenv();
	setenv("FULFIL_CONFIG", file_name, 1);
	for (int i = 0; i < c->n; i++) {
		const char *s = c->field[i].value.data;
		char name[64];

		if (strcmp(c->field[i].key, "env") != 0)
			continue;
		snprintf(name, sizeof name, "%.*s", (int)strcspn(s, "="), s);
		setenv(name, strchr(s, '=') + 1, 1);
	}
}

static void check_field(const struct unit_case *c, const struct conf *conf,
			const struct unit_field *f)
{
	char name[64] = "", word[64] = "", answer[64] = "";
	struct buf got = BUF_INIT;

	if (strcmp(f->key, "is") == 0) {
		snprintf(name, sizeof name, "%.*s", (int)strcspn(f->value.data, "="),
			 f->value.data);
		buf_addf(&got, "%s=%s", name, conf_get(conf, name));
	} else if (strcmp(f->key, "number") == 0 && sscanf(f->value.data, "%63s", name) == 1) {
		buf_addf(&got, "%s %ld", name, conf_int(conf, name));
	} else if (strcmp(f->key, "bool") == 0 && sscanf(f->value.data, "%63s", name) == 1) {
		buf_addf(&got, "%s %s", name, conf_bool(conf, name) ? "yes" : "no");
	} else if (strcmp(f->key, "lines") == 0) {
		conf_add_lines(conf, &got);
	} else if (strcmp(f->key, "list") == 0 &&
		   sscanf(f->value.data, "%63s %63s %63s", name, word, answer) == 3) {
		buf_addf(&got, "%s %s %s", name, word, conf_lists(conf, name, word) ? "yes" : "no");
	}
	if (got.len)
		unit_is(c, f->key, got.data, f->value.data);
	buf_release(&got);
}

static enum conf_reader reader(const char *name)
{
	return strcmp(name, "cgi") == 0 ? CONF_CGI : strcmp(name, "run") == 0 ? CONF_RUN
									      : CONF_COMMAND;
}

static void run(const struct unit_case *c)
{
	const char *error = unit_get(c, "error", NULL);
	struct conf *conf;
	struct err e = {0};

	write_file(c, "file", file_name);
	write_file(c, "here", ".env");
	set_environment(c);
	if (conf_load(&conf, reader(unit_get(c, "reader", "")), &e) != 0) {
		unit_is(c, "refused", error && strstr(e.msg, error) ? error : e.msg,
			error ? error : "");
	} else {
		if (error)
			unit_is(c, "refused", "no", error);
		for (int i = 1; i < c->n; i++)
			check_field(c, conf, &c->field[i]);
	}
	conf_free(conf);
	unlink(file_name);
	unlink(".env");
}

static int print_table(bool example)
{
	size_t n;
	const struct conf_row *row = conf_table(&n);

	for (size_t i = 0; i < n; i++, row++) {
		if (example && row->seed)
			printf("\n# %s. Was %s.\n#", row->help, row->seed);
		else if (example)
			printf("\n# %s.\n#", row->help);
		printf("%s=%s\n", row->name, row->fallback);
	}
	return 0;
}

int main(int argc, char **argv)
{
	char room[] = "/tmp/fulfil-conf.XXXXXX", cases[4096], top[2048];
	int status;

	if (argc > 1)
		return print_table(strcmp(argv[1], "example") == 0);
	/* Away from any .env of the tree. */
	if (getcwd(top, sizeof top) == NULL || mkdtemp(room) == NULL || chdir(room) != 0)
		return 1;
	snprintf(cases, sizeof cases, "%s/%s", top, __FILE__);
	status = unit_main(cases, run);
	return rmdir(room) == 0 ? status : 1;
}
