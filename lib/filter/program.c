/* SPDX-License-Identifier: MIT
 *
 * program: settings first, then the level of the log.
 */
#include "filter/program.h"

#include "filter/confine.h"
#include "filter/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

int program_start(struct conf **out, enum conf_reader reader, struct err *e)
{
	if (conf_load(out, reader, e) != 0)
		return -1;
	confine_all(strcmp(conf_get(*out, "ENVIRONMENT"), "production") == 0);
	if (reader == CONF_CGI) {
		confine_no_exec();
		confine_no_changes();
	}
	return log_set_level(conf_get(*out, "LOG_LEVEL"), e);
}

void program_worker(char name[PROGRAM_WORKER], const char *program)
{
	char host[64] = "";

	gethostname(host, sizeof host - 1);
	snprintf(name, PROGRAM_WORKER, "%.20s %.40s %d", program, host, (int)getpid());
}
