/* SPDX-License-Identifier: MIT
 *
 * ndjson: a scanner that finds where an object ends, fed by read(2).
 *   - outside objects: blanks are skipped; other text is bad up to its line's end
 *   - inside: depth and strings are followed, each byte looked at once
 *   - an end of line inside a string, or a '{' at the start of a line after
 *     text that cannot go on so, ends the object as bad
 *   - where it could go on so, the place is remembered: if the object turns
 *     out bad, reading starts again there, and nothing good is swallowed
 *   - what is left of a bad object of several lines is skipped up to a line
 *     that starts with '{', so that a part of it never passes for a record
 * Signals are blocked but in ppoll(2), so none is missed before a wait.
 */
#include "filter/ndjson.h"

#include "base/jtext.h"
#include "base/record.h"
#include "filter/log.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>

/* MARGIN: objects that start at the left margin inside others; more of them
 * than this are lines that were cut off, and each is looked at as often. */
enum { CHUNK = 1 << 16, MARGIN = 64 };
enum skip { SKIP_NOTHING, SKIP_LINE, SKIP_OBJECT };

static const char too_long[] = "the object is longer than 8 MiB";
static volatile sig_atomic_t stopping;
static sigset_t while_waiting;
static bool catching;
static struct buf out = BUF_INIT;
static int out_status;

static void on_signal(int sig)
{
	(void)sig;
	stopping = 1;
}

void ndjson_catch_signals(void)
{
	struct sigaction act = {.sa_handler = on_signal};
	sigset_t block;

	sigemptyset(&act.sa_mask);
	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGINT);
	sigprocmask(SIG_BLOCK, &block, &while_waiting);
	sigdelset(&while_waiting, SIGTERM);
	sigdelset(&while_waiting, SIGINT);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	catching = true;
}

int ndjson_stopping(void)
{
	sigset_t pending;

	if (!stopping && catching && sigpending(&pending) == 0 &&
	    (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1))
		stopping = 1;
	return stopping;
}

int ndjson_wait(int fd, int ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	struct timespec t = {ms / 1000, ms % 1000 * 1000000L};

	return ppoll(&p, 1, ms < 0 ? NULL : &t, catching ? &while_waiting : NULL) == 1;
}

void ndjson_say_typed(int fd, const char *what)
{
	if (isatty(fd) && isatty(STDERR_FILENO))
		log_say(LOG_INFO, "reading %s from the terminal; Ctrl-D ends", what);
}

void ndjson_flush(void)
{
	size_t done = 0;

	while (done < out.len && out_status == 0) {
		size_t n = out.len - done;
		const char *cut;
		ssize_t w;

		/* Whole lines of at most PIPE_BUF bytes stay whole in a shared pipe. */
		if (n > 4096 && (cut = memrchr(out.data + done, '\n', 4096)) != NULL)
			n = (size_t)(cut + 1 - out.data) - done;
		w = write(STDOUT_FILENO, out.data + done, n);
		if (w >= 0) {
			done += (size_t)w;
		} else if (errno == EPIPE) {
			signal(SIGPIPE, SIG_DFL);
			raise(SIGPIPE);
		} else if (errno != EINTR) {
			log_say(LOG_ERROR, "cannot write to standard output: %s", strerror(errno));
			out_status = EX_IOERR;
		}
	}
	buf_reset(&out);
}

void ndjson_put(const struct buf *line)
{
	buf_add(&out, line->data, line->len);
	if (out.len >= CHUNK)
		ndjson_flush();
}

void ndjson_put_record(struct buf *b)
{
	record_end(b);
	ndjson_put(b);
	buf_release(b);
}

int ndjson_status(void)
{
	return out_status;
}

int ndjson_close(int status)
{
	ndjson_flush();
	buf_release(&out);
	if (close(STDOUT_FILENO) != 0 && errno != EBADF && out_status == 0) {
		log_say(LOG_ERROR, "cannot write to standard output: %s", strerror(errno));
		out_status = EX_IOERR;
	}
	return err_worse(status, out_status);
}

