/* SPDX-License-Identifier: MIT
 *
 * program: what each program does at its start. Programs only.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "base/conf.h"
#include "base/err.h"

/* Reads the settings (conf_load) and sets the level of the log as they say. */
ERR_CHECK int program_start(struct conf **out, enum conf_reader reader, struct err *e);

/* The name under which this process works, "PROGRAM HOST PID": it stands in
 * application_name, in sync_logs and in the ledger. */
enum { PROGRAM_WORKER = 96 };
void program_worker(char name[PROGRAM_WORKER], const char *program);

#endif
