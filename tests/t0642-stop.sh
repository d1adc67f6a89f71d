#!/bin/sh
# A sender that is told to end while PostgreSQL works on its claim sends nothing of what that claim
# brings, and returns it at once: another sender need not wait for the leases.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_start
waits_for_lock() { psqlq "select 1 from pg_stat_activity where wait_event_type = 'Lock'" | grep -q 1; }

id=$(hook 200)
psqlq "insert into outbox (type, subjects, data) select 'order.completed', array[n], array['{\"id\":1}'::json]
	from generate_series(1, 5) n; insert into webhooks (url, event_types) values ('$SINK/other', '{}')"
mkfifo hold
psql -qAtX "$DATABASE_URL" <hold >/dev/null &
exec 3>hold
# The lock stops the outbox, and with it the claim that was sent after it.
echo "begin; lock table deliveries in exclusive mode; select 1;" >&3
wait_until 10 eval 'psqlq "select 1 from pg_locks where mode = '\''ExclusiveLock'\'' and relation = '\''deliveries'\''::regclass and granted" | grep -q 1'
fulfil-notify >out 2>err &
pid=$!
wait_until 10 waits_for_lock || diag 'the sender waits for no lock'
kill -TERM $pid
wait_until 5 sh -c "! grep -q '^SigPnd:.*[1-9a-f]' /proc/$pid/status" # it has seen the signal
echo 'commit;' >&3
exec 3>&-
wait $pid
is $? 0 'a sender that is told to end during a claim ends with status 0'
is "$(told .path | wc -l)" 0 '... and sends nothing of it'
is "$(psqlq "select count(*) filter (where leased_until is not null) from deliveries where webhook_id = $id")" 0 \
	'... and returns its leases'
timeout 20 fulfil-notify --drain >out
is "$(jq -s 'length' out)" 5 '... so that the next one sends all at once'
done_testing
