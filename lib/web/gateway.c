/* SPDX-License-Identifier: MIT
 *
 * gateway: accept, serve, finish. Which of the two protocols it is shows in
 * file descriptor 0: a listening socket means FastCGI.
 */
#include "web/gateway.h"

#include "base/clock.h"
#include "filter/log.h"
#include "web/patience.h"

#include <errno.h>
#include <fcgiapp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#define BODY_SECONDS 5
#define IDLE_SECONDS 20
#define WORD_(n) #n
#define WORD(n) WORD_(n)
enum {
	RATE = 1024, /* bytes a second, once SLOW_MS were spent waiting */
	SLOW_MS = 60000,
	CHUNK = 1 << 16
};

struct gateway {
	FCGX_Request *fcgi;    /* NULL: plain CGI, or a call */
	const struct gateway_call *call;
	size_t given;          /* of the body of a call */
	struct patience patience;
	bool body_read;        /* to its end */
	bool gone;             /* the client has */
};

static volatile sig_atomic_t terminated;

static void on_term(int sig)
{
	(void)sig;
	terminated = 1;
}

bool gateway_is_plain(void)
{
	return FCGX_IsCGI();
}

static const char *call_var(const struct gateway_call *call, const char *name)
{
	static char length[24];

	snprintf(length, sizeof length, "%zu", call->body ? strlen(call->body) : 0);
	return strcmp(name, "REQUEST_METHOD") == 0 ? call->method
	       : strcmp(name, "PATH_INFO") == 0 ? call->path
	       : strcmp(name, "QUERY_STRING") == 0 ? call->query
	       : strcmp(name, "CONTENT_LENGTH") == 0 ? length
	       : strcmp(name, "CONTENT_TYPE") == 0 && call->body ? "application/json" : "";
}

const char *gateway_var(const struct gateway *g, const char *name)
{
	if (g->call)
		return call_var(g->call, name);

	const char *v = g->fcgi ? FCGX_GetParam(name, g->fcgi->envp) : getenv(name);

	return v ? v : "";
}

static size_t read_call(struct gateway *g, char *to, size_t n)
{
	size_t rest = strlen(g->call->body) - g->given;

	n = n < rest ? n : rest;
	memcpy(to, g->call->body + g->given, n);
	g->given += n;
	return n;
}

static size_t read_fcgi(struct gateway *g, char *to, size_t n)
{
	FCGX_Stream *in = g->fcgi->in;
	int left, k = FCGX_GetChar(in); /* waits; what came with it does not */

	if (k == EOF)
		return 0;
	*to = (char)k;
	left = (int)(in->stop - in->rdNext);
	return (size_t)FCGX_GetStr(to + 1, left < (int)n - 1 ? left : (int)n - 1, in) + 1;
}

static size_t read_plain(struct gateway *g, char *to, size_t n, int64_t deadline)
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	int64_t left = deadline - clock_ms();
	ssize_t got;

	if (left <= 0 || poll(&p, 1, (int)left) == 0) {
		g->patience.end = PATIENCE_LATE;
		return 0;
	}
	got = read(STDIN_FILENO, to, n);
	return got > 0 ? (size_t)got : 0;
}

/* Bytes read; 0 at the end, or once g->patience is. */
static size_t read_some(struct gateway *g, char *to, size_t n, int64_t deadline)
{
	struct patience *p = &g->patience;
	int64_t began = clock_ms();
	size_t got;

	if (g->call) {
		got = read_call(g, to, n);
	} else if (g->fcgi) {
		patience_begin(p, deadline);
		got = read_fcgi(g, to, n);
		patience_stop();
	} else {
		got = read_plain(g, to, n, deadline);
	}
	p->waited += clock_ms() - began;
	p->taken += (int64_t)got;
	return got;
}

/* Why nothing came; `late` is said where the time was over. */
static int explain_end(const struct gateway *g, int64_t want, const char *late, struct err *e)
{
	if (g->patience.end == PATIENCE_LATE)
		return err_set(e, ERR_TIMEOUT, "%s", late);
	if (g->patience.end == PATIENCE_WAY)
		return err_set(e, ERR_TIMEOUT, "the body comes too slowly while others wait: less "
			       "than %d KiB a second", PATIENCE_RATE / 1024);
	return err_set(e, ERR_DATA, "the body ends after %lld of %lld bytes",
		       (long long)g->patience.taken, (long long)want);
}

static int body_length(const struct gateway *g, size_t most, size_t *len, struct err *e)
{
	const char *s = gateway_var(g, "CONTENT_LENGTH");
	size_t n = strlen(s);

	*len = 0;
	if (n == 0)
		return err_set(e, ERR_LENGTH, "the request needs a Content-Length");
	if (strspn(s, "0123456789") != n)
		return err_set(e, ERR_DATA, "Content-Length is not a number");
	s += strspn(s, "0");
	if (strlen(s) > 18 || strtoull(s, NULL, 10) > most)
		return err_set(e, ERR_LARGE, "the body is longer than %zu bytes", most);
	*len = strtoull(s, NULL, 10);
	return 0;
}

