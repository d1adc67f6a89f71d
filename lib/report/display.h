/* SPDX-License-Identifier: MIT
 *
 * display: the figures of stat as JSON, and as a table for people. No I/O:
 * all of it is added to a buf.
 */
#ifndef DISPLAY_H
#define DISPLAY_H

#include "base/buf.h"
#include "report/figures.h"

/* The members of one JSON object, without its braces: "a":1,"b":2. A figure
 * that is not known is null. */
void display_health(struct buf *b, const struct figures_health *h);
void display_metrics(struct buf *b, const struct figures_metrics *m);
void display_orders(struct buf *b, const struct figures_orders *o, double per_second);
void display_queue(struct buf *b, const struct figures_queue *q);
void display_workers(struct buf *b, const struct figures_workers *w);
void display_products(struct buf *b, const struct figures_products *p);
void display_deliveries(struct buf *b, const struct figures_deliveries *d);

/* One record a line for each part: {"v":1,"type":"health","time":…}. */
void display_ndjson(struct buf *b, const struct figures_report *r);

/* Two columns for a terminal, a paragraph for each part; what is not known is a
 * dash. */
void display_table(struct buf *b, const struct figures_report *r);

#endif
