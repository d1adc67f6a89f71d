/* SPDX-License-Identifier: MIT
 *
 * cgi: accept, route, check who asks, check the parameters, handle, answer.
 * Invariants: nothing is sent before the handler is done or flushes; every variable of
 * a FastCGI request comes from its own parameters, never from the process's
 * environment, which may be that of whoever started the pool.
 */
#include "cgi.h"

#include "clock.h"
#include "jtext.h"
#include "log.h"
#include "session.h"
#include "xalloc.h"

#include <ctype.h>
#include <errno.h>
#include <fcgiapp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum {
	MOST_PARAMS = 32,
	BODY_SECONDS = 5,
	IDLE_SECONDS = 20,
	RATE = 1024, /* bytes a second, once SLOW_MS were spent waiting */
	SLOW_MS = 60000,
	MOST_JSON = 1 << 20,
	CHUNK = 1 << 16,
	UUID = 36
};

struct cgi {
	const struct cgi_app *app;
	const struct conf *conf;
	FCGX_Request *fcgi; /* NULL: plain CGI */
	const struct cgi_route *route;
	struct buf path, query, body, out, headers, faults;
	int64_t id;
	char task[UUID + 1];
	int64_t taken, waited; /* by cgi_read: bytes and milliseconds */
	const char *param[MOST_PARAMS]; /* by place in route->params; into query */
	json_t *json;
	const char *type;
	int status;
	bool body_read; /* to its end */
	bool flushed, gone; /* the head is on its way; the client has gone */
};

static volatile sig_atomic_t terminated;

static void on_term(int sig)
{
	(void)sig;
	terminated = 1;
}

void *cgi_ctx(const struct cgi *c)
{
	return c->app->ctx;
}

const char *cgi_path(const struct cgi *c)
{
	return c->path.data;
}

const char *cgi_var(const struct cgi *c, const char *name)
{
	const char *v = c->fcgi ? FCGX_GetParam(name, c->fcgi->envp) : getenv(name);

	return v ? v : "";
}

const char *cgi_method(const struct cgi *c)
{
	return cgi_var(c, "REQUEST_METHOD");
}

int64_t cgi_id(const struct cgi *c)
{
	return c->id;
}

const char *cgi_task(const struct cgi *c)
{
	return c->task;
}

struct buf *cgi_out(struct cgi *c)
{
	return &c->out;
}

void cgi_status(struct cgi *c, int status)
{
	c->status = status;
}

void cgi_type(struct cgi *c, const char *content_type)
{
	c->type = content_type;
}

void cgi_header(struct cgi *c, const char *name, const char *value)
{
	for (const char *s = value; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7F)
			return;
	buf_addf(&c->headers, "%s: %s\r\n", name, value);
}

int cgi_fault(struct cgi *c, const char *kind, const char *name, const char *detail, struct err *e)
{
	buf_addf(&c->faults, "%s{\"%s\":", c->faults.len ? "," : "", kind);
	jtext_add(&c->faults, name);
	buf_addstr(&c->faults, ",\"detail\":");
	jtext_add(&c->faults, detail);
	buf_addstr(&c->faults, "}");
	return err_set(e, ERR_DATA, "%s %s", *name ? name : "the body", detail);
}

/* --- reading the body --- */

/* Bytes read, 0 at the end or on time out (then *late is set). */
static size_t read_some(struct cgi *c, char *to, size_t n, int64_t deadline, bool *late)
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	int64_t left = deadline - clock_ms();
	ssize_t got;
	int k;

	*late = left <= 0;
	if (*late)
		return 0;
	if (c->fcgi) {
		FCGX_Stream *in = c->fcgi->in;

		k = FCGX_GetChar(in); /* waits; what came with it does not */
		*late = k == EOF && FCGX_GetError(in) == EAGAIN;
		if (k == EOF)
			return 0;
		*to = (char)k;
		left = in->stop - in->rdNext;
		k = FCGX_GetStr(to + 1, (int)(left < (int64_t)n - 1 ? left : (int64_t)n - 1), in);
		return (size_t)k + 1;
	}
	if (poll(&p, 1, (int)left) == 0) {
		*late = true;
		return 0;
	}
	got = read(STDIN_FILENO, to, n);
	return got > 0 ? (size_t)got : 0;
}

