#!/bin/sh
# The intake: orders that are odd, late, early or sent again, and servers that are away.
# shellcheck disable=SC2016,SC2317 # dollars of other shells; functions called by ok
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/hook.sh
. "$TOP/tests/hook.sh"

services_start
psqlq "INSERT INTO products (sku, name) VALUES ('Mug', 'A mug')"
psqlq "SELECT stock_adjust(1, 1000, true, 'start', 'test', 10)" >/dev/null
id=100

# line JSON: posts an order of one line with these members besides the usual ones; its id is in $id.
line() {
	id=$((id + 1))
	printf '{"id":%s,"line_items":[{"id":1,"product_id":1,"variant_id":1,%s}]}' "$id" "$1" >line.json
	shift
	hook line.json "$@"
}
# stored COLUMNS: of the items of the newest order.
stored() {
	psqlq "SELECT $1 FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.external_id = $id"
}
settle() {
	fulfil-work --drain >/dev/null 2>&1
}
on_hand() {
	psqlq 'SELECT on_hand FROM stock'
}

# --- 24-26: lines

for quantity in -1 0 1.5 '"3"' 2147483648 null; do
	line "\"sku\":\"Mug\",\"quantity\":$quantity"
	is "$STATUS $(stored 'skip, target')" '202 bad_quantity|0' "24: a quantity of $quantity"
	like "$(psqlq "SELECT notes FROM orders WHERE external_id = $id")" 'line 1: the quantity' '... is noted'
done
settle
is "$(on_hand)" 1000 '... and moves nothing'
like "$(psqlq 'SELECT DISTINCT status, error_message FROM orders WHERE external_id > 100')" '^failed.*quantity' \
	'... the orders wait for somebody to look'
for price in '"16.486" 16.486' '199.0 199.0' '"693" 693' '"-5.00" -5.00' '1e3 1000' '0.1 0.1' '"NaN" ' '"1,50" ' '"$1" ' 'null '; do
	line "\"sku\":\"Mug\",\"quantity\":1,\"price\":${price% *}"
	is "$STATUS $(stored unit_price)" "202 ${price#* }" "25: a price of ${price% *}"
