#!/bin/sh
# Figures of a pool of processes: none older than it says, none that goes back, after one slow count too; health at
# once, Redis and workers away and back.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
services_start
web_start fastcgi

figures() { # JQ…: of one answer of the stream
	curl -s -m 20 "$FULFIL_URL/api/events/stream" -H "Authorization: Bearer $FULFIL_TOKEN" | sed -n '/^event: figures/{n;s/^data: //p;}' | jq -c "$@"
}
orders() { # FIRST LAST
	seq "$1" "$2" | jq -c '{id:.,name:"#\(.)",line_items:[]}' | fulfil-recv >/dev/null
}
at_once() { # COMMAND…: eight times side by side, so that each process of the pool is asked; the answers' lines
	asked=
	for i in 1 2 3 4 5 6 7 8; do
		"$@" >"said.$i" 2>&1 &
		asked="$asked $!"
	done
	# shellcheck disable=SC2086 # a list
	wait $asked
	cat said.*
}
all_say() { [ "$(at_once figures .metrics.total_orders | sort -u)" = "$1" ]; } # N: every process has that many orders
healthy() { curl -s "$FULFIL_URL/api/health" -H "Authorization: Bearer $FULFIL_TOKEN" | jq -e "$1" >/dev/null; }

orders 1 20
ok 'each process counts' wait_until 5 all_say 20
psqlq "BEGIN; LOCK TABLE stock IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(3); COMMIT" >/dev/null &
locked() { [ "$(psqlq "SELECT count(*) FROM pg_locks WHERE relation = 'stock'::regclass AND mode = 'AccessExclusiveLock' AND granted")" = 1 ]; }
wait_until 5 locked
at_once figures .time >/dev/null
orders 21 25
ok 'after a count that took 3 s each is as new as before' wait_until 4 all_say 25
is "$(figures '(.time | sub("\\.[0-9]+Z"; "Z") | fromdate) - (.metrics_time | sub("\\.[0-9]+Z"; "Z") | fromdate) <= 4')" true 'its time is that of its count'
is "$(psqlq 'SELECT count(*) FROM orders')" 25 '... and it is what the database has'

# --- under load: what each door says lies between what the database had 2 s before it was asked and what it has after

works() {
	(exec setpriv --pdeathsig=TERM fulfil-work) >work.log 2>&1 </dev/null &
	worker=$!
	at_exit "kill $worker 2>/dev/null"
}
psqlq "INSERT INTO products (sku, name) VALUES ('FEW', 'Few'), ('MANY', 'Many'); INSERT INTO stock (product_id, on_hand, opening)
	SELECT id, n, n FROM products, (VALUES ('FEW', 60), ('MANY', 100000)) v(s, n) WHERE s = sku" >/dev/null
works
load() { # 200 a second; one in ten is of what runs out, and fails
	seq 101 900 | jq -c --unbuffered '{id:.,name:"#\(.)",line_items:[{id:1,sku:(if . % 10 == 0 then "FEW" else "MANY" end),quantity:1}]}' |
		while read -r line; do
			printf '%s\n' "$line"
			case $line in *[05],\"name*) sleep 0.025 ;; esac
		done | fulfil-recv >/dev/null 2>&1
}
counted() { psqlq "SELECT count(*) || ' ' || count(*) FILTER (WHERE status = 'completed') FROM orders"; }
doors() { # a line for each: orders, completed
	figures -r '.metrics | "\(.total_orders) \(.completed_orders)"'
	fulfil-stat 2>/dev/null | jq -r 'select(.type == "metrics") | "\(.total_orders) \(.completed_orders)"'
	curl -s "$FULFIL_URL/api/metrics" -H "Authorization: Bearer $FULFIL_TOKEN" | jq -r '"\(.total_orders) \(.completed_orders)"'
	curl -s "$FULFIL_URL/metrics" -H "Authorization: Bearer $FULFIL_TOKEN" |
		awk '/^fulfil_orders[{]/ { all += $2 } /status="completed"/ { done = $2 } END { print all, done }'
}
load &
loading=$!
busy() { [ "$(psqlq 'SELECT count(*) FROM orders')" -gt 60 ]; }
wait_until 10 busy
wrong=
for _ in 1 2; do
	least=$(counted)
	sleep 2
	said=$(doors)
	most=$(counted)
	wrong="$wrong$(echo "$said" | awk -v l="$least" -v m="$most" 'BEGIN { split(l, least); split(m, most) }
		$1 < least[1] || $1 > most[1] || $2 < least[2] || $2 > most[2] { print "from " l " to " m ", not " $0 }')"
done
is "$wrong" '' 'at 200 orders a second every door is true within 2 s'
wait "$loading"
still() { [ "$(psqlq "SELECT count(*) FROM orders WHERE next_attempt_at <= now()")" = 0 ]; }
wait_until 20 still
truth() {
	psqlq "SELECT json_build_object('total_orders', count(*), 'completed_orders', count(*) FILTER (WHERE status = 'completed'),
		'failed_orders', count(*) FILTER (WHERE status = 'failed'), 'pending_orders', count(*) FILTER (WHERE status = 'pending'),
		'retrying_orders', count(*) FILTER (WHERE status = 'pending' AND retry_count > 0), 'low_stock_alerts', (SELECT count(*) FROM stock WHERE level <> 'ok'))::jsonb FROM orders"
}
same() { # what the stream says, and what the database has
	figures -S '.metrics | {total_orders, completed_orders, failed_orders, pending_orders, retrying_orders, low_stock_alerts}' >said
	truth | jq -cS . >true
	cmp -s said true
}
ok 'and each figure is what SQL counts' wait_until 2 same
same || diag "$(cat said true)"
kill "$worker"
wait "$worker" 2>/dev/null
# due again with nobody to try them, they still wait after a failure
psqlq "UPDATE orders SET next_attempt_at = now() - interval '1 minute' WHERE status = 'pending'" >/dev/null
ok '... and with the workers gone' wait_until 2 same
same || diag "$(cat said true)"

# --- health

works
up() { [ "$(figures .health.workers.status)" = '"up"' ]; }
down() { [ "$(figures .health.workers.status)" = '"down"' ]; }
ok 'a worker is seen' wait_until 10 up
kill "$worker"
wait "$worker" 2>/dev/null
ok 'one that is gone is missed within 2 s' wait_until 2 down
at_once healthy .status
redis_stop
redis_start
bad=0
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do healthy '.redis.status == "up"' || bad=$((bad + 1)); done
is "$bad" 0 'an idle connection that Redis cut is no outage'
redis_stop
ok 'an outage is one' healthy '.redis.status == "down"'
redis_start
back() { for _ in 1 2 3 4 5 6 7 8; do healthy '.redis.status == "up"' || return 1; done; }
ok '... and over once it is' wait_until 2 back
pg_stop
pg_start
now=$(psqlq 'SELECT count(*) FROM orders')
ok '... and with it, it is right again' wait_until 4 all_say "$now"
ok '... each figure' wait_until 2 same
done_testing