static int body_length(const struct cgi *c, size_t most, size_t *len, struct err *e)
{
	const char *s = cgi_var(c, "CONTENT_LENGTH");
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

int cgi_body(struct cgi *c, size_t most, const char **body, size_t *len, struct err *e)
{
	int64_t deadline = clock_ms() + BODY_SECONDS * 1000;
	size_t want;
	bool late = false;

	if (body_length(c, most, &want, e) != 0)
		return -1;
	buf_reset(&c->body);
	buf_reserve(&c->body, want < CHUNK ? want : CHUNK);
	while (c->body.len < want) {
		size_t n = want - c->body.len < CHUNK ? want - c->body.len : CHUNK;

		n = read_some(c, buf_reserve(&c->body, n), n, deadline, &late);
		if (n == 0)
			return late ? err_set(e, ERR_TIMEOUT, "the body took longer than %d s",
					      BODY_SECONDS)
				    : err_set(e, ERR_DATA, "the body ends after %zu of %zu bytes",
					      c->body.len, want);
		c->body.len += n;
	}
	c->body.data[c->body.len] = '\0';
	c->body_read = true;
	*body = c->body.data;
	*len = c->body.len;
	return 0;
}

int cgi_length(const struct cgi *c, int64_t *len, struct err *e)
{
	size_t n;
	int rc = body_length(c, SIZE_MAX, &n, e);

	*len = (int64_t)n;
	return rc;
}

/* What a stream may take in between: FastCGI's socket has a time limit of its own. */
static void be_patient(struct cgi *c, int seconds)
{
	struct timeval patience = {seconds, 0};

	if (c->fcgi &&
	    setsockopt(c->fcgi->ipcFd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
		log_say(LOG_WARN, "no time limit on the request: %s", strerror(errno));
}

int cgi_read(struct cgi *c, void *to, size_t n, size_t *got, struct err *e)
{
	int64_t want, started = clock_ms();
	bool late;

	*got = 0;
	if (cgi_length(c, &want, e) != 0)
		return -1;
	if (c->taken == want) {
		c->body_read = true;
		return 0;
	}
	if (c->taken == 0)
		be_patient(c, IDLE_SECONDS);
	n = (int64_t)n < want - c->taken ? n : (size_t)(want - c->taken);
	*got = read_some(c, to, n, started + IDLE_SECONDS * 1000, &late);
	c->taken += (int64_t)*got;
	c->waited += clock_ms() - started;
	if (late)
		return err_set(e, ERR_TIMEOUT, "nothing of the body came for %d s", IDLE_SECONDS);
	if (*got == 0)
		return err_set(e, ERR_DATA, "the body ends after %lld of %lld bytes", (long long)c->taken,
			       (long long)want);
	if (c->waited > SLOW_MS && c->taken < c->waited / 1000 * RATE)
		return err_set(e, ERR_TIMEOUT, "the body comes too slowly: less than %d bytes a second",
			       RATE);
	return 0;
}

int cgi_json(struct cgi *c, json_t **body, struct err *e)
{
	return cgi_json_within(c, MOST_JSON, body, e);
}

int cgi_json_within(struct cgi *c, size_t most, json_t **body, struct err *e)
{
	const char *type = cgi_var(c, "CONTENT_TYPE"), *text;
	size_t n = strcspn(type, "; "), len;

	if (n > 0 && (n != 16 || strncasecmp(type, "application/json", 16) != 0))
		return err_set(e, ERR_MEDIA, "the body must be application/json");
	if (cgi_body(c, most, &text, &len, e) != 0 || jtext_parse(text, len, &c->json, e) != 0)
		return -1;
	if (!json_is_object(c->json))
		return err_set(e, ERR_DATA, "the body is not a JSON object");
	*body = c->json;
	return 0;
}

/* --- routing --- */

/* How long the UUID is that `s` starts with; 0: none. */
static size_t uuid_length(const char *s)
{
	for (size_t i = 0; i < UUID; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? s[i] != '-'
							    : !isxdigit((unsigned char)s[i]))
			return 0;
	return UUID;
}

/* True if the path fits `pattern`, whose {id} takes a number and {task_id} a UUID. */
static bool matches(struct cgi *c, const char *pattern)
{
	const char *path = c->path.data, *brace = strchr(pattern, '{');
	size_t head = brace ? (size_t)(brace - pattern) : strlen(pattern), n;

	c->id = 0;
	c->task[0] = '\0';
	if (strncmp(pattern, path, head) != 0)
		return false;
	if (brace == NULL)
		return path[head] == '\0';
	path += head;
	n = brace[1] == 't' ? uuid_length(path) : strspn(path, "0123456789");
	if (n == 0 || strcmp(path + n, strchr(brace, '}') + 1) != 0)
		return false;
	if (brace[1] == 't') {
		memcpy(c->task, path, n);
		c->task[n] = '\0';
		return true;
	}
	c->id = n <= 18 ? strtoll(path, NULL, 10) : 0;
	return c->id > 0;
}

/* The path from the last place where the program's prefix stands on, since
 * servers differ in what they cut off: /cgi-bin/api/orders is /api/orders. */
static void find_path(struct cgi *c)
{
	const char *prefix = c->app->prefix, *at = NULL;
	size_t n = strlen(prefix);

	buf_addstr(&c->path, cgi_var(c, "SCRIPT_NAME"));
	buf_addstr(&c->path, cgi_var(c, "PATH_INFO"));
	for (const char *s = c->path.data; (s = strstr(s, prefix)) != NULL; s += n)
		if (s[n] == '\0' || s[n] == '/')
			at = s;
	if (at)
		buf_consume(&c->path, (size_t)(at - c->path.data));
}

static bool method_fits(const char *method, const char *asked)
{
	return strcmp(method, asked) == 0 ||
	       (strcmp(method, "GET") == 0 && strcmp(asked, "HEAD") == 0);
}

static int find_route(struct cgi *c, struct err *e)
{
	struct buf allow = BUF_INIT;

	for (const struct cgi_route *r = c->app->routes; r->method; r++) {
		if (!matches(c, r->path))
			continue;
		if (method_fits(r->method, cgi_method(c))) {
			c->route = r;
			buf_release(&allow);
			return 0;
		}
		buf_addf(&allow, "%s%s", allow.len ? ", " : "", r->method);
	}
	if (allow.len == 0)
		return err_set(e, ERR_NOTFOUND, "there is nothing at this path");
	cgi_header(c, "Allow", allow.data);
	buf_release(&allow);
	return err_set(e, ERR_METHOD, "this path does not answer that method");
}

/* --- who asks --- */

const char *cgi_user(const struct cgi *c)
{
	return conf_bool(c->conf, "TRUST_REMOTE_USER") ? cgi_var(c, "REMOTE_USER") : "";
}

static enum cgi_scope scope_of(const struct cgi *c)
{
	const char *auth = cgi_var(c, "HTTP_AUTHORIZATION");
	char scope;

	if (*cgi_user(c))
		return CGI_WRITE;
	if (strncasecmp(auth, "Bearer ", 7) == 0)
		scope = session_token(conf_get(c->conf, "API_TOKENS_READ"),
				      conf_get(c->conf, "API_TOKENS_WRITE"), auth + 7);
	else
		scope = session_scope(conf_get(c->conf, "SECRET_KEY"), cgi_var(c, "HTTP_COOKIE"),
				      time(NULL));
	return scope == 'w' ? CGI_WRITE : scope == 'r' ? CGI_READ : CGI_OPEN;
}

bool cgi_may(const struct cgi *c, enum cgi_scope scope)
{
	return scope_of(c) >= scope;
}

/* A page of another site must not make a browser change things here. */
static bool foreign_origin(const struct cgi *c)
{
	const char *site = cgi_var(c, "HTTP_SEC_FETCH_SITE"), *origin = cgi_var(c, "HTTP_ORIGIN");
	const char *host = strstr(origin, "://");

	if (*site)
		return strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
	return *origin && (host == NULL || strcasecmp(host + 3, cgi_var(c, "HTTP_HOST")) != 0);
}

static int check_access(struct cgi *c, struct err *e)
{
	enum cgi_scope has;

	if (c->route->scope == CGI_OPEN)
		return 0;
	has = scope_of(c);
	if (has == CGI_OPEN) {
		cgi_header(c, "WWW-Authenticate", "Bearer realm=\"fulfil\"");
		return err_set(e, ERR_AUTH, *cgi_var(c, "HTTP_AUTHORIZATION")
			       ? "no such token" : "a token is needed: Authorization: Bearer …");
	}
	if (has < c->route->scope)
		return err_set(e, ERR_FORBIDDEN, "this token may read, not change");
	if (strcmp(c->route->method, "GET") != 0 && foreign_origin(c))
		return err_set(e, ERR_FORBIDDEN, "the request comes from another site");
	return 0;
}

/* --- parameters --- */

static int take_param(struct cgi *c, char *word, struct err *e)
{
	const struct param *p = c->route->params;
	char *value = strchr(word, '='), why[200];
	int i = 0;

	if (value)
		*value++ = '\0';
	else
		value = word + strlen(word);
	if (!param_decode(word) || !param_decode(value))
		return cgi_fault(c, "parameter", "query", "has a bad percent escape", e);
	while (p[i].name && strcmp(p[i].name, word) != 0)
		i++;
	if (p[i].name == NULL)
		return cgi_fault(c, "parameter", word, "is not a parameter here", e);
	if (c->param[i])
		return cgi_fault(c, "parameter", word, "stands there twice", e);
	c->param[i] = value;
	param_check(&p[i], value, why, sizeof why);
	return *why ? cgi_fault(c, "parameter", word, why, e) : 0;
}

static int take_params(struct cgi *c, struct err *e)
{
	char *rest, *word;
	int rc = 0;

	if (c->route->params == NULL)
		return 0;
	buf_addstr(&c->query, cgi_var(c, "QUERY_STRING"));
	rest = c->query.data;
	while ((word = strsep(&rest, "&")) != NULL)
		if (*word && take_param(c, word, e) != 0)
			rc = -1;
	return rc;
}

const char *cgi_text(const struct cgi *c, const char *name)
{
	const struct param *p = c->route->params;

	for (int i = 0; p && p[i].name; i++)
		if (strcmp(p[i].name, name) == 0)
			return c->param[i];
	return NULL;
}

int64_t cgi_int(const struct cgi *c, const char *name, int64_t fallback)
{
	const char *s = cgi_text(c, name);

	return s ? strtoll(s, NULL, 10) : fallback;
}

const struct param *cgi_params(const struct cgi *c)
{
	return c->route->params;
}

/* --- the answer --- */

static void problem(struct cgi *c, const struct err *e)
{
	int status = err_http_status(e->code);
	bool ours = status == 500;

	c->status = status;
	c->type = "application/problem+json";
	buf_reset(&c->out);
	buf_addf(&c->out, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":",
		 err_http_reason(status), status);
	jtext_add(&c->out, ours ? "something went wrong here; the log has more"
			   : e->code == ERR_AGAIN ? "somebody else is changing the same now; try again"
			   : status == 503 ? "a server behind this is away or not set up; try again" : e->msg);
	if (c->faults.len)
		buf_addf(&c->out, ",\"errors\":[%s]", c->faults.data);
	buf_addstr(&c->out, "}\n");
	if (err_is_temporary(e->code) && status == 503)
		cgi_header(c, "Retry-After", "5");
	log_say(ours || status == 503 ? LOG_ERROR : LOG_INFO, "%s %s from %s: %d, %s", cgi_method(c),
		c->path.data, cgi_var(c, "REMOTE_ADDR"), status, e->msg);
}

static void put(struct cgi *c, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t w;

		if (c->fcgi) {
			c->gone |= FCGX_PutStr(p, (int)n, c->fcgi->out) < 0;
			return;
		}
		w = write(STDOUT_FILENO, p, n);
		c->gone |= w < 0 && errno != EINTR;
		if (c->gone)
			return; /* nothing to tell it */
		p += w > 0 ? w : 0;
		n -= w > 0 ? (size_t)w : 0;
	}
}

/* The head, with the length of the body where all of it is there. */
static void put_head(struct cgi *c, bool whole)
{
	struct buf head = BUF_INIT;
	bool empty = c->status == 204 || c->status == 304;

	buf_addf(&head, "Status: %d %s\r\n", c->status, err_http_reason(c->status));
	if (!empty)
		buf_addf(&head, "Content-Type: %s\r\n", c->type);
	if (!empty && whole)
		buf_addf(&head, "Content-Length: %zu\r\n", c->out.len);
	buf_addstr(&head, "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
	buf_add(&head, c->headers.data, c->headers.len);
	buf_addstr(&head, "\r\n");
	if (empty || strcmp(cgi_method(c), "HEAD") == 0)
		buf_reset(&c->out);
	buf_add(&head, c->out.data, c->out.len);
	put(c, head.data, head.len);
	buf_release(&head);
}

int cgi_flush(struct cgi *c, struct err *e)
{
	if (!c->flushed)
		put_head(c, false);
	else if (strcmp(cgi_method(c), "HEAD") != 0)
		put(c, c->out.data, c->out.len);
	c->flushed = true;
	buf_reset(&c->out);
	return c->gone ? err_set(e, ERR_IO, "the client has gone") : 0;
}

/* The rest of an answer that went out in pieces; false if there is none to
 * come, so that the client must not take what it has for the whole. */
static bool finish(struct cgi *c, int rc, const struct err *e)
{
	if (rc != 0)
		log_say(LOG_ERROR, "%s %s from %s: broken off, %s", cgi_method(c), c->path.data,
			cgi_var(c, "REMOTE_ADDR"), e->msg);
	return rc == 0 && cgi_flush(c, NULL) == 0;
}

/* Keeps the memory of ordinary requests, gives back that of a huge one. */
static void reuse(struct buf *b)
{
	if (b->size > CHUNK * 4)
		buf_release(b);
	else
		buf_reset(b);
}

static void each_buf(struct cgi *c, void (*f)(struct buf *b))
{
	struct buf *all[] = {&c->path, &c->query, &c->body, &c->out, &c->headers, &c->faults};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		f(all[i]);
}

/* False if the answer was broken off. */
static bool serve(struct cgi *c)
{
	struct err e = {0};
	bool whole = true;
	int rc;

	c->status = 200;
	c->taken = c->waited = 0;
	c->body_read = strspn(cgi_var(c, "CONTENT_LENGTH"), "0") == strlen(cgi_var(c, "CONTENT_LENGTH"));
	c->flushed = c->gone = false;
	c->type = "application/json";
	c->route = NULL;
	memset(c->param, 0, sizeof c->param);
	find_path(c);
	rc = find_route(c, &e) != 0 || check_access(c, &e) != 0 || take_params(c, &e) != 0 ||
	     c->route->handle(c, &e) != 0;
	if (c->flushed) {
		whole = finish(c, rc, &e);
	} else {
		if (rc != 0)
			problem(c, &e);
		put_head(c, true);
	}
	json_decref(c->json);
	c->json = NULL;
	each_buf(c, reuse);
	return whole;
}

static void catch_signals(void)
{
	struct sigaction act = {.sa_handler = on_term}; /* no SA_RESTART: accept ends */

	sigemptyset(&act.sa_mask);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int cgi_run(const struct cgi_app *app, const struct conf *conf)
{
	struct cgi c = {.app = app, .conf = conf};
	FCGX_Request request;
	bool whole;

	if (FCGX_IsCGI()) {
		signal(SIGPIPE, SIG_IGN);
		whole = serve(&c);
		each_buf(&c, buf_release);
		return whole ? 0 : EX_TEMPFAIL;
	}
	if (FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, FCGI_FAIL_ACCEPT_ON_INTR) != 0) {
		log_say(LOG_ERROR, "cannot listen for FastCGI requests");
		return EX_OSERR;
	}
	catch_signals();
	c.fcgi = &request;
	while (!terminated) {
		if (FCGX_Accept_r(&request) != 0)
			break; /* a signal, libfcgi's own SIGUSR1 too, or no socket any more */
		be_patient(&c, BODY_SECONDS);
		whole = serve(&c);
		/* libfcgi waits for the server to hang up, lest unread input cost
		 * the answer; where all was read there is nothing to wait for. */
		if (!whole || (c.body_read && FCGX_GetChar(request.in) == EOF))
			FCGX_Detach(&request);
		if (whole)
			FCGX_Finish_r(&request);
		else
			FCGX_Free(&request, 1); /* hangs up without the record that ends an answer */
	}
	each_buf(&c, buf_release);
	FCGX_Free(&request, 1);
	return 0;
}

bool cgi_by_hand(int argc, char **argv, const char *does, int *status)
{
	const char *word = argc > 1 ? argv[1] : "", *slash = strrchr(argv[0], '/');
	bool asked = strcmp(word, "--help") == 0 || strcmp(word, "--version") == 0;

	if (argc < 2 || getenv("REQUEST_METHOD") || !FCGX_IsCGI())
		return false;
	fprintf(asked ? stdout : stderr, "%s (fulfil) %s %s; a web server runs it, and it has no options: "
		"see fulfil(7)\n", slash ? slash + 1 : argv[0], FULFIL_VERSION, does);
	*status = asked ? 0 : EX_USAGE;
	return true;
}

int cgi_cannot_start(const char *name, const struct err *e)
{
	static const struct cgi_app none = {.name = "", .prefix = "/"};
	struct cgi c = {.app = &none};

	log_init(name);
	if (FCGX_IsCGI()) {
		buf_addstr(&c.path, cgi_var(&c, "SCRIPT_NAME"));
		problem(&c, e);
		c.status = 500;
		put_head(&c, true);
		each_buf(&c, buf_release);
	} else {
		log_say(LOG_ERROR, "%s", e->msg);
	}
	return err_exit_status(e->code);
}
