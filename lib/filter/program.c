/* SPDX-License-Identifier: MIT
 *
 * program: settings first, then the level of the log.
 */
#include "filter/program.h"

#include "filter/log.h"

#include <stdio.h>
#include <unistd.h>

int program_start(struct conf **out, enum conf_reader reader, struct err *e)
{
	return conf_load(out, reader, e) != 0 ? -1
	       : log_set_level(conf_get(*out, "LOG_LEVEL"), e);
}

void program_worker(char name[PROGRAM_WORKER], const char *program)
{
	char host[64] = "";

	gethostname(host, sizeof host - 1);
	snprintf(name, PROGRAM_WORKER, "%.20s %.40s %d", program, host, (int)getpid());
}
