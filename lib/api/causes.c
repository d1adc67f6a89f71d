/* SPDX-License-Identifier: MIT
 *
 * causes: why orders do not go through, how many of each, the most first.
 */
#include "api/api.h"
#include "api/resources.h"
#include "base/record.h"
#include "sql.h"

enum { USUAL_CAUSES = 20 };

static const struct param limit_param = {"limit", PARAM_INT, NULL, 1, 200};
static const struct param *const causes_params[] = {&limit_param, NULL};

static int list_causes(struct cgi *c, struct err *e)
{
	struct db_param limit = db_param_int(cgi_int(c, &limit_param, USUAL_CAUSES));
	struct buf *b = cgi_out(c);
	struct db_rows *rows;

	if (api_run(cgi_ctx(c), &SQL_READ_CAUSES, &limit, &rows, e) != 0)
		return -1;
	record_open(b, NULL, '{');
	record_open(b, "causes", '[');
	for (int i = 0; i < db_count(rows); i++)
		buf_addf(b, "%s%s", i ? ",\n" : "", db_text(rows, i, 0));
	record_close(b, ']');
	record_int(b, "total", db_count(rows) ? db_int(rows, 0, 1) : 0);
	record_end(b);
	db_rows_free(rows);
	return 0;
}

const struct cgi_route causes_routes[] = {
	{"GET", "/api/orders/causes", CGI_READ, causes_params, list_causes},
	{0}};
