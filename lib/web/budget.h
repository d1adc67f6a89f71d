/* SPDX-License-Identifier: MIT
 *
 * budget: how much of this process's time one credential may take by slow answers, so that it
 * leaves some for others. Answers of up to BUDGET_FREE_MS cost nothing; of slower ones there
 * are BUDGET_MS at first, and a quarter of each second comes back.
 */
#ifndef BUDGET_H
#define BUDGET_H

#include <stdint.h>

enum { BUDGET_MS = 8000, BUDGET_FREE_MS = 250, BUDGET_TEXT = 48 };

/* The same in a header field, RateLimit-Policy: seconds of slow answers in how many. */
#define BUDGET_POLICY "\"slow\";q=8;w=32"

struct budget;

struct budget *budget_new(void);
void budget_free(struct budget *b);

/* The header field RateLimit: how many seconds `who` has left at now_ms (a time of clock_ms), and
 * when all of them are back. */
void budget_say(struct budget *b, const char *who, int64_t now_ms, char out[BUDGET_TEXT]);

/* In how many seconds `who` may ask again; 0: now. */
int budget_wait(struct budget *b, const char *who, int64_t now_ms);

/* An answer to `who` took that long. */
void budget_spend(struct budget *b, const char *who, int64_t took_ms, int64_t now_ms);

#endif
