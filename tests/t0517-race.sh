#!/bin/sh
# Cancellations, retries and updates that race with the workers: each order ends as it was last
# told, and with the stock that belongs to that.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

[ -x "$BUILD/cgi-bin/api" ] || skip_all 'the programs are not built'
export RETRY_DELAYS=1,1
services_start
# A default that would answer each wait for a lock with an error: it is not to hold for our programs,
# and not for what is done here with psql.
psqlq 'ALTER DATABASE fulfil SET default_transaction_isolation = serializable'
export PGOPTIONS='-c default_transaction_isolation=read\ committed'
web_start fastcgi
seed
products A:100000 B:100000 Scarce:50

# post PATH…: all of them, eight at a time; prints how often each status came.
post() {
	printf '%s\n' "$@" | xargs -P 8 -I PATH curl -sS -m 20 -o /dev/null -w '%{http_code}\n' -d '' \
		-H "Authorization: Bearer $FULFIL_TOKEN" "$FULFIL_URL/api/orders/PATH" | sort | uniq -c | tr -s ' \n' ' '
}
# shuffled: lines in an order by the seed
shuffled() {
	awk -v seed="$FAULT_SEED" 'BEGIN { srand(seed) } { print rand() "\t" $0 }' | sort | cut -f 2-
}
overdue="SELECT count(*) FROM orders WHERE next_attempt_at IS NOT NULL"

fulfil-work -j 4 -b 4 >daemon.out 2>>work.log &
daemon=$!
seq -f '%.0f A:1 B:2' 1 300 | payloads | fulfil-recv >taken
ids=$(jq -r .order_id taken | shuffled)
# shellcheck disable=SC2046,SC2086 # one word an order
is "$(post $(printf '%s/cancel ' $ids))" ' 300 202 ' '300 orders are cancelled while they are processed'
wait_until 10 says "$overdue" 0
is "$(statuses)" 'cancelled 300' '... and stay so'
is "$(on_hand A) $(on_hand B)" '100000 100000' '... and all is on the shelf'
# shellcheck disable=SC2046,SC2086 # one word an order
is "$(post $(printf '%s/cancel ' $ids))" ' 300 409 ' 'a second time none is'

# By the shop, in other order, against updates and the API.
{
	seq -f '%.0f A:3 at=10' 1001 1200
	seq -f '%.0f A:5 at=20' 1001 1200
	seq -f '%.0f A:5 at=30 cancelled=30' 1001 1100
} | shuffled | payloads >told.json
seq -f '%.0f A:1' 1001 1200 | payloads | fulfil-recv >taken
split -n l/3 told.json part.
for part in part.a?; do
	fulfil-recv <"$part" >"$part.out" 2>>refused &
	clients="${clients-} $!"
done
# shellcheck disable=SC2046 # one word an order
post $(jq -r 'select(.external_order_id | tonumber > 1150) | "\(.order_id)/cancel"' taken) >cancelled
# shellcheck disable=SC2086 # one number a word
wait $clients
wait_until 10 says "$overdue" 0
is "$(cat cancelled) $(cat refused)" ' 50 202  ' 'cancelled by the shop and by us, and updated, all at once'
is "$(statuses)" 'cancelled 450 completed 50' '... each is what it was made last'
is "$(on_hand A)" $((100000 - 250)) '... with the stock for that'

# More orders than stock; retries by hand while their own are due, stock coming and going.
seq -f '%.0f Scarce:1' 2001 2100 | payloads | fulfil-recv >taken
failed="SELECT count(*) FROM orders WHERE status = 'failed'"
ok 'of 100 orders of 50 units, 50 fail' wait_until 20 says "$failed" 50
i=0
while [ $((i += 1)) -le 10 ]; do
	psqlq "SELECT stock_adjust(id, $((i % 2 ? 8 : -3)), false, 'a test', 'a test', 10) FROM products WHERE sku = 'Scarce'" >adjusted 2>&1
	post "retry?status=failed" "retry?status=failed" >>retried
done
psqlq "SELECT stock_adjust(id, 50, false, 'a test', 'a test', 10) FROM products WHERE sku = 'Scarce'" >adjusted
again() {
	post "retry?status=failed" >>retried
	says "SELECT count(*) FROM orders WHERE external_id > 2000 AND status = 'completed'" 100
}
ok '... and all are completed after retries with enough stock' wait_until 20 again
is "$(psqlq "SELECT max(n) FROM (SELECT -sum(delta) AS n FROM ledger WHERE order_id IN
	(SELECT id FROM orders WHERE external_id > 2000) GROUP BY order_id) l")" 1 '... each once'
kill -TERM $daemon
wait $daemon
is $? 0 'the workers end in order'
is "$(psqlq "SELECT deadlocks FROM pg_stat_database WHERE datname = 'fulfil'")" 0 'there was no deadlock'
invariants 'what must hold does'
done_testing
