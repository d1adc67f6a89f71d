/* SPDX-License-Identifier: MIT
 *
 * checker: a webhook's secret, headers and timeout, as a target of check.h.
 */
#include "webhook/checker.h"

#include "base/buf.h"
#include "base/record.h"
#include "filter/ndjson.h"
#include "sql.h"
#include "webhook/address.h"
#include "webhook/check.h"

static void put_check(void *ctx, const struct check_result *r)
{
	struct buf b = BUF_INIT;

	(void)ctx;
	record_begin(&b, "check");
	record_text(&b, "check", r->name);
	record_bool(&b, "good", r->good);
	record_id(&b, "http_status", r->http_status);
	record_int(&b, "duration_ms", r->duration_ms);
	if (*r->error)
		record_text(&b, "error", r->error);
	ndjson_put_record(&b);
	ndjson_flush();
}

int checker_run(struct db *db, const struct conf *conf, const char *receiver, struct err *e)
{
	enum { SECRET, HEADERS, TIMEOUT };
	struct buf url = BUF_INIT;
	struct db_param p;
	struct db_rows *rows;
	bool good = false;
	int rc;

	address_normalize(receiver, &url);
	p = db_param_text(url.data);
	rc = db_exec(db, &SQL_READ_WEBHOOK_OF_URL, &p, &rows, e);
	if (rc == 0 && db_count(rows) == 0) {
		rc = err_set(e, ERR_DATA, "no webhook has this URL; make one, disabled perhaps, "
			     "with the secret that its receiver knows");
	} else if (rc == 0 && db_is_null(rows, 0, SECRET)) {
		rc = err_set(e, ERR_DATA, "the webhook has no secret, so its receiver can tell "
			     "nothing apart");
	} else if (rc == 0) {
		struct check_target t = {url.data, db_text(rows, 0, SECRET),
					 db_text_or_null(rows, 0, HEADERS),
					 (long)db_int(rows, 0, TIMEOUT)};

		rc = check_run(conf, &t, put_check, NULL, &good, e);
	}
	db_rows_free(rows);
	buf_release(&url);
	if (rc == 0 && !good)
		return err_set(e, ERR_DATA, "the receiver does not do what it must");
	return rc;
}
