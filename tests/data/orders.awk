# SPDX-License-Identifier: MIT
# Shopify payloads out of short lines, one payload a line:
#   ID WORD…         an order
#   refund ID WORD…  a refund of it
#   edit ID WORD…    an edit of it
# Words of an order, whose k-th line item has the id 7000+k:
#   SKU:QUANTITY[:CURRENT]     a line item
#   at=SECONDS cancelled=SECONDS    updated_at and cancelled_at, from the start of 2026
#   r=REFUND/K/UNITS/TYPE      lists a refund of line item k
#   key=JSON                   any other field; item.key=JSON one of the last line item
# Words of a refund: at=, rid=, K:UNITS:TYPE. Of an edit: at=, eid=, K:+UNITS or K:-UNITS.
# The fields that a number cannot hold (an id of 19 digits) are never computed with.

function stamp(s) {
	return sprintf("\"2026-01-01T%02d:%02d:%02dZ\"", s / 3600, s / 60 % 60, s % 60)
}

function value(word) {
	return substr(word, index(word, "=") + 1)
}

function refund_line(id, line, units, type) {
	return sprintf("{\"id\":%s0%s,\"line_item_id\":%d,\"quantity\":%s,\"restock_type\":\"%s\"}",
		id, line, 7000 + line, units, type)
}

# The object's text so far with `key` set to a JSON value.
function with(object, key, json) {
	if (match(object, ",\"" key "\":[^,]*"))
		object = substr(object, 1, RSTART - 1) substr(object, RSTART + RLENGTH)
	return object ",\"" key "\":" json
}

function line_item(n, word,    part) {
	split(word, part, ":")
	return sprintf("\"id\":%d,\"product_id\":%d,\"variant_id\":%d,\"sku\":\"%s\",\"name\":\"Article %s\"," \
		"\"price\":\"5.00\",\"fulfillment_service\":\"manual\",\"gift_card\":false,\"quantity\":%s," \
		"\"current_quantity\":%s", 7000 + n, n, n, part[1], part[1], part[2], part[3] == "" ? part[2] : part[3])
}

function listed_refund(word,    part) {
	split(word, part, "/")
	return sprintf("{\"id\":%s,\"created_at\":%s,\"refund_line_items\":[%s]}", part[1], stamp(part[1]),
		refund_line(part[1], part[2], part[3], part[4]))
}

function order(id,    i, n, key, head, item, lines, refunds) {
	head = sprintf("\"id\":%s,\"name\":\"#%s\",\"email\":\"ann@example.com\",\"currency\":\"EUR\"," \
		"\"total_price\":\"10.00\",\"updated_at\":%s,\"cancelled_at\":null", id, id, stamp(0))
	for (i = 2; i <= NF; i++) {
		key = substr($i, 1, index($i, "=") - 1)
		if (key == "at")
			head = with(head, "updated_at", stamp(value($i)))
		else if (key == "cancelled")
			head = with(head, "cancelled_at", stamp(value($i)))
		else if (key == "r")
			refunds = refunds (refunds ? "," : "") listed_refund(value($i))
		else if (key ~ /^item\./)
			item = with(item, substr(key, 6), value($i))
		else if (key != "")
			head = with(head, key, value($i))
		else {
			lines = lines (item ? "{" item "}," : "")
			item = line_item(++n, $i)
		}
	}
	printf "{%s,\"line_items\":[%s],\"refunds\":[%s]}\n", head, lines (item ? "{" item "}" : ""), refunds
}

function refund(id,    i, rid, at, lines, part) {
	for (i = 3; i <= NF; i++)
		if ($i ~ /^at=/)
			at = stamp(value($i))
		else if ($i ~ /^rid=/)
			rid = value($i)
		else {
			split($i, part, ":")
			lines = lines (lines ? "," : "") refund_line(rid, part[1], part[2], part[3])
		}
	printf "{\"id\":%s,\"order_id\":%s,\"created_at\":%s,\"refund_line_items\":[%s]}\n", rid, id, at, lines
}

function edit(id,    i, eid, at, more, less, part, item) {
	for (i = 3; i <= NF; i++)
		if ($i ~ /^at=/)
			at = stamp(value($i))
		else if ($i ~ /^eid=/)
			eid = value($i)
		else {
			split($i, part, ":")
			item = sprintf("{\"id\":%d,\"delta\":%d}", 7000 + part[1], substr(part[2], 2))
			if (part[2] ~ /^\+/)
				more = more (more ? "," : "") item
			else
				less = less (less ? "," : "") item
		}
	printf "{\"order_edit\":{\"id\":%s,\"order_id\":%s,\"committed_at\":%s," \
		"\"line_items\":{\"additions\":[%s],\"removals\":[%s]}}}\n", eid, id, at, more, less
}

$1 == "refund" { refund($2); next }
$1 == "edit" { edit($2); next }
NF > 0 { order($1) }
