/* SPDX-License-Identifier: MIT
 *
 * log: what a program says to people, on stderr: text on a terminal, one JSON
 * object a line otherwise. Programs only; library modules fill `struct err`.
 */
#ifndef LOG_H
#define LOG_H

#include "base/err.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* `program` is borrowed for good. */
void log_init(const char *program);

/* Sets the level by its name; ERR_CONFIG for an unknown one. */
ERR_CHECK int log_set_level(const char *name, struct err *e);

void log_say(enum log_level level, const char *fmt, ...) ERR_PRINTF(2, 3);

/* Says an err and returns the exit status that belongs to it. */
int log_err(const struct err *e);

/* The same, then exits. For main() only, before there is anything to undo. */
_Noreturn void log_die(const struct err *e);

#endif
