/* SPDX-License-Identifier: MIT
 *
 * supervisor: tells systemd (sd_notify(3), Type=notify) that the program is
 * ready, that it makes progress, and that it ends. Without NOTIFY_SOCKET in the
 * environment nothing happens.
 */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

/* To be called after work was committed, after a look that found none, and after
 * a server that is away was asked: never by a clock. The first call says READY=1.
 * Later ones say WATCHDOG=1, at most four times in WATCHDOG_USEC. systemd ends and
 * restarts a program that stays silent. */
void supervisor_progress(void);

/* STOPPING=1: what was begun is being finished. */
void supervisor_stopping(void);

#endif
