/* SPDX-License-Identifier: MIT
 *
 * fulfil-work: processes orders, a `result` record each.
 *   - this process forks -j workers, watches them, and starts a new one for
 *     one that crashes, after noting which orders it had in hand
 *   - a worker waits at the doorbell, and once a second asks PostgreSQL what
 *     is due: that is crash recovery, retry timer and life without Redis
 *   - with `-` this process reads records and hands out batches of ids over a
 *     socket that all workers share: each datagram goes to one of them
 */
#include "buf.h"
#include "clock.h"
#include "conf.h"
#include "db.h"
#include "jtext.h"
#include "log.h"
#include "ndjson.h"
#include "opt.h"
#include "queue.h"
#include "work.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

enum { MOST_WORKERS = 64, SCAN_MS = 1000, MOST_STILLBORN = 10 };

struct options {
	long workers, batch;
	bool drain, from_stdin;
};

/* What a worker has in hand, where the process that watches it can see it. */
struct hand {
	struct work_in_hand claimed;
	int64_t given[WORK_MOST]; /* by a datagram, until its results are out; else 0 */
};

/* One worker's side. */
struct worker {
	const struct options *opt;
	struct work *work;
	struct db *db;
	struct queue *queue;
	struct hand *hand;
	int64_t ids[WORK_MOST]; /* those given, 0 once processed */
	size_t n;
	bool no_database, no_redis; /* and it was said */
};

/* The side of the process that watches. */
struct pool {
	const struct options *opt;
	const struct conf *conf;
	struct hand *hands;         /* shared with the workers */
	pid_t pids[MOST_WORKERS];
	int64_t born[MOST_WORKERS];
	int feed[2];                /* ids to the workers; -1 without `-` */
	int64_t batch[WORK_MOST];
	size_t n;
	int stillborn;              /* crashes in a row with nothing in hand */
	int status;
	bool ending;
};

static void put_result(void *ctx, const struct allot_order *o, int duration_ms)
{
	struct worker *w = ctx;
	struct buf b = BUF_INIT;

	buf_addf(&b, "{\"v\":1,\"type\":\"result\",\"order_id\":%lld,\"external_order_id\":\"%lld\","
		 "\"status\":\"%s\",\"attempt\":%d,\"duration_ms\":%d",
		 (long long)o->id, (long long)o->external_id, allot_status_name(o->status),
		 o->wait >= 0 ? o->retries : o->retries + 1, duration_ms);
	if (o->shorts.len)
		buf_addf(&b, ",\"short\":[%s]", o->shorts.data);
	if (o->error.len) {
		buf_addstr(&b, ",\"error\":");
		jtext_add(&b, o->error.data);
	}
	if (o->wait >= 0)
		buf_addf(&b, ",\"retry_in\":%d", o->wait);
	buf_addstr(&b, "}\n");
	ndjson_put(&b);
	buf_release(&b);
	for (size_t i = 0; i < w->n; i++)
		if (w->ids[i] == o->id) {
			w->ids[i] = 0;
			break;
		}
}

static void put_skipped(const struct worker *w)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < w->n; i++)
		if (w->ids[i]) {
			buf_reset(&b);
			buf_addf(&b, "{\"v\":1,\"type\":\"result\",\"order_id\":%lld,\"status\":\"skipped\","
				 "\"why\":\"not due, or in the hands of another worker\"}\n",
				 (long long)w->ids[i]);
			ndjson_put(&b);
		}
	buf_release(&b);
}

/* A daemon outlives its servers; what ends stays down. */
static bool endure(struct worker *w, const struct err *e)
{
	if (w->opt->from_stdin || w->opt->drain || !err_is_temporary(e->code))
		return false;
	if (!w->no_database)
		log_say(LOG_WARN, "%s; trying again every second", e->msg);
	w->no_database = true;
	ndjson_wait(-1, SCAN_MS);
	return true;
}

