/* SPDX-License-Identifier: MIT
 *
 * reply: what a receiver answers, line by line, in memory of just that size.
 */
#include "fuzz.h"
#include "webhook/reply.h"

static bool line_of(struct reply *r, const uint8_t *data, size_t n)
{
	char *line = malloc(n ? n : 1);
	bool more;

	if (line == NULL)
		abort();
	memcpy(line, data, n);
	more = reply_line(r, line, n);
	free(line);
	return more;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct reply r = {.retry_after_s = -1};
	size_t at = 0;
	bool more = true;

	reply_reset(&r);
	while (more && at < n && !r.complete) {
		const uint8_t *end = memchr(data + at, '\n', n - at);
		size_t len = end ? (size_t)(end - data) + 1 - at : n - at;

		more = line_of(&r, data + at, len);
		at += len;
	}
	if (more && at < n)
		reply_body(&r, (const char *)data + at, n - at);
	FUZZ_HOLDS(r.body.len <= REPLY_KEPT && r.head.len <= REPLY_HEAD + REPLY_KEPT);
	FUZZ_HOLDS(r.retry_after_s >= -1);
	reply_release(&r);
	return 0;
}
