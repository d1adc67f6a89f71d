/* SPDX-License-Identifier: MIT
 *
 * api: the HTTP API: serves the routes of lib/api.
 */
#include "api/api.h"
#include "api/stream.h"
#include "api/tables.h"
#include "base/conf.h"
#include "filter/log.h"
#include "filter/program.h"
#include "sql.h"
#include "web/cgi.h"
#include "web/serve.h"

#include <string.h>

static struct db *connect_db(void *ctx)
{
	struct api *a = ctx;
	struct err ignored;

	return api_connect(a, &ignored) == 0 ? a->db : NULL;
}

/* What is due to be counted again is counted when nobody waits for it. */
static void recount(void *ctx)
{
	struct api *a = ctx;
	struct err e = {0};

	a->waits = NULL;
	if (a->db && db_alive(a->db) &&
	    (tally_recount(&a->tallies.products, &a->again.products, a->db, &SQL_TALLY_PRODUCTS,
			   &e) != 0 ||
	     tally_recount(&a->tallies.orders, &a->again.orders, a->db, &SQL_TALLY_ORDERS,
			   &e) != 0))
		log_say(LOG_DEBUG, "%s; the totals are counted again later", e.msg);
}

int main(int argc, char **argv)
{
	struct api a = {0};
	const struct cgi_app app = {
		.name = "fulfil-api", .prefix = "/api", .tables = tables_of_api, .ctx = &a,
		.after = recount, .before = api_begin, .db = connect_db,
		.versions = tables_versions, .late = "/api/upload"};
	struct err e = {0};
	int status;

	if (serve_by_hand(argc, argv, "is the HTTP API", &status))
		return status;
	log_init(app.name);
	if (program_start(&a.conf, CONF_CGI, &e) != 0 ||
	    doorbell_open(&a.queue, conf_get(a.conf, "REDIS_URL"), &e) != 0) {
		status = serve_cannot_start(app.name, &e);
	} else {
		a.threshold = conf_get(a.conf, "LOW_STOCK_THRESHOLD");
		a.demo = conf_bool(a.conf, "DEMO_MODE");
		status = serve_run(&app, a.conf);
	}

	stream_release(&a);
	doorbell_close(a.queue);
	db_close(a.db);
	conf_free(a.conf);
	return status;
}
