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

# --- health

(exec setpriv --pdeathsig=TERM fulfil-work) >work.log 2>&1 </dev/null &
worker=$!
at_exit "kill $worker 2>/dev/null"
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
ok '... and with it, it is right again' wait_until 4 all_say 25
done_testing
