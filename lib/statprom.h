/* SPDX-License-Identifier: MIT
 *
 * statprom: the figures of stat in Prometheus' text format 0.0.4, whose media
 * type is "text/plain; version=0.0.4; charset=utf-8". No I/O.
 */
#ifndef STATPROM_H
#define STATPROM_H

#include "buf.h"
#include "stat.h"

/* Adds a gauge for each figure; what is not known is left out. Webhooks are
 * told by their ids: no label holds a SKU or an address. */
void statprom_add(struct buf *b, const struct stat_report *r);

#endif
