/* SPDX-License-Identifier: MIT
 *
 * log: each message is one write(2), so lines of several processes that share
 * stderr stay whole.
 */
#include "filter/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/record.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const names[] = {"error", "warn", "info", "debug"};
static const char *program = "fulfil";
static enum log_level threshold = LOG_INFO;

void log_init(const char *name)
{
	program = name;
}

int log_set_level(const char *name, struct err *e)
{
	for (int i = LOG_ERROR; i <= LOG_DEBUG; i++)
		if (strcasecmp(name, names[i]) == 0) {
			threshold = (enum log_level)i;
			return 0;
		}
	return err_set(e, ERR_CONFIG, "LOG_LEVEL is \"%s\", not error, warn, info or debug", name);
}

/* A terminal must not obey escape sequences that came in with the data. */
static void add_printable(struct buf *b, const char *s)
{
	for (size_t steers; *s; s++) {
		steers = utf8_control(s, strlen(s));
		if ((unsigned char)*s >= 0x20 && *s != 0x7F && steers == 0)
			buf_add(b, s, 1);
		else
			for (size_t i = 0; i < (steers ? steers : 1); i++)
				buf_addf(b, "\\x%02x", (unsigned char)s[i]);
		s += steers ? steers - 1 : 0;
	}
}

void log_say(enum log_level level, const char *fmt, ...)
{
	char msg[1024], now[CLOCK_TEXT];
	struct buf b = BUF_INIT;
	va_list ap;

	if (level > threshold)
		return;
	va_start(ap, fmt);
	vsnprintf(msg, sizeof msg, fmt, ap);
	va_end(ap);
	if (isatty(STDERR_FILENO)) {
		buf_addf(&b, "%s: ", program);
		add_printable(&b, msg);
		buf_addstr(&b, "\n");
	} else {
		clock_now_text(now);
		record_open(&b, NULL, '{');
		record_text(&b, "time", now);
		record_text(&b, "level", names[level]);
		record_text(&b, "program", program);
		record_int(&b, "pid", getpid());
		record_text(&b, "msg", msg);
		record_end(&b);
	}
	if (write(STDERR_FILENO, b.data, b.len) < 0)
		threshold = LOG_ERROR; /* nobody listens; there is nowhere to say so */
	buf_release(&b);
}

int log_err(const struct err *e)
{
	log_say(LOG_ERROR, "%s", e->msg);
	return err_exit_status(e->code);
}

void log_die(const struct err *e)
{
	exit(log_err(e));
}
