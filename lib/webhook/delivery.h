/* SPDX-License-Identifier: MIT
 *
 * delivery: one try at sending one event to one webhook: what is sent, and the
 * outcome. No I/O.
 *
 * exchange.c makes it from a claimed row, dispatch.c queues and sends it, and
 * delivery_judge() or delivery_refuse() sets the outcome, which exchange.c
 * records. It is on one list at a time; the owner of the list frees it.
 */
#ifndef DELIVERY_H
#define DELIVERY_H

#include "base/buf.h"
#include "base/err.h"
#include "webhook/http.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DELIVERY_EVENT_ID = 64, DELIVERY_TYPE = 32, DELIVERY_ERROR = 300,
       DELIVERY_TRACE = 56 };

enum delivery_state { DELIVERY_WAITING, DELIVERY_DELIVERED, DELIVERY_GIVEN_UP };

/* What the request is made of. */
struct delivery_texts {
	const char *url, *data;
	size_t data_len;
	const char *secret, *headers; /* NULL: none */
	const char *old_secrets;      /* a line each; NULL: none */
};

struct delivery {
	struct delivery *next; /* on its list */
	int64_t id, webhook, subject, sequence;
	int64_t time;          /* of the event, Unix seconds */
	int number, in_run;    /* of this try, from 1: of all, and since the last replay */
	int retry_count;       /* the webhook's: retries at least */
	long retry_for_s;      /* the webhook's: further retries for this time */
	bool failing;          /* the webhook's last recorded try failed */
	bool in_order;         /* others wait for its end */
	bool cloud;            /* it is sent as a CloudEvent */
	long timeout_s;
	char event_id[DELIVERY_EVENT_ID], type[DELIVERY_TYPE];
	char trace[DELIVERY_TRACE];  /* traceparent of this try; "": none */
	struct delivery_texts texts; /* point into `block` */
	char *block;                 /* owned; NULL once the request was made */
	int64_t claimed_ms;          /* clock_ms() of the claim */
	int64_t started_us;          /* clock_us() of the start of the request */

	/* The outcome. */
	enum delivery_state state;
	int wait_s;            /* before the next try; -1: there is none */
	int pause_s;           /* for all of the webhook's deliveries; 0: none */
	bool gone;             /* the receiver answered 410: disable the webhook */
	int http_status;       /* 0: no answer */
	char error[DELIVERY_ERROR];
	struct buf answer;     /* start of its body */
	int connect_ms, first_byte_ms; /* since the start; -1: not reached */
	int duration_ms;
};

/* Zeroed it is empty. `last` is valid while `first` is not NULL. */
struct delivery_list {
	struct delivery *first, *last;
	size_t count;
};

/* Makes one with copies of the texts; the caller sets the other fields. */
struct delivery *delivery_new(const struct delivery_texts *texts);
void delivery_free(struct delivery *d);

/* Frees the texts, which must not be read afterwards. */
void delivery_free_texts(struct delivery *d);

void delivery_append(struct delivery_list *list, struct delivery *d); /* takes ownership */
struct delivery *delivery_take(struct delivery_list *list); /* the first, or NULL; the caller's */
void delivery_move(struct delivery_list *to, struct delivery_list *from); /* appends all */
void delivery_free_list(struct delivery_list *list); /* leaves it empty */

/* "waiting", "delivered" or "given_up", as the database spells it. */
const char *delivery_state_name(enum delivery_state state);

/* Adds the headers and the body of the request. ERR_DATA if the event's data is
 * not JSON. */
ERR_CHECK int delivery_request(const struct delivery *d, struct buf *headers, struct buf *body,
			       struct err *e);

/* Sets the outcome from an answer. The first retry waits base_s seconds and each
 * further one twice as long, up to cap_s; one beyond retry_count waits a minute at
 * least, and is made if it is due within retry_for_s of the first try, pauses not
 * counted. */
void delivery_judge(struct delivery *d, const struct http_answer *a, long base_s, long cap_s);

/* Sets the outcome of a request that must not be sent: "WHAT: WHY". */
void delivery_refuse(struct delivery *d, const char *what, const char *why);

#endif
