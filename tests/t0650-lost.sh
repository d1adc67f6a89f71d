#!/bin/sh
# Whatever is killed, restarted or flushed: every event ends, nothing is told that was not, and what
# is told twice has one id.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/orders.sh
. "$TOP/tests/fault/orders.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

faults
services_start
sink_start

states() { psqlq "select state, count(*) from deliveries group by 1 order by 1" | tr '|\n' ' ;'; }
ended() { [ "$(psqlq "select (select count(*) from outbox) + count(*) from deliveries where state = 'waiting'")" = 0 ]; }
leases_end() { psqlq "update deliveries set leased_until = now() where leased_until is not null"; }
reset() {
	psqlq 'truncate webhooks, deliveries, attempts, events, outbox'
	: >requests
}
tell() { # COUNT: puts events into the outbox
	psqlq "insert into outbox (type, subjects, data) select 'order.completed', array[n], array['{}'::json] from generate_series(1, $1) n"
}
daemon() {
	fulfil-notify >records 2>messages &
	DAEMON=$!
	at_exit "kill -9 $DAEMON 2>/dev/null"
}
told_twice() { told '.headers["webhook-id"]' | sort | uniq -d | wc -l; }

# --- killed

hook 200 >/dev/null
tell 1
exit_is 137 'killed after it sent and before it recorded' -- env FULFIL_FAULT=sent fulfil-notify --drain
is "$(told .request | wc -l) $(states)" '1 waiting 1;' '... the endpoint knows, we do not'
is "$(fulfil-notify --drain)" '' '... nobody sends it while its lease runs'
leases_end
is "$(fulfil-notify --drain | jq -r '[.attempt, .status] | join(" ")')" '1 delivered' '... then another does'
is "$(told .request | wc -l) $(told_twice)" '2 1' '... with the same id'
reset
hook 200 >/dev/null
tell 40
exit_is 137 'killed as soon as it recorded' -- env FULFIL_FAULT=recorded:2 fulfil-notify --drain
leases_end
fulfil-notify --drain >/dev/null
is "$(states)" 'delivered 40;' '... the rest is delivered by another'
is "$(psqlq 'select count(*) from attempts')" 40 '... each recorded once'
is "$(told '.headers["webhook-id"]' | sort -u | wc -l)" 40 '... and told'

# --- several, and one that is killed among them

reset
for n in 1 2 3 4; do hook "200?$n" >/dev/null; done
tell 2000
fulfil-notify --drain >one 2>&1 &
one=$!
fulfil-notify --drain >two 2>&1 &
two=$!
wait $one $two
ok 'two share 8,000 deliveries' ended
is "$(cat one two | jq -r .delivery_id | sort -u | wc -l) $(told .request | wc -l) $(told_twice)" '8000 8000 2000' \
	'... and each webhook is told of each event once'
reset
for n in 1 2 3 4; do hook "200?$n" >/dev/null; done
tell 2000
daemon
victim=$DAEMON
ok 'one is at work' wait_until 20 test -s requests
kill -9 $victim
wait $victim 2>/dev/null
leases_end
timeout 60 fulfil-notify --drain >/dev/null
ok 'after it was killed, another finishes' ended
is "$(states) $(told '"\(.headers["x-webhook-id"]) \(.headers["webhook-id"])"' | sort -u | wc -l)" 'delivered 8000; 8000' '... and nothing is lost'
is "$(psqlq 'select count(*) from attempts')" 8000 '... nor recorded twice'

# --- the servers

reset
hook late?1000 >/dev/null
hook flaky?1 >/dev/null
daemon
tell 20
ok 'requests are running' wait_until 20 test -s requests
pg_stop_immediate
redis_flush
redis_stop
pg_start
ok 'PostgreSQL crashed meanwhile, and all of it ends' wait_until 40 ended
is "$(states)" 'delivered 40;' '... well'
like "$(cat messages)" 'trying again every second' '... the trouble was told'
is "$(grep -c trying messages)" 1 '... once'
redis_start

# --- told to end

reset
hook late?700 >/dev/null
tell 100
ok 'it is at work' wait_until 20 test -s requests
kill -TERM $DAEMON
wait $DAEMON
is $? 0 'SIGTERM ends it well'
is "$(psqlq "select count(*) from deliveries where leased_until is not null")" 0 '... with nothing left in its hands'
is "$(psqlq "select count(*) from deliveries where state = 'delivered'")" "$(told .request | wc -l)" '... and what it sent recorded'
timeout 60 fulfil-notify --drain >/dev/null
is "$(states) $(told_twice)" 'delivered 100; 0' '... the rest goes out once'

# --- one that does not answer

reset
hook never timeout 3 >/dev/null
for n in $(seq 1 20); do hook "200?$n" >/dev/null; done
tell 100
daemon
delivered() { [ "$(psqlq "select count(*) from deliveries where state = 'delivered'")" = 2000 ]; }
ok 'one that does not answer takes nothing from twenty others' wait_until 20 delivered
ok '... while it has few requests at a time' test "$(told 'select(.request | contains("never")) | 1' | wc -l)" -le 24
kill -TERM $DAEMON
wait $DAEMON
done_testing
