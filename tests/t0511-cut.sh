#!/bin/sh
# Connections to PostgreSQL that are cut while COMMIT is on its way, fall silent, belong to a
# stopped process, or are ended by the server at random.
# shellcheck disable=SC2317 # functions called by ok and wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

export SHOPIFY_SHOPS=shop.myshopify.com # nothing is asked about it: the faults count statements
services_start
seed
products A:100000 B:100000 C:100000
completed="SELECT count(*) FROM orders WHERE status = 'completed'"
next=1

# through FAULT: intake and workers through a proxy that does FAULT five times to each.
through() {
	last=$((next + 299))
	seq -f '%.0f A:1 B:2' $next $last | payloads >batch.json
	proxy_start "$1" 2
	exit_is 0 "$1: intake" -- env DATABASE_URL="$PROXY_URL" fulfil-recv <batch.json
	is "$(wc -l <proxy.log)" 2 '... which happened twice'
	proxy_stop
	is "$(psqlq 'SELECT count(*), count(DISTINCT external_id) FROM orders')" "$last|$last" '... takes in every order once'
	proxy_start "$1" 5
	exit_is 0 "$1: workers" -- env DATABASE_URL="$PROXY_URL" fulfil-work --drain -j 2 -b 20
	is "$(wc -l <proxy.log)" 5 '... which happened five times'
	proxy_stop
	settle
	is "$(statuses) $(on_hand A) $(on_hand B)" "completed $last $((100000 - last)) $((100000 - 2 * last))" \
		'... take the stock of every order once'
	next=$((last + 1))
}
through before=commit
through after=COMMIT
is "$(psqlq "SELECT count(*) FROM sync_logs WHERE status <> 'success'")" 0 'none of that is an attempt'

# One payload is no batch, and has no COMMIT of its own.
for fault in before=insert-order 'after=SELECT 1'; do
	proxy_start "$fault"
	echo "$next A:1" | payloads >one
	exit_is 0 "$fault: intake of one" -- env DATABASE_URL="$PROXY_URL" fulfil-recv <one
	is "$(wc -l <proxy.log) $(psqlq "SELECT count(*) FROM orders WHERE external_id = $next")" '1 1' '... once'
	proxy_stop
	next=$((next + 1))
done
settle
first=$next

# One worker's COMMIT falls into a hole; another is stopped while it holds an order and the shelf.
recv "$first A:1" "$((first + 1)) B:1" "$((first + 2)) C:1"
ids=$(psqlq "SELECT id FROM orders WHERE external_id >= $first ORDER BY id")
# shellcheck disable=SC2086 # three numbers
set -- $ids
proxy_start hole=commit
echo "{\"order_id\":$1}" | DATABASE_URL=$PROXY_URL fulfil-work - >hole.out 2>hole.err &
hole=$!
ok 'a hole swallows a COMMIT' wait_until 10 grep -q hole proxy.log
PGAPPNAME=shelf psql -X -q -d "$DATABASE_URL" -c BEGIN -c "SELECT FROM stock WHERE product_id =
	(SELECT id FROM products WHERE sku = 'B') FOR UPDATE" -c 'SELECT pg_sleep(60)' >/dev/null 2>&1 &
wait_until 10 says "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'shelf' AND wait_event = 'PgSleep'" 1
echo "{\"order_id\":$2}" | fulfil-work - >stop.out 2>stop.err &
stop=$!
in_hand() {
	[ -n "$(shelf_waits)" ]
}
ok 'a worker waits for the shelf' wait_until 10 in_hand
stopped=$(shelf_waits)
kill -STOP "$stopped"
at=$(now_ms)
shelf_unlock
fulfil-work -j 2 >daemon.out 2>>work.log &
daemon=$!
ok 'the order of neither is done at once' wait_until 10 says "$completed" $((first))
ok 'both are completed by others' wait_until 20 says "$completed" $((first + 2))
diag "after $(($(now_ms) - at)) ms"
kill -CONT "$stopped"
wait $stop
is $? 0 'the stopped worker continues'
like "$(cat stop.out)" '"status":"skipped"' '... and finds its order done'
proxy_stop
wait $hole
is $? 69 'the other finds its server away when its connection ends'
is "$(on_hand A) $(on_hand B)" "$((100000 - first)) $((100000 - 2 * (first - 3) - 1))" 'each was taken once'
kill -TERM $daemon
wait $daemon

# A server that turned out to be a standby: by its name the next connection is to the primary.
admin() {
	psql -X -q -h "$PG_SOCKET" -U postgres -d fulfil -c "$1"
}
echo "$((first + 3)) A:1" | payloads | fulfil-recv >>taken
admin 'ALTER ROLE fulfil SET default_transaction_read_only = on'
fulfil-work -j 1 >daemon.out 2>standby.log &
daemon=$!
ok 'a worker of a standby' wait_until 20 grep -q 'read-only transaction' standby.log
admin 'ALTER ROLE fulfil RESET default_transaction_read_only'
ok '... is one of the primary once the name is' wait_until 20 says "$completed" $((first + 3))
kill -TERM $daemon
wait $daemon
is $? 0 '... the same process'

# The server ends connections at random, 20 a second.
fulfil-work -j 4 -b 16 >daemon.out 2>>work.log &
daemon=$!
{
	echo "SELECT setseed($FAULT_SEED / 16777216.0) \\g /dev/null"
	echo "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'fulfil-%' ORDER BY random() LIMIT 1"
	echo '\watch 0.05'
} >killer.sql
timeout 8 psql -X -A -t -d "$DATABASE_URL" -f killer.sql >killer.out 2>&1 &
killer=$!
i=0
while kill -0 $killer 2>/dev/null; do
	i=$((i + 1))
	seq -f "%.0f A:1 B:1" $((10000 + i * 50)) $((10049 + i * 50)) | payloads >batch.json
	until fulfil-recv <batch.json >>taken 2>>recv.log; do :; done
done
total=$((first + 3 + i * 50))
diag "$(grep -c t killer.out) connections were ended, $((i * 50)) orders came in"
ok 'connections ended at random: all orders are completed' wait_until 30 says "$completed" $total
kill -TERM $daemon
wait $daemon
is $? 0 '... by the same workers'
is "$(psqlq 'SELECT sum(retry_count), sum(crash_count) FROM orders')" '0|0' '... and no attempt was spent'
is "$(psqlq 'SELECT count(*) FROM sync_logs')" $total '... nor logged'
invariants 'what must hold does'
done_testing
