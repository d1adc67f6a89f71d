#!/bin/sh
# What was shipped of an order, from fulfillments by themselves and those that orders list: in any order
# of arrival, repeated, before the order, cancelled. The stock does not move by it.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/hook.sh
. "$TOP/tests/hook.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

PROGRAM=api
services_start

psqlq "INSERT INTO products (sku, name) VALUES ('TEE', 'A tee'), ('CAP', 'A cap')"
psqlq "SELECT stock_adjust(1, 9, true, NULL, 'test', 10), stock_adjust(2, 9, true, NULL, 'test', 10)" >/dev/null

# order ID AT FULFILLMENTS: with 3 tees, its line ID1, and a cap, its line ID2.
order() {
	printf '{"id":%s,"name":"#%s","created_at":"2099-01-01T08:00:00Z","updated_at":"2099-01-01T%s","line_items":[
		{"id":%s1,"variant_id":1,"product_id":1,"sku":"TEE","quantity":3,"price":"5"},
		{"id":%s2,"variant_id":2,"product_id":2,"sku":"CAP","quantity":1,"price":"5"}],"fulfillments":[%s]}\n' \
		"$1" "$1" "$2" "$1" "$1" "$3"
}

# parcel ORDER ID AT STATUS UNITS: a fulfillment of tees.
parcel() {
	printf '{"id":%s,"order_id":%s,"status":"%s","created_at":"2099-01-01T09:00:00Z","updated_at":"2099-01-01T%s",
		"tracking_company":"DHL","tracking_number":"T%s","tracking_numbers":["T%s","U%s"],
		"tracking_url":"https://dhl.example/T%s","tracking_urls":["https://dhl.example/T%s","javascript:alert(1)"],
		"line_items":[{"id":%s1,"sku":"TEE","quantity":%s}]}\n' \
		"$2" "$1" "$4" "$3" "$2" "$2" "$2" "$2" "$2" "$1" "$5"
}

# told TOPIC: takes a payload in.
told() {
	fulfil-recv --topic "$1" | jq -r .status
}

shown() {
	answer -c '[[.items[].shipped], [.shipments[] | [.id, .status, .company, .lines[0].quantity]]]'
}

is "$(parcel 7 70 09:00:00Z success 2 | told fulfillments/create)" updated 'a fulfillment before its order is kept'
is "$(parcel 7 70 09:00:00Z success 2 | told fulfillments/create)" duplicate '... once'
is "$(order 7 08:00:00Z '' | told orders/create)" accepted '... and its order'
fulfil-work --drain >/dev/null 2>&1
request GET /api/orders/1
is "$(shown)" '[[2,0],[["70","success","DHL",2]]]' '... says what was shipped'
is "$(answer -c '.shipments[0] | [.tracking, .shipped_at, .lines]')" \
	'[[{"url":"https://dhl.example/T70","number":"T70"},{"url":null,"number":"U70"}],"2099-01-01T09:00:00.000000Z",[{"line_no":1,"sku":"TEE","quantity":2}]]' \
	'... when, how, and only links of the web'

is "$(parcel 7 70 10:00:00Z cancelled 2 | told FULFILLMENTS_UPDATE)" updated 'it is cancelled'
is "$(parcel 7 70 09:30:00Z success 1 | told fulfillments/update)" updated '... before an older version comes'
is "$(order 7 11:00:00Z "$(parcel 7 70 09:00:00Z success 2),$(parcel 7 71 11:00:00Z success 3)" |
	told orders/fulfilled)" updated 'the order lists it as it was, and another'
request GET /api/orders/1
is "$(shown)" '[[3,0],[["70","cancelled","DHL",2],["71","success","DHL",3]]]' '... and the newest version of each counts'

is "$(parcel 8 81 10:00:00Z success 3 | told fulfillments/update)" updated 'of two versions of one second'
is "$(parcel 8 81 10:00:00Z cancelled 3 | told fulfillments/update)" updated '... the cancelled one'
is "$(parcel 9 91 10:00:00Z cancelled 3 | told fulfillments/update)" updated '... whichever comes first'
is "$(parcel 9 91 10:00:00Z success 3 | told fulfillments/update)" updated '... or last'
is "$(psqlq 'SELECT external_order_id, status FROM shipments WHERE external_id IN (81, 91) ORDER BY 1' | tr '\n' ' ')" \
	'8|cancelled 9|cancelled ' '... stays'