/* What PostgreSQL says is due, until it says no more. */
static int do_due(struct worker *w, size_t *total, struct err *e)
{
	size_t done;

	do {
		if (work_due(w->work, (size_t)w->opt->batch, &done, e) != 0)
			return -1;
		*total += done;
		ndjson_flush();
	} while (done == (size_t)w->opt->batch && !ndjson_stopping());
	do {
		if (work_crashed(w->work, &done, e) != 0)
			return -1;
		*total += done;
		ndjson_flush();
	} while (done > 0 && !ndjson_stopping());
	w->no_database = false;
	return 0;
}

static int do_rung(struct worker *w, int ms, size_t *total, struct err *e)
{
	int64_t ids[WORK_MOST];
	size_t n, done;

	if (queue_pop(w->queue, ids, (size_t)w->opt->batch, ms, &n, e) != 0) {
		if (!w->no_redis)
			log_say(LOG_WARN, "%s; asking PostgreSQL once a second instead", e->msg);
		w->no_redis = true;
		ndjson_wait(-1, ms);
		return 0;
	}
	w->no_redis = false;
	if (work_ids(w->work, ids, n, &done, e) != 0)
		return -1;
	*total += n;
	ndjson_flush();
	return 0;
}

static int run_queue(struct worker *w, struct err *e)
{
	int64_t next_scan = 0;

	while (!ndjson_stopping()) {
		int64_t now = clock_ms();
		size_t total = 0;
		int rc = 0;

		if (now >= next_scan || w->opt->drain) {
			rc = do_due(w, &total, e);
			next_scan = now + SCAN_MS;
		}
		if (rc == 0 && !ndjson_stopping()) {
			int64_t left = next_scan - clock_ms();

			rc = do_rung(w, w->opt->drain ? 1 : left > 0 ? (int)left : 1, &total, e);
		}
		if (rc != 0 && !endure(w, e))
			return -1;
		if (w->opt->drain && rc == 0 && total == 0)
			return 0;
	}
	return 0;
}

/* How much the worker before this one in its place left unfinished; zeros
 * among it are ids of nothing. */
static size_t left_over(const struct hand *h)
{
	size_t n = WORK_MOST;

	while (n > 0 && h->given[n - 1] == 0)
		n--;
	return n;
}

static int run_fed(struct worker *w, int fd, struct err *e)
{
	int64_t *given = w->hand->given;
	size_t done;

	/* Not ended by SIGTERM: what was read from stdin is in hand. */
	while ((w->n = left_over(w->hand)) > 0 || recv(fd, given, sizeof w->hand->given, 0) > 0) {
		w->n = left_over(w->hand);
		memcpy(w->ids, given, w->n * sizeof *given);
		if (work_ids(w->work, given, w->n, &done, e) != 0)
			return -1;
		put_skipped(w);
		w->n = 0;
		ndjson_flush();
		memset(given, 0, sizeof w->hand->given);
	}
	do {
		if (work_crashed(w->work, &done, e) != 0)
			return -1;
	} while (done > 0);
	return 0;
}

static int be_worker(struct pool *p, int slot)
{
	struct worker w = {.opt = p->opt, .hand = &p->hands[slot]};
	struct err e = {0};
	char host[64] = "", name[96];
	int rc;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	gethostname(host, sizeof host - 1);
	snprintf(name, sizeof name, "fulfil-work %.40s %d", host, (int)getpid());
	if (p->feed[1] >= 0)
		close(p->feed[1]);
	rc = db_open_by_key(&w.db, p->conf, name, &e);
	if (rc == 0)
		rc = work_new(&w.work, w.db, p->conf, name, &w.hand->claimed, put_result, &w, &e);
	if (rc == 0 && p->feed[0] < 0)
		rc = queue_open(&w.queue, conf_get(p->conf, "REDIS_URL"), &e);
	if (rc == 0)
		rc = p->feed[0] >= 0 ? run_fed(&w, p->feed[0], &e) : run_queue(&w, &e);
	rc = rc == 0 ? 0 : log_err(&e);
	work_free(w.work);
	queue_close(w.queue);
	db_close(w.db);
	return ndjson_close(rc);
}

