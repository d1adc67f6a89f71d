/* SPDX-License-Identifier: MIT
 *
 * quarantine: signed bodies that could not be taken in: list, read, try again,
 * delete. What trying again does is in retake.h; it answers as the webhook would.
 */
#include "api/api.h"
#include "api/resources.h"
#include "base/jtext.h"
#include "filter/log.h"
#include "order/received.h"
#include "order/retake.h"
#include "sql.h"

static const struct param *const list_params[] = {PAGING_PARAMS, NULL};

static int list_quarantine(struct cgi *c, struct err *e)
{
	struct tally none = {0};

	return api_list(c, (struct api_list){
		.name = "quarantine", .count = &SQL_TALLY_QUARANTINE, .tally = &none,
		.all = &SQL_PAGE_QUARANTINE, .read = &SQL_READ_QUARANTINE}, e);
}

static int send_bytes(struct cgi *c, struct err *e)
{
	return api_send_bytes(c, &SQL_READ_QUARANTINED, "quarantined",
			      "application/octet-stream", e);
}

static int retry_bytes(struct cgi *c, struct err *e)
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

static int delete_bytes(struct cgi *c, struct err *e)
{
	struct api *a = cgi_ctx(c);

	if (api_connect(a, e) != 0 || retake_drop(a->db, cgi_id(c), e) != 0)
		return -1;
	cgi_status(c, 204);
	return 0;
}

const struct cgi_route quarantine_routes[] = {
	{"GET", "/api/quarantine", CGI_READ, list_params, list_quarantine},
	{"GET", "/api/quarantine/{id}", CGI_READ, cgi_no_params, send_bytes},
	{"DELETE", "/api/quarantine/{id}", CGI_WRITE, cgi_no_params, delete_bytes},
	{"POST", "/api/quarantine/{id}/retry", CGI_WRITE, cgi_no_params, retry_bytes},
	{0}};
