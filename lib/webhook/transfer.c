/* SPDX-License-Identifier: MIT
 *
 * transfer: libcurl's easy interface.
 *   - transfers keep their easy handles and are used again
 *   - libcurl is told the addresses of each name
 *   - libcurl replaces a connection that was closed while idle before anything is
 *     sent; from then on it may not send the request again
 */
#include "webhook/transfer.h"

#include "base/xalloc.h"
#include "webhook/multi.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* IDLE_S: many servers close a connection after five seconds. TOO_LARGE: libcurl 8's
 * CURLE_TOO_LARGE. */
enum { IDLE_S = 4, TOO_LARGE = 100 };

struct transfer {
	struct transfer_loop *loop;
	struct transfer *next; /* unused ones */
	CURL *easy;
	CURLU *url;
	struct curl_slist *headers, *addresses; /* addresses: with a proxy where the tunnel ends */
	struct buf body;
	struct reply reply;
	char *host, *port;     /* host: NULL for an address, */
	struct sockaddr_storage address; /* which is this one */
	char error[CURL_ERROR_SIZE];
	char objection[TRANSFER_OBJECTION]; /* "" or why the address is refused */
	int socket_error;      /* errno of socket(2); 0: none */
	bool started;          /* libcurl has it */
	bool asked, again;     /* a request was about to be sent; and then a second one */
	void *tag;
};

struct transfer_loop {
	struct multi *multi;
	char *ca_file, *proxy;
	struct transfer *unused;
	transfer_objects_fn *objects;
	transfer_done_fn *done;
	void *ctx;
};

/* --- callbacks --- */

static size_t on_header(char *line, size_t one, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	(void)one;
	return reply_line(&t->reply, line, n) ? n : 0;
}

static size_t on_body(char *p, size_t one, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	(void)one;
	return reply_body(&t->reply, p, n) ? n : 0;
}

static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct transfer *t = ctx;
	int fd;

	(void)purpose;
	/* With a proxy this is its own address; the caller has seen to the tunnel's. */
	if (*t->loop->proxy == '\0' &&
	    (*t->objection || t->loop->objects(t->loop->ctx, &a->addr, t->objection)))
		return CURL_SOCKET_BAD;
	fd = socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
	if (fd < 0 && errno != EAFNOSUPPORT)
		t->socket_error = errno;
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

/* libcurl calls this before each request it sends. It sends a request again if the
 * connection died; the receiver may have read it nevertheless. */
static int on_request(void *ctx, char *ip, char *own_ip, int port, int own_port)
{
	struct transfer *t = ctx;

	(void)ip, (void)own_ip, (void)port, (void)own_port;
	t->again = t->asked;
	t->asked = true;
	return t->again ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* --- one transfer --- */

static bool set_options(struct transfer *t)
{
	CURL *c = t->easy;
	int bad = 0;

	bad |= curl_easy_setopt(c, CURLOPT_PRIVATE, t);
	bad |= curl_easy_setopt(c, CURLOPT_POST, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L); /* do not wait for a stalled resolver */
	bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	bad |= curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	bad |= curl_easy_setopt(c, CURLOPT_PROXY, t->loop->proxy);
	bad |= curl_easy_setopt(c, CURLOPT_NOPROXY, "");
	bad |= curl_easy_setopt(c, CURLOPT_HTTPPROXYTUNNEL, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	/* A server that closes an HTTP/2 connection (GOAWAY, as after 1,000 requests) leaves
	 * open which of its streams it took, and libcurl 7.88 loses answers there. */
	bad |= curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	bad |= curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	bad |= curl_easy_setopt(c, CURLOPT_TCP_NODELAY, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->error);
	bad |= curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	bad |= curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
	bad |= curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	bad |= curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	bad |= curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	bad |= curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t);
	bad |= curl_easy_setopt(c, CURLOPT_PREREQFUNCTION, on_request);
	bad |= curl_easy_setopt(c, CURLOPT_PREREQDATA, t);
	bad |= curl_easy_setopt(c, CURLOPT_MAXAGE_CONN, (long)IDLE_S);
	if (*t->loop->ca_file)
		bad |= curl_easy_setopt(c, CURLOPT_CAINFO, t->loop->ca_file);
	return bad == 0;
}

static void reset(struct transfer *t)
{
	curl_slist_free_all(t->headers);
	curl_slist_free_all(t->addresses);
	curl_free(t->host);
	curl_free(t->port);
	t->headers = t->addresses = NULL;
	t->host = t->port = NULL;
	buf_reset(&t->body);
	reply_reset(&t->reply);
	t->error[0] = t->objection[0] = '\0';
	t->socket_error = 0;
	t->started = t->asked = t->again = false;
}

static void free_transfer(struct transfer *t)
{
	curl_easy_cleanup(t->easy);
	reset(t);
	curl_url_cleanup(t->url);
	buf_release(&t->body);
	reply_release(&t->reply);
	free(t);
}

static struct transfer *take_unused(struct transfer_loop *loop)
{
	struct transfer *t = loop->unused;

	if (t) {
		loop->unused = t->next;
		return t;
	}
	t = xalloc_zero(1, sizeof *t);
	t->loop = loop;
	t->easy = curl_easy_init();
	t->url = curl_url();
	if (t->easy && t->url && set_options(t))
		return t;
	free_transfer(t);
	return NULL;
}

static void add_headers(struct transfer *t, const struct buf *lines)
{
	static const char *const own[] = {"Accept:", "Expect:", "Accept-Encoding: identity"};
	struct buf line = BUF_INIT;

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		t->headers = curl_slist_append(t->headers, own[i]);
	for (const char *s = lines->data; s && *s; s += line.len + (s[line.len] == '\n')) {
		buf_reset(&line);
		buf_add(&line, s, strcspn(s, "\n"));
		/* To libcurl "Name: " is a header to leave out, "Name;" an empty one. */
		if (line.len > 2 && strcmp(line.data + line.len - 2, ": ") == 0)
			memcpy(line.data + line.len - 2, ";", 2);
		t->headers = curl_slist_append(t->headers, line.data);
	}
	buf_release(&line);
}

/* True if the host of a URL is an address. */
static bool read_address(const char *host, struct sockaddr_storage *to)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)to;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;
	char text[64];

	if (*host == '[') {
		snprintf(text, sizeof text, "%.*s", (int)strcspn(host + 1, "]"), host + 1);
		to->ss_family = AF_INET6;
		return inet_pton(AF_INET6, text, &v6->sin6_addr) == 1;
	}
	to->ss_family = AF_INET;
	return inet_pton(AF_INET, host, &v4->sin_addr) == 1;
}

