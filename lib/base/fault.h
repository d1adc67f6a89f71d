/* SPDX-License-Identifier: MIT
 *
 * fault: named places where the fault tests kill a program. Only a build with
 * FAULTS=1 has them; in any other build the calls compile to nothing.
 *   FULFIL_FAULT=before-commit    SIGKILL at the place of that name
 *   FULFIL_FAULT=before-commit:3  SIGKILL the third time it gets there
 *   FULFIL_POISON=ID              SIGSEGV when fault_poison() is given that external id
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
