/* SPDX-License-Identifier: MIT
 *
 * cgi: one request, and the tables of routes whose handlers answer it (serve.h). A handler reads
 * what its route declares, writes into a buffer, and the whole answer is sent at the end (but see
 * cgi_flush); a handler that fails leaves an err, and the client gets it as
 * application/problem+json (RFC 9457). An answer to GET has an ETag, which If-None-Match may
 * name; what has a version (cgi_version) is changed only if it has the one that If-Match names.
 *
 * Programs only.
 */
#ifndef CGI_H
#define CGI_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"
#include "web/access.h"
#include "web/gateway.h"
#include "web/param.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct cgi; /* one request; valid during its handler */

/* A row of a table that ends with {0}. The path may have one {id}, a whole number
 * above 0, or one {task_id}, a UUID. GET answers HEAD too. */
struct cgi_route {
	const char *method;
	const char *path;
	enum cgi_scope scope;
	/* What the query string may have: ends with NULL, as cgi_no_params does at
	 * once. NULL in place of a list: the query string is not read. */
	const struct param *const *params;
	int (*handle)(struct cgi *c, struct err *e);
};

extern const struct param *const cgi_no_params[];

/* The routes of one resource. */
struct cgi_table {
	const struct cgi_route *routes;
	enum scopes_area area; /* what a token must be for; not asked of CGI_OPEN */
};

/* What two may edit at once: a path with {id}, and its version. Each takes the id as $1. The table
 * ends with {0}. */
struct cgi_version {
	const char *path;
	const struct db_query *lock; /* keeps others from changing it until the end */
	const struct db_query *read; /* one row with the version; no row: it is not there */
};

struct cgi_app {
	const char *name;   /* for the log */
	const char *prefix; /* "/api": what the paths of the routes start with */
	const struct cgi_table *tables; /* ends with {0} */
	void *ctx;          /* for the handlers: cgi_ctx */
	void (*after)(void *ctx); /* of gateway_serve, or NULL */
	void (*before)(void *ctx, struct cgi *c); /* called for each request; or NULL */
	/* A connection that knows tokens and sessions, NULL while there is none. NULL in place
	 * of the function: every route is open. */
	door_db_fn *db;
	const char *user; /* who it is where every route is open; NULL: nobody */
	const struct cgi_version *versions; /* NULL: none */
	const char *late; /* the path of the POST whose handler calls condition_once; or NULL */
};

/* --- the request --- */
void *cgi_ctx(const struct cgi *c);
const char *cgi_path(const struct cgi *c);   /* as routed */
const char *cgi_method(const struct cgi *c);
/* a CGI variable; "" if there is none */
const char *cgi_var(const struct cgi *c, const char *name);
bool cgi_https(const struct cgi *c);         /* the web server got it by HTTPS */
int64_t cgi_id(const struct cgi *c);         /* the {id} of the path */

const char *cgi_task(const struct cgi *c);   /* the {task_id} of the path */

/* A parameter that the route declares: its text, NULL if it is not given; its
 * number or `fallback`. A handler that asks for one which its route does not
 * declare gets NULL, and the request fails with ERR_BUG. */
const char *cgi_text(struct cgi *c, const struct param *p);
int64_t cgi_int(struct cgi *c, const struct param *p, int64_t fallback);
const struct param *const *cgi_params(const struct cgi *c); /* those of the route */

/* True if the client has `scope` in the area of the route, whatever the route requires. */
bool cgi_may(struct cgi *c, enum cgi_scope scope);
bool cgi_may_in(struct cgi *c, enum cgi_scope scope, enum scopes_area area);
/* Who knows tokens and sessions; as long as the program runs. */
struct door *cgi_door(const struct cgi *c);

/* ERR_FORBIDDEN: a page of another site made the browser ask. For routes that are CGI_OPEN and
 * change something; the others are checked. */
ERR_CHECK int cgi_same_site(const struct cgi *c, struct err *e);
/* Who it is, for the record: REMOTE_USER or the name of the token, else "". */
const char *cgi_user(struct cgi *c);

/* Reads the body, which must not be longer than `most`: borrowed until the
 * request ends. ERR_LENGTH, ERR_LARGE, ERR_TIMEOUT (5 s), ERR_DATA (cut). */
ERR_CHECK int cgi_body(struct cgi *c, size_t most, const char **body, size_t *len, struct err *e);

/* How long the body says it is. ERR_LENGTH, ERR_DATA, ERR_LARGE. */
ERR_CHECK int cgi_length(const struct cgi *c, int64_t *len, struct err *e);

/* Reads the next bytes of a body of any length, at most n; *got is 0 at its
 * end. Besides the errors of cgi_length: ERR_TIMEOUT (nothing for 20 s, or after
 * a minute of waiting less than 1 KiB a second), ERR_DATA (cut). */
ERR_CHECK int cgi_read(struct cgi *c, void *to, size_t n, size_t *got, struct err *e);

/* Reads a JSON object (at most 1 MiB, application/json): borrowed. */
ERR_CHECK int cgi_json(struct cgi *c, json_t **body, struct err *e);
ERR_CHECK int cgi_json_within(struct cgi *c, size_t most, json_t **body, struct err *e);

/* --- the answer --- */
void cgi_status(struct cgi *c, int status);  /* 200 unless set */
/* Values with control characters are not sent. */
void cgi_header(struct cgi *c, const char *name, const char *value);
void cgi_type(struct cgi *c, const char *content_type); /* application/json unless set */
struct buf *cgi_out(struct cgi *c);          /* the body */

/* True if nobody waits for the answer any more. */
bool cgi_gone(struct cgi *c);

/* Sends what cgi_out has, which is empty then: for a body too long to be kept.
 * The head goes before the first piece, without a length. If the handler fails
 * after that the connection breaks off, as far as the server lets it; a plain
 * CGI program can only exit with 75. ERR_IO: the client has gone. */
ERR_CHECK int cgi_flush(struct cgi *c, struct err *e);

/* Adds one entry to the problem's `errors`: `kind` is "parameter", "pointer"
 * or "header", `name` which one. Returns -1 with e set to a general ERR_DATA. */
int cgi_invalid(struct cgi *c, const char *kind, const char *name, const char *detail,
	      struct err *e);

#endif
