/* SPDX-License-Identifier: MIT
 *
 * request: what a struct cgi is made of, for the files that serve one: cgi.c is what handlers
 * see of it, condition.c what its headers ask for, serve.c its way from the web server to the
 * handler and back. Handlers include cgi.h.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"
#include "web/access.h"
#include "web/budget.h"
#include "web/gateway.h"
#include "web/once.h"
#include "web/param.h"
#include "web/response.h"
#include "web/route.h"

#include <jansson.h>
#include <stdbool.h>

struct cgi_app;
struct cgi_route;

enum { REQUEST_VERSION = 41 };

struct cgi {
	const struct cgi_app *app;
	const struct conf *conf;
	struct gateway *gateway; /* borrowed, for one request; the memory is kept */
	const struct cgi_route *route;
	enum scopes_area area;    /* of the route */
	struct door *door;
	struct budget *budget;
	struct visitor visitor;   /* who it is, if it was asked */
	bool asked;
	struct buf path, query, body;
	struct response response;
	struct route_match match;
	const char **value; /* owned array, by place in route->params; they point into query */
	const struct param *undeclared; /* the handler asked for it */
	json_t *json;
	struct err *told; /* of serve_call; NULL: the log is told */
	bool body_read, params_taken;
	struct once once;
	char version[REQUEST_VERSION]; /* of what the answer shows; "": it has none */
};

/* Learns who it is, once. */
ERR_CHECK int cgi_ask_who(struct cgi *c, struct err *e);
/* Reads the query string by what the route declares. */
ERR_CHECK int cgi_take_params(struct cgi *c, struct err *e);

#endif
