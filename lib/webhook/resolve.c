/* SPDX-License-Identifier: MIT
 *
 * resolve: names in a search tree, getaddrinfo in detached threads.
 * Invariants: a name has one lookup at a time. hub->lock guards every lookup and the
 * eventfd. The hub is reference-counted: resolve_free() or the last detached thread
 * frees it.
 */
#include "webhook/resolve.h"

#include "base/clock.h"
#include "base/xalloc.h"

#include <ifaddrs.h>
#include <netdb.h>
#include <pthread.h>
#include <search.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { FRESH_MS = 10000 };

struct hub {
	pthread_mutex_t lock;
	int fd, users;
};

struct lookup {
	struct hub *hub;
	char *host;
	struct addrinfo *found;
	int rc;
	bool done, orphan; /* orphan: resolve_free() left it to its thread */
};

struct name {
	char *host;
	struct lookup *lookup; /* running, or NULL */
	int64_t ended_ms;      /* clock_ms() of the last; 0: none */
	struct resolve_answer answer;
};

struct resolve {
	void *names; /* tsearch's tree */
	struct hub *hub;
	bool private;
	struct ifaddrs *own; /* addresses of this machine, unless private */
};

static void leave(struct hub *hub)
{
	bool last;

	pthread_mutex_lock(&hub->lock);
	last = --hub->users == 0;
	pthread_mutex_unlock(&hub->lock);
	if (last) {
		pthread_mutex_destroy(&hub->lock);
		free(hub);
	}
}

static void free_lookup(struct lookup *l)
{
	if (l->found)
		freeaddrinfo(l->found);
	free(l->host);
	free(l);
}

int resolve_new(struct resolve **out, bool private, struct err *e)
{
	struct resolve *r = xalloc_zero(1, sizeof *r);

	*out = r;
	r->private = private;
	r->hub = xalloc_zero(1, sizeof *r->hub);
	r->hub->users = 1;
	pthread_mutex_init(&r->hub->lock, NULL);
	r->hub->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!private && getifaddrs(&r->own) != 0)
		r->own = NULL;
	if (r->hub->fd >= 0)
		return 0;
	resolve_free(r);
	*out = NULL;
	return err_set(e, ERR_BUG, "no eventfd is available");
}

static void free_name(void *p)
{
	struct name *n = p;
	struct hub *hub = n->lookup ? n->lookup->hub : NULL;
	bool done = false;

	if (hub) {
		pthread_mutex_lock(&hub->lock);
		done = n->lookup->done;
		n->lookup->orphan = true;
		pthread_mutex_unlock(&hub->lock);
	}
	if (done)
		free_lookup(n->lookup);
	free(n->host);
	free(n);
}

void resolve_free(struct resolve *r)
{
	if (r == NULL)
		return;
	tdestroy(r->names, free_name);
	pthread_mutex_lock(&r->hub->lock);
	if (r->hub->fd >= 0)
		close(r->hub->fd);
	r->hub->fd = -1;
	pthread_mutex_unlock(&r->hub->lock);
	leave(r->hub);
	if (r->own)
		freeifaddrs(r->own);
	free(r);
}

const char *resolve_objection(const struct resolve *r, const struct sockaddr *sa)
{
	if (!address_ok(sa, r->private))
		return "private or reserved";
	for (const struct ifaddrs *i = r->own; i; i = i->ifa_next)
		if (i->ifa_addr && address_same(i->ifa_addr, sa))
			return "this machine's own";
	return NULL;
}

int resolve_fd(const struct resolve *r)
{
	return r->hub->fd;
}

bool resolve_seen(struct resolve *r)
{
	eventfd_t n;

	return eventfd_read(r->hub->fd, &n) == 0;
}

/* --- one lookup --- */

