#!/bin/sh
# Orders that want the same things in crossing order, and a sale of more than there is.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

export RETRY_DELAYS=3600
services_start
seed
products A:100000 B:100000 S:1000 T:1000

seq -f '%.0f A:1 B:2' 1 2 1000 >ab
seq -f '%.0f B:2 A:1' 2 2 1000 >ba
cat ab ba | payloads >batch.json
ok 'crossing orders are taken in' sh -c 'fulfil-recv <batch.json'
ok '... and processed by eight workers, few at a time' fulfil-work --drain -j 8 -b 4
is "$(statuses) $(on_hand A) $(on_hand B)" 'completed 1000 99000 98000' '... each once'
for client in 1 2 3 4; do
	awk -v seed="$FAULT_SEED$client" 'BEGIN {
		srand(seed)
		for (i = 0; i < 500; i++) {
			a = rand() < 0.5
			print 2000 + int(rand() * 300), (a ? "A:1" : "B:1"), (a ? "B:1" : "A:1"), "at=" int(rand() * 3000)
		}
	}' | payloads >"client.$client.json"
	fulfil-recv <"client.$client.json" >"client.$client.out" 2>>recv.log &
	clients="${clients-} $!"
done
ok 'crossing updates by four clients, and six workers' fulfil-work --drain -j 6 -b 8
# shellcheck disable=SC2086 # one number a word
wait $clients
settle
is "$(cat client.*.out | wc -l)" 2000 '... are all answered'
is "$(psqlq "SELECT deadlocks FROM pg_stat_database WHERE datname = 'fulfil'")" 0 'there was no deadlock'
is "$(psqlq "SELECT count(*) FROM sync_logs WHERE status <> 'success'")" 0 'and no failed attempt'
invariants 'what must hold does'

# A sale: 5,000 orders of 1 to 3 units of 1,000, by several workers at once.
awk -v seed="$FAULT_SEED" 'BEGIN {
	srand(seed)
	for (i = 10001; i <= 15000; i++)
		print i, "S:" 1 + int(rand() * 3)
}' | payloads | fulfil-recv >sale
ok 'a sale, by four workers' fulfil-work --drain -j 4 -b 64
sold="SELECT sum(target) FROM order_items JOIN orders ON orders.id = order_id WHERE sku = 'S' AND status = 'completed'"
is "$(on_hand S)" "$((1000 - $(psqlq "$sold")))" 'what was sold is off the shelf'
is "$(on_hand S)" 0 '... which is empty: small orders fit where a larger one did not'
# Replays the ledger: at the moment an order was refused it must really have been too large.
is "$(psqlq "SELECT count(*) FROM ledger WHERE balance < 0")" 0 'never more than there was'
is "$(psqlq "SELECT count(*) FROM orders WHERE status = 'pending' AND error_message !~ 'insufficient stock of \"S\": wants [1-3], has [0-2]$'")" \
	0 'every order that was refused is told why'
is "$(psqlq "SELECT count(*) FROM (SELECT (regexp_match(error_message, 'wants (\d+), has (\d+)'))::int[] AS n
	FROM orders WHERE status = 'pending') r WHERE n[1] <= n[2]")" 0 'no order that fit was refused'

# The same with one worker: first come, first served, by id.
awk -v seed="$FAULT_SEED" 'BEGIN {
	srand(seed)
	for (i = 20001; i <= 25000; i++)
		print i, "T:" 1 + int(rand() * 3)
}' | payloads | fulfil-recv >sale
ok 'a sale, by one worker' fulfil-work --drain -b 1000
psqlq "SELECT target, status FROM order_items JOIN orders ON orders.id = order_id WHERE sku = 'T' ORDER BY orders.id" |
	awk -F '|' 'BEGIN { left = 1000 }
		{ fits = $1 <= left; left -= fits * $1; if (fits != ($2 == "completed")) wrong++ }
		END { print wrong + 0, left }' >replay
is "$(cat replay)" "0 $(on_hand T)" 'first come, first served'
invariants 'what must hold does'
done_testing
