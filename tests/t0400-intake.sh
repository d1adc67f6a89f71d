#!/bin/sh
# The intake against bad and hostile input, by the numbers of a list of 42. Without a web server.
# shellcheck disable=SC2016 # dollars of SQL
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/hook.sh
. "$TOP/tests/hook.sh"

services_start
psqlq "INSERT INTO products (sku, name) VALUES ('Mug', 'A mug')"
psqlq "SELECT stock_adjust(1, 1000, true, 'start', 'test', 10)" >/dev/null

sig() { # VALUE: a signature for good.json
	hook good.json "HTTP_X_SHOPIFY_HMAC_SHA256=$1"
}
count() { # TABLE
	psqlq "SELECT count(*) FROM $1"
}
# kept NAME: the bytes just sent are the newest in quarantine.
kept() {
	is "$(psqlq 'SELECT encode(body, $$hex$$) FROM quarantine ORDER BY id DESC LIMIT 1')" \
		"$(od -An -v -tx1 sent | tr -d ' \n')" "$1: its bytes are kept"
}
line='"product_id":1,"variant_id":1,"sku":"Mug","quantity":2,"price":"19.99"'
printf '{"id":1,"line_items":[{"id":1,%s}]}' "$line" >good.json
good=$(hmac good.json)

# --- 1, 2: methods

for method in GET HEAD PUT DELETE PATCH OPTIONS post; do
	request $method /webhooks/shopify/orders '' HTTP_X_SHOPIFY_HMAC_SHA256="$good"
	is "$STATUS" 405 "1,2: $method"
	like "$HEAD" '^Allow: POST$' '... and what goes'
done

# --- 3-9: signatures

sig ''
is "$STATUS" 401 '3: no signature, or an empty one'
detail=$(answer .detail)
printf '{"id":2,"line_items":[{"id":1,%s}]}' "$line" >other.json
sig "$(hmac other.json)"
is "$STATUS" 401 '4: that of another body'
sed 's/19\.99/19.98/' good.json >changed.json
hook changed.json HTTP_X_SHOPIFY_HMAC_SHA256="$good"
is "$STATUS" 401 '4: one digit of the body changed'
{
	cat good.json
	echo
} >longer.json
hook longer.json HTTP_X_SHOPIFY_HMAC_SHA256="$good"
is "$STATUS" 401 '4: a newline more'
sig "$(openssl dgst -sha256 -hmac "$SHOPIFY_WEBHOOK_SECRET" -r <good.json | cut -d ' ' -f 1)"
is "$STATUS" 401 '5: hex'
printf '{"id":66,"n":3,"line_items":[]}' >slash.json
while hmac slash.json | grep -qv '[+/]'; do printf ' ' >>slash.json; done
hook slash.json HTTP_X_SHOPIFY_HMAC_SHA256="$(hmac slash.json | tr '+/' '-_')"
is "$STATUS" 401 '5: the URL alphabet'
for bad in "${good%=}" "$good=" "$good " " $good" "${good}x" "$good
" "$(printf %s "$good" | sed 's/.=$/==/')"; do
	sig "$bad"
	is "$STATUS" 401 "5: '$(printf %s "$bad" | tr '\n' ' ')'"
done
for n in 31 33; do
	sig "$(head -c $n /dev/zero | base64)"
	is "$STATUS" 401 "6: $n bytes"
done
sig "$(head -c 10240 /dev/zero | tr '\0' A)"
is "$STATUS" 401 '6: 10 KB'
sig "$good, $good"
is "$STATUS" 401 '7: twice'
is "$(answer .detail)" "$detail" '... and no refusal says why'
like "$(cat log)" '192\.0\.2\.7' '... but each is logged with its sender'
is "$(count orders) $(count quarantine)" '0 0' '... and leaves nothing'
hook good.json SHOPIFY_WEBHOOK_SECRET="new, $SHOPIFY_WEBHOOK_SECRET"
is "$STATUS $(answer -c .)" '202 {"status":"accepted","message":"stored, waiting for a worker","order_id":1,"external_order_id":"1","task_id":"order-1-1"}' \
	'8: an older secret of the list'
