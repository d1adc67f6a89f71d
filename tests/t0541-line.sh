#!/bin/sh
# The line by HTTP, with two workers, workers that are killed, and 10,000 orders in it.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

faults
services_start
export RETRY_DELAYS=''
oldest() { # SKU N STATUS: whether of its orders the N oldest are completed, and no other
	psqlq "SELECT bool_and((status = 'completed') = (n <= $2)) FROM (
		SELECT status, row_number() OVER (ORDER BY o.id) AS n FROM orders o
		JOIN order_items i ON i.order_id = o.id AND i.sku = '$1') s"
}

# What a person or an import puts on the shelf.
products A:0
recv '1 A:1' '2 A:1' '3 New:2' '4 Other:3'
settle
is "$(statuses)" 'failed 4' 'orders are short'
request GET /api/inventory/shortages
is "$STATUS $(answer -c '.total, [.shortages[] | [.sku, .product_id, .wanted, .on_hand, .orders]]' | tr '\n' ' ')" \
	'200 3 [["A",1,2,0,2],["New",null,2,0,1],["Other",null,3,0,1]] ' 'the shortages, by the API'
request GET '/api/inventory/shortages?limit=1'
is "$(answer -c '[.total, (.shortages | length)]')" '[3,1]' '... and the first of them'
is "$(fulfil-scan | jq -c 'select(.type == "shortage") | [.v, .sku, .wanted, .on_hand, .orders]' | tr '\n' ' ')" \
	'[1,"A",2,0,2] [1,"New",2,0,1] [1,"Other",3,0,1] ' '... and by fulfil-scan'
request POST /api/inventory/1 '{"add":1,"reason":"delivery"}'
recv '5 A:1'
settle
is "$(oldest A 1)" t 'one unit is put on the shelf: the oldest gets it, not a newcomer'
request POST /api/products '{"sku":"NEW","name":"New"}'
request PUT "/api/inventory/$(answer .id)" '{"quantity":5,"reason":"count"}'
settle
is "$(oldest New 1)" t 'a product is made, and stock: its order is completed'
printf 'sku,name,quantity\nOTHER,Other,3\nA,A,1\n' | fulfil-import --stock >/dev/null
settle
is "$(oldest Other 1) $(oldest A 2)" 't t' 'an import makes another, and brings stock'
is "$(fulfil-scan | jq -c 'select(.type == "shortage") | [.sku, .wanted]')" '["A",1]' 'one is left'
invariants 'all is in order'

# Workers that are killed, and two at once.
products K:0
recv "$(seq -f '%.0f K:1' 1001 1100)"
settle
request POST "/api/inventory/$(psqlq "SELECT id FROM products WHERE sku = 'K'")" '{"add":60,"reason":"delivery"}'
recv "$(seq -f '%.0f K:1' 1101 1140)"
redis_flush
FULFIL_FAULT=before-commit:9 fulfil-work --drain -b 7 >/dev/null 2>killed
like "$(cat killed)" 'ended by signal 9 with 7 orders held' 'a worker is killed while it serves those who wait'
fulfil-work --drain -j 2 -b 7 >/dev/null
settle
is "$(oldest K 60) $(on_hand K)" 't 0' '... the list in Redis is lost, newcomers come: the 60 oldest are served'
request POST "/api/inventory/$(psqlq "SELECT id FROM products WHERE sku = 'K'")" '{"add":10,"reason":"delivery"}'
FULFIL_FAULT=after-commit:2 fulfil-work --drain -b 4 >/dev/null 2>killed
like "$(cat killed)" 'ended by signal 9' 'one is killed once it has committed'
fulfil-work --drain -b 4 >/dev/null
is "$(oldest K 70) $(on_hand K)" 't 0' '... ten more are served, each once'
invariants 'all is in order'

# A worker that runs, orders that come by HTTP, and each way in which units come.
web_start fastcgi
order() { # ID SKU UNITS
	printf '{"id":%s,"updated_at":"2026-11-20T10:00:00Z","line_items":[{"id":%s1,"sku":"%s","quantity":%s}]}' "$1" "$1" "$2" "$3"
}
products H:1
id=$(psqlq "SELECT id FROM products WHERE sku = 'H'")
fulfil-work >/dev/null 2>worker &
worker=$!
at_exit "kill -KILL $worker 2>/dev/null"
for n in 7001 7002 7003 7004 7005 7006; do
	order $n H 1 >order.json
	is "$(deliver order.json orders/create)" 202 "order $n comes by HTTP"
	ok '... and is served or waits' wait_until 20 says "SELECT count(*) FROM orders WHERE external_id = $n AND
		(status = 'completed' OR EXISTS (SELECT FROM backorders b WHERE b.order_id = orders.id))" 1
done
woken() { # N WHAT: the Nth oldest, and no younger one
	started=$(now_ms)
	ok "$2 wakes the oldest" wait_until 20 says "SELECT count(*) FROM orders WHERE external_id BETWEEN 7001 AND 7006
		AND status = 'completed'" "$1"
	diag "$2: $(($(now_ms) - started)) ms"
	is "$(oldest H "$1")" t '... and no younger one'
}
printf '{"id":7101,"order_id":7001,"refund_line_items":[{"id":71011,"line_item_id":70011,"quantity":1,"restock_type":"return"}]}' >refund.json
is "$(deliver refund.json refunds/create)" 202 'a unit comes back'
woken 2 'a refund'
is "$(api POST "/api/inventory/$id" -H 'Content-Type: application/json' -d '{"add":1,"reason":"delivery"}')" 200 'one is delivered'
woken 3 'a delivery'
is "$(api PUT "/api/inventory/$id" -H 'Content-Type: application/json' -d '{"quantity":1,"reason":"count"}')" 200 'one is found'
woken 4 'a count'
printf 'sku,name,quantity\nH,Article H,1\n' | fulfil-import --stock >/dev/null
woken 5 'an import'
is "$(api POST "/api/orders/$(psqlq 'SELECT id FROM orders WHERE external_id = 7002')/cancel" -d '')" 202 'one is cancelled'
ok '... which wakes the last' wait_until 20 says 'SELECT status FROM orders WHERE external_id = 7006' completed
kill -KILL "$worker"
wait "$worker" 2>/dev/null
invariants 'all is in order'

# Ten thousand.
products L:0
recv "$(seq -f '%.0f L:1' 20001 30000)"
settle
is "$(psqlq "SELECT count(*) FROM backorders b WHERE sku = 'L'")" 10000 'ten thousand orders wait'
id=$(psqlq "SELECT id FROM products WHERE sku = 'L'")
started=$(now_ms)
request POST "/api/inventory/$id" '{"add":9000,"reason":"delivery"}'
fulfil-work --drain -j 2 >/dev/null
took=$(($(now_ms) - started))
diag "10,000 waiting orders, 9,000 of them woken and served: $took ms"
is "$(oldest L 9000) $(on_hand L)" 't 0' 'the 9,000 oldest are served'
ok '... within a second, or ten on a busy machine' test "$took" -lt 10000
invariants 'all is in order'
done_testing
