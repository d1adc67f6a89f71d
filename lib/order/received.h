/* SPDX-License-Identifier: MIT
 *
 * received: what became of a payload, as the intake and the API answer it.
 */
#ifndef RECEIVED_H
#define RECEIVED_H

#include "base/buf.h"
#include "order/intake.h"

/* Adds {"status":…,"message":…,"order_id":…,"external_order_id":…,"task_id":…}. */
void received_add(struct buf *b, const struct intake_result *r);

#endif
