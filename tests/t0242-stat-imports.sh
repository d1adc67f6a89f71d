#!/bin/sh
# fulfil-stat: whether uploads are imported, what waits for another attempt, and what is low, to the last one.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start

# importing: what health says of uploads.
importing() {
	fulfil-stat health | jq -r '.importing | "\(.status) \(.importers) \(.queued) \(.oldest_queued_seconds > 5)"'
}
importing_is() {
	[ "$(importing)" = "$1" ]
}
health() {
	fulfil-stat health | jq -r .status
}
# upload STATUS SECONDS: one that was last heard of so long ago.
upload() {
	psqlq "INSERT INTO uploads (filename, status, seen_at) VALUES ('x.csv', '$1', now() - make_interval(secs => $2))"
}

fulfil-work >work.log 2>&1 &
worker=$!
at_exit "kill $worker 2>/dev/null"
works() {
	[ "$(health)" = healthy ]
}
ok 'without an importer, and nothing to import, it is healthy' wait_until 10 works
is "$(importing)" 'idle 0 0 false' '... and imports are idle'
upload completed 3600
upload receiving 3600
is "$(importing) $(health)" 'idle 0 0 false healthy' '... whatever was imported, or is being received'
upload queued 0
is "$(importing) $(health)" 'idle 0 1 false healthy' 'an upload may wait for a moment'
psqlq "UPDATE uploads SET seen_at = now() - interval '20 s' WHERE status = 'queued'"
is "$(importing) $(health)" 'down 0 1 true degraded' '... and no longer'
psqlq "UPDATE uploads SET status = 'running' WHERE status = 'queued'"
is "$(importing) $(health)" 'down 0 0 true degraded' 'nor may one whose importer died'
request GET /api/health
is "$STATUS $(answer .importing.status)" '503 down' '... as the API says'
like "$(fulfil-stat -f table health)" '^  importing status +down$' '... and the table'
like "$(fulfil-stat -f prometheus health)" '^fulfil_importers 0$' '... and Prometheus'

echo 'sku,name' | fulfil-import >/dev/null 2>&1
is "$(importing)" 'down 0 0 true' 'an import by hand is not counted'
psqlq "UPDATE uploads SET status = 'completed' WHERE status = 'running'"
fulfil-import --work >imported 2>import.log &
importer=$!
at_exit "kill $importer 2>/dev/null"
ok 'an importer is seen' wait_until 10 importing_is 'up 1 0 false'
upload queued 20
ok '... and all is well while it takes what waits' wait_until 10 importing_is 'up 1 0 false'
kill -TERM $importer
wait $importer
ok '... until it ends' wait_until 10 importing_is 'idle 0 0 false'

psqlq "INSERT INTO orders (shop, external_id, retry_count, next_attempt_at) SELECT 's.myshopify.com', n, n % 2,
	now() + interval '1 hour' * (1 + n % 3) FROM generate_series(1, 12) n"
kill -STOP "$worker"
psqlq "INSERT INTO products (sku, name) SELECT 'P-' || n, 'P' FROM generate_series(1, 12500) n"
psqlq "INSERT INTO stock (product_id, on_hand, level) SELECT id, id % 3, CASE id % 3 WHEN 0 THEN 'out' ELSE 'low' END FROM products"
psqlq "UPDATE products SET deleted_at = now() WHERE id <= 500"
request GET /api/metrics
is "$(answer -c '[.retrying_orders, .low_stock_alerts, .products.low, .products.out]')" '[6,12000,8000,4000]' \
	'what waits for another attempt, and all that is low'
kill -CONT "$worker"

done_testing
