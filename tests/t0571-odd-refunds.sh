#!/bin/sh
# Refund lines without ids, refunds of very many lines, and orders that no statement can store: each alone.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
services_start

shelf() { psqlq "select on_hand from stock s join products p on p.id = s.product_id where sku = '${1-A}'"; }
take() { fulfil-recv --shop a.myshopify.com | jq -r .status | sort | uniq -c | sed 's/^ *//' | tr '\n' ' ' | sed 's/ $//'; }
order() { # ID UPDATED CURRENT REFUNDS
	printf '{"id":%d,"created_at":"2026-11-01T00:00:00Z","updated_at":"2026-11-01T00:00:%sZ","line_items":[{"id":%d1,"sku":"A","quantity":5,"current_quantity":%d}],"refunds":[%s]}\n' \
		"$1" "$2" "$1" "$3" "$4"
}
refund() { # ORDER LINES
	printf '{"id":%d9,"order_id":%d,"created_at":"2026-11-01T00:00:10Z","refund_line_items":[%s]}' "$1" "$1" "$2"
}

products A:100 B:2000000000
order 1 00 5 '' | take >/dev/null
settle
is "$(shelf)" 95 'an order takes'
none='{"line_item_id":11,"quantity":1,"restock_type":"return"}'
is "$(refund 1 "$none,$none" | take)" '1 refunded' 'a refund whose lines have no ids'
settle
is "$(shelf)" 97 'puts them back'
is "$(refund 1 "$none,$none" | take)" '1 duplicate' 'once'
order 1 20 3 "$(refund 1 '{"id":191,"line_item_id":11,"quantity":1,"restock_type":"return"},{"id":192,"line_item_id":11,"quantity":1,"restock_type":"return"}')" |
	take >/dev/null
settle
is "$(shelf)" 97 '... though the order lists them with ids'
refund 2 '{"line_item":{"id":21,"sku":"A"},"quantity":2,"restock_type":"return"}' | take >/dev/null
order 2 10 5 '' | take >/dev/null
settle
is "$(shelf)" 94 'before its order, too'
invariants 'the audit holds'

# An order of 5,000 lines, and a refund of each.
awk 'BEGIN {
	printf "{\"id\":3,\"created_at\":\"2026-11-01T00:00:00Z\",\"line_items\":["
	for (i = 1; i <= 5000; i++) printf "%s{\"id\":%d,\"sku\":\"B\",\"quantity\":2}", (i > 1 ? "," : ""), 30000 + i
	print "]}"
}' | take >/dev/null
settle
is "$(shelf B)" 1999990000 'an order of 5,000 lines'
from=$(date +%s)
awk 'BEGIN {
	printf "{\"id\":39,\"order_id\":3,\"created_at\":\"2026-11-01T00:00:10Z\",\"refund_line_items\":["
	for (i = 1; i <= 5000; i++) printf "%s{\"id\":%d,\"line_item_id\":%d,\"quantity\":1,\"restock_type\":\"return\"}", (i > 1 ? "," : ""), 40000 + i, 30000 + i
	print "]}"
}' >refund
is "$(take <refund)" '1 refunded' 'and a refund of 5,000'
settle
is "$(shelf B)" 1999995000 'puts each back'
ok 'in time that grows with their number' test "$(($(date +%s) - from))" -lt 20

# One that cannot be stored fails alone: its neighbours in the batch are taken.
{
	order 4 00 1 ''
	printf '{"id":5,"line_items":[{"id":51,"sku":"B","quantity":2147483647},{"id":52,"sku":"B","quantity":2147483647}]}\n'
	order 6 00 1 ''
} >three
take <three >said
is "$(psqlq 'select count(*) from orders where external_id in (4, 6)')" 2 'the neighbours of an order past all numbers are stored'
settle
is "$(psqlq 'select string_agg(status, chr(32) order by external_id) from orders where external_id in (4, 6)')" \
	'completed completed' 'and completed'
is "$(psqlq "select count(*) from orders where external_id = 5 and status = 'completed'")" 0 'which it is not'
is "$(shelf B)" 1999995000 'nor does it take anything'
invariants 'the audit holds'
done_testing
