/* SPDX-License-Identifier: MIT
 *
 * fault: kills the program at a named place, in test builds only.
 */
#include "base/fault.h"

#ifdef FULFIL_FAULTS
#include <signal.h>
#include <stdlib.h>
#include <string.h>

void fault_point(const char *place)
{
	static long passed;
	const char *want = getenv("FULFIL_FAULT"), *colon;
	size_t n;

	if (want == NULL)
		return;
	colon = strchr(want, ':');
	n = colon ? (size_t)(colon - want) : strlen(want);
	if (strlen(place) != n || memcmp(place, want, n) != 0)
		return;
	if (++passed == (colon ? strtol(colon + 1, NULL, 10) : 1))
		raise(SIGKILL);
}

void fault_poison(int64_t external_id)
{
	const char *poison = getenv("FULFIL_POISON");

	if (poison && external_id == strtoll(poison, NULL, 10))
		raise(SIGSEGV);
}
#endif