/* The URL as libcurl reads it, so that the host looked up is the one it connects to. */
static bool set_url(struct transfer *t, const char *url)
{
	t->address = (struct sockaddr_storage){0};
	if (curl_url_set(t->url, CURLUPART_URL, url, 0) != CURLUE_OK ||
	    curl_url_get(t->url, CURLUPART_HOST, &t->host, 0) != CURLUE_OK ||
	    curl_url_get(t->url, CURLUPART_PORT, &t->port, CURLU_DEFAULT_PORT) != CURLUE_OK)
		return false;
	if (read_address(t->host, &t->address)) {
		curl_free(t->host);
		t->host = NULL;
	}
	return curl_easy_setopt(t->easy, CURLOPT_CURLU, t->url) == CURLE_OK;
}

struct transfer *transfer_prepare(struct transfer_loop *loop, const char *url,
				  const struct buf *headers, const struct buf *body, void *tag)
{
	struct transfer *t = take_unused(loop);
	int bad;

	if (t == NULL)
		return NULL;
	reset(t);
	t->tag = tag;
	add_headers(t, headers);
	buf_add(&t->body, body->data, body->len);
	bad = !set_url(t, url);
	bad |= curl_easy_setopt(t->easy, CURLOPT_RESOLVE, NULL);
	bad |= curl_easy_setopt(t->easy, CURLOPT_CONNECT_TO, NULL);
	bad |= curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	bad |= curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, t->body.data);
	bad |= curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body.len);
	if (!bad)
		return t;
	transfer_cancel(t);
	return NULL;
}

const char *transfer_host(const struct transfer *t)
{
	return t->host;
}

bool transfer_refused(const struct transfer *t, char why[TRANSFER_OBJECTION])
{
	const struct transfer_loop *loop = t->loop;

	return t->host == NULL &&
	       loop->objects(loop->ctx, (const struct sockaddr *)&t->address, why);
}

/* Has the tunnel end at the first of these addresses. */
static bool set_tunnel(struct transfer *t, const char *list)
{
	struct buf line = BUF_INIT;

	buf_addf(&line, "%s:%s:%.*s:%s", t->host, t->port, (int)strcspn(list, ","), list,
		 t->port);
	t->addresses = curl_slist_append(NULL, line.data);
	buf_release(&line);
	return curl_easy_setopt(t->easy, CURLOPT_CONNECT_TO, t->addresses) == CURLE_OK;
}

static bool set_addresses(struct transfer *t, const char *list)
{
	struct buf line = BUF_INIT;

	if (*t->loop->proxy)
		return set_tunnel(t, list);
	/* With "+" libcurl forgets them after a while. */
	buf_addf(&line, "+%s:%s:%s", t->host, t->port, list);
	t->addresses = curl_slist_append(NULL, line.data);
	buf_release(&line);
	return curl_easy_setopt(t->easy, CURLOPT_RESOLVE, t->addresses) == CURLE_OK;
}

bool transfer_start(struct transfer *t, const char *addresses, long timeout_ms)
{
	t->started = (addresses == NULL || set_addresses(t, addresses)) &&
		     curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, timeout_ms) == CURLE_OK &&
		     multi_add(t->loop->multi, t->easy);
	return t->started;
}

