/* SPDX-License-Identifier: MIT
 *
 * confine: prctl, a filter of seccomp in the kernel's own language, and Landlock. A build with
 * sanitizers is left alone: they read their own memory from another process, and start one to
 * name what they found.
 */
#include "filter/confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined __x86_64__
enum { MACHINE = AUDIT_ARCH_X86_64 };
#elif defined __aarch64__
enum { MACHINE = (int)AUDIT_ARCH_AARCH64 };
#else
enum { MACHINE = 0 }; /* numbers of calls are not known here */
#endif

#if defined __SANITIZE_ADDRESS__ || defined FUZZ
enum { CHECKED = 1 };
#else
enum { CHECKED = 0 };
#endif

void confine_all(bool production)
{
	if (CHECKED)
		return;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (production)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void confine_no_exec(void)
{
	struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)MACHINE, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execveat, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog program = {sizeof rules / sizeof *rules, rules};

	if (!CHECKED && MACHINE != 0)
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

/* What each version of Landlock adds; headers may be older than the kernel. */
static const uint64_t changes[] = {
	LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
		LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
		LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
		LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
		LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM,
	LANDLOCK_ACCESS_FS_REFER,
#ifdef LANDLOCK_ACCESS_FS_TRUNCATE
	LANDLOCK_ACCESS_FS_TRUNCATE,
#endif
};

void confine_no_changes(void)
{
	struct landlock_ruleset_attr attr = {0};
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);
	int rules;

	if (CHECKED)
		return;
	for (long i = 0; i < version && i < (long)(sizeof changes / sizeof *changes); i++)
		attr.handled_access_fs |= changes[i];
	if (attr.handled_access_fs == 0)
		return;
	/* No rule is added: what is handled is allowed nowhere. */
	rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr.handled_access_fs, 0);
	if (rules < 0)
		return;
	syscall(SYS_landlock_restrict_self, rules, 0);
	close(rules);
}
