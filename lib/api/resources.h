/* SPDX-License-Identifier: MIT
 *
 * resources: the routes of each resource of the HTTP API. lib/api/orders.c has the
 * parameters of /api/orders, its handlers and, at its end, orders_routes, and so for
 * the others; tables.c joins them. A handler is a function of cgi.h whose
 * context (cgi_ctx) is a struct api.
 */
#ifndef RESOURCES_H
#define RESOURCES_H

#include "web/cgi.h"

extern const struct cgi_route causes_routes[];     /* why orders do not go through */
extern const struct cgi_route deliveries_routes[]; /* what a webhook was sent; sending again */
extern const struct cgi_route events_routes[];     /* what webhooks are told, to be fetched */
extern const struct cgi_route export_routes[];     /* the products as a CSV file */
extern const struct cgi_route feeds_routes[];      /* files that come again and again */
extern const struct cgi_route inventory_routes[];
extern const struct cgi_route logs_ledger_routes[];
extern const struct cgi_route logs_payload_routes[]; /* the bytes that were received */
extern const struct cgi_route logs_routes[];       /* sync logs */
extern const struct cgi_route metrics_routes[];    /* health, metrics, Prometheus */
extern const struct cgi_route orders_routes[];
extern const struct cgi_route sent_routes[];       /* what a delivery sent */
extern const struct cgi_route personal_routes[];   /* requests about people's data */
extern const struct cgi_route products_routes[];
extern const struct cgi_route quarantine_routes[];
extern const struct cgi_route receive_routes[];    /* POST of a file to import */
extern const struct cgi_route stream_routes[];     /* server-sent events */
extern const struct cgi_route timeline_routes[];   /* orders and runs over time */
extern const struct cgi_route trial_routes[];      /* the test of a webhook */
extern const struct cgi_route uploads_routes[];    /* the files received, and their progress */
extern const struct cgi_route webhooks_routes[];

#endif
