#!/bin/sh
# Ten defects that the applications before this one had, each told as a shop would see it. Deadlocks
# are in t0514, dead workers in t0510, the retry schedule and logs that cannot be written in t0523.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

[ -x "$BUILD/cgi-bin/api" ] || skip_all 'the programs are not built'
export RETRY_DELAYS=1
services_start
web_start fastcgi
products A:100 B:100 Empty:0
id_of() {
	psqlq "SELECT id FROM orders WHERE external_id = $1"
}
status_of() {
	psqlq "SELECT status FROM orders WHERE external_id = $1"
}
# stock_to UNITS: of the product that is out of stock
stock_to() {
	api PUT "/api/inventory/$(psqlq "SELECT id FROM products WHERE sku = 'Empty'")" \
		-H 'Content-Type: application/json' -d "{\"quantity\":$1,\"reason\":\"counted\"}"
}
# ring ID…: puts ids on the list, whether they belong there or not.
ring() {
	redis-cli -s "$REDIS_SOCKET" RPUSH fulfil:orders "$@" >/dev/null
}

# 1. Told or rung twice, an order took its stock twice.
echo '1 A:2 B:1' | payloads >one.json
is "$(deliver one.json)" 202 'an order'
is "$(deliver one.json) $(deliver one.json orders/updated)" '200 200' '... told again, and as another topic'
is "$(jq -r .status answer)" duplicate '... is a duplicate'
settle
ring "$(id_of 1)" "$(id_of 1)"
settle
ring "$(id_of 1)"
fulfil-work --drain -j 4 >again 2>>work.log
is "$(on_hand A) $(on_hand B)" '98 99' '... and takes its stock once, however often it is rung'
is "$(psqlq 'SELECT count(*) FROM sync_logs') $(wc -l <again)" '1 0' '... with one log row'

echo '1 A:3 B:1 at=10' | payloads >more.json
is "$(deliver more.json) $(jq -r .task_id answer)" "202 order-$(id_of 1)-2" 'an update that moves stock is a run of its own'
settle
is "$(on_hand A)" 97 '... and moves the difference'

# 2. and 8. Short stock was no reason for a retry. 3. A retry was allowed while one was waiting.
echo '2 Empty:1' | payloads >two.json
is "$(deliver two.json)" 202 'an order of what is out of stock is taken'
is "$(api POST "/api/orders/$(id_of 2)/retry" -d '')" 409 '... to which no retry can be added before the first attempt'
like "$(cat answer)" '"status":409' '... as its answer says'
settle
is "$(status_of 2) $(psqlq "SELECT status FROM sync_logs WHERE order_id = $(id_of 2)")" 'pending retry' '... and waits for a retry'
failed() {
	settle
	[ "$(status_of 2)" = failed ]
}
ok 'it fails when its retries are spent' wait_until 20 failed

# 4. A retry read, checked and wrote: of a hundred at once, several passed.
is "$(stock_to 5)" 200 'stock comes in'
retry=$FULFIL_URL/api/orders/$(id_of 2)/retry
# Before there is a worker: it would wake the order by itself.
seq 100 | xargs -P 25 -I N curl -sS -m 20 -o retry.N -w '%{http_code}\n' -d '' -H "Authorization: Bearer $FULFIL_TOKEN" "$retry" >codes
is "$(sort codes | uniq -c | tr -s ' \n' ' ')" ' 1 202 99 409 ' 'a hundred retries at once are one'
fulfil-work -j 2 >daemon 2>>work.log &
daemon=$!
ok '... and the order is completed' wait_until 10 says "SELECT status FROM orders WHERE external_id = 2" completed
is "$(on_hand Empty)" 4 '... once'
is "$(psqlq "SELECT run IN (2, 3), retry_count FROM orders WHERE external_id = 2")" 't|0' '... in its second run, or the third where the stock that came woke it first'

# 5. Without Redis an order was taken and lay there for ever.
redis_stop
echo '3 A:1' | payloads >three.json
at=$(now_ms)
is "$(deliver three.json)" 202 'without Redis an order is taken'
took=$(($(now_ms) - at))
diag "in $took ms"
ok '... as quickly' test $took -lt 2000
ok '... and completed' wait_until 10 says "SELECT status FROM orders WHERE external_id = 3" completed
redis_start

# 6. A worker's death left orders that were "processing" for ever: nothing stores that state.
exit_is 1 'nothing can be stored as processing' -- psqlq "UPDATE orders SET status = 'processing'"
kill -TERM $daemon
wait $daemon

# 9. Anybody could tell an order; stock could fall below zero; money was a float; nothing was kept.
echo '4 A:1 total_price=0.30000000000000004' | payloads >four.json
is "$(deliver four.json orders/create '')" 401 'no signature'
is "$(deliver four.json orders/create "$(printf '%032d' 0 | base64)")" 401 'a wrong one'
is "$(SHOPIFY_WEBHOOK_SECRET=other deliver four.json)" 401 'one by another secret'
is "$(psqlq 'SELECT count(*) FROM orders WHERE external_id = 4')" 0 '... are refused, and nothing is kept'
exit_is 1 'the database refuses stock below zero' -- psqlq 'UPDATE stock SET on_hand = -1'
like "$ERR" 'stock_on_hand_check' '... by a constraint'
recv '5 A:1 total_price=0.10' '6 A:1 total_price="0.20"'
is "$(psqlq 'SELECT sum(total_amount) = 0.30 FROM orders WHERE external_id IN (5, 6)')" t 'a tenth and two tenths are three'
settle
is "$(psqlq 'SELECT count(*) FROM stock s WHERE on_hand <> opening + (SELECT coalesce(sum(delta), 0)
	FROM ledger l WHERE l.product_id = s.product_id)')" 0 'every unit that moved is in the ledger'

# 10. A product that was out of stock was a failure in the log, at every scan.
is "$(stock_to 0)" 200 'the last of it is gone'
fulfil-scan >scan.1
fulfil-scan >scan.2
is "$(jq -r 'select(.type == "alert") | .sku' scan.1 scan.2)" Empty 'what is out of stock is told once'
is "$(psqlq "SELECT count(*) FROM sync_logs WHERE task_name = 'sync_inventory' AND status <> 'success'")" 0 '... and is no failure'
invariants 'what must hold does'
done_testing