void transfer_cancel(struct transfer *t)
{
	struct transfer_loop *loop = t->loop;

	if (t->started)
		multi_remove(loop->multi, t->easy);
	t->next = loop->unused;
	loop->unused = t;
}

/* --- the end of one --- */

static int ms_of(const struct transfer *t, CURLINFO what)
{
	curl_off_t us = 0;

	if (curl_easy_getinfo(t->easy, what, &us) != CURLE_OK || us <= 0)
		return -1;
	return (int)((us + 500) / 1000);
}

/* A connection that is used again has no times: libcurl 7.88 says 0. */
static enum transfer_end late(const struct transfer *t)
{
	char *scheme = NULL;

	if (t->asked)
		return TRANSFER_LATE_ANSWER;
	if (curl_easy_getinfo(t->easy, CURLINFO_SCHEME, &scheme) == CURLE_OK && scheme &&
	    strcasecmp(scheme, "https") == 0 && ms_of(t, CURLINFO_APPCONNECT_TIME_T) < 0)
		return TRANSFER_LATE_TLS;
	return TRANSFER_LATE_CONNECT;
}

/* The proxy is away, or does not let us in. */
static bool proxy_failed(const struct transfer *t, CURLcode rc)
{
	long code = 0;

	if (*t->loop->proxy == '\0' || t->asked)
		return false;
	curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &code);
	return code == 407 || rc == CURLE_COULDNT_RESOLVE_PROXY || rc == CURLE_COULDNT_CONNECT;
}

static enum transfer_end classify(const struct transfer *t, CURLcode rc)
{
	if (t->reply.complete)
		return TRANSFER_ANSWERED;
	if (*t->objection)
		return TRANSFER_REFUSED;
	if (t->socket_error || rc == CURLE_SSL_CACERT_BADFILE || proxy_failed(t, rc))
		return TRANSFER_LOCAL;
	/* libcurl refuses a line of 100 KB before reply.c sees it. */
	if (t->reply.flooded || (t->asked && (rc == CURLE_OUT_OF_MEMORY || (int)rc == TOO_LARGE)))
		return TRANSFER_FLOODED;
	if (t->reply.garbled || rc == CURLE_UNSUPPORTED_PROTOCOL || rc == CURLE_WEIRD_SERVER_REPLY)
		return TRANSFER_GARBLED;
	if (rc == CURLE_OPERATION_TIMEDOUT)
		return late(t);
	if (rc == CURLE_GOT_NOTHING || rc == CURLE_SEND_ERROR || t->again)
		return TRANSFER_CLOSED;
	if (rc == CURLE_OK)
		return TRANSFER_CUT;
	return rc == CURLE_SSL_CONNECT_ERROR ? TRANSFER_NO_TLS : TRANSFER_FAILED;
}

static void finish(void *ctx, void *tag, int code)
{
	struct transfer *t = tag;
	CURLcode rc = (CURLcode)code;
	struct transfer_result r = {.end = classify(t, rc), .detail = t->objection,
				    .reply = &t->reply,
				    .connect_ms = ms_of(t, CURLINFO_CONNECT_TIME_T),
				    .first_byte_ms = ms_of(t, CURLINFO_STARTTRANSFER_TIME_T)};
	int tls_ms = ms_of(t, CURLINFO_APPCONNECT_TIME_T);

	(void)ctx;
	if (t->socket_error)
		r.detail = strerror(t->socket_error);
	else if (r.end != TRANSFER_REFUSED)
		r.detail = *t->error ? t->error : curl_easy_strerror(rc);
	if (tls_ms > r.connect_ms)
		r.connect_ms = tls_ms;
	t->loop->done(t->loop->ctx, t->tag, &r);
	transfer_cancel(t);
}

/* --- all of them --- */

int transfer_loop_new(struct transfer_loop **out, const char *ca_file, const char *proxy,
		      transfer_objects_fn *objects, transfer_done_fn *done, void *ctx,
		      struct err *e)
{
	struct transfer_loop *loop = xalloc_zero(1, sizeof *loop);

	*out = loop;
	loop->ca_file = xalloc_strdup(ca_file);
	loop->proxy = xalloc_strdup(proxy);
	loop->objects = objects;
	loop->done = done;
	loop->ctx = ctx;
	if (multi_new(&loop->multi, finish, loop, e) == 0)
		return 0;
	transfer_loop_free(loop);
	*out = NULL;
	return -1;
}

void transfer_loop_free(struct transfer_loop *loop)
{
	struct transfer *t;

	if (loop == NULL)
		return;
	while ((t = loop->unused) != NULL) {
		loop->unused = t->next;
		free_transfer(t);
	}
	multi_free(loop->multi);
	free(loop->ca_file);
	free(loop->proxy);
	free(loop);
}

struct multi *transfer_multi(const struct transfer_loop *loop)
{
	return loop->multi;
}
