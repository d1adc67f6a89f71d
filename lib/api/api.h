/* SPDX-License-Identifier: MIT
 *
 * api: what the routes of the HTTP API have in common: the connections, rows
 * as PostgreSQL spells them, filters. A handler is a function of cgi.h whose
 * context is a struct api.
 */
#ifndef API_H
#define API_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"
#include "report/figures.h"
#include "store/db.h"
#include "store/doorbell.h"
#include "web/cgi.h"
#include "web/paging.h"

#include <stdbool.h>
#include <stdint.h>

struct stream; /* what stream.c keeps between requests */

struct api {
	struct conf *conf;
	struct db *db;         /* NULL before the first connection */
	struct doorbell *queue;
	const char *threshold; /* LOW_STOCK_THRESHOLD */
	bool demo;             /* figures without servers */
	struct figures_tallies tallies;
	struct figures_tallies again; /* what tally_recount counts */
	struct tally logs;
	struct stream *events; /* owned: stream_release */
	struct cgi *waits;     /* who waits for what is only read; NULL: nobody */
	int64_t deadline_ms;   /* until when */
};

/* What is only read ends when its client has gone, and after API_SECONDS; health and metrics
 * after API_FIGURES_SECONDS. */
enum { API_SECONDS = 5, API_FIGURES_SECONDS = 3 };
void api_begin(void *api, struct cgi *c);

/* Makes sure that there was a connection, which may be lost by now. */
ERR_CHECK int api_open(struct api *a, struct err *e);
/* Makes sure of a connection; one that was lost while idle is made again. */
ERR_CHECK int api_connect(struct api *a, struct err *e);

/* Runs one statement; a deadlock or a serialization failure is retried. A lock
 * timeout is not retried: ERR_AGAIN. */
ERR_CHECK int api_run(struct api *a, const struct db_query *q, const struct db_param *binds,
		      struct db_rows **rows, struct err *e);

/* How an id is bound: as $1 = 7 or as $1 = {7}. */
enum api_id { API_ID, API_IDS };

/* Runs q, whose binds[0] becomes the id of the path. ERR_NOTFOUND, naming it
 * a `what`, if there is no row or its first value is null. */
ERR_CHECK int api_run_by_id(struct cgi *c, const struct db_query *q, enum api_id kind,
			    struct db_param *binds, const char *what, struct db_rows **rows,
			    struct err *e);

/* The same, and answers with the first value of the row, which is JSON. */
ERR_CHECK int api_show(struct cgi *c, const struct db_query *q, enum api_id kind,
		       struct db_param *binds, const char *what, struct err *e);

/* The same for bytes in hex, to be saved under the name WHAT-ID. */
ERR_CHECK int api_send_bytes(struct cgi *c, const struct db_query *q, const char *what,
			     const char *type, struct err *e);

/* A list: how its pages are found, and how their rows are read. */
struct api_list {
	const char *name;                   /* of the array in the answer */
	const struct db_query *count, *all; /* of paging_all; NULL: `find` is asked always */
	struct tally *tally;
	/* Finds the page where something is filtered; NULL: there are no filters. */
	int (*find)(struct cgi *c, struct paging *p, struct db_rows **found, struct err *e);
	const struct db_query *read;
	struct db_param binds[3];           /* of `read`, from [1] on */
	const struct param *sort;           /* NULL: the list has one order */
};

/* Answers with the page that is asked for. */
ERR_CHECK int api_list(struct cgi *c, struct api_list l, struct err *e);

/* A parameter's text; NULL if it is not given or empty. */
const char *api_filter(struct cgi *c, const struct param *p);
bool api_flag(struct cgi *c, const struct param *p); /* false if it is not given */

extern const struct param api_since, api_until; /* times: what is not before, what is before */

/* cgi_invalid for the member `key` of a body, said as a JSON pointer (RFC 6901). */
int api_invalid_member(struct cgi *c, const char *key, const char *detail, struct err *e);

/* A text that is looked for anywhere in another, in either case. */
struct api_needle {
	struct buf like; /* owned: buf_release */
	bool ascii;      /* PostgreSQL folds ASCII several times faster */
};

/* The pattern for LIKE; ASCII is in lower case already. NULL gives null. */
struct db_param api_needle(struct api_needle *n, const char *text);
struct db_param api_needle_ascii(const struct api_needle *n);

/* What is not before api_since and before api_until, both parameters of the route. Rows with
 * smaller ids than floor are older and those from ceiling on are younger. Borrows the request. */
struct api_span {
	int64_t floor, ceiling;
	const char *since, *until;
};

/* `from` and `upto` find the ids; NULL: they are not needed. */
ERR_CHECK int api_span(struct cgi *c, const struct db_query *from, const struct db_query *upto,
		       struct api_span *s, struct err *e);

#endif
