/* SPDX-License-Identifier: MIT
 *
 * stat: figures about the whole, as data; fulfil-stat, /api/metrics,
 * /api/health and /metrics show the same ones. statform spells them out.
 *
 * Each function costs one round trip (stat_health one to each server), one more
 * for each tally, and never waits for locks. Counts are exact unless said otherwise here; -1 is a
 * figure that is not known. They want a connection outside a transaction.
 */
#ifndef STAT_H
#define STAT_H

#include "conf.h"
#include "db.h"
#include "err.h"
#include "queue.h"
#include "tally.h"

#include <stdbool.h>
#include <stdint.h>

enum { STAT_OVERDUE_SECONDS = 60, STAT_QUEUED_SECONDS = 5, STAT_WORKERS_MOST = 64, STAT_QUEUES_MOST = 20 };

struct stat_health {
	bool healthy;            /* both servers up, a worker there, nothing overdue, webhooks told,
				  uploads imported */
	bool database_up, redis_up;
	int64_t database_us, redis_us; /* one query and one LLEN, with connecting if need be */
	char database_error[200], redis_error[200]; /* "" if up */
	int64_t queue_length;    /* entries of the list */
	int64_t workers;         /* processes of fulfil-work that are connected */
	int64_t due;             /* orders whose time has come */
	int64_t oldest_due_seconds;    /* how long ago it came for the first; 0: none is due */
	int64_t webhooks;        /* that are enabled */
	int64_t senders;         /* processes of fulfil-notify that did something in the last 60 s */
	int64_t oldest_delivery_seconds; /* how long the first delivery is due that nobody sends */
	bool left_lying;         /* some are, for over 60 s, of a webhook that answers well */
	int64_t importers;       /* processes of fulfil-import --work, as senders */
	int64_t uploads;         /* that are queued */
	int64_t oldest_upload_seconds; /* how long ago any that is to be imported was last heard of */
};

/* Of the deliveries: up, down (nobody sends, though a webhook is enabled),
 * overdue (left_lying), unknown. */
const char *stat_sending(const struct stat_health *h);

/* Of the uploads: up, idle (nobody imports, and nothing waits), down (an upload has waited for
 * over 5 s in vain), unknown. */
const char *stat_importing(const struct stat_health *h);

struct stat_orders {
	int64_t total, pending, completed, failed, cancelled;
	int64_t retrying; /* pending ones that wait for another attempt */
	int64_t minute; /* runs that succeeded in the last 60 s */
};

struct stat_metrics {
	struct stat_orders orders;
	int64_t avg_us;     /* mean time of the newest 1,000 successes; -1: there is none */
	int64_t last_hour;  /* orders taken in during the last 3600 s */
	int64_t low, out;   /* products */
	int64_t sync_logs;  /* above 10,000: as their ids say, at most that many */
};

struct stat_queue {
	int64_t length;     /* of the list; -1: Redis is away */
	int64_t due, oldest_due_seconds;
	int64_t waiting;    /* orders whose next attempt is in the future */
};

struct stat_worker {
	char name[64];      /* "fulfil-work HOST PID" */
	bool busy;
	int64_t seconds;    /* since it went busy or idle */
};

struct stat_workers {
	int64_t count, busy;
	struct stat_worker some[STAT_WORKERS_MOST]; /* the first of them, by name */
	int nsome;
};

struct stat_products {
	int64_t total, low, out;
};

/* One enabled webhook; of all, those that are worst off. */
struct stat_line {
	int64_t webhook;
	char state[16];     /* up, failing, paused */
	int64_t queued;     /* deliveries that did not end yet, 10,000 at most */
	int64_t oldest_due_seconds;
	int64_t failures;   /* in a row */
};

/* Each figure of deliveries stops at 10,000, outbox at 1,000. */
struct stat_deliveries {
	int64_t senders;                   /* see stat_health */
	int64_t enabled, paused, disabled; /* webhooks; the paused are enabled too */
	int64_t outbox, outbox_events;     /* rows, and the events they will make */
	int64_t due, sending, waiting;     /* nobody sends the due ones yet; waiting for their time */
	int64_t oldest_due_seconds;        /* of the due ones; 0: none is */
	int64_t made, given_up;            /* in the last hour; skipped ones are given up too */
	double per_second;                 /* made; see stat_tallies */
	struct stat_line some[STAT_QUEUES_MOST];
	int nsome;
};

/* What counting goes on from, for who asks again and again; zero at first. */
struct stat_tallies {
	struct tally orders, products;
	int64_t window_ms; /* what deliveries a second are of; 0: the last minute */
};

/* Never fails: what is wrong is what it tells. `db` may be NULL, for a
 * database that could not be opened, with `why` saying so (else NULL); a lost
 * connection is made again. The same holds for `queue`. */
void stat_health(struct stat_health *h, struct db *db, struct queue *queue, const struct err *why);

/* Where the list is away the queue's length is -1 and that is no error. */
ERR_CHECK int stat_queue(struct stat_queue *s, struct db *db, struct queue *queue, struct err *e);
ERR_CHECK int stat_orders(struct stat_orders *s, struct db *db, struct stat_tallies *t,
			  struct err *e);
ERR_CHECK int stat_metrics(struct stat_metrics *s, struct db *db, struct stat_tallies *t,
			   struct err *e);
ERR_CHECK int stat_workers(struct stat_workers *s, struct db *db, struct err *e);
ERR_CHECK int stat_products(struct stat_products *s, struct db *db, struct stat_tallies *t,
			    struct err *e);
ERR_CHECK int stat_deliveries(struct stat_deliveries *s, struct db *db, const struct stat_tallies *t,
			      struct err *e);

/* Of the finished runs, how many percent were completed, in tenths: 987 is
 * 98.7. -1: none is finished. */
int stat_success_permille(const struct stat_orders *s);

/* Everything that was asked for, for the formats that show all at once. */
struct stat_report {
	unsigned parts;     /* which of the following are filled in */
	char time[32];      /* RFC 3339 */
	double per_second;  /* completed orders */
	struct stat_health health;
	struct stat_metrics metrics;
	struct stat_orders orders;
	struct stat_queue queue;
	struct stat_workers workers;
	struct stat_products products;
	struct stat_deliveries deliveries;
};

enum stat_part {
	STAT_HEALTH = 1,
	STAT_METRICS = 2,
	STAT_ORDERS = 4,
	STAT_QUEUE = 8,
	STAT_WORKERS = 16,
	STAT_PRODUCTS = 32,
	STAT_DELIVERIES = 64,
	STAT_ALL = 127
};

/* Fills in `parts`, as far as the servers let it: r->parts says what came of
 * it, and health is there whatever happens. -1: something is missing. */
ERR_CHECK int stat_report(struct stat_report *r, unsigned parts, struct db *db,
			  struct queue *queue, struct stat_tallies *t, const struct err *why,
			  struct err *e);

#endif
