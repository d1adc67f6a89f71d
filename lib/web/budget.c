/* SPDX-License-Identifier: MIT
 *
 * budget: a small table by hash; a newcomer takes the place of who was there, which then begins
 * anew: what is lost that way is a refusal.
 */
#include "web/budget.h"

#include "base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NEEDED: what there must be for one more; MOST_DEBT: how far one answer can put it back. */
enum { PLACES = 64, WHO = 64, BACK = 4, NEEDED = 1000, MOST_DEBT = 8000 };

struct place {
	char who[WHO];
	int64_t left, at_ms;
};

struct budget {
	struct place place[PLACES];
};

struct budget *budget_new(void)
{
	return xalloc_zero(1, sizeof(struct budget));
}

void budget_free(struct budget *b)
{
	free(b);
}

static struct place *place_of(struct budget *b, const char *who, int64_t now_ms)
{
	struct place *p;
	size_t h = 5381;

	for (const char *s = who; *s; s++)
		h = h * 33 ^ (unsigned char)*s;
	p = &b->place[h % PLACES];
	if (strncmp(p->who, who, WHO - 1) != 0) {
		snprintf(p->who, WHO, "%s", who);
		p->left = BUDGET_MS;
		p->at_ms = now_ms;
	}
	p->left += (now_ms - p->at_ms) / BACK;
	p->at_ms = now_ms - (now_ms - p->at_ms) % BACK;
	if (p->left > BUDGET_MS)
		p->left = BUDGET_MS;
	return p;
}

void budget_say(struct budget *b, const char *who, int64_t now_ms, char out[BUDGET_TEXT])
{
	int64_t left = place_of(b, who, now_ms)->left;

	snprintf(out, BUDGET_TEXT, "\"slow\";r=%d;t=%d", left > 0 ? (int)(left / 1000) : 0,
		 (int)((BUDGET_MS - left) * BACK + 999) / 1000);
}

int budget_wait(struct budget *b, const char *who, int64_t now_ms)
{
	int64_t missing = NEEDED - place_of(b, who, now_ms)->left;

	return missing <= 0 ? 0 : (int)((missing * BACK + 999) / 1000);
}

void budget_spend(struct budget *b, const char *who, int64_t took_ms, int64_t now_ms)
{
	struct place *p = place_of(b, who, now_ms);

	if (took_ms <= BUDGET_FREE_MS)
		return;
	p->left -= took_ms;
	if (p->left < -MOST_DEBT)
		p->left = -MOST_DEBT;
}
