/* SPDX-License-Identifier: MIT
 *
 * change: what a payload tells of refunds, edits and returns, added to the changes of an
 * order. No I/O. A part without a usable id or quantity is left out, and noted.
 *
 * Units of a return are reported twice, in either order: by a refund, with a
 * restock_type, and by disposals, which say what was done with them. decide.h joins them.
 */
#ifndef CHANGE_H
#define CHANGE_H

#include "order/order.h"

#include <jansson.h>

void change_add_refund(struct order *o, const json_t *refund);

/* What an order_edit adds. */
void change_add_edit(struct order *o, const json_t *edit);

/* The disposals in a return, in a reverse fulfillment order, or in an order that lists its
 * returns. Units that are still to be looked at (processing_required) are none. */
void change_add_returns(struct order *o, const json_t *json);

#endif
