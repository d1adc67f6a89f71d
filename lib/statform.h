/* SPDX-License-Identifier: MIT
 *
 * statform: the figures of stat as JSON, and as a table for people. No I/O:
 * all of it is added to a buf.
 */
#ifndef STATFORM_H
#define STATFORM_H

#include "buf.h"
#include "stat.h"

/* The members of one JSON object, without its braces: "a":1,"b":2. A figure
 * that is not known is null. */
void statform_health(struct buf *b, const struct stat_health *h);
void statform_metrics(struct buf *b, const struct stat_metrics *m);
void statform_orders(struct buf *b, const struct stat_orders *o, double per_second);
void statform_queue(struct buf *b, const struct stat_queue *q);
void statform_workers(struct buf *b, const struct stat_workers *w);
void statform_products(struct buf *b, const struct stat_products *p);
void statform_deliveries(struct buf *b, const struct stat_deliveries *d);

/* One record a line for each part: {"v":1,"type":"health","time":…}. */
void statform_ndjson(struct buf *b, const struct stat_report *r);

/* Two columns for a terminal, a paragraph for each part; what is not known is a
 * dash. */
void statform_table(struct buf *b, const struct stat_report *r);

#endif
