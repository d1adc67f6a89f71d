/* SPDX-License-Identifier: MIT
 *
 * confine: what a program gives up once it has its settings, so that an attacker who takes it
 * over gets less. Programs only.
 */
#ifndef CONFINE_H
#define CONFINE_H

#include <stdbool.h>

/* No program that it starts gets more rights (no_new_privs). In production nobody of the same user
 * may read its memory, where the secrets are, and a crash leaves none of it in a file. */
void confine_all(bool production);

/* It starts no other program from now on: execve gives EPERM. A kernel or a machine that has no
 * seccomp filters is left as it is. */
void confine_no_exec(void);

/* It makes, changes, renames and removes no file from now on: EACCES. What is open stays as it was,
 * and sockets are no files in this. A kernel without Landlock leaves it as it is. */
void confine_no_changes(void);

#endif
