#!/bin/sh
# The same things happen to an order and are told in every order, with processing in between or
# not, or all at once: it ends in one state.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

services_start
seed
products A:1000000 B:1000000 C:1000000
base=1000

# What happened, short: bought, changed, partly returned, cancelled.
cat >short <<'END'
@ A:5 B:2 at=10
edit @ at=30 eid=30 1:-2
@ A:5:3 B:2 at=31
refund @ at=40 rid=40 2:1:return
@ A:5:3 B:2:1 at=41 r=40/2/1/return
@ A:5:0 B:2:0 at=60 cancelled=60 r=40/2/1/return r=60/1/3/cancel r=61/2/1/cancel
END
# … and long, not cancelled: paid, twice changed, a line added, refunds with and without return.
cat >long <<'END'
@ A:5 B:2 at=10
@ A:5 B:2 at=20 financial_status="paid"
edit @ at=30 eid=30 1:-2
@ A:5:3 B:2 at=31
edit @ at=35 eid=35 3:+4
@ A:5:3 B:2 C:4 at=36
refund @ at=40 rid=40 2:1:return
@ A:5:3 B:2:1 C:4 at=41 r=40/2/1/return
refund @ at=50 rid=50 3:1:no_restock
@ A:5:3 B:2:1 C:4:3 at=51 r=40/2/1/return r=50/3/1/no_restock
END
grep -v cancelled= short >kept

# state FIRST: the states in which the orders from FIRST on are, and how many are in each.
state() {
	psqlq "SELECT s, count(*) FROM (SELECT concat_ws(' ', o.status, o.awaited::text, to_char(o.shop_updated_at, 'SS'),
		(SELECT string_agg(sku || target, ' ' ORDER BY line_no) FROM order_items WHERE order_id = o.id), '/',
		(SELECT string_agg(sku || -units, ' ' ORDER BY sku) FROM (SELECT sku, sum(delta) AS units
			FROM ledger JOIN products p ON p.id = product_id
			WHERE order_id = o.id GROUP BY sku HAVING sum(delta) <> 0) t)) AS s
		FROM orders o WHERE external_id >= $1) o GROUP BY 1"
}

# arrive EVENTS WAY LIMIT STATE
arrive() {
	rm -f step.*
	count=$(awk -v steps=step -v first=$base -v limit="$3" -v seed="$FAULT_SEED" -f "$TOP/tests/data/arrivals.awk" "$1")
	case $2 in
	together) for file in step.*; do payloads <"$file"; done | fulfil-recv >told 2>>recv.log ;;
	'one by one') cat step.* | sort -sn -k2 | payloads | fulfil-recv >told 2>>recv.log ;;
	processing) for file in step.?? step.?; do
		[ ! -e "$file" ] || payloads <"$file" | fulfil-recv 2>>recv.log | fulfil-work - >>results 2>>work.log
	done ;;
	'at once')
		pids=
		for file in step.*; do
			payloads <"$file" | fulfil-recv >>told 2>>refused &
			pids="$pids $!"
		done
		fulfil-work --drain -j 2 -b 32 >>results 2>>work.log
		# shellcheck disable=SC2086 # one number a word
		wait $pids
		is "$(cat refused)" '' "$1, $2: nothing is refused"
		;;
	esac
	settle
	is "$(state $base)" "$4|$count" "$1, $2: $count orders end in one state"
	base=$((base + count))
}

for way in together 'one by one' processing 'at once'; do
	arrive short "$way" 720 'cancelled false 00 A0 B0 /'
	arrive kept "$way" 120 'completed false 41 A3 B1 / A3 B1'
	arrive long "$way" 250 'completed false 51 A3 B1 C4 / A3 B1 C4'
done
is "$(psqlq "SELECT count(*) FROM sync_logs WHERE status <> 'success'")" 0 'no attempt failed'
is "$(psqlq "SELECT deadlocks FROM pg_stat_database WHERE datname = 'fulfil'")" 0 'no two clients deadlocked'
invariants 'what must hold does'

echo '7 A:3 B:1' | payloads >same.json
i=0
while [ $((i += 1)) -le 50 ]; do
	fulfil-recv <same.json >"same.$i" 2>>recv.log &
	pids="${pids-} $!"
done
# shellcheck disable=SC2086 # one number a word
wait $pids
is "$(cat same.? same.?? | jq -r .status | sort | uniq -c | tr -s ' \n' ' ')" ' 1 accepted 49 duplicate ' \
	'one payload by fifty clients at once'
is "$(cat same.? same.?? | jq -r .order_id | sort -u | wc -l)" 1 '... is one order'
i=0
while [ $((i += 1)) -le 50 ]; do cat same.json; done | fulfil-recv >same
is "$(jq -r .status same | sort | uniq -c | tr -s ' \n' ' ')" ' 50 duplicate ' '... and stays one'
before=$(on_hand A)
settle
is "$(on_hand A)" $((before - 3)) '... taken once'
invariants 'what must hold does'
done_testing