static void start(struct pool *p, int slot)
{
	pid_t pid = fork();

	if (pid == 0)
		exit(be_worker(p, slot));
	if (pid < 0) {
		log_say(LOG_ERROR, "cannot fork: %s", strerror(errno));
		p->status = err_worse(p->status, EX_TEMPFAIL);
		p->ending = true;
	}
	p->pids[slot] = pid > 0 ? pid : 0;
	p->born[slot] = clock_ms();
}

static void stop_all(struct pool *p)
{
	p->ending = true;
	for (long i = 0; i < p->opt->workers; i++)
		if (p->pids[i])
			kill(p->pids[i], SIGTERM);
}

/* Out of memory, a worker ends by itself in the middle of a batch. */
static bool is_crash(const struct pool *p, int slot, int st)
{
	return WIFSIGNALED(st) || (WEXITSTATUS(st) != 0 && p->hands[slot].claimed.n > 0);
}

/* A crash is counted against the orders in hand, in a connection of its own:
 * crashes are rare, and an idle watcher should cost nothing. */
static void note_crash(struct pool *p, int slot, int st)
{
	struct hand *h = &p->hands[slot];
	size_t n = h->claimed.n;
	struct err e = {0};
	struct db *db = NULL;

	p->stillborn = n > 0 ? 0 : p->stillborn + 1;
	log_say(LOG_ERROR, "worker %d was ended by %s %d with %zu orders in hand",
		(int)p->pids[slot], WIFSIGNALED(st) ? "signal" : "itself, status",
		WIFSIGNALED(st) ? WTERMSIG(st) : WEXITSTATUS(st), n);
	if (n > 0 && (db_open(&db, p->conf, "fulfil-work watch", &e) != 0 ||
		      work_count_crash(db, h->claimed.ids, n, &e) != 0))
		log_say(LOG_WARN, "the crash is not counted: %s", e.msg);
	db_close(db);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < WORK_MOST; k++)
			if (h->given[k] == h->claimed.ids[i])
				h->given[k] = 0; /* work_crashed finds it */
	h->claimed.n = 0;
}

/* Takes note of workers that ended; false once none is left. */
static bool reap(struct pool *p)
{
	bool left = false;
	int st;

	for (int i = 0; i < p->opt->workers; i++) {
		if (p->pids[i] && waitpid(p->pids[i], &st, WNOHANG) == p->pids[i]) {
			if (WIFSIGNALED(st) && WTERMSIG(st) == SIGPIPE) {
				/* The reader has gone: the others end as we do. */
				signal(SIGPIPE, SIG_DFL);
				raise(SIGPIPE);
			}
			if (is_crash(p, i, st)) {
				note_crash(p, i, st);
				if (clock_ms() - p->born[i] < SCAN_MS)
					ndjson_wait(-1, 100); /* bounds a crash loop */
				p->pids[i] = 0;
				if (p->stillborn >= MOST_STILLBORN) {
					p->status = err_worse(p->status, EX_SOFTWARE);
					stop_all(p);
				} else if (!ndjson_stopping() && !p->ending) {
					start(p, i);
				}
			} else {
				p->pids[i] = 0;
				p->status = err_worse(p->status, WEXITSTATUS(st));
				if (WEXITSTATUS(st) != 0)
					stop_all(p);
			}
		}
		left |= p->pids[i] != 0;
	}
	return left;
}

static int hand_out(void *ctx, struct err *e)
{
	struct pool *p = ctx;

	while (p->n > 0) {
		struct pollfd fd = {.fd = p->feed[1], .events = POLLOUT};

		if (!reap(p))
			return err_set(e, ERR_AWAY, "all workers have ended");
		if (send(p->feed[1], p->batch, p->n * sizeof *p->batch, MSG_DONTWAIT) > 0)
			p->n = 0;
		else if (errno != EAGAIN && errno != EINTR)
			return err_set(e, ERR_IO, "cannot reach the workers: %s", strerror(errno));
		else
			poll(&fd, 1, 100);
	}
	return 0;
}