# GraphQL lists them as connections.
cat >graphql.json <<'END'
{"id":"gid://shopify/Order/10","name":"#10","createdAt":"2099-01-01T08:00:00Z","updatedAt":"2099-01-01T08:00:00Z",
 "lineItems":{"nodes":[{"id":"gid://shopify/LineItem/101","sku":"TEE","quantity":3,"variant":{"id":"gid://shopify/ProductVariant/1"}}]},
 "fulfillments":[{"id":"gid://shopify/Fulfillment/100","status":"SUCCESS","createdAt":"2099-01-01T09:00:00Z",
  "trackingInfo":[{"company":"UPS","number":"1Z","url":"https://ups.example/1Z"}],
  "fulfillmentLineItems":{"nodes":[{"id":"gid://shopify/FulfillmentLineItem/5","lineItem":{"id":"gid://shopify/LineItem/101"},"quantity":1}]}}]}
END
is "$(fulfil-recv <graphql.json | jq -r .status)" accepted "GraphQL's spelling"
fulfil-work --drain >/dev/null 2>&1
request GET "/api/orders/$(psqlq 'SELECT id FROM orders WHERE external_id = 10')"
is "$(shown)" '[[1],[["100","success","UPS",1]]]' '... says the same'

# A batch with everything in it, as one transaction.
{
	order 12 08:00:00Z "$(parcel 12 120 09:00:00Z success 1)"
	order 12 10:00:00Z "$(parcel 12 120 10:00:00Z success 3)"
	order 12 09:00:00Z "$(parcel 12 120 09:30:00Z success 2)"
	echo '{"id":13,"line_items":[],"fulfillments":[{},7,{"id":-1},{"id":130,"status":"x\u0000y","line_items":[{},{"id":1,"quantity":-4}]}]}'
} | fulfil-recv | jq -r .status >statuses
is "$(grep -c rejected statuses)" 0 'a batch, with odd fulfillments too'
fulfil-work --drain >/dev/null 2>&1
request GET "/api/orders/$(psqlq 'SELECT id FROM orders WHERE external_id = 12')"
is "$(shown)" '[[3,0],[["120","success","DHL",3]]]' '... leaves the newest of each'

PROGRAM=shopify
parcel 12 121 10:00:00Z success 1 >one.json
hook one.json HTTP_X_SHOPIFY_TOPIC=fulfillments/create
is "$STATUS $(answer -c '[.status, .order_id, .external_order_id, .task_id]')" '202 ["updated",null,"12",null]' \
	'a fulfillment from the web is taken in'
hook one.json HTTP_X_SHOPIFY_TOPIC=fulfillments/create
is "$STATUS $(answer .status)" '200 duplicate' '... once'
is "$(psqlq 'SELECT tracking FROM shipments WHERE external_id = 121' | grep -c T121)" 1 '... with its number'

# order.shipped is told of orders that are here, once for each change of a fulfillment.
psqlq "INSERT INTO webhooks (url, event_types) VALUES ('http://127.0.0.1:1024/', '{order.shipped}')"
waiting() { # the parcels of each event that is still to be told
	psqlq "SELECT type || ' ' || (d->>'external_order_id') || ' ' || (SELECT string_agg(h->>'id' || ':' || coalesce(h->>'status', '-') || ':'
			|| jsonb_array_length((h->'tracking')::jsonb), ',') FROM json_array_elements(d->'shipments') h)
		FROM outbox, unnest(data) d ORDER BY id"
}
parcel 12 122 10:00:00Z success 1 | told fulfillments/create >/dev/null
is "$(waiting)" 'order.shipped 12 120:success:2,121:success:2,122:success:2' 'a fulfillment is told, with all of the order'
parcel 12 122 10:00:00Z success 1 | sed 's/DHL/DHL/' | told fulfillments/update >/dev/null
parcel 77 770 10:00:00Z success 1 | told fulfillments/create >/dev/null
parcel 12 122 11:00:00Z cancelled 1 | told fulfillments/update >/dev/null
is "$(waiting | wc -l)" 1 'not a repetition, one of an order that is not here, nor one that was cancelled'
parcel 12 121 11:00:00Z success 2 | told fulfillments/update >/dev/null
is "$(waiting | wc -l)" 2 '... but one that changed'

echo '{"shop_domain":"shop.myshopify.com","customer":{"id":1},"orders_to_redact":[12]}' | told customers/redact >/dev/null
fulfil-scan >/dev/null 2>&1
parcel 12 121 12:00:00Z success 1 | told fulfillments/update >/dev/null
is "$(psqlq 'SELECT DISTINCT tracking FROM shipments WHERE external_order_id = 12')" '[]' \
	'an order that lost its names has no tracking numbers, nor gets any'
is "$(waiting | grep -c ':2')" 0 'nor has what is still to be told of it'

is "$(psqlq "SELECT string_agg(sku || ' ' || on_hand, ', ' ORDER BY sku) FROM products p JOIN stock s ON s.product_id = p.id" 2>&1)" \
	'CAP 7, TEE 0' 'nothing that was shipped moved the stock'
invariants 'what must hold does'

done_testing
