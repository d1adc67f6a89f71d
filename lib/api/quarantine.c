/* SPDX-License-Identifier: MIT
 *
 * quarantine: what retake.h does, and the answer that the webhook would have got.
 */
#include "api/quarantine.h"

#include "api/api.h"
#include "base/jtext.h"
#include "filter/log.h"
#include "order/received.h"
#include "order/retake.h"
#include "sql.h"

int quarantine_list(struct cgi *c, struct err *e)
{
	struct tally none = {0};

	return api_list(c, (struct api_list){"quarantine", &SQL_TALLY_QUARANTINE,
					     &SQL_PAGE_QUARANTINE, &none, NULL,
					     &SQL_READ_QUARANTINE, {{0}}}, e);
}

int quarantine_show(struct cgi *c, struct err *e)
{
	return api_send_bytes(c, &SQL_READ_QUARANTINED, "quarantined",
			      "application/octet-stream", e);
}

int quarantine_retry(struct cgi *c, struct err *e)
{
	struct api *a = cgi_ctx(c);
	struct intake_result r;
	struct err ring = {0};

	if (api_connect(a, e) != 0 || retake_one(a->db, a->conf, cgi_id(c), &r, e) != 0)
		return -1;
	if (r.due && doorbell_ring(a->queue, r.order_id, &ring) != 0)
		log_say(LOG_DEBUG, "%s; workers find the order by themselves", ring.msg);
	received_add(cgi_out(c), &r);
	return 0;
}

int quarantine_delete(struct cgi *c, struct err *e)
{
	struct api *a = cgi_ctx(c);

	if (api_connect(a, e) != 0 || retake_drop(a->db, cgi_id(c), e) != 0)
		return -1;
	cgi_status(c, 204);
	return 0;
}
