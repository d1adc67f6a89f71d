/* SPDX-License-Identifier: MIT
 *
 * top: asks the API's routes every few seconds and after each key, makes the whole screen in a
 * buffer and writes it at once. The terminal is in raw mode on its other screen until the end.
 */
#include "shell/top.h"

#include "base/utf8.h"
#include "filter/log.h"
#include "filter/ndjson.h"
#include "filter/opt.h"
#include "shell/ask.h"
#include "shell/show.h"
#include "shell/verb.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { HEAD = 6, FOOT = 2, ROWS = 200, LEAST_ROWS = 12 };

static const struct view {
	char key;
	const char *name, *noun, *verb, *query, *list; /* list: its name in the answer */
} views[] = {
	{'1', "newest", "orders", "list", "", "orders"},
	{'2', "failed", "orders", "list", "&status=failed", "orders"},
	{'3', "pending", "orders", "list", "&status=pending", "orders"},
	{'4', "stock", "stock", "alerts", "", "alerts"},
	{'5', "log", "logs", "list", "", "sync_logs"}};

struct top {
	struct ask *ask;
	const struct view *view;
	json_t *health, *metrics, *rows; /* owned; NULL: not known */
	int at, first;			 /* the row that is chosen, and the first one shown */
	char said[200];			 /* of the last key or error */
	char sure;			 /* a key that waits for y */
	struct buf answer, screen;
};

static long seconds = 2;

static const struct opt options[] = {
	{"seconds", 's', OPT_INT, &seconds, "N", "how often it looks", 1, 3600},
	{0}};

static const struct opt_command cmd = {
	"fulfil top", "[options]", "Shows how things are, at a terminal, until q.", "fulfil top",
	options};

/* --- what is asked */

/* The answer of a GET, which the caller owns; NULL after an error, which is said. */
static json_t *get(struct top *t, const char *path, const char *query)
{
	struct ask_request r = {"GET", path, query, NULL};
	struct err e = {0};

	if (ask_route(t->ask, &r, &t->answer, &e) == 0)
		return json_loadb(t->answer.data, t->answer.len, 0, NULL);
	utf8_show(t->said, sizeof t->said, e.msg, strlen(e.msg));
	return NULL;
}

static void look(struct top *t)
{
	char query[64];
	json_t *list;

	json_decref(t->health);
	json_decref(t->metrics);
	json_decref(t->rows);
	t->health = get(t, "/api/health", "");
	t->metrics = get(t, "/api/metrics", "");
	snprintf(query, sizeof query, "page_size=%d%s", ROWS, t->view->query);
	list = get(t, verb_find(t->view->noun, t->view->verb, false)->path, query);
	t->rows = json_incref(json_object_get(list, t->view->list));
	json_decref(list);
}

/* The id of the row that is chosen. */
static json_int_t chosen(const struct top *t)
{
	return json_integer_value(
		json_object_get(json_array_get(t->rows, (size_t)t->at), "id"));
}

static void act(struct top *t, const char *verb)
{
	json_int_t id = chosen(t);
	char path[64];
	struct ask_request r = {"POST", path, "", NULL};
	struct err e = {0};

	snprintf(path, sizeof path, "/api/orders/%" JSON_INTEGER_FORMAT "/%s", id, verb);
	if (ask_route(t->ask, &r, &t->answer, &e) == 0)
		snprintf(t->said, sizeof t->said, "order %" JSON_INTEGER_FORMAT ": %s", id, verb);
	else
		utf8_show(t->said, sizeof t->said, e.msg, strlen(e.msg));
}

/* --- the screen */

static void number(struct top *t, const char *label, const char *part, const char *name)
{
	json_t *v = json_object_get(part ? json_object_get(t->metrics, part) : t->metrics, name);

	if (json_is_integer(v))
		buf_addf(&t->screen, "%s %" JSON_INTEGER_FORMAT "  ", label,
			 json_integer_value(v));
	else if (json_is_real(v))
		buf_addf(&t->screen, "%s %.1f  ", label, json_real_value(v));
	else
		buf_addf(&t->screen, "%s -  ", label);
}

static void new_line(struct top *t)
{
	buf_addstr(&t->screen, "\033[K\r\n");
}

static void put_head(struct top *t)
{
	const char *status = json_string_value(json_object_get(t->health, "status")), *name;
	json_t *part;
	char now[32];
	time_t s = time(NULL);
	struct tm tm;

	strftime(now, sizeof now, "%Y-%m-%d %H:%M:%S", gmtime_r(&s, &tm));
	buf_addf(&t->screen, "\033[1mfulfil top\033[0m  %s UTC  %s", now,
		 status ? status : "unknown");
	json_object_foreach(t->health, name, part) {
		const char *is = json_string_value(json_object_get(part, "status"));

		if (is && strcmp(is, "up") != 0 && strcmp(is, "idle") != 0)
			buf_addf(&t->screen, "; %s %s", name, is);
	}
	new_line(t);
	number(t, "orders pending", NULL, "pending_orders");
	number(t, "retrying", NULL, "retrying_orders");
	number(t, "completed", NULL, "completed_orders");
	number(t, "failed", NULL, "failed_orders");
	number(t, "cancelled", NULL, "cancelled_orders");
	new_line(t);
	number(t, "last hour", NULL, "orders_last_hour");
	number(t, "mean ms", NULL, "avg_processing_time_ms");
	number(t, "success", NULL, "success_rate");
	number(t, "quarantined", NULL, "quarantined");
	number(t, "alarms", NULL, "intake_alarms");
	new_line(t);
	number(t, "due", "queue", "due");
	number(t, "oldest s", "queue", "oldest_due_seconds");
	number(t, "workers", "workers", "count");
	number(t, "busy", "workers", "busy");
	number(t, "low", "products", "low");
	number(t, "out", "products", "out");
	number(t, "deliveries due", "deliveries", "due");
	new_line(t);
	for (size_t i = 0; i < sizeof views / sizeof *views; i++)
		buf_addf(&t->screen, "%s%c %s\033[0m  ", &views[i] == t->view ? "\033[7m" : "",
			 views[i].key, views[i].name);
	new_line(t);
}

