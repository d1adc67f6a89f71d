/* SPDX-License-Identifier: MIT
 *
 * prometheus: the figures of stat in Prometheus' text format 0.0.4, whose media
 * type is "text/plain; version=0.0.4; charset=utf-8". No I/O.
 */
#ifndef PROMETHEUS_H
#define PROMETHEUS_H

#include "base/buf.h"
#include "report/figures.h"

/* Adds a gauge for each figure; what is not known is left out. Webhooks are
 * told by their ids: no label holds a SKU or an address. */
void prometheus_add(struct buf *b, const struct figures_report *r);

#endif
