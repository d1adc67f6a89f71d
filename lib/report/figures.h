/* SPDX-License-Identifier: MIT
 *
 * figures: figures about the whole, as data; fulfil-stat, /api/metrics,
 * /api/health and /metrics show the same ones. display spells them out.
 *
 * Each function costs one round trip (figures_health one to each server), one more
 * for each tally, and never waits for locks. Counts are exact unless said otherwise here; -1 is a
 * figure that is not known. They want a connection outside a transaction.
 */
#ifndef FIGURES_H
#define FIGURES_H

#include "base/conf.h"
#include "base/err.h"
#include "store/db.h"
#include "store/doorbell.h"
#include "store/tally.h"

#include <stdbool.h>
#include <stdint.h>

enum { FIGURES_OVERDUE_SECONDS = 60, FIGURES_QUEUED_SECONDS = 5, FIGURES_WORKERS_MOST = 64,
       FIGURES_QUEUES_MOST = 20, FIGURES_COUNTS_MOST = 100 };

struct figures_health {
	bool serves;             /* PostgreSQL up, a worker there, nothing overdue, webhooks told,
				    uploads imported */
	bool healthy;            /* and Redis up, without which orders are found once a second */
	bool database_up, redis_up;
	int64_t database_us, redis_us; /* one query and one LLEN, with connecting if need be */
	char database_error[200], redis_error[200]; /* "" if up */
	int64_t queue_length;    /* entries of the list */
	int64_t workers;         /* processes of fulfil-work that are connected */
	int64_t due;             /* orders whose time has come */
	int64_t oldest_due_seconds;    /* how long ago it came for the first; 0: none is due */
	int64_t webhooks;        /* that are enabled */
	/* processes of fulfil-notify that did something in the last 60 s */
	int64_t senders;
	int64_t oldest_delivery_seconds; /* how long the first delivery is due that nobody sends */
	bool left_lying;         /* some are, for over 60 s, of a webhook that answers well */
	int64_t importers;       /* processes of fulfil-import --work, as senders */
	int64_t uploads;         /* that are queued */
	/* how long ago any that is to be imported was last heard of */
	int64_t oldest_upload_seconds;
};

/* Of the deliveries: up, down (nobody sends, though a webhook is enabled),
 * overdue (left_lying), unknown. */
const char *figures_sending(const struct figures_health *h);

/* Of the uploads: up, idle (no importer runs, and no upload waits), down (an upload has
 * waited for over 5 s and no importer has claimed it), unknown. */
const char *figures_importing(const struct figures_health *h);

struct figures_orders {
	int64_t total, pending, completed, failed, cancelled;
	int64_t retrying; /* pending ones that wait for another attempt */
	int64_t minute; /* runs that succeeded in the last 60 s */
};

struct figures_metrics {
	struct figures_orders orders;
	int64_t avg_us;     /* mean time of the newest 1,000 successes; -1: there is none */
	int64_t last_hour;  /* orders taken in during the last 3600 s */
	int64_t low, out;   /* products */
	int64_t quarantined; /* signed bodies that could not be taken in */
	int64_t intake_seconds;     /* since the last payload came; -1: none did */
	int64_t intake_lag_seconds; /* from the event to that payload; -1: it does not say */
	int64_t alarms;      /* of the intake, that are open: scan.h */
	int64_t sync_logs;  /* above 10,000: as their ids say, at most that many */
};

struct figures_queue {
	int64_t length;     /* of the list; -1: Redis is away */
	int64_t due, oldest_due_seconds;
	int64_t waiting;    /* orders whose next attempt is in the future */
};

struct figures_worker {
	char name[64];      /* "fulfil-work HOST PID" */
	bool busy;
	int64_t seconds;    /* since it went busy or idle */
};

struct figures_workers {
	int64_t count, busy;
	struct figures_worker some[FIGURES_WORKERS_MOST]; /* the first of them, by name */
	int nsome;
};

struct figures_products {
	int64_t total, low, out;
};

