/* SPDX-License-Identifier: MIT
 *
 * sink: an endpoint for webhooks, hostile in as many ways as there are modes;
 * the first part of a request's path names one, its query may have a value.
 * usage: sink LOG [PORTFILE [any]]
 * Listens on a free port of 127.0.0.1, or with `any` of every IPv4 address, writes
 * that to PORTFILE or stdout, and appends a JSON line to LOG for each request,
 * unless LOG is "-".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { MOST_FD = 4096, ROOM = 1 << 16, MOST_REQUEST = 8 << 20, TICK_MS = 50 };

struct conn {
	char *in;
	size_t len, size;
	const char *drip; /* sent a byte a tick, for ever */
	const char *flood; /* sent as fast as it is taken, for ever */
	int64_t late;     /* when to say 200, in ms */
	int served;       /* requests before this one */
	bool answering;   /* it hears nothing more */
};

static struct conn *conns[MOST_FD];
static int epoll;
static FILE *log_file;

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void hang_up(int fd, bool reset)
{
	struct linger l = {1, 0};

	if (reset)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof l);
	close(fd);
	free(conns[fd]->in);
	free(conns[fd]);
	conns[fd] = NULL;
}

/* What does not fit is dropped: nobody waits for it. */
static bool say(int fd, const char *s, size_t n)
{
	return send(fd, s, n, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)n;
}

static bool say_text(int fd, const char *s)
{
	return say(fd, s, strlen(s));
}

static void put_escaped(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] == '"' || s[i] == '\\')
			fprintf(log_file, "\\%c", s[i]);
		else if ((unsigned char)s[i] < 0x20)
			fprintf(log_file, "\\u%04x", s[i]);
		else
			putc(s[i], log_file);
}

static void put_log(const char *head, const char *body, size_t len)
{
	const char *line = head;
	size_t n = strcspn(line, "\r\n");

	fprintf(log_file, "{\"ms\":%lld,\"request\":\"", (long long)now_ms());
	put_escaped(line, n);
	fputs("\",\"headers\":{", log_file);
	for (line += n + 2; line + 2 < body; line += n + 2) {
		const char *colon = strchr(line, ':');

		n = strcspn(line, "\r\n");
		if (line > head + strcspn(head, "\r\n") + 2)
			putc(',', log_file);
		putc('"', log_file);
		for (const char *s = line; s < colon; s++)
			putc(*s >= 'A' && *s <= 'Z' ? *s + 32 : *s, log_file);
		fputs("\":\"", log_file);
		colon += 1 + (colon[1] == ' ');
		put_escaped(colon, (size_t)(line + n - colon));
		putc('"', log_file);
	}
	fputs("},\"body\":\"", log_file);
	put_escaped(body, len);
	fputs("\"}\n", log_file);
	fflush(log_file);
}

static void say_status(int fd, int status, const char *headers)
{
	char text[4096];

	snprintf(text, sizeof text,
		 "HTTP/1.1 %d Whatever\r\n%sContent-Length: 3\r\n\r\nok\n", status, headers);
	if (status == 204 || status == 304)
		snprintf(text, sizeof text, "HTTP/1.1 %d Whatever\r\n%s\r\n", status, headers);
	say_text(fd, text);
}

/* 500 for the first N attempts of an event, then 200. */
static void be_flaky(int fd, const char *head, int fails)
{
	const char *attempt = strcasestr(head, "X-Webhook-Attempt: ");

	say_status(fd, attempt && strtol(attempt + 19, NULL, 10) <= fails ? 500 : 200, "");
}

static void say_headers(int fd, const char *mode)
{
	static char big[70000];
	bool many = strcmp(mode, "many-headers") == 0;

	memset(big, 'a', sizeof big - 1);
	if (many)
		for (size_t i = 0; i + 8 < sizeof big; i += 7)
			memcpy(big + i, "X: y\r\nA", 7);
	say_text(fd, "HTTP/1.1 200 OK\r\n");
	say_text(fd, many ? "" : "X-Long: ");
	say(fd, big, sizeof big - 1);
	say_text(fd, "\r\nContent-Length: 0\r\n\r\n");
}

/* Modes that are one text; with `over` the connection ends after it, by a reset
 * where it is 'r'. */
