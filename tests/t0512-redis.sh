#!/bin/sh
# The doorbell flushed, killed and away: only latency changes.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

services_start
products A:100000 B:100000
completed="SELECT count(*) FROM orders WHERE status = 'completed'"
pending="SELECT count(*) FROM orders WHERE status = 'pending'"

# load FIRST LAST: the whole pipe, in pieces of 50 orders.
load() {
	at=$1
	while [ "$at" -le "$2" ]; do
		seq -f '%.0f A:1 B:2' "$at" $((at + 49)) | payloads | fulfil-recv 2>>recv.log | fulfil-enqueue 2>>enqueue.log
		at=$((at + 50))
	done >>records
}

fulfil-work -j 2 >daemon 2>daemon.err &
daemon=$!
load 1 3000 &
load=$!
flushes=0
while [ $flushes -lt 10 ]; do
	redis_flush
	flushes=$((flushes + 1))
	sleep 0.05
done
ok 'FLUSHALL ten times under load' kill -0 $load
wait $load
at=$(now_ms)
ok '... all orders are completed' wait_until 20 says "$pending" 0
diag "$(($(now_ms) - at)) ms after the last came in"
is "$(statuses) $(on_hand A) $(on_hand B)" 'completed 3000 97000 94000' '... once'
is "$(sort records | uniq -d | wc -l)" 0 '... and told once'

load 3001 5000 &
load=$!
sleep 0.1
redis_stop
at=$(now_ms)
sleep 1
redis_start
wait $load
ok 'Redis is killed, and comes back empty: all orders are completed' wait_until 20 says "$pending" 0
is "$(statuses) $(on_hand A)" 'completed 5000 95000' '... once'
lines=$(grep -c Redis daemon.err)
diag "$lines lines about it in $(($(now_ms) - at)) ms by two workers"
ok '... without a storm of messages' test "$lines" -le 20
ok 'ids are taken from the list again' wait_until 5 sh -c "
	redis-cli -s '$REDIS_SOCKET' RPUSH fulfil:orders 1 >rung && [ \$(redis-cli -s '$REDIS_SOCKET' LLEN fulfil:orders) = 0 ]"

redis_stop
seq -f '%.0f A:1 B:2' 5001 5010 | payloads | fulfil-recv >ten
at=$(now_ms)
exit_is 69 'enqueue without Redis says that it is away' -- fulfil-enqueue <ten
is "$(printf '%s\n' "$OUT" | grep -c '"queued":false')" 10 '... and the records go on'
ok '... and PostgreSQL tells the workers of the orders' wait_until 10 says "$completed" 5010
took=$(($(now_ms) - at))
diag "completed after $took ms"
ok '... within 1 s, or 4 on a busy machine' test $took -lt 4000
ok 'no Redis is needed by records on stdin' sh -c "fulfil-work - <ten >again"
is "$(grep -c skipped again)" 10 '... which find nothing to do'

redis_start
kill -TERM $daemon
wait $daemon
is $? 0 'the workers end in order'
seq -f '%.0f A:1 B:2' 5011 5020 | payloads | fulfil-recv >ten
exit_is 0 'cron queues what is due' -- fulfil-enqueue --due
is "$(redis-cli -s "$REDIS_SOCKET" LLEN fulfil:orders)" 10 '... once'
fulfil-enqueue --due >due
is "$(redis-cli -s "$REDIS_SOCKET" LLEN fulfil:orders)" 10 '... however often'
settle
is "$(statuses) $(on_hand A) $(on_hand B)" 'completed 5020 94980 89960' 'all was taken once'
is "$(psqlq 'SELECT count(*) FROM sync_logs')" 5020 'by one attempt each'
invariants 'what must hold does'
done_testing
