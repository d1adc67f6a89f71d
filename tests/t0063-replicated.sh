#!/bin/sh
# What is acknowledged is on the synchronous standby too: a commit whose wait for it was cancelled, or
# lasts too long, is an error, and the same asked again is answered once the standby has it.

# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/hook.sh
. "$TOP/tests/hook.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

services_start
faults
pg_stop
printf '%s\n' 'max_wal_senders = 4' 'wal_sender_timeout = 2s' >>"$PG_DATA/postgresql.conf"
pg_start
products A:100

# --- a standby of it
mkdir standby && pg_own standby && chmod 700 standby
(pg_as "$PG_BIN/pg_basebackup" -h "$PG_SOCKET" -U postgres -D "$SCRATCH/standby" -X stream -c fast --no-sync) >backup.log 2>&1 ||
	diag "$(cat backup.log)"
printf '%s\n' 'port = 5433' "primary_conninfo = 'host=$PG_SOCKET user=postgres application_name=standby'" \
	'wal_retrieve_retry_interval = 100ms' >>standby/postgresql.conf
: >standby/standby.signal && pg_own standby/standby.signal
as_root() {
	psql -X -q -A -t -h "$PG_SOCKET" -U postgres -d fulfil -c "$1"
}
streams() {
	[ "$(as_root "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")" = 1 ]
}
standby_start() {
	(pg_as "$PG_BIN/postgres" -D "$SCRATCH/standby") >>standby.log 2>&1 </dev/null &
	STANDBY=$!
	wait_until 20 streams ||
		diag "$(tail -n 20 standby.log)"
}
standby_stop() {
	services_stop INT "${STANDBY-}"
	STANDBY=
}
at_exit standby_stop
standby_start
as_root "ALTER SYSTEM SET synchronous_standby_names = 'standby'"
as_root 'SELECT pg_reload_conf()' >/dev/null
wait_until 10 says 'SHOW synchronous_standby_names' standby

# cancel PID: cancels, as an administrator would, all waits for the standby until that process has ended.
ended_or_cancelled() {
	as_root "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'" >/dev/null
	services_ended "$1"
}
cancel() {
	wait_until 20 ended_or_cancelled "$1" || {
		diag 'it did not end'
		kill -KILL "$1"
	}
}
# cancelled STATUS NAME COMMAND…: COMMAND ends with STATUS after its wait was cancelled.
cancelled() {
	cancelled_status=$1 cancelled_name=$2
	shift 2
	"$@" >said 2>log &
	cancelled_pid=$!
	cancel $cancelled_pid
	wait $cancelled_pid
	is $? "$cancelled_status" "$cancelled_name" || diag "$(cat said log)"
}
order() { # ID
	printf '{"id": %s, "line_items": [{"id": %s, "sku": "A", "quantity": 1}]}' "$1" "$1"
}

order 1 >text
hook text
is "$STATUS" 202 'with its standby an order is taken'

# --- the standby is away
standby_stop
order 2 >text
started=$(now_ms)
hook text
is "$STATUS" 503 'without its standby it is not acknowledged'
like "$HEAD" '^Retry-After: ' '... but is to be sent again'
took=$(($(now_ms) - started))
ok "... and that is said soon ($took ms)" test "$took" -lt 12000
is "$(psqlq 'SELECT count(*) FROM orders WHERE external_id = 2')" 1 '... though it is stored here'
hook text
is "$STATUS" 503 '... and sent again it is not acknowledged either'
printf '{"id": 2, "topic": "of no order"}' >other
hook other HTTP_X_SHOPIFY_TOPIC=themes/publish
is "$STATUS" 503 'a topic that we do not follow is not acknowledged'
hook other HTTP_X_SHOPIFY_TOPIC=themes/publish
is "$STATUS" 503 '... nor a repetition of it'
KEY="HTTP_IDEMPOTENCY_KEY=once-1"
PROGRAM=api request POST /api/products '{"sku": "B", "name": "Thing"}' "$KEY"
is "$STATUS" 503 'a change by the API is not acknowledged'
PROGRAM=api request POST /api/products '{"sku": "B", "name": "Thing"}' "$KEY"
is "$STATUS" 503 '... nor its answer given again'
PROGRAM=api request GET /api/products
is "$STATUS" 200 'what is there can be read'

web_start fastcgi
order 3 >order.json
deliver order.json >/dev/null
for try in 1 2; do
	started=$(now_ms)
	is "$(deliver order.json)" 503 "a pool answers 503, time $try"
	took=$(($(now_ms) - started))
	ok "... within the time that a shop waits ($took ms)" test "$took" -lt 5000
done
web_stop

order 4 >four
cancelled 75 'fulfil-recv whose commit was cancelled says so' sh -c 'fulfil-recv --shop shop.myshopify.com <four'
is "$(cat said)" '' '... and not that the order is stored'
like "$(cat log)" 'standby' '... and why'
order 5 >five
cancelled 137 'killed where it learns of it' env FULFIL_FAULT=unsure sh -c 'exec fulfil-recv --shop shop.myshopify.com <five'
is "$(cat said)" '' '... it said nothing'
printf 'SKU,Name\nC,Thing\n' >products.csv
cancelled 75 'fulfil-import too' sh -c 'exec fulfil-import <products.csv'
unlike "$(cat said)" completed '... and not that the file is in'
cancelled 0 'fulfil-work continues' fulfil-work --drain
unlike "$(cat said)" completed '... and reports no order as done'

# --- it is back: the same again is acknowledged
standby_start
for id in 2 3 4 5; do
	order $id >text
	hook text
	is "$STATUS $(printf '%s' "$BODY" | jq -r .status)" '200 duplicate' "order $id, sent again, is there"
done
PROGRAM=api request POST /api/products '{"sku": "B", "name": "Thing"}' "$KEY"
is "$STATUS" 201 'the change by the API is answered as it was made'
like "$HEAD" 'Idempotency-Replayed: true' '... once'
order 6 >text
hook text
is "$STATUS" 202 'a new order is taken'
run_ok 'the import is repeated' sh -c 'exec fulfil-import <products.csv'

# --- and what was acknowledged outlives the primary
pg_stop_immediate
"$PG_BIN/psql" -X -q -A -t -h "$PG_SOCKET" -p 5433 -U postgres -d fulfil -c 'SELECT pg_promote()' >/dev/null
DATABASE_URL="postgresql:///fulfil?host=$PG_SOCKET,$PG_SOCKET&port=5432,5433&user=fulfil&target_session_attrs=read-write"
is "$(psqlq 'SELECT string_agg(external_id::text, $$ $$ ORDER BY external_id) FROM orders')" '1 2 3 4 5 6' \
	'all that was acknowledged is on the standby that took over'
as_standby() {
	psql -X -q -A -t -h "$PG_SOCKET" -p 5433 -U postgres -d fulfil -c "$1"
}
as_standby "ALTER SYSTEM SET synchronous_standby_names = ''" && as_standby 'SELECT pg_reload_conf()' >/dev/null
run_ok 'which continues' fulfil-work --drain
is "$(statuses)" 'completed 6' '... to the end'
done_testing
