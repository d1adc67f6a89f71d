#!/bin/sh
# fulfil-scan --audit, the rest of what it finds: what is told to nobody, what waits for ever, what
# was given up for no reason, and orders that were given up, or wait, other than the schedule has it.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
export RETRY_DELAYS=0,0,600
sink_start
hook 200 >/dev/null
hook 500 retry_count 0 >/dev/null
psqlq "update webhooks set updated_at = now() - interval '1 hour'"
products A:100 B:1
recv '1 A:1' '2 A:1' '3 B:5' '4 A:1.5'
psqlq 'update orders set crash_count = 3 where external_id = 2'
settle
fulfil-notify --drain >/dev/null 2>&1
is "$(statuses)" 'completed 1 failed 2 pending 1' 'orders: one waits, two that waiting does not help failed at once'
is "$(psqlq 'select state, count(*) from deliveries group by 1 order by 1' | tr '\n' ' ')" 'delivered|4 given_up|4 ' 'deliveries, that one waits among them'
exit_is 0 'nothing is wrong with them' -- fulfil-scan --audit

psql -X -q -d "postgresql:///postgres?host=$PG_SOCKET&user=postgres" -c 'ALTER USER fulfil CREATEDB'
faulty_url=$(printf '%s\n' "$DATABASE_URL" | sed 's,///fulfil?,///faulty?,')
# faulty WHAT CHECKS SQL: after SQL these checks find so much; taken back afterwards.
faulty() {
	psqlq 'create database faulty template fulfil'
	psql -X -q -v ON_ERROR_STOP=1 -d "$faulty_url" -c "do \$\$ declare c name; begin
		for c in select conname from pg_constraint where conrelid = 'deliveries'::regclass and contype = 'c' loop
			execute format('alter table deliveries drop constraint %I', c); end loop; end \$\$" -c "$3" >/dev/null
	exit_is 1 "$1" -- env DATABASE_URL="$faulty_url" fulfil-scan --audit
	is "$(printf '%s\n' "$OUT" | jq -r 'select(.type == "breach") | .check' | sort | uniq -c | awk '{ printf "%s%s:%d", sep, $2, $1; sep = " " }')" \
		"$2" '... is found, and nothing else'
	psqlq 'drop database faulty'
}
one="id = (select min(id) from deliveries where state = 'delivered')"
none="id = (select min(id) from deliveries where state = 'given_up')"
faulty 'a delivery that is lost' 'attempt-stray:1 delivery-missing:1' "delete from deliveries where $one"
faulty 'an event nobody was told of' 'delivery-missing:2' "insert into events (sequence, type, subject, data, created_at) values (99, 'order.completed', 1, '{}', now())"
faulty 'one that waits without a time' 'delivery-state:1' "update deliveries set state = 'waiting', ended_at = null where $one"
faulty 'one that waits for ever' 'delivery-state:1' "update deliveries set state = 'waiting', ended_at = null, due_at = 'infinity' where $one"
faulty 'one that is claimed for ever' 'delivery-state:1' \
	"update deliveries set state = 'waiting', ended_at = null, due_at = now(), leased_until = now() + interval '1 day' where $one"
faulty 'one that was given up and is due' 'delivery-state:1' "update deliveries set due_at = now() where $none"
faulty 'one that was given up for no reason' 'delivery-state:1' "update deliveries set error = null where $none"
faulty 'one that was skipped for an empty one' 'delivery-state:1' "update deliveries set state = 'skipped', error = '' where $none"
faulty 'one that ended at no time' 'delivery-state:1' "update deliveries set ended_at = null where $one"

waits="external_id = 3"
faulty 'an order that waits too long' 'retry-late:1' "update orders set next_attempt_at = next_attempt_at + interval '2 minutes' where $waits"
faulty 'one that waits for ever' 'retry-late:1' "update orders set next_attempt_at = 'infinity' where $waits"
faulty 'one that waits before its first attempt' 'retry-late:1' "update orders set status = 'completed', run = run + 1, retry_count = 0, next_attempt_at = now() + interval '1 hour' where external_id = 1"
faulty 'one that was given up too early' 'failure-early:1' "update orders set status = 'failed', next_attempt_at = null, retry_count = 2 where $waits;
	update sync_logs set status = 'failure' where status = 'retry' and attempt = 3"
like "$OUT" '"check":"failure-early","order_id":3,.*"found":"failed at attempt 3 of run 1","expected":"3 retries"' '... looks so'
done_testing
