/* SPDX-License-Identifier: MIT
 *
 * check: whether a receiver does what it must: takes what is signed, refuses what is not, what
 * was changed and what is old, takes the same once more, and answers in time. It is sent tests
 * (X-Webhook-Test) one after another.
 */
#ifndef CHECK_H
#define CHECK_H

#include "base/conf.h"
#include "base/err.h"

#include <stdbool.h>

/* One finding; borrowed for the call. */
struct check_result {
	const char *name;   /* "signed", "repeated", … */
	bool good;
	int http_status;    /* 0: no answer */
	int duration_ms;
	const char *error;  /* what is wrong; "" if good */
};
typedef void check_fn(void *ctx, const struct check_result *r);

struct check_target {
	const char *url, *secret;
	const char *headers; /* a JSON object of the subscriber's headers, or NULL */
	long timeout_s;      /* an answer is to come within it */
};

/* Calls fn for each finding; *good: all are. ERR_DATA: the URL or the secret is refused. */
ERR_CHECK int check_run(const struct conf *conf, const struct check_target *t, check_fn *fn,
			void *ctx, bool *good, struct err *e);

#endif