done
for sku in '"mug" mug|' '"Mug " Mug|' '" " |no_sku' 'null |no_sku' '"" |no_sku' "\"'; DROP TABLE orders; --\" '; DROP TABLE orders; --|" \
	'"../../etc" ../../etc|' '"‮MUG" ‮MUG|' "\"$(head -c 255 /dev/zero | tr '\0' x)\" $(head -c 255 /dev/zero | tr '\0' x)|"; do
	value=${sku##*\" }
	case $sku in null*) value=${sku#null } ;; esac
	line "\"quantity\":1,\"sku\":${sku%"$value"}"
	is "$STATUS $(stored 'sku, skip')" "202 $value" "26: a SKU of ${sku%" $value"}"
done
line '"quantity":1,"sku":"a\tb"'
is "$STATUS" 202 '26: a SKU with a tab'
psqlq 'DELETE FROM orders'

# --- 27-29: again

printf '{"id":7,"updated_at":"2026-01-01T00:00:00Z","line_items":[{"id":1,"product_id":1,"variant_id":1,"sku":"Mug","quantity":2}]}' >seven.json
before=$(on_hand)
hook seven.json HTTP_X_SHOPIFY_WEBHOOK_ID=w-1
is "$STATUS $(answer .status)" '202 accepted' 'an order'
hook seven.json HTTP_X_SHOPIFY_WEBHOOK_ID=w-1
is "$STATUS $(answer .status)" '200 duplicate' '27, 40: sent again'
hook seven.json HTTP_X_SHOPIFY_WEBHOOK_ID=w-2
is "$STATUS $(answer .status)" '200 duplicate' '27: under another webhook id'
hook seven.json HTTP_X_SHOPIFY_TOPIC=orders/paid
is "$STATUS $(answer .status)" '200 duplicate' '27: under another topic'
settle
is "$(on_hand) $(psqlq 'SELECT count(*) FROM payloads p JOIN orders o ON o.id = order_id WHERE o.external_id = 7')" \
	"$((before - 2)) 1" '... counts once'
sed 's/"quantity":2/"quantity":3/; s/01-01T/01-02T/' seven.json >eight.json
hook eight.json HTTP_X_SHOPIFY_WEBHOOK_ID=w-1
is "$STATUS $(psqlq "SELECT count(*), max(note) FROM payloads WHERE webhook_id = 'w-1'")" \
	'202 2|this webhook id came before, with another body' '28: a webhook id with another body'
settle
is "$(on_hand)" "$((before - 3))" '... which moves the difference'
sed 's/"id":7/"id":9/' seven.json >nine.json
for wrong in "$(head -c 4096 /dev/zero | tr '\0' w)" 'a b' "a
b" 'ü'; do
	hook nine.json HTTP_X_SHOPIFY_WEBHOOK_ID="$wrong"
	is "$STATUS $(answer '.errors[0].header')" '400 X-Shopify-Webhook-Id' "29: a webhook id of ${#wrong} bytes that is none"
done

# --- 30-33: headers

hook nine.json HTTP_X_SHOPIFY_TOPIC=
is "$STATUS $(answer '.errors[0].header')" '400 X-Shopify-Topic' '30: no topic'
for wrong in 'orders/create x' "$(head -c 200 /dev/zero | tr '\0' /)"; do
	hook nine.json HTTP_X_SHOPIFY_TOPIC="$wrong"
	is "$STATUS" 400 "30: a topic of ${#wrong} bytes that is none"
done
hook nine.json HTTP_X_SHOPIFY_TOPIC=products/update
is "$STATUS $(answer -c '[.status, .order_id]')" '200 ["ignored",null]' '30: a topic of no concern'
is "$(psqlq "SELECT count(*) FROM payloads WHERE topic = 'products/update'")" 1 '... is kept'
for shop in '' shop.example evil.com/x.myshopify.com 'evil.com?.myshopify.com' .myshopify.com -x.myshopify.com \
	a.b.myshopify.com shop.myshopify.com.evil.com; do
	hook nine.json HTTP_X_SHOPIFY_SHOP_DOMAIN="$shop"
	is "$STATUS" 401 "31: the shop '$shop'"
done
hook nine.json SHOPIFY_SHOPS=other.myshopify.com
is "$STATUS" 401 '31: a shop that is not listed'
for type in text/xml application/x-www-form-urlencoded multipart/form-data application/jsonp; do
	hook nine.json CONTENT_TYPE=$type
	is "$STATUS" 415 "32: $type"
done
hook nine.json HTTP_CONTENT_ENCODING=gzip
is "$STATUS" 415 '33: gzip'
hook nine.json HTTP_X_SHOPIFY_TOPIC=Orders/Create HTTP_X_SHOPIFY_SHOP_DOMAIN=Shop.MyShopify.COM SHOPIFY_SHOPS=a.myshopify.com,shop.myshopify.com \
	CONTENT_TYPE= HTTP_CONTENT_ENCODING=identity HTTP_X_SHOPIFY_TRIGGERED_AT=1970-01-01T00:00:00.123456789Z \
	HTTP_PROXY=http://evil.example QUERY_STRING='%00&<script>' REMOTE_USER=x
is "$STATUS" 202 '30, 31, 32, 35, 41: letters of any case, no type, an old time, a Proxy header, a query'
sed 's/"id":7/"id":10/' seven.json >ten.json
SEND=ten.json request POST /webhooks/shopify '' HTTP_SHOPIFY_HMAC_SHA256="$(hmac ten.json)" HTTP_SHOPIFY_TOPIC=orders/create \
	HTTP_SHOPIFY_SHOP_DOMAIN=shop.myshopify.com CONTENT_TYPE='application/json; charset=utf-16'
is "$STATUS" 202 'headers without X-, the other path'
for name in Topic Shop-Domain Webhook-Id Hmac-Sha256; do
	var=$(echo "$name" | tr 'a-z-' 'A-Z_')
	hook ten.json "HTTP_X_SHOPIFY_$var=$(hmac ten.json)" "HTTP_SHOPIFY_$var=other"
	is "$STATUS $(answer '.errors[0].header')" "400 X-Shopify-$name" "a header $name that differs without its X-"
done
hook ten.json HTTP_SHOPIFY_TOPIC=orders/paid
is "$STATUS" 400 'headers with and without X- that differ'
for topic in customers/redact customers/data_request shop/redact; do
	hook ten.json HTTP_X_SHOPIFY_TOPIC=$topic HTTP_X_SHOPIFY_HMAC_SHA256="$(hmac nine.json)"
	is "$STATUS" 401 "42: $topic with a wrong signature"
done

# --- 34, 36, 37: early, late, tests, long

printf '{"id":21,"updated_at":"2026-01-02T00:00:00Z","cancelled_at":"2026-01-02T00:00:00Z","line_items":[]}' >cancel.json
hook cancel.json HTTP_X_SHOPIFY_TOPIC=orders/cancelled
sed 's/"id":7/"id":21/' seven.json >late.json
hook late.json
is "$STATUS $(psqlq 'SELECT status FROM orders WHERE external_id = 21')" '200 cancelled' '34: cancelled before it came'
printf '{"id":5,"order_id":22,"refund_line_items":[{"id":1,"line_item_id":1,"quantity":1,"restock_type":"cancel"}]}' >refund.json
hook refund.json HTTP_X_SHOPIFY_TOPIC=refunds/create
is "$STATUS" 202 '34: refunded before it came'
sed 's/"id":7,/"id":22,/' seven.json >late.json
hook late.json
is "$STATUS $(psqlq 'SELECT sum(target) FROM order_items i JOIN orders o ON o.id = order_id WHERE o.external_id = 22')" '202 1' \
	'... and then comes'
printf '{"id":24,"line_items":"none"}' >stub.json
hook stub.json
is "$STATUS $(psqlq 'SELECT error_message FROM orders WHERE external_id = 24')" \
	'202 the payload has no list of line_items: the whole order is awaited' 'one without its lines waits, and says why'
sed 's/"id":7,/"id":24,/' seven.json >late.json
hook late.json
is "$STATUS $(psqlq 'SELECT status, error_message IS NULL FROM orders WHERE external_id = 24')" '202 pending|t' '... until the whole order comes'
line '"sku":"Mug","quantity":1' HTTP_X_SHOPIFY_TEST=true
is "$STATUS $(stored 'test, skip')" '202 f|' '36: a header, which nobody signed, makes no test'
printf '{"id":23,"test":true,"line_items":[{"id":1,"product_id":1,"variant_id":1,"sku":"Mug","quantity":1}]}' >test.json
hook test.json
is "$STATUS $(psqlq 'SELECT test FROM orders WHERE external_id = 23')" '202 t' '36: a test, by its body'
for n in 250 10000; do
	awk -v n=$n 'BEGIN { printf "{\"id\":%d,\"line_items\":[", 30 + n
		for (i = 1; i <= n; i++) printf "%s{\"id\":%d,\"product_id\":1,\"variant_id\":1,\"sku\":\"Mug\",\"quantity\":0,\"name\":\"%0400d\"}", (i > 1 ? "," : ""), i, i
		printf "]}" }' >long.json
	began=$(date +%s%N)
	hook long.json
	took=$((($(date +%s%N) - began) / 1000000))
	is "$STATUS $(psqlq "SELECT count(*) FROM order_items i JOIN orders o ON o.id = order_id WHERE o.external_id = 30 + $n")" \
		"202 $n" "37: $n lines, $(wc -c <long.json) bytes"
	ok "... in time ($took ms)" test $took -lt 3000
done

# --- 38, 39: servers

redis_stop
sed 's/"id":7/"id":41/' seven.json >more.json
hook more.json
is "$STATUS" 202 '38: without Redis'
pg_stop
sed 's/"id":7/"id":42/' seven.json >more.json
hook more.json
is "$STATUS" 503 '39: without PostgreSQL'
like "$HEAD" '^Retry-After: [0-9]+$' '... and when to come again'
post 'not JSON'
is "$STATUS" 503 '39: nor is what belongs in quarantine acknowledged'
hook more.json HTTP_X_SHOPIFY_HMAC_SHA256=
is "$STATUS" 401 '39: strangers are refused as ever'
pg_start
hook more.json
is "$STATUS" 202 '... and PostgreSQL is back'

done_testing