/* The rows from t->first on, as many as there is place for, the chosen one inverted. */
static void put_rows(struct top *t, int place, size_t width)
{
	struct buf table = BUF_INIT;
	int n = (int)json_array_size(t->rows), line = -1;

	t->at = t->at >= n ? n - 1 : t->at;
	t->at = t->at < 0 ? 0 : t->at;
	t->first = t->at < t->first ? t->at
		   : t->at >= t->first + place ? t->at - place + 1 : t->first;
	if (n > 0)
		show_table(&table, t->rows,
			   verb_find(t->view->noun, t->view->verb, false)->columns, width - 1);
	for (const char *s = n ? table.data : ""; *s; s += strcspn(s, "\n") + 1, line++) {
		if (line >= 0 && (line < t->first || line >= t->first + place))
			continue;
		buf_addf(&t->screen, "%s%.*s\033[0m",
			 line < 0 ? "\033[1m" : line == t->at ? "\033[7m" : "",
			 (int)strcspn(s, "\n"), s);
		new_line(t);
	}
	if (n == 0) {
		buf_addstr(&t->screen, t->rows ? "nothing to list" : "not known");
		new_line(t);
	}
	buf_release(&table);
}

static void draw(struct top *t)
{
	struct winsize w = {0};
	int rows = 24;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_row >= LEAST_ROWS)
		rows = w.ws_row;
	buf_reset(&t->screen);
	buf_addstr(&t->screen, "\033[H");
	put_head(t);
	put_rows(t, rows - HEAD - FOOT, show_width());
	buf_addf(&t->screen, "\033[J\033[%d;1H%.*s\033[K", rows - 1, (int)show_width() - 1,
		 t->said);
	buf_addf(&t->screen, "\033[%d;1H\033[2m1-5 lists  j k move  r retry  c cancel  q quit"
		 "\033[0m\033[K", rows);
	ndjson_put(&t->screen);
	ndjson_flush();
}

/* --- keys */

static bool has_orders(const struct view *v)
{
	return strcmp(v->noun, "orders") == 0;
}

/* Returns false for the end. */
static bool press(struct top *t, char key)
{
	char was = t->sure;

	t->sure = '\0';
	t->said[0] = '\0';
	if (key == 'q' || key == 3 || key == 4)
		return false;
	for (size_t i = 0; i < sizeof views / sizeof *views; i++)
		if (views[i].key == key) {
			t->view = &views[i];
			t->at = t->first = 0;
			look(t); /* further keys are for its rows */
		}
	if ((key == 'j' || key == 'B') && t->at + 1 < (int)json_array_size(t->rows))
		t->at++;
	if ((key == 'k' || key == 'A') && t->at > 0)
		t->at--;
	if (was == 'c' && key == 'y')
		act(t, "cancel");
	if ((key != 'r' && key != 'c') || json_array_size(t->rows) == 0)
		return true;
	if (!has_orders(t->view))
		snprintf(t->said, sizeof t->said, "only orders can be started again or cancelled");
	else if (key == 'r')
		act(t, "retry");
	else
		snprintf(t->said, sizeof t->said,
			 "cancel order %" JSON_INTEGER_FORMAT "? y does it", chosen(t));
	t->sure = has_orders(t->view) && key == 'c' ? 'c' : '\0';
	return true;
}

/* Until a key ends it, a signal, or the terminal. Arrows come as ESC [ A. */
static void live(struct top *t)
{
	char key[64];
	ssize_t n;

	for (bool more = true; more && !ndjson_stopping() && ndjson_status() == 0;) {
		look(t);
		draw(t);
		if (ndjson_wait(STDIN_FILENO, (int)seconds * 1000) != 1)
			continue;
		n = read(STDIN_FILENO, key, sizeof key);
		more = n > 0;
		for (ssize_t i = 0; more && i < n; i++)
			if (key[i] != '\033' && key[i] != '[')
				more = press(t, key[i]);
	}
}

int top_run(int argc, char **argv)
{
	struct top t = {.view = views};
	struct termios before, raw;
	struct err e = {0};
	int status = EX_OK;

	if (opt_parse(&cmd, argc - 1, argv + 1) + 1 < argc)
		opt_usage(&cmd, "it takes no operand");
	if (!isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before) != 0)
		opt_usage(&cmd, "it is for a terminal; fulfil stat --watch 2 is for a pipe");
	log_init("fulfil");
	if (ask_open(&t.ask, &e) != 0) {
		status = log_err(&e);
	} else {
		ndjson_catch_signals();
		raw = before;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
		buf_addstr(&t.screen, "\033[?1049h\033[?25l\033[2J");
		ndjson_put(&t.screen);
		live(&t);
		buf_reset(&t.screen);
		buf_addstr(&t.screen, "\033[?25h\033[?1049l");
		ndjson_put(&t.screen);
		ndjson_flush();
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	}
	json_decref(t.health);
	json_decref(t.metrics);
	json_decref(t.rows);
	buf_release(&t.answer);
	buf_release(&t.screen);
	ask_close(t.ask);
	return ndjson_close(status);
}
