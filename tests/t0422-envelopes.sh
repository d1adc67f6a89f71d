#!/bin/sh
# Payloads out of what they are kept or sent in, by fulfil-recv.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"

services_start
# told [OPTION…]: what came of stdin.
told() {
	fulfil-recv "$@" 2>errors | jq -c '[.status, .external_order_id]' | tr '\n' ' '
}
order() { # ID
	printf '{"id":%s,"line_items":[{"id":1,"sku":"A","quantity":1}]}' "$1"
}
is "$(printf '[%s, %s]\n' "$(order 1)" "$(order 2)" | told)" '["accepted","1"] ["accepted","2"] ' 'an array'
is "$(order 1 | told)" '["duplicate","1"] ' '... whose payloads have the bytes of the same alone'
is "$(printf '{"orders":[%s,\n{"id":"x","line_items":[]},\n%s]}' "$(order 3)" "$(order 4)" | told)" \
	'["accepted","3"] ["rejected",null] ["accepted","4"] ' 'a list of the Admin API, with a bad one among good ones'
like "$(cat errors)" 'line 1: .*id is not a whole number' '... which is told'
is "$(echo '[]' | told)" '' 'an empty array is nothing'
is "$(printf '{"version":"0","detail":{"payload":%s,"metadata":{"X-Shopify-Topic":"orders/create","X-Shopify-Shop-Domain":"bridge.myshopify.com"}}}' "$(order 5)" | told)" \
	'["accepted","5"] ' 'an event of EventBridge'
is "$(psqlq 'SELECT shop FROM orders WHERE external_id = 5')" bridge.myshopify.com '... of the shop that it says'
is "$(printf '{"message":{"data":"%s","attributes":{"X-Shopify-Topic":"products/update","X-Shopify-Shop-Domain":"sub.myshopify.com"}}}' "$(order 6 | base64 -w 0)" | told)" \
	'["ignored",null] ' 'a message of Pub/Sub, of a topic that is not followed'
is "$(psqlq "SELECT shop, convert_from(body, 'UTF8') FROM payloads WHERE topic = 'products/update'")" "sub.myshopify.com|$(order 6)" \
	'... is kept with the bytes that were sent'
is "$(echo '{"detail":{"payload":{"id":7,"line_items":[]},"metadata":{"X-Shopify-Shop-Domain":"evil.example"}}}' | told)" \
	'["rejected",null] ' 'a shop that is none'
exit_is 78 'a payload that names no shop, where several are known' -- sh -c "printf '%s' '$(order 8)' | fulfil-recv"
is "$(order 8 | told --shop a.myshopify.com)" '["accepted","8"] ' '... needs --shop'
printf '%s\n' '{"v":1,"type":"pull","what":"orders","status":"ok"}' >note
is "$(fulfil-recv --shop a.myshopify.com <note)" "$(cat note)" 'a record that is no payload passes'
exit_is 0 '... to the list too' -- sh -c 'fulfil-recv --shop a.myshopify.com <note | fulfil-enqueue'

done_testing
