/* SPDX-License-Identifier: MIT
 *
 * fault: places where the fault tests kill a program. They exist only in a
 * build with FAULTS=1; elsewhere they are nothing at all.
 *   FULFIL_FAULT=before-commit    raises SIGKILL at that place
 *   FULFIL_FAULT=before-commit:3  at the third time it is passed
 *   FULFIL_POISON=ID              SIGSEGV when fault_poison() gets that external id
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdint.h>

#ifdef FULFIL_FAULTS
void fault_point(const char *place);
void fault_poison(int64_t external_id);
#else
static inline void fault_point(const char *place)
{
	(void)place;
}
static inline void fault_poison(int64_t external_id)
{
	(void)external_id;
}
#endif

#endif