hook other.json SHOPIFY_WEBHOOK_SECRET=new
is "$STATUS" 401 '8: a secret no more in it'
hook other.json SHOPIFY_WEBHOOK_SECRET= "HTTP_X_SHOPIFY_HMAC_SHA256=$(hmac other.json '')"
is "$STATUS" 500 '9: no secret'
hook other.json SHOPIFY_WEBHOOK_SECRET=, "HTTP_X_SHOPIFY_HMAC_SHA256=$(hmac other.json '')"
like "$STATUS" '401|500' '9: an empty one'

# --- 10-15: lengths

hook other.json CONTENT_LENGTH=
is "$STATUS" 411 '10: no length'
for length in -1 +5 0x10 '5 ' '40, 40' 1e3; do
	hook other.json CONTENT_LENGTH="$length"
	is "$STATUS" 400 "11: a length of '$length'"
done
hook other.json CONTENT_LENGTH=18446744073709551616
is "$STATUS" 413 '11: a length of 2^64'
hook other.json CONTENT_LENGTH=8388609
is "$STATUS" 413 '12: above 8 MiB'
hook other.json CONTENT_LENGTH=8388608
is "$STATUS" 400 '13: cut short'
is "$(count orders)" 1 '... stores nothing'
cat good.json other.json >both.json
hook both.json CONTENT_LENGTH="$(wc -c <good.json)" HTTP_X_SHOPIFY_HMAC_SHA256="$good"
is "$STATUS $(answer .status)" '200 duplicate' '14: what comes after the length is not read'
mkfifo stalled
(
	head -c 10 good.json
	exec sleep 20
) >stalled &
staller=$!
began=$(date +%s)
env REQUEST_METHOD=POST PATH_INFO=/webhooks/shopify CONTENT_LENGTH=100 \
	timeout 15 "$BUILD/cgi-bin/shopify" <stalled >answer 2>log
like "$(cat answer)" '^Status: 408 ' '15: stalled'
ok '... for 5 s' test $(($(date +%s) - began)) -lt 9
kill $staller

# --- 16-23: what is no order, and odd spellings

post ''
is "$STATUS" 400 '16: empty'
kept '16'
for bad in 'hello' '{"id":1,' '[1]x' '{"id":01}' "{'id':1}" '{"id":1,"id":2}' '{"id":1,"x":"a\000b"}' \
	'{"id":NaN}' '\357\273\277' '{"id":71,"name":"\377\376"}' '{"id":72,"name":"\\ud800"}'; do
	post "$bad"
	is "$STATUS" 400 "17,20,22,23: $bad"
	kept "$bad"
done
for bad in '1' '"x"' 'null' 'true' '[]' '[{"id":1}]' '{}' '{"id":null,"line_items":[]}' '{"id":"7","line_items":[]}' \
	'{"id":1e3,"line_items":[]}' '{"id":1.0,"line_items":[]}' '{"id":9223372036854775808,"line_items":[]}' \
	'{"id":-7,"line_items":[]}' '{"id":0,"line_items":[]}' '{"id":true,"line_items":[]}'; do
	post "$bad"
	is "$STATUS" 422 "18,21: $bad"
	kept "$bad"
done
{
	printf '{"line_items":[],"id":'
	head -c 10000 /dev/zero | tr '\0' 9
	printf '}'
} >digits.json
hook digits.json
is "$STATUS" 422 '21: 10,000 digits'
head -c 100000 /dev/zero | tr '\0' '[' >deep.json
hook deep.json
is "$STATUS" 400 '19: 100,000 brackets'
is "$(count orders)" 1 '... no order is made of any of these'
post '{"id":3,"name":"a\\u0000b","line_items":[]}'
is "$STATUS $(psqlq 'SELECT name, notes IS NOT NULL FROM orders WHERE external_id = 3')" '202 ab|t' '22: a NUL that is spelled'
post '\357\273\277{"id":4,"line_items":[]}'
is "$STATUS" 202 '23: a byte order mark'
is "$(psqlq "SELECT encode(body, 'hex') LIKE 'efbbbf%' FROM payloads p JOIN orders o ON o.id = order_id WHERE external_id = 4")" t \
	'... is kept'
post '{"id":9223372036854775807,"line_items":[]}'
is "$STATUS $(answer .external_order_id)" '202 9223372036854775807' '21: the greatest id'

done_testing
