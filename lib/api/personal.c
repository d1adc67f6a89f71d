/* SPDX-License-Identifier: MIT
 *
 * personal: what was asked about people's data and what was done, and for a data request what is
 * held of the person.
 */
#include "api/api.h"
#include "api/resources.h"
#include "sql.h"

static const struct param *const list_params[] = {PAGING_PARAMS, NULL};

static int list_requests(struct cgi *c, struct err *e)
{
	struct tally none = {0};

	return api_list(c, (struct api_list){
		.name = "privacy_requests", .count = &SQL_TALLY_PRIVACY_REQUESTS, .tally = &none,
		.all = &SQL_PAGE_PRIVACY_REQUESTS, .read = &SQL_READ_PRIVACY_REQUESTS}, e);
}

static int show_request(struct cgi *c, struct err *e)
{
	struct db_param binds[1];

	return api_show(c, &SQL_READ_PRIVACY_REQUEST, API_ID, binds, "privacy request", e);
}

const struct cgi_route personal_routes[] = {
	{"GET", "/api/privacy-requests", CGI_READ, list_params, list_requests},
	{"GET", "/api/privacy-requests/{id}", CGI_READ, cgi_no_params, show_request},
	{0}};
