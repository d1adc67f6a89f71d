/* SPDX-License-Identifier: MIT
 *
 * check: a table of requests, each with what is done to it and what is to be answered.
 */
#include "webhook/check.h"

#include "base/clock.h"
#include "base/sign.h"
#include "webhook/address.h"
#include "webhook/event.h"
#include "webhook/http.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { OLD_S = 3600, SECRET = 64 };

/* What is done to a request that is right. */
enum twist { NONE, AGAIN, OTHER_SECRET, NO_SIGNATURE, OTHER_BODY, OLD, AHEAD, ROTATED };

static const struct step {
	const char *name;
	enum twist twist;
	bool takes; /* the receiver is to take it */
	const char *fault;
} steps[] = {
	{"signed", NONE, true, "a request that is signed as it should be is refused"},
	{"repeated", AGAIN, true, "the same request, sent again, is refused: answer 200 to what "
				  "you have had already"},
	{"rotated", ROTATED, true, "a request with two signatures is refused, of which the second "
				   "is right: one is enough"},
	{"wrong-signature", OTHER_SECRET, false, "a signature by another secret is taken"},
	{"no-signature", NO_SIGNATURE, false, "a request without a signature is taken"},
	{"changed-body", OTHER_BODY, false, "a body that the signature is not of is taken"},
	{"old-timestamp", OLD, false, "a request that was signed an hour ago is taken: refuse what "
				      "is 5 minutes off"},
	{"future-timestamp", AHEAD, false, "a request of an hour ahead is taken: refuse what is 5 "
					   "minutes off"},
};

struct check {
	const struct check_target *target;
	struct http *http;
	struct http_answer answer; /* its texts are not kept but why */
	bool answered;
	time_t now;
	int64_t started_us;        /* what tells this run from others */
	char other[SECRET];        /* a secret that the receiver does not know */
};

static void on_answer(void *ctx, void *tag, const struct http_answer *a)
{
	struct check *c = ctx;

	(void)tag;
	c->answer = *a;
	c->answered = true;
}

static void make_request(const struct check *c, enum twist twist, struct buf *headers,
			 struct buf *body)
{
	static const char data[] = "{\"id\": 0, \"sku\": \"TEST\", \"test\": true}";
	char id[64];
	struct event_request r = {
		.type = "product.updated", .id = id, .time = c->now, .own = c->target->headers,
		.secret = twist == NO_SIGNATURE ? NULL
			  : twist == OTHER_SECRET || twist == ROTATED ? c->other
								      : c->target->secret,
		.old_secrets = twist == ROTATED ? c->target->secret : NULL};

	if (twist == OLD || twist == AHEAD)
		r.time += twist == OLD ? -OLD_S : OLD_S;
	snprintf(id, sizeof id, "test_%llx_%d", (long long)c->started_us,
		 twist == AGAIN ? NONE : twist);
	/* The data are JSON, so that this cannot fail. */
	if (event_body(body, r.type, r.time, data, sizeof data - 1, NULL) == 0)
		event_add_headers(headers, &r, body);
	if (twist == OTHER_BODY)
		buf_addstr(body, " ");
}

static void send_one(struct check *c, enum twist twist)
{
	struct buf headers = BUF_INIT, body = BUF_INIT;

	make_request(c, twist, &headers, &body);
	struct http_request r = {c->target->url, &headers, &body, c->target->timeout_s};

	c->answered = false;
	http_post(c->http, &r, NULL);
	while (!c->answered) {
		struct pollfd p = {.fd = http_fd(c->http), .events = POLLIN};

		poll(&p, 1, http_wait_ms(c->http));
		http_step(c->http);
	}
	buf_release(&headers);
	buf_release(&body);
}

/* One that gives no answer at all has refused nothing. */
static bool judge(const struct check *c, const struct step *s, char *error, size_t size)
{
	int status = c->answer.status;
	bool took = status >= 200 && status < 300;

	*error = '\0';
	if (status == 0)
		snprintf(error, size, "%s", c->answer.why);
	else if (!s->takes && status >= 500)
		snprintf(error, size, "answered %d: refuse it by 400 or 401, or it is sent again",
			 status);
	else if (took != s->takes)
		snprintf(error, size, "%s", s->fault);
	return *error == '\0';
}

static int start(struct check *c, const struct conf *conf, struct err *e)
{
	bool private = conf_bool(conf, "WEBHOOK_ALLOW_PRIVATE");
	unsigned char random[24];
	char text[40];

	if (address_check_url(c->target->url, private, e) != 0 ||
	    event_check_secret(c->target->secret, e) != 0)
		return -1;
	if (!sign_random(random, sizeof random))
		return err_set(e, ERR_BUG, "OpenSSL has no random bytes");
	sign_encode64(random, sizeof random, text);
	snprintf(c->other, sizeof c->other, "whsec_%s", text);
	return http_new(&c->http, conf, on_answer, c, e);
}

int check_run(const struct conf *conf, const struct check_target *t, check_fn *fn, void *ctx,
	      bool *good, struct err *e)
{
	struct check c = {.target = t, .now = time(NULL), .started_us = clock_wall_us()};

	*good = true;
	if (start(&c, conf, e) != 0)
		return -1;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		char error[HTTP_WHY];
		struct check_result r = {.name = steps[i].name, .error = error};

		send_one(&c, steps[i].twist);
		r.good = judge(&c, &steps[i], error, sizeof error);
		r.http_status = c.answer.status;
		r.duration_ms = c.answer.duration_ms;
		fn(ctx, &r);
		*good = *good && r.good;
	}
	http_free(c.http);
	return 0;
}
