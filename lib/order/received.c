/* SPDX-License-Identifier: MIT
 *
 * received: one object; ids that are not known are null.
 */
#include "order/received.h"

#include "base/record.h"

#include <stdio.h>

void received_add(struct buf *b, const struct intake_result *r)
{
	char task[48];

	snprintf(task, sizeof task, "order-%lld-%d", (long long)r->order_id, r->run);
	record_open(b, NULL, '{');
	record_text(b, "status", r->status);
	record_text(b, "message",
		    *r->why ? r->why : r->due ? "stored, waiting for a worker" : "stored");
	record_id(b, "order_id", r->order_id);
	record_id_text(b, "external_order_id", r->external_id);
	record_text(b, "task_id", r->due ? task : NULL);
	record_end(b);
}