/* One enabled webhook; of all, those that are worst off. */
struct figures_line {
	int64_t webhook;
	char state[16];     /* up, failing, paused */
	int64_t queued;     /* deliveries that did not end yet, 10,000 at most */
	int64_t oldest_due_seconds;
	int64_t failures;   /* in a row */
};

/* What became of all attempts at one webhook since it was made. */
struct figures_counts {
	int64_t webhook;
	int64_t delivered, retried, given_up; /* retried: failed, and to be tried again */
	int64_t ms;                           /* that they took, together */
};

/* Each figure of deliveries stops at 10,000, outbox at 1,000. */
struct figures_deliveries {
	int64_t senders;                   /* see figures_health */
	int64_t enabled, paused, disabled; /* webhooks; the paused are enabled too */
	int64_t outbox, outbox_events;     /* rows, and the events they will make */
	/* nobody sends the due ones yet; waiting for their time */
	int64_t due, sending, waiting;
	int64_t oldest_due_seconds;        /* of the due ones; 0: none is */
	int64_t made, given_up;            /* in the last hour; skipped ones are given up too */
	double per_second;                 /* made; see figures_tallies */
	struct figures_line some[FIGURES_QUEUES_MOST];
	int nsome;
	struct figures_counts counts[FIGURES_COUNTS_MOST]; /* of the webhooks made first */
	int ncounts;
};

/* What a caller keeps from one report to the next, to count only what is new; all zero
 * at first. */
struct figures_tallies {
	struct tally orders, products;
	int64_t window_ms; /* what deliveries a second are of; 0: the last minute */
};

/* Never fails: what is wrong is what it tells. `db` may be NULL, for a
 * database that could not be opened, with `why` saying so (else NULL); a lost
 * connection is made again. The same holds for `queue`. */
void figures_health(struct figures_health *h, struct db *db, struct doorbell *queue,
		    const struct err *why);

/* Where the list is away the queue's length is -1 and that is no error. */
ERR_CHECK int figures_queue(struct figures_queue *s, struct db *db, struct doorbell *queue,
			    struct err *e);
ERR_CHECK int figures_orders(struct figures_orders *s, struct db *db, struct figures_tallies *t,
			  struct err *e);
ERR_CHECK int figures_metrics(struct figures_metrics *s, struct db *db, struct figures_tallies *t,
			   struct err *e);
ERR_CHECK int figures_workers(struct figures_workers *s, struct db *db, struct err *e);
ERR_CHECK int figures_products(struct figures_products *s, struct db *db, struct figures_tallies *t,
			    struct err *e);
ERR_CHECK int figures_deliveries(struct figures_deliveries *s, struct db *db,
				 const struct figures_tallies *t,
			      struct err *e);

/* Of the finished runs, how many percent were completed, in tenths: 987 is
 * 98.7. -1: none is finished. */
int figures_success_permille(const struct figures_orders *s);

/* Everything that was asked for, for the formats that show all at once. */
struct figures_report {
	unsigned parts;     /* which of the following are filled in */
	char time[32];      /* RFC 3339 */
	double per_second;  /* completed orders */
	struct figures_health health;
	struct figures_metrics metrics;
	struct figures_orders orders;
	struct figures_queue queue;
	struct figures_workers workers;
	struct figures_products products;
	struct figures_deliveries deliveries;
};

enum figures_part {
	FIGURES_HEALTH = 1,
	FIGURES_METRICS = 2,
	FIGURES_ORDERS = 4,
	FIGURES_QUEUE = 8,
	FIGURES_WORKERS = 16,
	FIGURES_PRODUCTS = 32,
	FIGURES_DELIVERIES = 64,
	FIGURES_ALL = 127
};

/* Fills in `parts` as far as the servers answer: r->parts has those that are filled
 * in, always with health. -1: some are missing. */
ERR_CHECK int figures_report(struct figures_report *r, unsigned parts, struct db *db,
			  struct doorbell *queue, struct figures_tallies *t, const struct err *why,
			  struct err *e);

#endif
