/* SPDX-License-Identifier: MIT
 *
 * proxy: stands between a client and a server on Unix sockets and does what a
 * bad network does.
 *	proxy LISTEN CONNECT FAULT [COUNT]
 *   pass           no harm
 *   before=WORD    a piece from a client that holds WORD is dropped, and both
 *                  ends are closed: the server never sees it
 *   after=WORD     the same with a piece from the server: it has done the
 *                  work, and the client is never told
 *   hole=WORD      from a client's WORD on nothing passes either way, and the
 *                  client does not even learn that the server has closed
 *   delay=MS       every piece from a client waits
 * A fault with a WORD happens COUNT times, once by default, each in another
 * connection; a line on stdout tells of each. SIGTERM ends the proxy.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

enum { MOST_LINKS = 100, PIECE = 1 << 16, MOST_WORD = 64 };
enum { CLIENT, SERVER };

struct link {
	int fd[2];
	char tail[2][MOST_WORD]; /* the last bytes of each side: a WORD may be cut in two */
	size_t ntail[2];
	bool dead;               /* a hole: nothing passes any more */
};

struct proxy {
	struct link links[MOST_LINKS];
	int nlinks;
	const char *connect_to, *fault, *word;
	long ms;
	int left;
};

static int name_socket(struct sockaddr_un *a, const char *path)
{
	*a = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (snprintf(a->sun_path, sizeof a->sun_path, "%s", path) >= (int)sizeof a->sun_path)
		errno = ENAMETOOLONG;
	else
		return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return -1;
}

static int listen_at(const char *path)
{
	struct sockaddr_un a;
	int fd = name_socket(&a, path);

	unlink(path);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0 && listen(fd, 64) == 0)
		return fd;
	perror(path);
	exit(EX_UNAVAILABLE);
}

static int connect_to(const char *path)
{
	struct sockaddr_un a;
	int fd = name_socket(&a, path);

	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
		return fd;
	close(fd);
	return -1;
}

static void take_client(struct proxy *p, int listening)
{
	struct link *l = &p->links[p->nlinks];

	memset(l, 0, sizeof *l);
	l->fd[CLIENT] = accept(listening, NULL, NULL);
	l->fd[SERVER] = connect_to(p->connect_to);
	if (l->fd[CLIENT] >= 0 && l->fd[SERVER] >= 0) {
		p->nlinks++;
		return;
	}
	for (int i = 0; i < 2; i++)
		if (l->fd[i] >= 0)
			close(l->fd[i]);
}

static void cut_link(struct proxy *p, struct link *l)
{
	close(l->fd[CLIENT]);
	if (l->fd[SERVER] >= 0)
		close(l->fd[SERVER]);
	*l = p->links[--p->nlinks];
}

/* True if the bytes so far, with these, hold the word. */
static bool holds_word(struct proxy *p, struct link *l, int side, const char *bytes, size_t n)
{
	static char both[MOST_WORD + PIECE];
	size_t keep = strlen(p->word) - 1, all = l->ntail[side] + n;

	memcpy(both, l->tail[side], l->ntail[side]);
	memcpy(both + l->ntail[side], bytes, n);
	l->ntail[side] = all < keep ? all : keep;
	memcpy(l->tail[side], both + all - l->ntail[side], l->ntail[side]);
	return memmem(both, all, p->word, strlen(p->word)) != NULL;
}

static bool fault_now(struct proxy *p, struct link *l, int side, const char *bytes, size_t n)
{
	if (p->word == NULL || (strcmp(p->fault, "after") == 0) != (side == SERVER) ||
	    !holds_word(p, l, side, bytes, n) || p->left == 0)
		return false;
	p->left--;
	printf("%s %s\n", p->fault, p->word);
	fflush(stdout);
	return true;
}

static bool pass_on(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t w = write(fd, bytes, n);

		if (w < 0)
			return false;
		bytes += w;
		n -= (size_t)w;
	}
	return true;
}

/* Moves one piece; false if the link is to be closed. */
static bool move(struct proxy *p, struct link *l, int side)
{
	static char bytes[PIECE];
	ssize_t n = read(l->fd[side], bytes, sizeof bytes);

	if (n <= 0 && l->dead && side == SERVER) {
		close(l->fd[SERVER]);
		l->fd[SERVER] = -1; /* which poll(2) skips */
		return true;
	}
	if (n <= 0)
		return false;
	if (l->dead)
		return true;
	if (side == CLIENT && p->ms > 0)
		usleep((useconds_t)p->ms * 1000);
	if (fault_now(p, l, side, bytes, (size_t)n)) {
		l->dead = strcmp(p->fault, "hole") == 0;
		return l->dead;
	}
	return pass_on(l->fd[!side], bytes, (size_t)n);
}

/* Waits for the next pieces and moves them. */
static void turn(struct proxy *p, int listening)
{
	struct pollfd fds[1 + 2 * MOST_LINKS] = {{.fd = listening, .events = POLLIN}};
	int n = p->nlinks;

	for (int i = 0; i < 2 * n; i++)
		fds[1 + i] = (struct pollfd){.fd = p->links[i / 2].fd[i % 2], .events = POLLIN};
	if (poll(fds, 1 + 2 * (nfds_t)n, -1) < 0)
		return;
	/* From the end: a link that is cut has the last one put in its place. */
	for (int i = n - 1; i >= 0; i--)
		for (int side = 0; side < 2; side++)
			if (fds[1 + 2 * i + side].revents && !move(p, &p->links[i], side)) {
				cut_link(p, &p->links[i]);
				break;
			}
	if (fds[0].revents && p->nlinks < MOST_LINKS)
		take_client(p, listening);
}

int main(int argc, char **argv)
{
	static struct proxy p;
	char *value;
	int listening;

	if (argc < 4 || argc > 5) {
		fprintf(stderr, "usage: proxy LISTEN CONNECT FAULT [COUNT]\n");
		return EX_USAGE;
	}
	p.connect_to = argv[2];
	p.fault = argv[3];
	p.left = argc == 5 ? (int)strtol(argv[4], NULL, 10) : 1;
	value = strchr(argv[3], '=');
	if (value)
		*value++ = '\0';
	if (strcmp(p.fault, "delay") == 0 && value)
		p.ms = strtol(value, NULL, 10);
	else if (value && *value && strlen(value) < MOST_WORD)
		p.word = value;
	signal(SIGPIPE, SIG_IGN);
	listening = listen_at(argv[1]);
	for (;;)
		turn(&p, listening);
}
