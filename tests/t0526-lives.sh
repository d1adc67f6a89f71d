#!/bin/sh
# Random lives of orders (tests/unit/lives.c), told by pipe and by HTTP in any order, some of it twice,
# while workers and PostgreSQL are killed: the shelf ends as the model has it, and the audit agrees.
# LIVES sets how many lives each part has; FAULT_SEED repeats a run.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

seed
services_start
lives=${LIVES:-150}
start=1000000
first=1
products LIFE-0:$start LIFE-1:$start LIFE-2:$start LIFE-3:$start LIFE-4:$start LIFE-5:$start LIFE-6:$start LIFE-7:$start
: >expected

# born COUNT: that many lives: their payloads in told, what they take added to expected.
born() {
	"$BUILD/tests/unit/lives" emit "$1" "$FAULT_SEED" "$first" >lives.txt
	grep -v '^expect ' lives.txt >told
	grep '^expect ' lives.txt >>expected
	first=$((first + $1))
	FAULT_SEED=$((FAULT_SEED + 1))
}
settled() {
	settle
	says "SELECT count(*) FROM orders WHERE next_attempt_at <= now() + interval '1 s'" 0
}
# right WHAT: each product has what the lives so far leave of it.
right() {
	ok "$1: all is settled" wait_until 30 settled
	is "$(psqlq "SELECT sku, $start - on_hand FROM products JOIN stock ON id = product_id ORDER BY sku")" \
		"$(awk '{ n[$2] += $3 } END { for (sku in n) print sku "|" n[sku] }' expected | sort)" "$1: the shelf is right"
	invariants "$1: and the audit agrees"
}

born "$lives"
cut -f 2 told | fulfil-recv >records
is "$(jq -r 'select(.status == "rejected")' records)" '' 'nothing is rejected'
right 'all at once'

born "$lives"
split -n r/7 told part.
for part in part.*; do cut -f 2 "$part" | fulfil-recv | fulfil-work - >>results; done
right 'with processing in between'

born "$lives"
split -n r/3 told crowd.
# The last worker is killed too: a shell that has just forked loses any other signal.
fulfil-work >worked 2>>work.log &
worker=$!
pids=
# What a server that crashed has not answered is sent again, as Shopify does.
sent() { cut -f 2 "$1" | fulfil-recv >>records 2>>refused; }
for part in crowd.*; do
	{ wait_until 60 sent "$part" || echo "$part" >>unsent; } &
	pids="$pids $!"
done
for pid in $pids; do
	pg_stop_immediate
	pg_start
	kill -KILL $worker 2>/dev/null
	wait $worker 2>/dev/null
	fulfil-work >>worked 2>>work.log &
	worker=$!
	wait "$pid"
done
ok 'all is taken in the end' test ! -e unsent
kill -KILL $worker 2>/dev/null
wait $worker 2>/dev/null
right 'three pipes at once beside workers that are killed, and PostgreSQL too'

web_start fastcgi
born $((lives / 5))
split -n r/4 told client.
post() {
	n=0
	while IFS="$(printf '\t')" read -r topic json; do
		n=$((n + 1))
		printf %s "$json" >"$1.body"
		hmac=$(openssl dgst -sha256 -hmac "$SHOPIFY_WEBHOOK_SECRET" -binary "$1.body" | base64)
		curl -sS -m 20 -o "$1.answer" -w '%{http_code}\n' -H 'Content-Type: application/json' \
			-H "X-Shopify-Topic: $topic" -H 'X-Shopify-Shop-Domain: shop.myshopify.com' \
			-H "X-Shopify-Hmac-Sha256: $hmac" --data-binary "@$1.body" "$FULFIL_URL/webhooks/shopify"
	done <"$1"
}
pids=
for client in client.a?; do
	post "$client" >"$client.codes" 2>&1 &
	pids="$pids $!"
done
fulfil-work >worked 2>>work.log &
worker=$!
for pid in $pids; do wait "$pid"; done
kill -KILL $worker 2>/dev/null
wait $worker 2>/dev/null
is "$(cat client.*.codes | sort | uniq | tr '\n' ' ')" '200 202 ' 'by HTTP, four clients at once: all is taken'
right 'by HTTP'
rebuilds 'all of it played again is the same'
is "$(printf '%s\n' "$OUT" | jq -c 'select(.type == "rebuild") | [.orders, .left_out]')" "[$((first - 1)),0]" 'and that was every order'
done_testing
