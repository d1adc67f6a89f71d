/* SPDX-License-Identifier: MIT
 *
 * received: one object; ids that are not known are null.
 */
#include "order/received.h"

#include "base/jtext.h"

void received_add(struct buf *b, const struct intake_result *r)
{
	buf_addf(b, "{\"status\":\"%s\",\"message\":", r->status);
	jtext_add(b, *r->why ? r->why : r->due ? "stored, waiting for a worker" : "stored");
	if (r->order_id)
		buf_addf(b, ",\"order_id\":%lld", (long long)r->order_id);
	else
		buf_addstr(b, ",\"order_id\":null");
	if (r->external_id)
		buf_addf(b, ",\"external_order_id\":\"%lld\"", (long long)r->external_id);
	else
		buf_addstr(b, ",\"external_order_id\":null");
	if (r->due)
		buf_addf(b, ",\"task_id\":\"order-%lld-%d\"}\n", (long long)r->order_id, r->run);
	else
		buf_addstr(b, ",\"task_id\":null}\n");
}