struct reader {
	struct buf in;
	size_t at;        /* next byte to look at */
	size_t start;     /* of the object, if inside one */
	size_t again;     /* where to start again if it is bad, 0: nowhere */
	long line;        /* of in.data[at] */
	long start_line, again_line;
	int depth;        /* 0: outside */
	bool in_string, eof;
	char last;        /* last byte inside that is not blank; while skipping, the last */
	enum skip skip;   /* outside: up to the line's end, or to a '{' that starts a line */
	const struct ndjson_ops *ops;
	void *ctx;
	int status;
	bool over;        /* an error that concerns no single record */
};

static void bad(struct reader *r, long line, const char *why)
{
	log_say(LOG_ERROR, "line %ld: %s", line, why);
	r->status = err_worse(r->status, EX_DATAERR);
	if (r->ops->bad)
		r->ops->bad(r->ctx, line, why);
}

static bool concerns_all(const struct err *e)
{
	return e->code == ERR_AWAY || e->code == ERR_AGAIN || e->code == ERR_UNSURE ||
	       e->code == ERR_IO || e->code == ERR_CONFIG || e->code == ERR_SETUP ||
	       e->code == ERR_BUG;
}

static void call_flush(struct reader *r)
{
	struct err e = {0};

	if (!r->over && r->ops->flush && r->ops->flush(r->ctx, &e) != 0) {
		r->status = err_worse(r->status, log_err(&e));
		r->over = true;
	}
	ndjson_flush();
}

/* The object ends before in.data[end] and is broken; `then` says what to skip
 * from there. */
static void give_up(struct reader *r, size_t end, const char *why, enum skip then)
{
	bad(r, r->start_line, why);
	r->depth = 0;
	r->in_string = false;
	r->at = end;
	r->skip = then;
	r->last = '\0';
	if (r->again > r->start) {
		r->at = r->again;
		r->line = r->again_line;
		r->skip = SKIP_NOTHING;
	}
}

static void take(struct reader *r)
{
	struct ndjson_record rec = {r->in.data + r->start, r->at - r->start, r->start_line, NULL};
	struct err e = {0};

	if (rec.len > NDJSON_MOST) {
		give_up(r, r->at, too_long, SKIP_OBJECT);
		return;
	}
	if (jtext_parse(rec.text, rec.len, &rec.json, &e) != 0) {
		give_up(r, r->at, e.msg, SKIP_NOTHING);
		return;
	}
	r->depth = 0;
	if (r->ops->one(r->ctx, &rec, &e) != 0) {
		if (concerns_all(&e)) {
			r->status = err_worse(r->status, log_err(&e));
			r->over = true;
		} else {
			bad(r, rec.line, e.msg);
		}
	}
	json_decref(rec.json);
}

/* A new line inside an object, and '{' first on it: part of it, or the next? */
static bool starts_anew(struct reader *r)
{
	if (r->in.data[r->at] != '{')
		return false;
	if (strchr("[,:{", r->last) == NULL || r->depth > MARGIN)
		return true;
	if (r->again <= r->start) {
		r->again = r->at;
		r->again_line = r->line;
	}
	return false;
}

/* Looks at bytes inside an object; false if more input is needed. */
static bool scan_inside(struct reader *r)
{
	while (r->at < r->in.len) {
		char c = r->in.data[r->at];

		if (c == '\n') {
			if (r->in_string) {
				give_up(r, r->at, "a line ends inside a string",
					r->line > r->start_line ? SKIP_OBJECT : SKIP_NOTHING);
				return true;
			}
			if (r->at + 1 == r->in.len && !r->eof)
				return false;
			r->at++;
			r->line++;
			if (r->at < r->in.len && starts_anew(r)) {
				give_up(r, r->at, "the object does not end on its line",
					SKIP_NOTHING);
				return true;
			}
			continue;
		}
		if (r->in_string && c == '\\' && r->at + 1 == r->in.len)
			return false;
		r->at += r->in_string && c == '\\' && r->in.data[r->at + 1] != '\n' ? 2 : 1;
		if (c == '"')
			r->in_string = !r->in_string;
		else if (!r->in_string && (c == '{' || c == '['))
			r->depth++;
		else if (!r->in_string && (c == '}' || c == ']') && --r->depth == 0) {
			take(r);
			return true;
		}
		if (c != ' ' && c != '\t' && c != '\r')
			r->last = c;
	}
	return false;
}

