#!/bin/sh
# fulfil-stat: right figures, health in every state of the servers, and its formats.
# shellcheck disable=SC2016,SC2317 # text for another shell; functions called by exit_is
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

# get FILTER: of the records in $OUT; jq 1.7 would print 7.0 as it came, 1.6 prints 7.
get() {
	printf '%s\n' "$OUT" | jq -r "walk(if type == \"number\" then . + 0 else . end) | $1"
}
# prometheus: prints what breaks the text format 0.0.4 on stdin.
prometheus() {
	awk '
		/^# HELP fulfil_[a-z_]+ [A-Z0-9][^\\]*\.$/ { if ($3 in help) print "HELP twice: " $0; help[$3]; family = $3; next }
		/^# TYPE fulfil_[a-z_]+ gauge$/ { if ($3 in type || $3 != family) print "TYPE out of place: " $0; type[$3]; next }
		/^fulfil_[a-z_]+(\{[a-z]+="[a-z0-9]+"\})? -?[0-9]+(\.[0-9]+)?$/ {
			name = $1
			sub(/\{.*/, "", name)
			if (name != family || !(name in type)) print "away from its family: " $0
			if ($1 in seen) print "twice: " $1
			if (name ~ /_(total|count|sum|bucket)$/) print "a name for counters: " name
			seen[$1]
			next
		}
		{ print "not of the format: " $0 }'
}

# Without servers.
exit_is 0 '--demo' -- env -i PATH="$PATH" FULFIL_CONFIG=/dev/null fulfil-stat --demo
is "$(get .type | tr '\n' ' ')" 'health metrics orders queue workers products deliveries ' '... shows everything'
is "$(get 'select(.type == "metrics") | keys_unsorted | join(" ")')" 'v type time total_orders completed_orders failed_orders pending_orders retrying_orders cancelled_orders success_rate avg_processing_time_ms orders_last_hour low_stock_alerts quarantined intake_alarms last_payload_seconds last_payload_lag_seconds total_sync_logs' \
	'... with these fields'
is "$(fulfil-stat --demo queue health | jq -r .type | tr '\n' ' ')" 'health queue ' 'only what is named'
exit_is 64 'what there is not' -- fulfil-stat --demo nothing
exit_is 64 'a format there is not' -- fulfil-stat --demo --format xml
fulfil-stat --demo -f prometheus >demo.prom
is "$(prometheus <demo.prom)" '' 'the text for Prometheus is of its format'
is "$(grep -c '^fulfil_' demo.prom)" 49 '... and has all figures'
printf 'fulfil_x 1\n# HELP fulfil_y Y.\n# TYPE fulfil_y gauge\nfulfil_y 1\nfulfil_y 2\nfulfil_y{a="b"} 1e\n' >bad.prom
is "$(prometheus <bad.prom | wc -l | tr -d ' ')" 3 '... which this test can tell'
like "$(fulfil-stat --demo -f table orders)" '^  pending +[0-9]+$' 'a table'
timeout -s TERM 4 fulfil-stat --demo --watch 1 orders >watched
is $? 124 '--watch continues'
is "$(jq -s 'length >= 3 and length <= 5 and (map(.completed) | . == sort) and (map(.time) | unique | length) == length' watched)" true \
	'... once a second, and figures move'
fulfil-stat --demo --watch 600 >slow &
pid=$!
ok 'the first record comes at once' wait_until 10 grep -q products slow
kill -TERM $pid
wait $pid
is $? 0 '... and SIGTERM ends the wait'

services_start
exit_is 0 'an empty database' -- fulfil-stat
is "$(get 'select(.type == "metrics") | del(.time) | tojson')" '{"v":1,"type":"metrics","total_orders":0,"completed_orders":0,"failed_orders":0,"pending_orders":0,"retrying_orders":0,"cancelled_orders":0,"success_rate":null,"avg_processing_time_ms":null,"orders_last_hour":0,"low_stock_alerts":0,"quarantined":0,"intake_alarms":0,"last_payload_seconds":null,"last_payload_lag_seconds":null,"total_sync_logs":0}' \
	'... has no rates'
is "$(get 'select(.type == "health") | "\(.status) \(.database.status) \(.redis.status) \(.redis.queue_length) \(.workers.status) \(.workers.count) \(.queue.due)"')" \
	'degraded up up 0 down 0 0' '... and is degraded without a worker'
is "$(fulfil-stat -f prometheus | prometheus)" '' '... and Prometheus can read it'

products A:100 B:5
recv '1 A:1' '2 A:1' '3 B:6' '4 A:2' '5 A:1 cancelled=5' '6 X:1'
RETRY_DELAYS='' settle
recv '7 B:1' '8 A:1'
settle
recv '9 B:9' '10 B:9'
settle
recv '11 A:1' '12 A:1' '13 A:1'
psqlq "UPDATE orders SET created_at = now() - interval '2 hours' WHERE external_id <= 3"
psqlq "UPDATE sync_logs SET created_at = now() - interval '2 minutes' WHERE order_id = 1"
psqlq "UPDATE sync_logs SET duration_ms = 7 WHERE status = 'success'"
psqlq "UPDATE orders SET next_attempt_at = now() - interval '30 s' WHERE external_id = 11"
psqlq "UPDATE stock SET level = 'low' WHERE product_id = 2"
redis-cli -s "$REDIS_SOCKET" RPUSH fulfil:orders 1 2 3 4 >/dev/null
exit_is 0 'figures' -- fulfil-stat
is "$(get 'select(.type == "metrics") | del(.time, .type, .v, .quarantined, .intake_alarms, .last_payload_seconds, .last_payload_lag_seconds) | tojson')" '{"total_orders":13,"completed_orders":5,"failed_orders":2,"pending_orders":5,"retrying_orders":2,"cancelled_orders":1,"success_rate":71.4,"avg_processing_time_ms":7,"orders_last_hour":10,"low_stock_alerts":1,"total_sync_logs":9}' \
	'... metrics'
is "$(get 'select(.type == "orders") | del(.time) | tojson')" '{"v":1,"type":"orders","pending":5,"completed":5,"failed":2,"cancelled":1,"per_second":0.1}' '... orders'
is "$(get 'select(.type == "queue") | del(.time, .oldest_due_seconds) | tojson')" '{"v":1,"type":"queue","due":3,"waiting":2,"length":4}' '... queue'
is "$(get 'select(.type == "queue") | .oldest_due_seconds >= 30 and .oldest_due_seconds < 40')" true '... and how old it is'
is "$(get 'select(.type == "products") | del(.time) | tojson')" '{"v":1,"type":"products","total":2,"low":1,"out":0}' '... products'
is "$(get 'select(.type == "workers") | del(.time) | tojson')" '{"v":1,"type":"workers","count":0,"busy":0,"workers":[]}' '... workers'
fulfil-stat -f prometheus >real.prom
is "$(prometheus <real.prom)" '' '... and all of them for Prometheus'
like "$(cat real.prom)" '^fulfil_orders\{status="failed"\} 2$' '... the failed'
like "$(cat real.prom)" '^fulfil_order_success_ratio 0\.714000$' '... a ratio from 0 to 1'
like "$(cat real.prom)" '^fulfil_order_processing_seconds 0\.007000$' '... seconds'

# Many rows: what is not counted one by one, and boundaries found by halving.
psqlq "INSERT INTO sync_logs (task_name, order_id, run, status, duration_ms, worker, created_at)
	SELECT 'process_order', 1000 + n, 1, 'success', 3, 'w', now() - make_interval(secs => (150000 - n) / 100.0) FROM generate_series(1, 150000) n"
psqlq "INSERT INTO orders (shop, external_id, status, created_at)
	SELECT 's', n, 'completed', now() - make_interval(secs => (50000 - n) / 10.0) FROM generate_series(1, 50000) n"
exit_is 0 'many rows' -- fulfil-stat metrics orders
is "$(get 'select(.type == "metrics") | "\(.total_orders) \(.total_sync_logs) \(.avg_processing_time_ms)"')" '50013 150009 3' '... are counted'
is "$(get 'select(.type == "metrics") | .orders_last_hour > 35800 and .orders_last_hour <= 36011')" true '... those of the last hour'
is "$(get 'select(.type == "orders") | .per_second > 90 and .per_second <= 101')" true '... and of the last minute'

# Health. Two workers are well; then each part in turn is not.
psqlq "UPDATE orders SET next_attempt_at = NULL WHERE next_attempt_at IS NOT NULL"
fulfil-work -j 2 >/dev/null 2>&1 &
workers=$!
healthy() {
	[ "$(fulfil-stat health 2>/dev/null | jq -r .status)" = healthy ]
}
ok 'with workers it is healthy' wait_until 10 healthy
OUT=$(fulfil-stat workers health)
is "$(get 'select(.type == "workers") | "\(.count) \(.workers | length) \(.workers[0].state | IN("idle", "busy")) \(.workers[0].name | test("^fulfil-work .* [0-9]+$"))"')" '2 2 true true' '... and both are shown'
is "$(get 'select(.type == "health") | .workers | tojson')" '{"status":"up","count":2}' '... and counted'
# shellcheck disable=SC2046 # one process a word
kill -STOP "$workers" $(pgrep -P "$workers")
psqlq "UPDATE orders SET next_attempt_at = now() - interval '90 s' WHERE external_id = 11 AND shop <> 's'"
exit_is 0 'an order that waits for 90 s' -- fulfil-stat health
is "$(get '"\(.status) \(.queue.status) \(.queue.due) \(.queue.oldest_due_seconds >= 90)"')" 'degraded overdue 1 true' '... is not well'
# shellcheck disable=SC2046
kill -CONT "$workers" $(pgrep -P "$workers")
ok '... until it is done' wait_until 10 healthy
redis_stop
exit_is 0 'without Redis' -- fulfil-stat health queue
is "$(get 'select(.type == "health") | "\(.status) \(.database.status) \(.redis.status) \(.redis.queue_length) \(.redis.error | test("^Redis: "))"')" 'degraded up down null true' '... health is degraded, and says why'
is "$(get 'select(.type == "queue") | "\(.length) \(.due)"')" 'null 0' '... and what PostgreSQL knows is there'
unlike "$(fulfil-stat -f prometheus)" '^fulfil_(queue_length|redis_response)' '... Prometheus is not told what is not known'
is "$(fulfil-stat -f prometheus | prometheus)" '' '... and can read the rest'
redis_start
ok '... until it is back' wait_until 10 healthy

fulfil-stat --watch 1 metrics >watched 2>watched.err &
watch=$!
wait_until 10 grep -q metrics watched
pg_stop_immediate
exit_is 69 'without PostgreSQL' -- fulfil-stat metrics
is "$(get '"\(.type) \(.status) \(.database.status) \(.redis.status) \(.workers.status) \(.workers.count) \(.queue.due)"')" 'health degraded down up unknown null null' '... health comes out, asked for or not'
is "$(printf '%s\n' "$ERR" | wc -l | tr -d ' ')" 1 '... and one sentence'
exit_is 69 'Prometheus without PostgreSQL' -- fulfil-stat -f prometheus
is "$(printf '%s\n' "$OUT" | prometheus; printf '%s\n' "$OUT" | grep -c '_up 0')" 1 '... reads that it is down'
exit_is 69 'a table without PostgreSQL' -- fulfil-stat -f table
like "$OUT" '^  database error  +PostgreSQL' '... says so'
ok '--watch tells of it' wait_until 10 grep -q degraded watched
pg_start
lines=$(wc -l <watched)
ok '... and continues when it is back' wait_until 10 sh -c "tail -n +$((lines + 1)) watched | grep -q metrics"
kill -TERM "$watch"
wait "$watch"
is $? 0 '... and ends well'
is "$(wc -l <watched.err | tr -d ' ')" 1 '... having said it once'
kill -TERM "$workers"
wait "$workers"
exit_is 78 'a DATABASE_URL that is none' -- env DATABASE_URL='nonsense=1' fulfil-stat
exit_is 74 'a full disk' -- sh -c 'fulfil-stat --watch 1 >/dev/full'

done_testing
