/* SPDX-License-Identifier: MIT
 *
 * preflight: whether the settings can work, as far as that shows without a
 * server: what conf_load cannot know of libpq's URLs, Redis' and files, and
 * what is not set.
 */
#ifndef PREFLIGHT_H
#define PREFLIGHT_H

#include "base/conf.h"

enum preflight_grade {
	PREFLIGHT_WARN, /* it works without, or only a part does not */
	PREFLIGHT_WRONG /* programs will refuse it, or nothing works */
};

/* One finding: a sentence that names the setting and what follows. Borrowed. */
typedef void preflight_fn(void *ctx, enum preflight_grade grade, const char *text);

/* Tells all findings; true if no finding is PREFLIGHT_WRONG. What make run
 * makes for itself is not missing for CONF_RUN. */
bool preflight_check(const struct conf *conf, enum conf_reader reader, preflight_fn *say,
		     void *ctx);

#endif