/* Passes over what belongs to no object; false if more input is needed. */
static bool skip(struct reader *r)
{
	for (; r->at < r->in.len; r->at++) {
		char c = r->in.data[r->at];

		if (r->skip == SKIP_LINE ? c == '\n' : c == '{' && r->last == '\n') {
			r->skip = SKIP_NOTHING;
			return true;
		}
		r->line += c == '\n';
		r->last = c;
	}
	return false;
}

/* Looks at bytes between objects; false if more input is needed. */
static bool scan_outside(struct reader *r)
{
	while (r->at < r->in.len) {
		char c = r->in.data[r->at];

		if (c == '{' || c == '[') {
			r->start = r->at++;
			r->start_line = r->line;
			r->again = 0;
			r->depth = 1;
			r->last = c;
			return true;
		}
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			r->line += c == '\n';
			r->at++;
		} else if (r->line == 1 && r->in.len - r->at >= 3 &&
			   memcmp(r->in.data + r->at, "\xEF\xBB\xBF", 3) == 0) {
			r->at += 3;
		} else if (r->line == 1 && c == '\xEF' && r->in.len - r->at < 3 && !r->eof) {
			return false;
		} else {
			bad(r, r->line, "not a JSON object");
			r->skip = SKIP_LINE;
			return true;
		}
	}
	return false;
}

static void scan(struct reader *r)
{
	while (!r->over && (r->skip ? skip(r) : r->depth ? scan_inside(r) : scan_outside(r)))
		;
	if (r->depth && r->eof && !r->over) {
		give_up(r, r->in.len, "the input ends inside an object", SKIP_NOTHING);
		if (r->at < r->in.len)
			scan(r);
	} else if (r->depth && r->at - r->start > NDJSON_MOST) {
		give_up(r, r->at, too_long, SKIP_OBJECT);
	}
}

/* Drops what was dealt with, so that the buffer holds one object at most. */
static void compact(struct reader *r)
{
	size_t n = r->depth ? r->start : r->at;

	if (n == 0)
		return;
	buf_consume(&r->in, n);
	r->at -= n;
	r->start -= r->depth ? n : r->start;
	r->again = r->again > n ? r->again - n : 0;
}

static void fill(struct reader *r, int fd)
{
	ssize_t n;

	compact(r);
	n = read(fd, buf_reserve(&r->in, CHUNK), CHUNK);
	if (n > 0)
		r->in.len += (size_t)n;
	else if (n == 0)
		r->eof = true;
	else if (errno != EINTR && errno != EAGAIN) {
		log_say(LOG_ERROR, "cannot read standard input: %s", strerror(errno));
		r->status = err_worse(r->status, EX_IOERR);
		r->eof = true;
	}
}

int ndjson_each(int fd, const struct ndjson_ops *ops, void *ctx)
{
	struct reader r = {.in = BUF_INIT, .line = 1, .ops = ops, .ctx = ctx};

	ndjson_say_typed(fd, "records");
	signal(SIGPIPE, SIG_IGN);
	while (!r.eof && !r.over && out_status == 0) {
		if (!ndjson_wait(fd, 0)) {
			call_flush(&r);
			if (!r.over && !ndjson_stopping())
				ndjson_wait(fd, -1);
		}
		if (ndjson_stopping())
			break;
		if (!r.over)
			fill(&r, fd);
		scan(&r);
	}
	call_flush(&r);
	buf_release(&r.in);
	return r.status;
}
