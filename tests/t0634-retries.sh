#!/bin/sh
# retry_count, from 0 to 10: exactly that many more attempts, after 1, 2, 4 … seconds up to the cap.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_start
settled() { [ "$(psqlq "select (select count(*) from outbox) + count(*) from deliveries where state = 'waiting'")" = 0 ]; }

# The waits as they are given, with none of them waited for.
for n in $(seq 0 10); do hook "500?$n" retry_count "$n" >/dev/null; done
event | WEBHOOK_RETRY_CAP=300 fulfil-notify - >out
for _ in $(seq 10); do
	psqlq 'update deliveries set due_at = now() where due_at is not null'
	WEBHOOK_RETRY_CAP=300 fulfil-notify --drain >>out
done
ok 'all of them end' settled
all='1 2 4 8 16 32 64 128 256 300'
for n in $(seq 0 10); do
	is "$(jq -r "select(.webhook_id == $(psqlq "select id from webhooks where retry_count = $n")) | .retry_in" out | tr '\n' ' ')" \
		"$([ "$n" = 0 ] || echo "$all" | cut -d' ' -f"1-$n" | tr '\n' ' ')null " "retry_count $n"
done
is "$(psqlq "select string_agg(tries::text, ' ' order by retry_count), string_agg(distinct state, ' ')
	from deliveries d join webhooks w on w.id = webhook_id")" '1 2 3 4 5 6 7 8 9 10 11|given_up' 'as many tries are counted'
is "$(psqlq 'select count(*), count(distinct (delivery_id, number)) from attempts') $(told .request | wc -l)" '66|66 66' '... recorded, and heard'

# The same by the clock, nobody helping; the last wait is the cap.
psqlq 'truncate webhooks, deliveries, attempts, events'
for n in $(seq 0 4); do hook "500?$n" retry_count "$n" >/dev/null; done
psqlq "insert into outbox (type, subjects, data) values ('order.completed', '{1}', array['{}'::json])"
WEBHOOK_RETRY_CAP=4 setpriv --pdeathsig=TERM fulfil-notify >out 2>err &
daemon=$!
ok 'by the clock all of them end' wait_until 60 settled
kill -TERM $daemon
wait $daemon
is "$(psqlq "select string_agg(tries::text, ' ' order by retry_count) from deliveries d join webhooks w on w.id = webhook_id")" \
	'1 2 3 4 5' '... after as many tries'
is "$(psqlq "select count(*) from (select number, started_at - lag(started_at) over (partition by delivery_id order by number) as gap from attempts) a
	where gap < make_interval(secs => least(4, 2 ^ (number - 2)) - 0.01)")" 0 '... none of them before its time'
exit_is 0 'the audit finds nothing' -- fulfil-scan --audit
done_testing
