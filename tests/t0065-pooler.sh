#!/bin/sh
# Everything behind pgbouncer with pool_mode = transaction: an order from Shopify to the subscriber, an
# upload, health; nothing of ours relies on a session, and an importer that is lost gives its upload back.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/hook.sh
. "$TOP/tests/hook.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

command -v pgbouncer >/dev/null || skip_all 'pgbouncer is not installed: run sh cron/deps test'
unset FULFIL_TEST_POOLER
services_start
faults
pooler_start transaction
direct() {
	psql -X -q -A -t -d "$DIRECT_URL" -c "$1"
}
products A:100

for command in 'fulfil-work -j 2' fulfil-notify 'fulfil-import --work'; do
	# shellcheck disable=SC2086 # its words
	(exec setpriv --pdeathsig=TERM $command) >>daemons.log 2>>daemons.err </dev/null &
	at_exit "kill -KILL $! 2>/dev/null"
	importer=$!
done
health() { # JQ
	fulfil-stat --format ndjson health 2>/dev/null | jq -r "select(.type == \"health\") | $1"
}
healthy() {
	[ "$(health .status)" = healthy ]
}
ok 'health sees all of them' wait_until 30 healthy
is "$(health .workers.count)" 2 '... both workers'
is "$(health .importing.importers)" 1 '... and the importer'

printf '{"id": 1, "line_items": [{"id": 1, "sku": "A", "quantity": 3}]}' >text
hook text
is "$STATUS" 202 'an order is taken'
hook text
is "$STATUS" 200 '... once'
ok '... and processed' wait_until 30 says 'SELECT status FROM orders' completed
is "$(on_hand A)" 97 '... from the stock'
PROGRAM=api request POST /api/products '{"sku": "B", "name": "Thing"}' HTTP_IDEMPOTENCY_KEY=b
is "$STATUS" 201 'a product is made under a key'
PROGRAM=api request POST /api/products '{"sku": "B", "name": "Thing"}' HTTP_IDEMPOTENCY_KEY=b
is "$STATUS" 201 '... once'
printf 'SKU,Name\nC,Thing\nD,Thing\n' >products.csv
run_ok 'a file is imported by the command' sh -c 'fulfil-import <products.csv'

upload() { # SKU: its id in $UPLOAD
	printf 'SKU,Name\n%s,Thing\n' "$1" >up.csv
	SEND=up.csv PROGRAM=api request POST "/api/upload?filename=$1.csv" '' CONTENT_TYPE=text/csv
	SEND='' UPLOAD=$(answer .upload_job_id)
}
upload E
ok 'an upload is imported' wait_until 30 says "SELECT status FROM uploads WHERE id = $UPLOAD" completed
is "$(direct "SELECT leased FROM uploads WHERE id = $UPLOAD")" t '... by a lease'
is "$(direct "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")" 0 'no session holds a lock'
none_left() { [ "$(direct "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")" = 0 ]; }
ok '... or a transaction' wait_until 10 none_left

# Each command, in what it does to the database.
for command in 'fulfil-scan' 'fulfil-scan --audit' 'fulfil-stat health' 'fulfil-stat metrics' 'fulfil-notify --drain' 'fulfil-notify --export' \
	'fulfil-enqueue' 'fulfil-token list' 'fulfil-import --undo 1'; do
	# shellcheck disable=SC2086 # words
	run_ok "$command" $command </dev/null
done

# --- an importer is lost in the middle of a file
kill -KILL "$importer"
wait "$importer" 2>/dev/null
upload F
exit_is 137 'an importer is killed that had claimed an upload' -- env FULFIL_FAULT=claimed timeout 20 fulfil-import --work
is "$(direct "SELECT status FROM uploads WHERE id = $UPLOAD")" running '... and holds it still'
(exec setpriv --pdeathsig=TERM fulfil-import --work) >>daemons.log 2>>daemons.err </dev/null &
at_exit "kill -KILL $! 2>/dev/null"
ok '... until its lease is over, and another imports it' wait_until 30 says "SELECT status FROM uploads WHERE id = $UPLOAD" completed
is "$(direct "SELECT tries FROM uploads WHERE id = $UPLOAD")" 2 '... as a second try'
unlike "$(cat daemons.err)" '"level":"error"' 'nobody had trouble'
done_testing
