/* SPDX-License-Identifier: MIT
 *
 * paced: sends signed orders over HTTP at a steady rate, and times each from
 * its sending to the `result` record of a worker that says it is completed.
 *   fulfil-work | paced HOST PORT RATE SIGNED_FILE
 * Results come on stdin. Prints "sent completed p50 p95 p99 max" in ms.
 * Sends on the clock whether or not answers keep up, so that a slow answer
 * counts against every later order. Ends when all have come back, or
 * 10 s after the last was sent.
 */
#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS = 64, MOST = 1 << 20 };

struct order {
	char *hmac, *body;
	long id;
	int64_t sent_us, took_us; /* took_us 0: not yet */
};

struct connection {
	int fd;
	bool busy;
	char in[4096];
	size_t n;
};

static struct order *orders;
static size_t norders, sent, completed;
static struct connection conns[CONNECTIONS];
static const char *host;
static int port;

static void read_orders(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL, *tab;
	size_t size = 0;
	ssize_t n;

	orders = calloc(MOST, sizeof *orders);
	while (f && orders && norders < MOST && (n = getline(&line, &size, f)) > 0) {
		line[n - 1] = '\0';
		if ((tab = strchr(line, '\t')) == NULL)
			continue;
		*tab = '\0';
		orders[norders].hmac = strdup(line);
		orders[norders].body = strdup(tab + 1);
		orders[norders++].id = strtol(strstr(tab + 1, "\"id\":") + 5, NULL, 10);
	}
	free(line);
	if (f)
		fclose(f);
}

static int dial(const char *to, int at)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)at)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, to, &a.sin_addr);
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
		perror("paced: connect");
		exit(69);
	}
	return fd;
}

static bool send_order(struct connection *c, struct order *o)
{
	static char req[1 << 17];
	int n = snprintf(req, sizeof req,
			 "POST /webhooks/shopify/orders HTTP/1.1\r\nHost: x\r\n"
			 "X-Shopify-Topic: orders/create\r\nX-Shopify-Shop-Domain: "
			 "x.myshopify.com\r\nX-Shopify-Hmac-Sha256: %s\r\nContent-Type: "
			 "application/json\r\nContent-Length: %zu\r\n\r\n%s", o->hmac,
			 strlen(o->body), o->body);

	c->busy = true;
	c->n = 0;
	return write(c->fd, req, (size_t)n) == n;
}

/* The answer is short: done when its head and announced body are there. The
 * server may close a connection that has served its share. */
static void take_answer(struct connection *c)
{
	ssize_t got = read(c->fd, c->in + c->n, sizeof c->in - 1 - c->n);
	char *head, *length;

	if (got <= 0 && c->busy) {
		fprintf(stderr, "paced: the server closed a connection without an answer\n");
		exit(69);
	}
	if (got <= 0) {
		close(c->fd);
		c->fd = dial(host, port);
		return;
	}
	c->n += (size_t)got;
	c->in[c->n] = '\0';
	head = strstr(c->in, "\r\n\r\n");
	length = strcasestr(c->in, "content-length:");
	if (head && length && c->n >= (size_t)(head + 4 - c->in) + strtoul(length + 15, NULL, 10)) {
		if (strncmp(c->in + 9, "202", 3) != 0)
			fprintf(stderr, "paced: answered %.40s\n", c->in);
		c->busy = false;
		if (strcasestr(c->in, "connection: close")) {
			close(c->fd);
			c->fd = dial(host, port);
		}
	}
}

static void take_results(void)
{
	static char in[1 << 17];
	static size_t n;
	ssize_t got = read(STDIN_FILENO, in + n, sizeof in - 1 - n);
	char *line = in, *end;
	int64_t now = clock_us();

	if (got <= 0)
		return;
	n += (size_t)got;
	in[n] = '\0';
	while ((end = strchr(line, '\n')) != NULL) {
		char *at = strstr(line, "\"external_order_id\":\"");
		long i = at && at < end ? strtol(at + 21, NULL, 10) - orders[0].id : -1;

		if (i >= 0 && (size_t)i < norders && orders[i].took_us == 0) {
			orders[i].took_us = now - orders[i].sent_us;
			completed++;
		}
		line = end + 1;
	}
	n -= (size_t)(line - in);
	memmove(in, line, n);
}

static void send_due(int64_t start, long rate)
{
	int64_t now = clock_us();

	for (int i = 0; i < CONNECTIONS && sent < norders; i++) {
		int64_t due = start + (int64_t)sent * 1000000 / rate;

		if (due > now)
			return;
		if (conns[i].busy)
			continue;
		orders[sent].sent_us = due; /* waiting for a free connection counts */
		if (!send_order(&conns[i], &orders[sent]))
			exit(74);
		sent++;
	}
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void report(void)
{
	int64_t *t = calloc(norders + 1, sizeof *t);
	size_t n = 0;

	for (size_t i = 0; t && i < norders; i++)
		if (orders[i].took_us)
			t[n++] = orders[i].took_us;
	qsort(t, n, sizeof *t, by_value);
	if (n)
		printf("%zu %zu %.1f %.1f %.1f %.1f\n", sent, n, (double)t[n / 2] / 1000,
		       (double)t[n * 95 / 100] / 1000, (double)t[n * 99 / 100] / 1000,
		       (double)t[n - 1] / 1000);
	free(t);
}

int main(int argc, char **argv)
{
	struct pollfd p[CONNECTIONS + 1];
	int64_t start, last = 0;

	if (argc != 5)
		return 64;
	host = argv[1];
	port = (int)strtol(argv[2], NULL, 10);
	read_orders(argv[4]);
	for (int i = 0; i < CONNECTIONS; i++)
		conns[i].fd = dial(host, port);
	start = clock_us();
	while (completed < norders && (last == 0 || clock_us() - last < 10000000)) {
		send_due(start, strtol(argv[3], NULL, 10));
		if (sent == norders && last == 0)
			last = clock_us();
		for (int i = 0; i < CONNECTIONS; i++)
			p[i] = (struct pollfd){.fd = conns[i].fd, .events = POLLIN};
		p[CONNECTIONS] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
		poll(p, CONNECTIONS + 1, 1);
		for (int i = 0; i < CONNECTIONS; i++)
			if (p[i].revents)
				take_answer(&conns[i]);
		if (p[CONNECTIONS].revents)
			take_results();
	}
	report();
	return completed == norders ? 0 : 1;
}
