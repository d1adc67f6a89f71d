/* SPDX-License-Identifier: MIT
 *
 * fulfil-work: processes orders, a `result` record each. This process watches
 * a pool of -j workers (lib/order/worker.c); with `-` it reads records too, and hands
 * out batches of their ids over a socket that all workers share.
 */
#include "base/conf.h"
#include "base/supervisor.h"
#include "filter/log.h"
#include "filter/ndjson.h"
#include "filter/opt.h"
#include "filter/program.h"
#include "order/prefork.h"
#include "order/work.h"
#include "order/worker.h"
#include "store/db.h"
#include "store/doorbell.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

struct master {
	struct conf *conf;
	struct prefork *pool;
	struct worker_options opt;
	struct worker_hand *hands; /* shared with the workers */
	unsigned seen[PREFORK_MOST]; /* of their rounds, when progress was told last */
	int feed;                  /* our end of opt.feed; -1 without `-` */
	int64_t batch[WORK_MOST];  /* ids to hand out */
	size_t n;
};

static int run(void *ctx, int slot)
{
	struct master *m = ctx;

	if (m->feed >= 0)
		close(m->feed);
	return worker_run(&m->opt, m->conf, &m->hands[slot]);
}

static size_t in_hand(void *ctx, int slot)
{
	return ((struct master *)ctx)->hands[slot].claimed.n;
}

static void crashed(void *ctx, int slot)
{
	struct master *m = ctx;
	struct err e = {0};

	if (worker_crashed(m->conf, &m->hands[slot], &e) != 0)
		log_say(LOG_WARN, "the crash is not counted: %s", e.msg);
}

static int hand_out(void *ctx, struct err *e)
{
	struct master *m = ctx;

	while (m->n > 0) {
		struct pollfd fd = {.fd = m->feed, .events = POLLOUT};

		if (!prefork_reap(m->pool))
			return err_set(e, ERR_AWAY, "all workers have ended");
		if (send(m->feed, m->batch, m->n * sizeof *m->batch, MSG_DONTWAIT) > 0)
			m->n = 0;
		else if (errno != EAGAIN && errno != EINTR)
			return err_set(e, ERR_IO, "cannot reach the workers: %s", strerror(errno));
		else
			poll(&fd, 1, 100);
	}
	return 0;
}

static int take_record(void *ctx, const struct ndjson_record *r, struct err *e)
{
	struct master *m = ctx;
	const json_t *id = json_object_get(r->json, "order_id");

	if (json_is_null(id))
		return 0; /* a rejected payload: fulfil-recv has said so */
	if (!json_is_integer(id) || json_integer_value(id) <= 0)
		return err_set(e, ERR_DATA, "the record has no order_id");
	m->batch[m->n++] = json_integer_value(id);
	return m->n == (size_t)m->opt.batch ? hand_out(m, e) : 0;
}

/* Returns the exit status of the input. */
static int feed_records(struct master *m)
{
	const struct ndjson_ops ops = {take_record, NULL, hand_out};
	int status = ndjson_each(STDIN_FILENO, &ops, m);

	close(m->feed); /* the workers end; a new one continues with what is left */
	m->feed = -1;
	return status;
}

/* All workers get on, or none does for the supervisor: one that hangs holds orders. */
static void tell_progress(struct master *m, long jobs)
{
	for (long i = 0; i < jobs; i++)
		if (m->hands[i].rounds == m->seen[i])
			return;
	for (long i = 0; i < jobs; i++)
		m->seen[i] = m->hands[i].rounds;
	supervisor_progress();
}

static int run_pool(struct master *m, long jobs)
{
	bool fed = m->feed >= 0, stopped = false;
	int status = 0;

	if (!fed && isatty(STDERR_FILENO))
		log_say(LOG_INFO, "%ld worker%s for orders; Ctrl-C ends", jobs,
			jobs > 1 ? "s wait" : " waits");
	prefork_start(m->pool);
	if (fed)
		status = feed_records(m);
	while (prefork_reap(m->pool)) {
		if (ndjson_stopping() && !fed && !stopped)
			prefork_stop(m->pool);
		if (ndjson_stopping() && !stopped)
			supervisor_stopping();
		tell_progress(m, jobs);
		stopped = ndjson_stopping();
		ndjson_wait(-1, 50);
	}
	return err_worse(status, prefork_status(m->pool));
}

/* Settings and servers are tried before a worker is started, so that what is
 * wrong is said once. */
static void try_settings(struct conf **conf, bool with_queue)
{
	struct err e = {0};
	struct db *db;
	struct doorbell *queue = NULL;

	if (program_start(conf, CONF_COMMAND, &e) != 0 ||
	    (with_queue && doorbell_open(&queue, conf_get(*conf, "REDIS_URL"), &e) != 0) ||
	    db_open(&db, *conf, "fulfil-work", &e) != 0)
		log_die(&e);
	db_close(db);
	doorbell_close(queue);
}

/* Memory for n workers to share with us, and the socket if they are fed. */
static bool set_up(struct master *m, long n, bool fed)
{
	int ends[2] = {-1, -1};

	m->hands = mmap(NULL, (size_t)n * sizeof *m->hands, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (m->hands == MAP_FAILED ||
	    (fed && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0))
		return false;
	m->opt.feed = ends[0];
	m->feed = ends[1];
	return true;
}

int main(int argc, char **argv)
{
	struct master m = {.opt = {.batch = 256}};
	long jobs = 1;
	const struct opt options[] = {
		{"jobs", 'j', OPT_INT, &jobs, "N", "how many workers", 1, PREFORK_MOST},
		{"batch", 'b', OPT_INT, &m.opt.batch, "N",
		 "orders in one transaction", 1, WORK_MOST},
		{"drain", 0, OPT_FLAG, &m.opt.drain, NULL, "end when nothing is due", 0, 0},
		{0}};
	const struct opt_command cmd = {
		"fulfil-work", "[options] [-]",
		"Processes the orders that are due, or with - those of the records on stdin.",
		"fulfil-recv < payloads.json | fulfil-work -", options};
	const struct prefork_ops ops = {run, in_hand, crashed};
	int at = opt_parse(&cmd, argc, argv), status;
	bool fed = at < argc && strcmp(argv[at], "-") == 0;

	if (argc - at > fed)
		opt_usage(&cmd, "there is no operand \"%s\"", argv[argc - 1]);
	try_settings(&m.conf, !fed);
	if (!set_up(&m, jobs, fed)) {
		log_say(LOG_ERROR, "cannot set up workers: %s", strerror(errno));
		return EX_OSERR;
	}
	m.pool = prefork_new((int)jobs, &ops, &m);

	ndjson_catch_signals();
	status = run_pool(&m, jobs);

	prefork_free(m.pool);
	conf_free(m.conf);
	return ndjson_close(status);
}