static const struct text_mode {
	const char *mode, *text;
	char over;
} texts[] = {
	{"huge-length", "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\nsome of it", 0},
	{"bad-chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
	 0},
	{"gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
	 "5\r\n\r\n\x1f\x8b\x08zz", 0},
	{"no-colon", "HTTP/1.1 200 OK\r\nthis is no header\r\nContent-Length: 0\r\n\r\n", 0},
	{"cut-head", "HTTP/1.1 200 OK\r\nContent-Le", 'r'},
	{"cut-body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly so much", 'c'},
	{"reset", "", 'r'},
	{"hang-up", "", 'c'},
	{"http09", "<html>hello</html>\n", 'c'},
	{"ssh", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", 0},
	{"binary", "\x16\x03\x01\x02\xff\xfe\xfd\n\n", 'c'},
	{"bad-status", "HTTP/1.1 99999 Over\r\nContent-Length: 0\r\n\r\n", 'c'},
	{"no-status", "HTTP/1.1 abc\r\nContent-Length: 0\r\n\r\n", 'c'},
	{"quiet-close", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n", 'c'},
	{"early", "HTTP/1.1 103 Early Hints\r\nRetry-After: 5000\r\nLocation: /hint\r\n\r\n"
	 "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", 0},
	{"early-moved", "HTTP/1.1 103 Early Hints\r\nLocation: /hint\r\n\r\n"
	 "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", 0},
	{"html", "HTTP/1.1 500 Oops\r\nContent-Length: "
	 "45\r\n\r\n<script>alert(1)</script>\x1b[31mred\x1b[0m & \xff\xfe ok", 0},
};

/* Modes that go on for ever: what they start with, what they say again and
 * again, and whether they say it a byte at a time. */
static const struct endless_mode {
	const char *mode, *start, *again;
	bool slow;
} endless[] = {
	{"never", "", NULL, true},
	{"slow-head", "HTTP/1.1 200 OK\r\n", "X-Slow: z\r\n", true},
	{"slow-body", "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", "z", true},
	{"endless", "HTTP/1.1 200 OK\r\n\r\n", "zzzzzzzzzzzzzzzz", false},
	{"chunked-forever", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
	 "1\r\nz\r\n", false},
	{"endless-line", "HTTP/1.1 200 OK\r\nX-Long: ", "zzzzzzzzzzzzzzzz", false},
	{"endless-status", "HTTP/1.1 200 O", "KKKKKKKKKKKKKKKK", false},
	{"continue-flood", "", "HTTP/1.1 100 Continue\r\n\r\n", false},
};

/* True if the mode was one of the two tables above. */
static bool answer_by_table(int fd, const char *mode)
{
	struct conn *c = conns[fd];

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(mode, texts[i].mode) == 0) {
			say_text(fd, texts[i].text);
			if (texts[i].over)
				hang_up(fd, texts[i].over == 'r');
			return true;
		}
	for (size_t i = 0; i < sizeof endless / sizeof *endless; i++)
		if (strcmp(mode, endless[i].mode) == 0) {
			struct epoll_event ev = {.events = EPOLLIN | EPOLLOUT, .data.fd = fd};

			say_text(fd, endless[i].start);
			c->answering = true;
			c->drip = endless[i].slow ? endless[i].again : NULL;
			c->flood = endless[i].slow ? NULL : endless[i].again;
			if (c->flood)
				epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &ev);
			return true;
		}
	return false;
}

static void answer(int fd, const char *head)
{
	static const char nul[] = "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n";
	char mode[64] = "", value[512] = "", header[600] = "";
	int status;

	sscanf(head, "%*s /%63[^?/ ]%*[^? ]", mode);
	sscanf(head, "%*s %*[^? ]?%511[^ \r\n]", value);
	for (char *s = value; *s; s++)
		*s = *s == '+' ? ' ' : *s;
	if (answer_by_table(fd, mode))
		return;
	status = (int)strtol(mode, NULL, 10);
	if (strcmp(mode, "flaky") == 0) {
		be_flaky(fd, head, (int)strtol(value, NULL, 10));
	} else if (strcmp(mode, "late") == 0) {
		conns[fd]->late = now_ms() + strtol(value, NULL, 10);
		conns[fd]->answering = true;
	} else if (strcmp(mode, "hang2") == 0 && conns[fd]->served > 0) {
		conns[fd]->answering = true; /* kept alive, and silent from now on */
	} else if (strcmp(mode, "once") == 0 && conns[fd]->served > 0) {
		hang_up(fd, *value == 'r'); /* kept alive, but not for long */
	} else if (strcmp(mode, "long-header") == 0 || strcmp(mode, "many-headers") == 0) {
		say_headers(fd, mode);
	} else if (strcmp(mode, "nul-header") == 0) {
		say(fd, nul, sizeof nul - 1);
	} else {
		if (*value)
			snprintf(header, sizeof header, "%s: %s\r\n",
				 status >= 300 && status < 400 ? "Location" : "Retry-After", value);
		say_status(fd, status >= 200 && status < 600 ? status : 200, header);
	}
}

