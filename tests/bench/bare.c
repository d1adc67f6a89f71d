/* SPDX-License-Identifier: MIT
 *
 * bare: what a FastCGI responder costs that does nothing of its own: one
 * prepared statement a request, and for a POST one RPUSH. The limit that
 * intake and reads are set beside.
 */
#include <fcgiapp.h>
#include <hiredis/hiredis.h>
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
	PGconn *pg = PQconnectdb(getenv("DATABASE_URL"));
	redisContext *redis = redisConnectUnix(getenv("REDIS_URL") + strlen("unix://"));
	static char body[1 << 16];
	FCGX_Request r;

	if (PQstatus(pg) != CONNECTION_OK || redis == NULL || redis->err)
		return 69;
	PQclear(PQprepare(pg, "store", "select bare_store($1)", 0, NULL));
	PQclear(PQprepare(pg, "read", "select doc from bare where id = $1", 0, NULL));
	FCGX_Init();
	FCGX_InitRequest(&r, 0, FCGI_FAIL_ACCEPT_ON_INTR);
	while (FCGX_Accept_r(&r) == 0) {
		bool post = strcmp(FCGX_GetParam("REQUEST_METHOD", r.envp), "POST") == 0;
		int n = post ? FCGX_GetStr(body, sizeof body - 1, r.in) : 0;
		const char *value = post ? body : "1";
		PGresult *res;

		body[n > 0 ? n : 0] = '\0';
		res = PQexecPrepared(pg, post ? "store" : "read", 1, &value, NULL, NULL, 0);
		FCGX_FPrintF(r.out, "Status: %s\r\nContent-Type: application/json\r\n\r\n%s\n",
			     post ? "202 Accepted" : "200 OK", PQgetvalue(res, 0, 0));
		if (post)
			freeReplyObject(redisCommand(redis, "RPUSH bare %s",
						     PQgetvalue(res, 0, 0)));
		PQclear(res);
		FCGX_Finish_r(&r);
	}
	return 0;
}
