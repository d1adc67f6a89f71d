#!/bin/sh
# What came and ended over time: the rollups and what is counted beside them say what the orders and runs say,
# folded or not, and what is not known is said to be so. Why orders do not go through.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
services_start

timeline() { # RANGE JQ…
	request GET "/api/timeline?range=$1"
	shift
	answer "$@"
}
total() { # RANGE
	timeline "$1" -c '.total | [.received, .completed, .failed, .retried]'
}
truth() { # INTERVAL: of all
	psqlq "SELECT json_build_array((SELECT count(*) FROM orders), count(*) FILTER (WHERE status = 'success'),
		count(*) FILTER (WHERE status = 'failure'), count(*) FILTER (WHERE status = 'retry')) FROM sync_logs
		WHERE task_name = 'process_order'" | tr -d ' '
}

is "$(total 24h)" '[0,0,0,0]' 'nothing yet'
is "$(timeline 1h -c '[.range, .step_seconds, (.points | length), .complete, .total.p50_ms]')" '["1h",60,60,true,null]' '... in steps'
for range in '6h 300 72' '24h 3600 24' '7d 3600 168' '30d 21600 120'; do
	is "$(timeline "${range%% *}" -r '"\(.range) \(.step_seconds) \(.points | length)"')" "$range" "... of ${range%% *}"
done

# --- what comes now

psqlq "INSERT INTO orders (shop, external_id, status, created_at)
	SELECT 's', i, 'completed', now() - interval '2 min' + i * interval '10 ms' FROM generate_series(1, 1000) i;
INSERT INTO sync_logs (task_name, order_id, run, status, duration_ms, worker, created_at)
	SELECT 'process_order', id, 1, CASE WHEN id % 10 = 0 THEN 'failure' WHEN id % 10 = 1 THEN 'retry' ELSE 'success' END, 0, 'w',
		created_at + CASE WHEN id % 20 = 5 THEN interval '8 s' ELSE interval '100 ms' END
	FROM orders ORDER BY id"
is "$(total 1h)" "$(truth)" 'what came is counted before a scan'
is "$(timeline 24h -c '.total | [.p50_ms, .p95_ms] | [(.[0] - 100 | fabs) < 10, (.[1] - 8000 | fabs) < 800]')" '[true,true]' \
	'half took 100 ms, 95 % took 8 s'
fulfil-scan >/dev/null
is "$(total 1h) $(total 30d)" "$(truth) $(truth)" '... and after it'
for each in 1h 6h 24h 7d 30d; do
	is "$(timeline $each -c '[.points | map(.received) | add]')" '[1000]' "the steps of $each have all"
done
psqlq "INSERT INTO orders (shop, external_id, status, created_at) VALUES ('s', 2001, 'pending', now() - interval '3 min')"
fulfil-scan >/dev/null
is "$(total 1h)" "$(truth)" 'what was written late is folded again'

# --- a shop with a past, scanned for the first time

psqlq "TRUNCATE rollups, orders, order_items, sync_logs RESTART IDENTITY CASCADE;
INSERT INTO orders (shop, external_id, status, created_at)
	SELECT 's', i, 'completed', now() - i * interval '17 s' FROM generate_series(30000, 1, -1) i;
INSERT INTO sync_logs (task_name, order_id, run, status, duration_ms, worker, created_at)
	SELECT 'process_order', id, 1, CASE WHEN id % 7 = 0 THEN 'failure' ELSE 'success' END, 3, 'w', created_at + interval '40 ms'
	FROM orders ORDER BY id"
is "$(timeline 7d -c '[.complete, (.points[0:160] | map(select(.received != null)) | length)]')" '[false,0]' \
	'what was not folded and is too old to count at once is not known'
is "$(timeline 1h -c '[.points[0].received, (.points[-2].received >= 3)]')" '[null,true]' '... and the last minutes are'
fulfil-scan >/dev/null
is "$(total 7d)" "$(truth)" 'a scan folds all of it'
is "$(timeline 7d .complete)" true '... and it is known'
is "$(psqlq "SELECT count(*) FROM rollups r WHERE minutes = 60 AND at < date_trunc('hour', now()) AND received <>
	(SELECT count(*) FROM orders WHERE created_at >= r.at AND created_at < r.at + interval '1 hour')")" 0 'each hour is that of the orders'
is "$(psqlq "SELECT count(*) FROM rollups WHERE minutes = 1 AND at < now() - interval '3 days 1 min'")" 0 'minutes go after three days'
is "$(timeline 24h -c '[.points[:-1][] | .p50_ms | select(. != null and (. - 43 | fabs) > 4.3)] | length')" 0 '... with their times'
request GET '/api/timeline?range=2h'
is "$STATUS" 400 'another range is refused'

# --- an hour in which nothing was completed

psqlq "TRUNCATE rollups, orders, order_items, sync_logs RESTART IDENTITY CASCADE;
INSERT INTO rollups (minutes, at, received, completed, failed, retried)
	SELECT 1, date_trunc('hour', now(), 'UTC') - interval '2 hours' + m * interval '1 min', 0, 0, 0, 0 FROM unnest(array[1, 30]) m"
fulfil-scan >/dev/null
is "$(psqlq "SELECT max(at) >= now() - interval '3 min' FROM rollups WHERE minutes = 1")" t 'a quiet hour is folded, and what follows it'
is "$(psqlq "SELECT sum(received + completed), max(cardinality(times)) FROM rollups WHERE minutes = 60")" '0|0' '... as one without times'

# --- why

psqlq "TRUNCATE rollups, orders, order_items, sync_logs RESTART IDENTITY CASCADE;
INSERT INTO products (sku, name) VALUES ('LAMP', 'Lamp');
INSERT INTO stock (product_id, on_hand, level) VALUES (1, 1, 'low')"
{
	seq 1 3 | jq -c '{id: ., name: "#\(.)", line_items: [{id: 1, sku: "LAMP", quantity: 2, price: "1"}]}'
	seq 4 5 | jq -c '{id: ., name: "#\(.)", line_items: [{id: 1, sku: "NO-1", quantity: 1, price: "1"}]}'
} | fulfil-recv | RETRY_DELAYS='' fulfil-work - >/dev/null
psqlq "INSERT INTO orders (shop, external_id, status, error_message)
	SELECT 's', 100 + i, 'failed', 'worker ' || i || ' died of it' FROM generate_series(1, 7) i;
INSERT INTO orders (shop, external_id, status, retry_count, next_attempt_at, error_message)
	SELECT 's', 200, 'pending', 1, now() - interval '1 min', 'a server was away'" >/dev/null
request GET /api/orders/causes
is "$(answer -c '[.total, (.causes[] | [.kind, .reason, .sku, .on_hand, .wanted, .orders, .failed])]')" \
	'[4,["other","worker 7 died of it",null,null,null,7,7],["short","insufficient stock of \"LAMP\"","LAMP",1,6,3,3],["unknown_sku","unknown SKU \"NO-1\"","NO-1",0,2,2,2],["other","a server was away",null,null,null,1,0]]' \
	'causes with how many, the most first, one that is due again among them'
request GET '/api/orders/causes?limit=1'
is "$(answer -c '[.total, (.causes | length)]')" '[4,1]' '... and the first of them'
done_testing
