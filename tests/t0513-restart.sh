#!/bin/sh
# PostgreSQL crashes and comes back under load: what was acknowledged is there, and is done once.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

services_start
products A:1000000 B:1000000

# client FIRST LAST: sends its orders in pieces and keeps what was acknowledged. A piece that was
# not is sent again, as a shop does.
client() {
	at=$1
	while [ "$at" -le "$2" ]; do
		seq -f '%.0f A:1 B:2' "$at" $((at + 19)) | payloads >"piece.$1"
		until fulfil-recv <"piece.$1" >>"acknowledged.$1" 2>>"refused.$1"; do sleep 0.1; done
		at=$((at + 20))
	done
}

fulfil-work -j 2 >daemon 2>daemon.err &
daemon=$!
client 1 2000 &
one=$!
client 5001 7000 &
two=$!
crashes=0
while [ $crashes -lt 3 ]; do
	sleep 0.5
	pg_stop_immediate
	sleep 0.5
	pg_start
	crashes=$((crashes + 1))
done
ok 'PostgreSQL crashed three times under load' test $crashes = 3
wait $one
ok 'one client is done' test $? = 0
wait $two
ok 'so is the other' test $? = 0
diag "$(cat refused.* | grep -c '"error"') pieces were refused meanwhile"
ok 'all orders are completed' wait_until 30 says "SELECT count(*) FROM orders WHERE status = 'pending'" 0
cat acknowledged.* >journal.ndjson
is "$(jq -r .external_order_id journal.ndjson | sort -u | wc -l)" 4000 'all were acknowledged in the end'
is "$(statuses) $(on_hand A) $(on_hand B)" 'completed 4000 996000 992000' '... once'
is "$(psqlq "SELECT count(*) FROM sync_logs WHERE status <> 'success'")" 0 'no crash was an attempt'
# While it connects, libpq itself passes on that the server is about to stop.
unlike "$(cat refused.* | grep -v '^WARNING: *terminating connection')" '^[^{]' 'what was refused is told in our words'
ok 'the workers lived through it' kill -TERM $daemon
wait $daemon
is $? 0 '... and end in order'
lines=$(wc -l <daemon.err)
diag "the workers said $lines lines about it"
ok '... without a storm of messages' test "$lines" -le 30

pg_stop_immediate
exit_is 69 'intake without PostgreSQL' -- sh -c 'fulfil-recv <piece.1'
is "$OUT" '' '... acknowledges nothing'
is "$(printf '%s\n' "$ERR" | wc -l)" 1 '... and says one sentence'
exit_is 69 'a worker without PostgreSQL' -- fulfil-work --drain
pg_start
exit_is 0 'what must hold does, and what was acknowledged is there' -- fulfil-scan --audit --journal journal.ndjson
done_testing
