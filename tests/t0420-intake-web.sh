#!/bin/sh
# The intake behind lighttpd, in three ways: to a completed order, the same fifty times at once.
# shellcheck disable=SC2016,SC2317 # for other shells; functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/hook.sh
. "$TOP/tests/hook.sh"

command -v lighttpd >/dev/null || skip_all 'lighttpd is not installed'
services_start
psqlq "INSERT INTO products (sku, name) VALUES ('Mug', 'A mug')"
psqlq "SELECT stock_adjust(1, 1000, true, 'start', 'test', 10)" >/dev/null
fulfil-work >work.log 2>&1 &
worker=$!
at_exit "kill $worker 2>/dev/null"

# send FILE [CURL-OPTION…]: posts it as Shopify does; prints the status, the answer goes to body.
send() {
	send_file=$1
	shift
	curl -s -m 20 -o body -w '%{http_code}' -H "X-Shopify-Hmac-Sha256: $(hmac "$send_file")" \
		-H 'X-Shopify-Topic: orders/create' -H 'X-Shopify-Shop-Domain: shop.myshopify.com' \
		-H 'Content-Type: application/json' --data-binary "@$send_file" "$@" "$FULFIL_URL/webhooks/shopify/orders"
}
order() { # ID
	printf '{"id":%s,"line_items":[{"id":1,"product_id":1,"variant_id":1,"sku":"Mug","quantity":1,"price":"5.00"}]}\n' "$1" >"$1.json"
}
completed() { # ID
	[ "$(psqlq "SELECT status FROM orders WHERE external_id = $1")" = completed ]
}

n=1000
for mode in fastcgi bridge cgi; do
	web_start $mode
	n=$((n + 100))
	order $n
	is "$(send $n.json) $(answer .status)" '202 accepted' "$mode: an order"
	ok '... is completed' wait_until 10 completed $n
	is "$(send $n.json) $(answer .status)" '200 duplicate' '... and a duplicate'
	is "$(send $n.json -H 'X-Shopify-Hmac-Sha256: x')" 401 "$mode: with two signatures"
	order $((n + 1))
	is "$(send $((n + 1)).json -H 'Transfer-Encoding: chunked')" 202 "$mode: in chunks"
	{
		printf '{"id":%s,"line_items":[],"note":"' $((n + 2))
		head -c 8380000 /dev/zero | tr '\0' x
		printf '"}'
	} >huge.json
	is "$(send huge.json)" 202 "$mode: nearly 8 MiB"
	printf '%010000d' 0 >>huge.json
	is "$(send huge.json -H 'Expect:')" 413 "$mode: more than that"
	order $((n + 3))
	signature=$(hmac $((n + 3)).json)
	seq 50 | xargs -P 50 -I{} curl -s -m 30 -o '{}.out' -w '%{http_code}\n' -H "X-Shopify-Hmac-Sha256: $signature" \
		-H 'X-Shopify-Topic: orders/create' -H 'X-Shopify-Shop-Domain: shop.myshopify.com' -H 'X-Shopify-Webhook-Id: {}' \
		--data-binary "@$((n + 3)).json" -H 'Content-Type: application/json' "$FULFIL_URL/webhooks/shopify" >codes
	is "$(sort codes | uniq -c | tr -s ' ' | tr '\n' ';')" ' 49 200; 1 202;' "$mode: the same 50 times at once"
	ok '... is completed' wait_until 10 completed $((n + 3))
	order $((n + 4))
	pg_stop_immediate
	is "$(send $((n + 4)).json)" 503 "$mode: PostgreSQL is away"
	pg_start
	is "$(send $((n + 4)).json) $(send $((n + 4)).json)" '202 200' '... and back'
	web_stop
done
settled() {
	[ "$(psqlq 'SELECT count(*) FROM orders WHERE next_attempt_at IS NOT NULL')" = 0 ]
}
ok 'all is settled' wait_until 20 settled
# One process, whose connection an idle restart breaks, keeps what it refuses all the same.
FULFIL_POOL_INTAKE=1
export FULFIL_POOL_INTAKE
web_start fastcgi
printf '{"id":' >broken.json
is "$(send broken.json)" 400 'a broken body'
pg_stop
pg_start
is "$(send broken.json)" 400 '... and the same behind a restart of PostgreSQL'
is "$(psqlq 'SELECT count(*) FROM quarantine')" 2 '... are both kept'
is "$(psqlq 'SELECT on_hand FROM stock') $(psqlq "SELECT count(*), sum(delta) FROM ledger WHERE reason = 'order'")" '988 12|-12' \
	'each order took its mug once'

done_testing