static int take_record(void *ctx, const struct ndjson_record *r, struct err *e)
{
	struct pool *p = ctx;
	const json_t *id = json_object_get(r->json, "order_id");

	if (json_is_null(id))
		return 0; /* a rejected payload: fulfil-recv has said so */
	if (!json_is_integer(id) || json_integer_value(id) <= 0)
		return err_set(e, ERR_DATA, "the record has no order_id");
	p->batch[p->n++] = json_integer_value(id);
	return p->n == (size_t)p->opt->batch ? hand_out(p, e) : 0;
}

static void feed_records(struct pool *p)
{
	const struct ndjson_ops ops = {take_record, NULL, hand_out};
	int st = ndjson_each(STDIN_FILENO, &ops, p);

	p->status = err_worse(p->status, st);
	close(p->feed[1]); /* the end for the workers; a new one goes on with what is left */
	p->feed[1] = -1;
}

static int run_pool(struct pool *p)
{
	for (int i = 0; i < p->opt->workers; i++)
		start(p, i);
	if (p->opt->from_stdin)
		feed_records(p);
	while (reap(p)) {
		if (ndjson_stopping() && !p->opt->from_stdin && !p->ending)
			stop_all(p);
		ndjson_wait(-1, 50);
	}
	return p->status;
}

/* Settings and servers are tried before a worker is started, so that what is
 * wrong is said once. */
static void try_settings(struct conf **conf, const struct options *o)
{
	struct err e = {0};
	struct db *db;
	struct work *work;
	struct queue *queue = NULL;

	if (conf_load(conf, CONF_COMMAND, &e) != 0 ||
	    log_set_level(conf_get(*conf, "LOG_LEVEL"), &e) != 0 ||
	    (!o->from_stdin && queue_open(&queue, conf_get(*conf, "REDIS_URL"), &e) != 0) ||
	    db_open(&db, *conf, "fulfil-work", &e) != 0 ||
	    work_new(&work, db, *conf, "", NULL, NULL, NULL, &e) != 0)
		log_die(&e);
	work_free(work);
	db_close(db);
	queue_close(queue);
}

int main(int argc, char **argv)
{
	struct options o = {.workers = 1, .batch = 256};
	const struct opt options[] = {
		{"jobs", 'j', OPT_INT, &o.workers, "N", "how many workers", 1, MOST_WORKERS},
		{"batch", 'b', OPT_INT, &o.batch, "N", "orders in one transaction", 1, WORK_MOST},
		{"drain", 0, OPT_FLAG, &o.drain, NULL, "end when nothing is due", 0, 0},
		{0}};
	const struct opt_command cmd = {
		"fulfil-work", "[options] [-]",
		"Processes orders from the queue, or with - those of the records on stdin.",
		"fulfil-recv < payloads.json | fulfil-work -", options};
	struct pool p = {.opt = &o, .feed = {-1, -1}};
	struct conf *conf;
	int at = opt_parse(&cmd, argc, argv);

	o.from_stdin = at < argc && strcmp(argv[at], "-") == 0;
	if (argc - at > o.from_stdin)
		opt_usage(&cmd, "there is no operand \"%s\"", argv[argc - 1]);
	try_settings(&conf, &o);
	p.conf = conf;
	p.hands = mmap(NULL, (size_t)o.workers * sizeof *p.hands, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p.hands == MAP_FAILED ||
	    (o.from_stdin && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, p.feed) != 0)) {
		log_say(LOG_ERROR, "cannot set up workers: %s", strerror(errno));
		return EX_OSERR;
	}

	ndjson_catch_signals();
	run_pool(&p);

	conf_free(conf);
	return ndjson_close(p.status);
}
