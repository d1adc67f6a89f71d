#!/bin/sh
# fulfil-scan and what is to be told: --audit finds what does not hold of events and deliveries, and
# nothing where all is well; what ended long ago is deleted.
# shellcheck disable=SC2317 # functions called by exit_is
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_start
hook 200 >/dev/null
hook 500 retry_count 1 >/dev/null
hook 410 >/dev/null
hook flaky?1 >/dev/null
seq 20 | while read -r n; do event "$n"; done | WEBHOOK_RETRY_BASE=0 fulfil-notify - >/dev/null 2>&1
until [ "$(psqlq "select count(*) from deliveries where state = 'waiting'")" = 0 ]; do fulfil-notify --drain >/dev/null; done
is "$(psqlq "select case when webhook_id = 3 then 'ended' else state end, count(*) from deliveries group by 1 order by 1" | tr '\n' ' ')" \
	'delivered|40 ended|20 given_up|20 ' 'deliveries of every end'
exit_is 0 'nothing is wrong with them' -- fulfil-scan --audit
psqlq "insert into outbox (type, subjects) values ('product.created', '{1}')"
hook 'never?1' >/dev/null
psqlq "insert into deliveries (event_id, webhook_id, due_at) select 1, max(id), now() from webhooks"
exit_is 0 'nor with what waits' -- fulfil-scan --audit
late="update deliveries set due_at = now() - interval '1 day', leased_until = null where due_at is not null"
well='update webhooks set failures = 0, failing_since = null, paused_until = null where enabled'
psqlq "$late; $well; update webhooks set failures = 1, failing_since = now() where id = 5"
exit_is 0 'nor with what waits for long, for a webhook that fails' -- fulfil-scan --audit
psqlq "$well; update webhooks set paused_until = now() + interval '1 hour' where id = 5"
exit_is 0 '... for one that asked for a pause' -- fulfil-scan --audit
psqlq "$well; insert into deliveries (event_id, webhook_id, due_at, leased_until) select 2, 5, now() - interval '2 days', now() + interval '1 minute'"
exit_is 0 '... or for one that is busy with others' -- fulfil-scan --audit
psqlq 'delete from deliveries where event_id = 2 and webhook_id = 5; update deliveries set due_at = now() where due_at is not null'

faulty() { # WHAT CHECKS SQL: after SQL these checks find so much; taken back afterwards
	psql -X -q -d "$DATABASE_URL" -c 'create schema kept' -c 'create table kept.deliveries as table deliveries' \
		-c 'create table kept.attempts as table attempts' -c 'create table kept.outbox as table outbox' -c 'create table kept.events as table events'
	psqlq "$3"
	exit_is 1 "$1" -- fulfil-scan --audit
	is "$(printf '%s\n' "$OUT" | jq -r 'select(.type == "breach") | .check' | sort | uniq -c | awk '{ printf "%s%s:%d", sep, $2, $1; sep = " " }')" \
		"$2" '... is found, and nothing else'
	psql -X -q -d "$DATABASE_URL" -c 'truncate deliveries, attempts, outbox, events' -c 'insert into deliveries table kept.deliveries' \
		-c 'insert into attempts table kept.attempts' -c 'insert into outbox overriding system value table kept.outbox' \
		-c 'insert into events table kept.events' -c 'set client_min_messages = error' -c 'drop schema kept cascade'
}
faulty 'a change nobody makes an event of' event-overdue:1 "update outbox set created_at = now() - interval '61 s'"
faulty 'a delivery nobody tries' delivery-overdue:1 "update deliveries set due_at = now() - interval '61 s' where due_at is not null"
faulty 'a delivery whose sender died' delivery-overdue:1 \
	"$late; update deliveries set leased_until = now() - interval '1 hour' where due_at is not null"
faulty 'a delivery that a later one passed by' delivery-overdue:1 \
	"$late; insert into deliveries (event_id, webhook_id, due_at, leased_until) select 2, 5, now(), now() + interval '1 minute'"
faulty 'a delivery that waits for a disabled webhook' delivery-overdue:1 \
	"insert into deliveries (event_id, webhook_id, due_at) select max(event_id) + 1000, 3, now() from deliveries;
	 update deliveries set event_id = 1 where event_id > 1000; delete from deliveries where webhook_id = 3 and event_id = 1 and state <> 'waiting';
	 delete from attempts a where not exists (select from deliveries d where d.id = a.delivery_id)"
faulty 'an event that is lost' delivery-stray:4 'delete from events where id = 7'
faulty 'a delivery made twice' 'delivery-stray:2' "insert into deliveries (event_id, webhook_id, state, error, ended_at)
	select event_id, webhook_id, 'skipped', 'x', now() from deliveries where state = 'skipped' limit 1"
faulty 'a try that was not recorded' delivery-tries:1 \
	"delete from attempts where delivery_id = (select id from deliveries where state = 'given_up' limit 1) and number = 1"
faulty 'delivered without an answer' delivery-tries:1 \
	"update attempts set http_status = 500 where delivery_id = (select id from deliveries where state = 'delivered' limit 1)"
faulty 'given up untried' delivery-tries:1 "update deliveries set state = 'given_up' where id = (select id from deliveries where state = 'skipped' and tries = 0 limit 1)"

# --- retention

psqlq "update events set created_at = created_at - interval '40 days' where id <= 15"
WEBHOOK_RETENTION_DAYS=0 fulfil-scan >/dev/null
is "$(psqlq 'select count(*) from events')" 20 'nothing is deleted where all is to be kept'
fulfil-scan >/dev/null
is "$(psqlq 'select min(id), count(*) from events')" '1|6' 'old events are deleted, but for one that still waits'
is "$(psqlq 'select count(*) from deliveries d where not exists (select from events e where e.id = d.event_id)') $(
	psqlq 'select count(*) from attempts a where not exists (select from deliveries d where d.id = a.delivery_id)')" '0 0' '... with all that belongs to them'
exit_is 0 '... which the audit has nothing against' -- fulfil-scan --audit
done_testing
