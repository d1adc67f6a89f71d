#!/bin/sh
# Payloads that are known: they are seen before anything is written, so they take no id and wait for
# nobody who holds their order.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/hook.sh
. "$TOP/tests/hook.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"

services_start
ids() {
	psqlq 'SELECT last_value FROM orders_id_seq'
}
recv '1 A:1' '2 A:1' '3 A:1'
is "$(field status) $(ids)" 'accepted accepted accepted 3' 'three orders have three ids'
recv '3 A:1' '1 A:1' '2 A:1' '1 A:1'
is "$(field status) $(ids)" 'duplicate duplicate duplicate duplicate 3' 'known payloads take none in a batch'
recv '4 A:1' '2 A:1' '4 A:1'
is "$(field status) $(ids)" 'accepted duplicate duplicate 4' '... nor among new ones'
recv '1 A:1'
is "$(field status) $(ids)" 'duplicate 4' '... nor alone'
echo '1 A:1' | payloads | tr -d '\n' >one.json
hook one.json
is "$STATUS $(answer .status) $(ids)" '200 duplicate 4' '... nor from the web'
recv '1 A:2 at=10'
is "$(field status)" updated 'another payload of the order is taken in'

psql -X -q -d "$DATABASE_URL" -c BEGIN -c 'SELECT FROM orders FOR UPDATE' -c 'SELECT pg_sleep(60)' >/dev/null 2>&1 &
ok 'somebody holds all orders' wait_until 10 says "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'" 1
recv '1 A:1' '2 A:1'
is "$(field status)" 'duplicate duplicate' 'known payloads do not wait for them'
psqlq "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'" >/dev/null
invariants 'what must hold does'
done_testing