static void *look_up(void *arg)
{
	static const struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct lookup *l = arg;
	struct hub *hub = l->hub;
	struct addrinfo *found = NULL;
	int rc = getaddrinfo(l->host, NULL, &wanted, &found);
	bool orphan;

	pthread_mutex_lock(&hub->lock);
	l->rc = rc;
	l->found = found;
	l->done = true;
	orphan = l->orphan;
	if (hub->fd >= 0)
		(void)!eventfd_write(hub->fd, 1);
	pthread_mutex_unlock(&hub->lock);
	if (orphan)
		free_lookup(l);
	leave(hub);
	return NULL;
}

/* All signals go to the main thread. */
static bool start_thread(struct lookup *l)
{
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&thread, &attr, look_up, l);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return rc == 0;
}

static void begin(struct resolve *r, struct name *n)
{
	struct lookup *l = xalloc_zero(1, sizeof *l);

	l->hub = r->hub;
	l->host = xalloc_strdup(n->host);
	pthread_mutex_lock(&r->hub->lock);
	r->hub->users++;
	pthread_mutex_unlock(&r->hub->lock);
	n->lookup = l;
	if (start_thread(l))
		return;
	n->lookup = NULL;
	free_lookup(l);
	leave(r->hub);
	n->ended_ms = clock_ms();
	n->answer = (struct resolve_answer){.why = "no thread is available to look its name up"};
}

static void add_address(struct resolve_answer *a, const struct sockaddr *sa)
{
	char text[ADDRESS_TEXT];
	size_t n = strlen(a->list);

	address_text(sa, text);
	snprintf(a->list + n, sizeof a->list - n, sa->sa_family == AF_INET6 ? "%s[%s]" : "%s%s",
		 n ? "," : "", text);
}

static void refuse(struct resolve_answer *a, const struct sockaddr *sa, const char *objection)
{
	char text[ADDRESS_TEXT];

	address_text(sa, text);
	a->list[0] = '\0';
	a->forbidden = true;
	snprintf(a->why, sizeof a->why, "its name leads to %s, which is %s", text, objection);
}

static void judge(const struct resolve *r, const struct lookup *l, struct resolve_answer *a)
{
	int v4 = 0, v6 = 0;

	*a = (struct resolve_answer){0};
	if (l->rc != 0)
		snprintf(a->why, sizeof a->why, "its name cannot be looked up: %s",
			 gai_strerror(l->rc));
	for (const struct addrinfo *i = l->found; i; i = i->ai_next) {
		int *count = i->ai_family == AF_INET ? &v4 : &v6;
		const char *objection = resolve_objection(r, i->ai_addr);

		if (objection) {
			refuse(a, i->ai_addr, objection);
			return;
		}
		if (++*count <= RESOLVE_FAMILY)
			add_address(a, i->ai_addr);
	}
}

/* --- names --- */

static int compare(const void *a, const void *b)
{
	return strcasecmp(((const struct name *)a)->host, ((const struct name *)b)->host);
}

static struct name *name_of(struct resolve *r, const char *host)
{
	const struct name key = {.host = (char *)(uintptr_t)host};
	struct name **at = tfind(&key, &r->names, compare), *n;

	if (at)
		return *at;
	n = xalloc_zero(1, sizeof *n);
	n->host = xalloc_strdup(host);
	xalloc_checked(tsearch(n, &r->names, compare));
	return n;
}

static bool is_done(const struct lookup *l)
{
	bool done;

	pthread_mutex_lock(&l->hub->lock);
	done = l->done;
	pthread_mutex_unlock(&l->hub->lock);
	return done;
}

const struct resolve_answer *resolve_ask(struct resolve *r, const char *host, int64_t since_ms)
{
	struct name *n = name_of(r, host);
	int64_t now = clock_ms();

	if (n->lookup && is_done(n->lookup)) {
		judge(r, n->lookup, &n->answer);
		free_lookup(n->lookup);
		n->lookup = NULL;
		n->ended_ms = now;
	}
	if (n->lookup == NULL && n->ended_ms < since_ms &&
	    (n->answer.list[0] == '\0' || now > n->ended_ms + FRESH_MS))
		begin(r, n);
	return n->lookup ? NULL : &n->answer;
}