int gateway_body(struct gateway *g, size_t most, struct buf *body, struct err *e)
{
	int64_t deadline = clock_ms() + BODY_SECONDS * 1000;
	size_t want;

	if (body_length(g, most, &want, e) != 0)
		return -1;
	buf_reset(body);
	buf_reserve(body, want < CHUNK ? want : CHUNK);
	while (body->len < want) {
		size_t n = want - body->len < CHUNK ? want - body->len : CHUNK;

		n = read_some(g, buf_reserve(body, n), n, deadline);
		if (n == 0)
			return explain_end(g, (int64_t)want, "the body took longer than "
					   WORD(BODY_SECONDS) " s", e);
		body->len += n;
	}
	body->data[body->len] = '\0';
	g->body_read = true;
	return 0;
}

int gateway_length(const struct gateway *g, int64_t *len, struct err *e)
{
	size_t n;
	int rc = body_length(g, SIZE_MAX, &n, e);

	*len = (int64_t)n;
	return rc;
}

/* A time limit on all but the body, which has its own: 0 is any. */
static void limit_reads(struct gateway *g, int seconds)
{
	struct timeval limit = {seconds, 0};

	if (setsockopt(g->fcgi->ipcFd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0)
		log_say(LOG_WARN, "no time limit on the request: %s", strerror(errno));
}

int gateway_read(struct gateway *g, void *to, size_t n, size_t *got, struct err *e)
{
	struct patience *p = &g->patience;
	int64_t want;

	*got = 0;
	if (gateway_length(g, &want, e) != 0)
		return -1;
	if (p->taken == want) {
		g->body_read = true;
		return 0;
	}
	n = (int64_t)n < want - p->taken ? n : (size_t)(want - p->taken);
	*got = read_some(g, to, n, clock_ms() + IDLE_SECONDS * 1000);
	if (*got == 0)
		return explain_end(g, want, "nothing of the body came for "
				   WORD(IDLE_SECONDS) " s", e);
	if (p->waited > SLOW_MS && p->taken < p->waited / 1000 * RATE)
		return err_set(e, ERR_TIMEOUT,
			       "the body comes too slowly: less than %d bytes a second", RATE);
	return 0;
}

bool gateway_gone(struct gateway *g)
{
	/* Not by reading: what libfcgi has not read yet is still there. */
	struct pollfd p = {.events = POLLRDHUP};

	if (g->fcgi && !g->gone) {
		p.fd = g->fcgi->ipcFd;
		g->gone = poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP));
	}
	return g->gone;
}

bool gateway_write(struct gateway *g, const char *p, size_t n)
{
	if (g->call) {
		g->gone |= n > 0 && !g->call->write(g->call->to, p, n);
		return !g->gone;
	}
	while (n > 0) {
		ssize_t w;

		if (g->fcgi) {
			g->gone |= FCGX_PutStr(p, (int)n, g->fcgi->out) < 0;
			return !g->gone;
		}
		w = write(STDOUT_FILENO, p, n);
		g->gone |= w < 0 && errno != EINTR;
		if (g->gone)
			return false; /* nothing to tell it */
		p += w > 0 ? w : 0;
		n -= w > 0 ? (size_t)w : 0;
	}
	return !g->gone;
}

static void catch_signals(void)
{
	struct sigaction act = {.sa_handler = on_term}; /* no SA_RESTART: accept ends */

	sigemptyset(&act.sa_mask);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGQUIT, &act, NULL); /* what Debian 12's multiwatch sends for -s TERM */
	signal(SIGPIPE, SIG_IGN);
}

static bool serve(struct gateway *g, gateway_fn *fn, void *ctx)
{
	const char *length = gateway_var(g, "CONTENT_LENGTH");

	patience_start(&g->patience, g->fcgi ? g->fcgi->ipcFd : -1, STDIN_FILENO);
	g->body_read = strspn(length, "0") == strlen(length);
	g->gone = false;
	return fn(ctx, g);
}

bool gateway_call(gateway_fn *fn, void *ctx, const struct gateway_call *call)
{
	struct gateway g = {.call = call};

	return serve(&g, fn, ctx);
}

int gateway_serve(gateway_fn *fn, void (*after)(void *ctx), void *ctx)
{
	struct gateway g = {0};
	FCGX_Request request;
	bool whole;

	if (gateway_is_plain()) {
		signal(SIGPIPE, SIG_IGN);
		return serve(&g, fn, ctx) ? 0 : EX_TEMPFAIL;
	}
	if (FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, FCGI_FAIL_ACCEPT_ON_INTR) != 0) {
		log_say(LOG_ERROR, "cannot listen for FastCGI requests");
		return EX_OSERR;
	}
	catch_signals();
	g.fcgi = &request;
	while (!terminated) {
		if (FCGX_Accept_r(&request) != 0)
			break; /* a signal, libfcgi's own SIGUSR1 too, or no socket any more */
		limit_reads(&g, 0);
		whole = serve(&g, fn, ctx);
		limit_reads(&g, BODY_SECONDS);
		/* libfcgi waits for the server to hang up, lest unread input cost
		 * the answer; where all was read there is nothing to wait for. */
		if (!whole || (g.body_read && FCGX_GetChar(request.in) == EOF))
			FCGX_Detach(&request);
		if (whole)
			FCGX_Finish_r(&request);
		else
			/* hangs up without the record that ends an answer */
			FCGX_Free(&request, 1);
		if (after)
			after(ctx);
	}
	FCGX_Free(&request, 1);
	return 0;
}