/* Deals with the requests that are complete. */
static void take_requests(int fd)
{
	struct conn *c = conns[fd];

	while (c && !c->answering && c->len > 0) {
		char *end = memmem(c->in, c->len, "\r\n\r\n", 4), *length;
		size_t head, body;

		if (end == NULL)
			return;
		head = (size_t)(end - c->in) + 4;
		*end = '\0';
		length = strcasestr(c->in, "\nContent-Length: ");
		body = length ? strtoull(length + 17, NULL, 10) : 0;
		*end = '\r';
		if (c->len < head + body)
			return;
		if (log_file)
			put_log(c->in, c->in + head, body);
		answer(fd, c->in);
		c = conns[fd];
		if (c == NULL)
			return;
		c->served++;
		c->len -= head + body;
		memmove(c->in, c->in + head + body, c->len);
		c->in[c->len] = '\0';
	}
}

static void read_some(int fd)
{
	struct conn *c = conns[fd];
	ssize_t n;

	if (c->size - c->len < ROOM) {
		c->size = c->len + 2 * ROOM;
		c->in = realloc(c->in, c->size + 1);
		if (c->in == NULL)
			exit(71);
	}
	n = recv(fd, c->in + c->len, ROOM, MSG_DONTWAIT);
	if (n <= 0 && (n == 0 || errno != EAGAIN)) {
		hang_up(fd, false);
		return;
	}
	c->len += n > 0 ? (size_t)n : 0;
	c->in[c->len] = '\0';
	if (c->len > MOST_REQUEST)
		hang_up(fd, true);
	else
		take_requests(fd);
}

static void welcome(int listener)
{
	struct epoll_event ev = {.events = EPOLLIN};
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC), one = 1;

	if (fd < 0)
		return;
	if (fd >= MOST_FD) {
		close(fd);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	conns[fd] = calloc(1, sizeof **conns);
	ev.data.fd = fd;
	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev);
}

/* What is said by the clock. */
static void tick(void)
{
	for (int fd = 0; fd < MOST_FD; fd++) {
		struct conn *c = conns[fd];

		if (c && c->drip)
			say(fd, c->drip, strlen(c->drip));
		if (c && c->late && now_ms() >= c->late) {
			c->late = 0;
			c->answering = false;
			say_status(fd, 200, "");
		}
	}
}

static int listen_somewhere(const char *port_file, in_addr_t where)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(where)};
	socklen_t n = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FILE *f;

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 1024) != 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &n) != 0)
		exit(71);
	f = port_file ? fopen(port_file, "we") : stdout;
	if (f == NULL)
		exit(74);
	fprintf(f, "%d\n", ntohs(a.sin_port));
	fflush(f);
	return fd;
}

int main(int argc, char **argv)
{
	static char again[ROOM];
	int64_t next = 0;
	int listener;

	if (argc < 2)
		return 64;
	signal(SIGPIPE, SIG_IGN);
	log_file = strcmp(argv[1], "-") == 0 ? NULL : fopen(argv[1], "ae");
	listener = listen_somewhere(argc > 2 ? argv[2] : NULL,
				    argc > 3 ? INADDR_ANY : INADDR_LOOPBACK);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = listener}, some[256];
	epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &ev);
	for (;;) {
		int n = epoll_wait(epoll, some, 256, TICK_MS);

		for (int i = 0; i < n; i++) {
			int fd = some[i].data.fd;
			const struct conn *c = conns[fd];
			size_t k = c && c->flood ? strlen(c->flood) : 0;

			if (fd == listener) {
				welcome(fd);
			} else if (k && some[i].events == EPOLLOUT) {
				for (size_t at = 0; at + k <= ROOM; at += k)
					memcpy(again + at, c->flood, k);
				if (send(fd, again, ROOM / k * k,
					 MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN)
					hang_up(fd, false);
			} else if (c) {
				read_some(fd);
			}
		}
		if (now_ms() >= next) {
			next = now_ms() + TICK_MS;
			tick();
		}
	}
}
