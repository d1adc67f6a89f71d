#!/bin/sh
# Payloads of shapes and topics that are not those of orders/create, by the intake: read, or kept, never refused.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/hook.sh
. "$TOP/tests/hook.sh"

services_start
psqlq "INSERT INTO products (sku, name) VALUES ('Mug', 'A mug')"
psqlq "SELECT stock_adjust(1, 100, true, 'start', 'test', 1)" >/dev/null
# event TOPIC FILE: as Events come, headers without X-.
event() {
	SEND=$2 request POST /webhooks/shopify '' HTTP_SHOPIFY_HMAC_SHA256="$(hmac "$2")" HTTP_SHOPIFY_TOPIC="$1" \
		HTTP_SHOPIFY_SHOP_DOMAIN=shop.myshopify.com HTTP_SHOPIFY_TRIGGERED_AT=2026-11-20T10:00:00.5Z \
		HTTP_SHOPIFY_EVENT_ID=e-1 HTTP_SHOPIFY_API_VERSION=2026-10
}
graphql() { # ID UPDATED LINES [MORE]: an Event's body
	printf '{"topic":"Order","action":"update","data":{"order":{"id":"gid://shopify/Order/%s","updatedAt":"%s","lineItems":{"nodes":[%s],"pageInfo":{"hasNextPage":%s}}}}}' \
		"$1" "$2" "$3" "${4-false}"
}
line='{"id":"gid://shopify/LineItem/11","sku":"Mug","quantity":3,"currentQuantity":%s,"variant":{"id":"gid://shopify/ProductVariant/1"},"product":{"id":"gid://shopify/Product/1"}}'
target() {
	psqlq "SELECT i.external_id, sku, target FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.external_id = $1"
}

graphql 1 2026-11-20T10:00:00Z "$(echo "$line" | sed 's/%s/3/')" >event.json
event Order event.json
is "$STATUS $(answer .status) $(target 1)" '202 accepted 11|Mug|3' 'an Event is an order'
is "$(psqlq "SELECT topic, event_id, api_version, triggered_at AT TIME ZONE 'UTC' FROM payloads")" \
	'Order|e-1|2026-10|2026-11-20 10:00:00.5' '... kept with what its headers say'
graphql 1 2026-11-20T11:00:00Z "$(echo "$line" | sed 's/%s/1/')" >event.json
event Order event.json
is "$STATUS $(answer .status) $(target 1)" '202 updated 11|Mug|1' '... and a later one its newer version'
printf '{"topic":"Order","action":"update","data":{"order":{"id":"gid://shopify/Order/2"}}}' >event.json
event Order event.json
like "$STATUS $(answer .message)" '^202 .*whole order is awaited' 'one without lines awaits the order'
printf '{"topic":"Product","action":"update","data":{"product":{"id":"gid://shopify/Product/1"}}}' >event.json
event Product event.json
is "$STATUS $(answer .status)" '200 ignored' 'an Event of something else is kept'
graphql 3 2026-11-20T10:00:00Z '' true >event.json
event Order event.json
is "$STATUS $(answer .status)" '202 quarantined' 'a part of an order is acknowledged'
is "$(psqlq 'SELECT count(*) FROM quarantine') $(target 3)" '1 ' '... kept, and is no order'

post '{"id":"gid://shopify/Order/4","line_items":[{"id":"gid://shopify/LineItem/41","sku":"Mug","quantity":1}]}'
is "$STATUS $(target 4)" '202 41|Mug|1' 'gids where numbers are meant'
post '{"id":44,"order_id":4,"refund_line_items":[{"id":"gid://shopify/RefundLineItem/1","line_item_id":"gid://shopify/LineItem/41","quantity":1,"restock_type":"return"}]}' \
	HTTP_X_SHOPIFY_TOPIC=REFUNDS_CREATE
is "$STATUS $(target 4)" '202 41|Mug|0' '... in a refund, and a topic as GraphQL spells it'
post '{"id":45,"order_id":4,"refund_line_items":[{"id":2,"line_item_id":"gid://shopify/LineItem/41","quantity":1,"restock_type":"return"}]}' \
	HTTP_X_SHOPIFY_TOPIC=refunds.create
is "$STATUS" 202 '... or with a dot'
for topic in customer.tags_added:ignored customers/data_request:accepted Order:ignored orders:ignored a/b/c:ignored; do
	post "{\"n\":\"$topic\"}" "HTTP_X_SHOPIFY_TOPIC=${topic%:*}"
	is "$STATUS $(answer .status)" "200 ${topic#*:}" "the topic ${topic%:*}"
done
is "$(psqlq 'SELECT count(*) FROM payloads WHERE order_id IS NULL') $(psqlq 'SELECT count(*) FROM privacy_requests')" '5 1' '... each is kept'
post '{"id":727,"order_key":"wc_order_1","status":"cancelled","date_created":"2026-01-01T00:00:00","line_items":[{"id":1,"sku":"Mug","quantity":1}]}'
is "$STATUS $(answer -c '[.status, .message]')" '200 ["ignored","it is an order of WooCommerce, not of Shopify"]' "WooCommerce's order"
post '{"id":9,"admin_graphql_api_id":"gid://shopify/Product/9","title":"x"}'
is "$STATUS $(answer .status)" '200 ignored' 'a product under a topic of orders'
before=$(psqlq 'SELECT count(*) FROM orders')
post '{"id":31,"order_id":1,"refund_line_items":null}' HTTP_X_SHOPIFY_TOPIC=refunds/create
is "$STATUS $(answer .status)" '200 ignored' 'a refund without its lines'
post '{"id":5,"line_items":[]}' CONTENT_TYPE=text/xml
is "$STATUS $(psqlq 'SELECT count(*) FROM quarantine')" '415 2' 'what is refused for its type is kept'
is "$(psqlq 'SELECT count(*) FROM orders')" "$before" '... and none of them makes an order'


# --- a body that was captured

post '{"id":60,"line_items":[{"id":61,"product_id":1,"variant_id":1,"sku":"Mug","quantity":2}]}'
is "$STATUS" 202 'an order'
cp text captured
for shop in second third second; do
	hook captured HTTP_X_SHOPIFY_SHOP_DOMAIN=$shop.myshopify.com
	is "$STATUS $(answer -c '[.status, .message]')" '202 ["quarantined","this body came before, for another shop"]' \
		"... whose bytes come for the shop $shop"
done
is "$(psqlq 'SELECT count(*) FROM orders WHERE external_id = 60')" 1 '... is one order'
hook captured
is "$STATUS $(answer .status)" '200 duplicate' '... and its own shop may send it again'
sed 's/}]}/}],"note":"x"}/' captured >other
hook other HTTP_X_SHOPIFY_SHOP_DOMAIN=second.myshopify.com
is "$STATUS $(answer .status)" '202 accepted' 'other bytes with its number are an order of the second shop'

done_testing
