/* SPDX-License-Identifier: MIT
 *
 * line: the parameters of the routes that a verb has become a table of options, so that
 * opt_parse reads them and --help shows them.
 */
#include "shell/line.h"

#include "base/words.h"
#include "base/xalloc.h"
#include "filter/opt.h"
#include "web/paging.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 50, HELP = 46, NAME = 40 };

/* The table, and where its rows point. */
struct table {
	const struct verb *verb, *other; /* with an id, and without, if both are there */
	const struct param *param[LINE_OPTIONS];
	const char *value[LINE_OPTIONS];
	char name[LINE_OPTIONS][NAME];
	char help[LINE_OPTIONS][HELP + 4];
	struct opt opt[LINE_OPTIONS + 3];
	int n;
	bool pages;
};

static bool is_paging(const struct param *p)
{
	return p == &paging_page || p == &paging_size || p == &paging_cursor;
}

static bool declares(const struct verb *v, const struct param *p)
{
	for (const struct param *const *q = verb_route(v)->params; q && *q; q++)
		if (*q == p)
			return true;
	return false;
}

/* The first sentence, or what of it fits. */
static void first_words(char room[HELP + 4], const char *s)
{
	size_t n = strcspn(s, ".");

	if (n <= HELP) {
		snprintf(room, HELP + 4, "%.*s", (int)n, s);
		return;
	}
	n = HELP;
	while (n > 0 && s[n] != ' ')
		n--;
	snprintf(room, HELP + 4, "%.*s...", (int)n, s);
}

static void add_param(struct table *t, const struct verb *v, const struct param *p)
{
	int i = t->n;

	if (is_paging(p)) {
		t->pages = true;
		return;
	}
	for (int k = 0; k < i; k++)
		if (t->param[k] == p)
			return;
	if (i == LINE_OPTIONS)
		return;
	t->param[i] = p;
	snprintf(t->name[i], NAME, "%s", p->name);
	for (char *s = t->name[i]; *s; s++)
		*s = *s == '_' ? '-' : *s;
	first_words(t->help[i], verb_explains(v, p->name));
	t->opt[i] = (struct opt){t->name[i], 0, OPT_TEXT, &t->value[i], "TEXT", t->help[i], 0, 0};
	if (p->kind == PARAM_CHOICE || p->kind == PARAM_BOOL) {
		t->opt[i].kind = OPT_CHOICE;
		t->opt[i].metavar = p->kind == PARAM_BOOL ? "true,false" : p->choices;
	} else if (p->kind != PARAM_TEXT) {
		t->opt[i].metavar = p->kind == PARAM_INT ? "N" : p->kind == PARAM_TIME ? "TIME"
								     : "IDS";
	}
	t->n++;
}

static void add_params(struct table *t, const struct verb *v)
{
	for (const struct param *const *p = verb_route(v)->params; p && *p; p++)
		add_param(t, v, *p);
}

/* What the verb does, and the members that it takes, in lines of at most 80 characters. */
static void explain(char *room, size_t size, const struct verb *v, const char *members)
{
	struct buf b = BUF_INIT;
	size_t column = 0;

	buf_addf(&b, "%s%s", verb_summary(v), *members ? "\n\nmembers:" : "");
	for (const char *s = members; *s; s += strcspn(s, ","), s += *s == ',') {
		size_t n = strcspn(s, ",");

		if (column == 0 || column + n > 76) {
			buf_addstr(&b, "\n ");
			column = 1;
		}
		buf_addf(&b, " %.*s%s", (int)n, s, s[n] ? "," : "");
		column += n + 2;
	}
	snprintf(room, size, "%s", b.data);
	buf_release(&b);
}

static struct opt_command describe(struct table *t, const char *name)
{
	static char synopsis[160], example[160], purpose[800];
	struct opt_command cmd = {name, synopsis, purpose, example, t->opt};
	struct buf members = BUF_INIT;
	const char *id = verb_has_id(t->verb) ? t->other ? "[ID ...] " : "ID ... " : "";

	verb_members(t->verb, &members);
	explain(purpose, sizeof purpose, t->verb, members.len ? members.data : "");
	snprintf(synopsis, sizeof synopsis, "[options] %s%s", id,
		 verb_has_body(t->verb) ? "NAME=VALUE ... | -" : *id ? "| -" : "");
	synopsis[strlen(synopsis) - (synopsis[strlen(synopsis) - 1] == ' ')] = '\0';
	if (members.len > 0)
		snprintf(example, sizeof example, "%s %s%.*s=…", name, *id ? "7 " : "",
			 (int)strcspn(members.data, ","), members.data);
	else
		snprintf(example, sizeof example, "%s%s", name,
			 *id ? strstr(t->verb->path, "{task_id}") ? " TASK_ID" : " 7" : "");
	buf_release(&members);
	return cmd;
}

