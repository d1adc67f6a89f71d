/* SPDX-License-Identifier: MIT
 *
 * telling: asks PostgreSQL only for a visitor who may not read it all.
 */
#include "api/telling.h"

#include "api/api.h"
#include "sql.h"

#include <string.h>

static int refuse(struct err *e)
{
	return err_set(e, ERR_FORBIDDEN, "order events say what customers are called, which this "
					 "token may not read: it needs personal");
}

int telling_check(struct cgi *c, struct db_param types, struct db_param url, struct err *e)
{
	struct db_param binds[] = {
		cgi_id(c) ? db_param_int(cgi_id(c)) : db_param_text(NULL), types, url};
	struct db_rows *rows;
	bool more;

	if (cgi_may_in(c, CGI_READ, SCOPES_PERSONAL))
		return 0;
	if (api_run(cgi_ctx(c), &SQL_CHECK_WEBHOOK_PEOPLE, binds, &rows, e) != 0)
		return -1;
	more = db_bool(rows, 0, 0);
	db_rows_free(rows);
	return more ? refuse(e) : 0;
}

int telling_check_event(struct cgi *c, const char *type, struct err *e)
{
	if (strncmp(type, "order.", 6) != 0 || cgi_may_in(c, CGI_READ, SCOPES_PERSONAL))
		return 0;
	return refuse(e);
}
