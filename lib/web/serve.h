/* SPDX-License-Identifier: MIT
 *
 * serve: one request after another, over FastCGI or plain CGI, by the tables of an app (cgi.h),
 * and what the main() of such a program needs.
 *
 * Programs only.
 */
#ifndef SERVE_H
#define SERVE_H

#include "web/cgi.h"

/* Serves one request of this process, whose body is JSON, and leaves what the handler had to
 * say in e. The answer goes to call->write as CGI has it: a head, an empty line, a body. */
ERR_CHECK int serve_call(const struct cgi_app *app, const struct conf *conf,
		       const struct gateway_call *call, struct err *e);

/* Serves until SIGTERM, or the one request of plain CGI. Returns the exit
 * status for main(). */
int serve_run(const struct cgi_app *app, const struct conf *conf);

/* True if somebody at a shell gave the program options: it has none, and says
 * what it is: that it `does`. *status is for main(): 0 for --help and --version,
 * else 64. Arguments of a web server, words of a query, mean nothing. */
bool serve_by_hand(int argc, char **argv, const char *does, int *status);

/* The program cannot start: answers 500 if there is a client to hear it, and
 * says why in the log. Returns the exit status. */
int serve_cannot_start(const char *name, const struct err *e);

#endif