void line_time(const char *word, char *room, size_t size)
{
	static const struct { char unit; long seconds; } units[] = {
		{'m', 60}, {'h', 3600}, {'d', 86400}};
	time_t t = time(NULL);
	struct tm tm;
	char *end;
	long n = strtol(word, &end, 10), known = 0;

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (end > word && n > 0 && n < 100000 && *end == units[i].unit && end[1] == '\0')
			known = n * units[i].seconds;
	if (strcmp(word, "today") == 0 || strcmp(word, "yesterday") == 0) {
		localtime_r(&t, &tm);
		tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
		tm.tm_mday -= *word == 'y';
		tm.tm_isdst = -1;
		t = mktime(&tm);
	} else if (known) {
		t -= known;
	} else {
		snprintf(room, size, "%s", word);
		return;
	}
	gmtime_r(&t, &tm);
	strftime(room, size, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static void add_query(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, "%s%s=", b->len ? "&" : "", name);
	for (const char *s = value; *s; s++)
		buf_addf(b, "%%%02X", (unsigned char)*s);
}

/* The options that were given, as a query, each held against its parameter. */
static void make_query(struct line *l, const struct table *t, const struct opt_command *cmd)
{
	char why[200], room[1200];

	for (int i = 0; i < t->n; i++) {
		const char *value = t->value[i];

		if (value == NULL)
			continue;
		if (!declares(l->verb, t->param[i]))
			opt_usage(cmd, "--%s does not go with %s", t->name[i],
				  l->n_ids || l->records ? "an id" : "no id");
		if (t->param[i]->kind == PARAM_TIME) {
			line_time(value, room, sizeof room);
			value = room;
		}
		param_check(t->param[i], value, why, sizeof why);
		if (*why)
			opt_usage(cmd, "--%s %s", t->name[i], why);
		add_query(&l->query, t->param[i]->name, value);
	}
}

json_t *line_value(const char *type, const char *text)
{
	json_t *v = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL), *list;
	char room[64];

	if (strcmp(type, "time") == 0 && strcmp(text, "null") != 0) {
		json_decref(v);
		line_time(text, room, sizeof room);
		return json_string(room);
	}
	if (strcmp(type, "string") == 0) {
		json_decref(v);
		return strcmp(text, "null") == 0 ? json_null() : json_string(text);
	}
	if (strcmp(type, "boolean") == 0 && v == NULL && words_has("yes,no", text))
		return json_boolean(*text == 'y');
	if (strcmp(type, "array") != 0 || json_is_array(v))
		return v;
	json_decref(v);
	list = json_array();
	for (const char *s = text; *s; s += strcspn(s, ","), s += *s == ',')
		json_array_append_new(list, json_stringn(s, strcspn(s, ",")));
	return list;
}

static void take_member(struct line *l, const char *word, const struct opt_command *cmd)
{
	char name[64];
	const char *type = NULL, *eq = strchr(word, '=');
	struct buf known = BUF_INIT;
	json_t *value;

	if ((size_t)(eq - word) < sizeof name) {
		snprintf(name, sizeof name, "%.*s", (int)(eq - word), word);
		type = verb_member(l->verb, name);
	}
	if (type == NULL) {
		verb_members(l->verb, &known);
		opt_usage(cmd, "there is no \"%.*s\" here, but %s", (int)(eq - word), word,
			  known.data);
	}
	value = line_value(type, eq + 1);
	if (value == NULL)
		opt_usage(cmd, "%s takes a value of the type %s, not \"%s\"", name, type, eq + 1);
	if (l->body == NULL)
		l->body = json_object();
	json_object_set_new(l->body, name, value);
}

/* Ids come to the front of `word`, members go into the body. */
static void take_operands(struct line *l, char **word, int n, const struct opt_command *cmd)
{
	l->ids = word;
	for (int i = 0; i < n; i++)
		if (strcmp(word[i], "-") == 0)
			l->records = true;
		else if (verb_has_body(l->verb) && strchr(word[i], '='))
			take_member(l, word[i], cmd);
		else
			l->ids[l->n_ids++] = word[i];
}

static void check(const struct line *l, const struct opt_command *cmd)
{
	bool wants = verb_has_id(l->verb), body = verb_has_body(l->verb);

	if (l->records && (l->n_ids > 0 || l->body))
		opt_usage(cmd, "- takes all from standard input, so nothing goes with it");
	if (l->records && !wants && !body)
		opt_usage(cmd, "it takes no records");
	if (!wants && l->n_ids > 0)
		opt_usage(cmd, "it takes no id, such as \"%s\"", l->ids[0]);
	if (wants && l->n_ids == 0 && !l->records)
		opt_usage(cmd, "it needs an id");
	if (body && l->body == NULL && !l->records)
		opt_usage(cmd, "it needs NAME=VALUE");
}

void line_read(struct line *l, int argc, char **argv)
{
	struct table *t = xalloc_zero(1, sizeof *t);
	struct opt_command cmd;
	static char name[100];
	bool typed = isatty(STDOUT_FILENO);
	int first;

	*l = (struct line){.query = BUF_INIT, .limit = -1};
	t->verb = verb_find(argv[1], argv[2], true);
	t->other = verb_find(argv[1], argv[2], false);
	t->other = t->other == t->verb ? NULL : t->other;
	add_params(t, t->verb);
	if (t->other)
		add_params(t, t->other);
	first = t->n;
	t->opt[first++] = (struct opt){"format", 'f', OPT_CHOICE, &l->format, "table,ndjson",
				       "for people or for programs", 0, 0};
	if (t->pages)
		t->opt[first] = (struct opt){"limit", 'n', OPT_INT, &l->limit, "N",
					     "as many rows at most; 0: all", 0, 1000000000};
	snprintf(name, sizeof name, "fulfil %s %s", argv[1], argv[2]);
	cmd = describe(t, name);
	first = opt_parse(&cmd, argc - 2, argv + 2) + 2;
	if (l->format == NULL)
		l->format = typed ? "table" : "ndjson";
	if (l->limit < 0)
		l->limit = typed ? AT_ONCE : 0;
	l->verb = t->verb;
	take_operands(l, argv + first, argc - first, &cmd);
	if (t->other && l->n_ids == 0 && !l->records)
		l->verb = t->other;
	check(l, &cmd);
	make_query(l, t, &cmd);
	free(t);
}

void line_release(struct line *l)
{
	buf_release(&l->query);
	json_decref(l->body);
}
