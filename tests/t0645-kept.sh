#!/bin/sh
# Nothing is lost to a webhook that is disabled, or fails for a while: what happens while it is
# disabled is kept for a replay, and what was given up goes by itself once it succeeds again.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_start
states() { psqlq "select state, count(*) from deliveries group by 1 order by 1" | tr '|\n' ' ;'; }
later() { psqlq 'update deliveries set due_at = now() where due_at is not null'; }
reset() { psqlq 'truncate webhooks, deliveries, attempts, events, outbox' && : >requests; }

# --- disabled: by hand, by 410, after long failure

for how in 410 failure hand; do
	reset
	case $how in
	hand) id=$(hook 200) && request PUT "/api/webhooks/$id" '{"enabled":false}' ;;
	410) id=$(hook 410) && event 9 | fulfil-notify - >/dev/null 2>&1 ;;
	failure)
		id=$(hook 500 'retry_count, failures, failing_since' "0, 30, now() - interval '6 days'")
		event 9 | fulfil-notify - >/dev/null 2>&1
		;;
	esac
	is "$(psqlq 'select enabled from webhooks')" f "a webhook is disabled by $how"
	: >requests
	request POST /api/products "{\"sku\":\"$how\",\"name\":\"n\"}"
	product=$(answer .id)
	request PUT "/api/products/$product" '{"name":"m"}'
	echo "{\"id\":$product,\"line_items\":[{\"id\":1,\"sku\":\"$how\",\"quantity\":1,\"price\":\"1\"}]}" | fulfil-recv | fulfil-work - >/dev/null
	fulfil-notify --drain >out
	is "$(cat out) $(told .request | wc -l)" ' 0' '... what changes meanwhile is not sent'
	is "$(psqlq "select count(*) >= 2 and bool_and(error like 'the webhook was disabled%') from deliveries where state = 'skipped' and tries = 0")" t \
		'... but kept as skipped, with the reason'
	kept=$(psqlq "select string_agg(e.type, ' ' order by d.id) from deliveries d join events e on e.id = d.event_id where d.tries = 0")
	request PUT "/api/webhooks/$id" "{\"enabled\":true,\"url\":\"$SINK/200?back\"}"
	request POST "/api/webhooks/$id/replay"
	fulfil-notify --drain >out
	later
	fulfil-notify --drain >>out
	is "$(told -r '.headers["x-webhook-event"]' | grep -vE 'order\.(completed|waiting)' | sort | uniq -c | tr -s ' \n' ' ')" ' 1 product.created 1 product.updated ' \
		'... and a replay brings all of it'
	like "$kept" 'product.created product.updated' '... in the order in which it happened'
	unlike "$(states)" 'skipped|waiting|given' '... with nothing left'
done
reset
hook 200 enabled false >/dev/null
psqlq "update webhooks set event_types = '{order.*}'"
request POST /api/products '{"sku":"nobody","name":"n"}'
is "$(psqlq 'select count(*) from outbox')" 0 'a disabled webhook is kept only what it asks for'
reset
id=$(hook 200 enabled false)
request DELETE "/api/webhooks/$id"
request POST /api/products '{"sku":"gone","name":"n"}'
is "$(psqlq 'select count(*) from outbox')" 0 'a deleted one nothing'

# --- an outage

reset
id=$(hook 500 retry_count 1)
for n in 1 2 3 4 5; do event $n; done | WEBHOOK_RETRY_BASE=0 fulfil-notify - >/dev/null
WEBHOOK_RETRY_BASE=0 fulfil-notify --drain >/dev/null
later
WEBHOOK_RETRY_BASE=0 fulfil-notify --drain >/dev/null
is "$(states)" 'given_up 5;' 'five deliveries are given up in an outage'
psqlq "update deliveries set ended_at = now() - interval '1 day' where id = (select min(id) from deliveries)"
psqlq "update webhooks set url = '$SINK/200?up'"
: >requests
event 6 | fulfil-notify - >/dev/null
later
fulfil-notify --drain >/dev/null
is "$(states)" 'delivered 5;given_up 1;' 'they go by themselves after the first success, and only they'
is "$(told '.body | fromjson | .data.id' | tr '\n' ' ')" '6 2 3 4 5 ' '... after it, the oldest first'
is "$(psqlq "select count(distinct number) = count(*) from attempts where delivery_id = (select min(id) + 1 from deliveries)")" t '... their tries numbered on'
ok 'the audit agrees' fulfil-scan --audit

# One that its receiver never takes does not come back for ever.
reset
bad=$(hook 500 retry_count 0)
event 1 | fulfil-notify - >/dev/null
for n in 2 3 4; do
	psqlq "update webhooks set url = '$SINK/200?$n' where id = $bad"
	psqlq "update deliveries set due_at = now() + interval '1 hour' where due_at is not null"
	event $n | fulfil-notify - >/dev/null
	psqlq "update webhooks set url = '$SINK/500?$n' where id = $bad"
	later
	fulfil-notify --drain >/dev/null
done
is "$(psqlq 'select tries, state from deliveries order by id limit 1')" '2|given_up' 'one that is refused again is not sent a third time'
done_testing
