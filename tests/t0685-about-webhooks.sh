#!/bin/sh
# What happens to webhooks is told to the others that ask for it by name: one that was disabled, one that
# answers again, a delivery that was given up; never to the one it is about, and never in a loop.
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
export WEBHOOK_RETRY_BASE=0 WEBHOOK_RETRY_CAP=0
watch() { # MODE [TYPES]
	psqlq "insert into webhooks (url, event_types, retry_count)
		values ('$SINK/$1', '${2-{webhook.disabled,webhook.recovered,delivery.given_up\}}', 0) returning id"
}
drain() {
	fulfil-notify --drain >>records 2>>messages
	fulfil-notify --drain >>records 2>>messages
}
told_of() { # TYPE -> what the sink was told of it, a line each
	told "select(.path == \"/ok\") | .body | fromjson? | select(.event == \"$1\") | .data | tojson"
}
watcher=$(watch ok)
all=$(hook ok/all)

# --- given up

failing=$(hook 500 retry_count 1)
event 7 | fulfil-notify - >out 2>/dev/null
drain
is "$(psqlq "select type, subjects from outbox")$(psqlq "select count(*) from events where type = 'delivery.given_up'")" 1 'a delivery that is given up is an event'
given=$(psqlq "select data from events where type = 'delivery.given_up'")
is "$(echo "$given" | jq -c '[.webhook_id, .event, .subject, .tries, .http_status]')" "[$failing,\"order.completed\",7,2,500]" '... which says what was given up'
is "$(echo "$given" | jq -r .event_id)" "$(jq -r "select(.webhook_id == $failing) | .event_id" out | head -n 1)" '... by the id that the receiver knows'
is "$(psqlq "select webhook_id, state from deliveries d join events e on e.id = d.event_id where type = 'delivery.given_up'")" \
	"$watcher|delivered" '... and is told to the one that names it'
request GET "/api/deliveries?event=delivery.given_up"
is "$(answer -c '.deliveries[0] | [.webhook_id, .status, .subject_name]')" "[$watcher,\"delivered\",null]" '... as the API shows'

# --- recovered

psqlq "update webhooks set url = '$SINK/ok/again' where id = $failing"
event 8 | fulfil-notify - >/dev/null 2>&1
drain
recovered=$(psqlq "select data from events where type = 'webhook.recovered'")
is "$(echo "$recovered" | jq -c '[.webhook_id, .sent_again, .failures, (.failing_since | type)]')" "[$failing,1,2,\"string\"]" \
	'one that gave something up and answers again has recovered'
like "$(echo "$recovered" | jq -r .host)" '^127\.0\.0\.1:[0-9]+$' '... and says where it leads'
is "$(psqlq "select string_agg(state, ' ' order by id) from deliveries where webhook_id = $failing")" 'delivered delivered' \
	'... and what it gave up is delivered'
psqlq "update webhooks set failures = 1, failing_since = now() where id = $failing"
event 9 | fulfil-notify - >/dev/null 2>&1
is "$(psqlq "select count(*) from events where type = 'webhook.recovered'")" 1 'one failed try is no outage'
psqlq "update webhooks set failures = 5, failing_since = now() where id = $failing"
event 10 | fulfil-notify - >/dev/null 2>&1
drain
is "$(psqlq "select count(*) from events where type = 'webhook.recovered'")" 2 '... five are'

# --- disabled

gone=$(hook 410)
event 11 | fulfil-notify - >/dev/null 2>&1
drain
is "$(psqlq "select data ->> 'webhook_id', data ->> 'reason' from events where type = 'webhook.disabled'")" \
	"$gone|it answered 410 Gone" 'one that is gone is told of'
alarms() { fulfil-scan | jq -c 'select(.type == "alarm") | [.kind, .webhook_id, .shop]'; }
is "$(alarms)" "[\"webhook_disabled\",$gone,null]" '... and is an alarm of the scan'
is "$(alarms)" '' '... once'
psqlq "update webhooks set url = '$SINK/500', failures = 2, failing_since = now() - interval '61 minutes' where id = $failing"
is "$(alarms)" "[\"webhook_failing\",$failing,null]" 'so is one that has failed for an hour'
psqlq "update webhooks set failures = 0, failing_since = null where id = $failing"
is "$(alarms)$(psqlq 'select webhook_id from webhook_alarms')" "$gone" '... until it answers'
psqlq "update webhooks set url = '$SINK/500', failures = 30, failing_since = now() - interval '1 year' where id = $failing"
event 12 | fulfil-notify - >/dev/null 2>&1
drain
like "$(psqlq "select data ->> 'reason' from events where type = 'webhook.disabled' and (data ->> 'webhook_id')::int = $failing")" \
	'^failed 31 times in a row since ' '... and one that failed for long'
is "$(psqlq "select distinct webhook_id from deliveries d join events e on e.id = d.event_id where type like 'webhook.%'")" "$watcher" \
	'all of that goes to the one that names it, not to those that ask for all'
is "$(psqlq "select count(*) from deliveries where webhook_id = $all")" "$(psqlq "select count(*) from events where type like 'order.%' and id > 0")" \
	'... which are told of orders'

# --- no loops

psqlq "update webhooks set url = '$SINK/500/w' where id = $watcher"
second=$(watch 500/b)
psqlq "update webhooks set enabled = true, failures = 0, failing_since = null, disabled_reason = null, retry_count = 0 where id = $failing"
before=$(psqlq 'select count(*) from events')
event 13 | fulfil-notify - >/dev/null 2>&1
drain
is "$(($(psqlq 'select count(*) from events') - before)) $(psqlq 'select count(*) from outbox')" '2 0' \
	'two watchers that fail make no events about each other'
is "$(psqlq "select string_agg(webhook_id || ' ' || state, ', ' order by webhook_id) from deliveries d join events e on e.id = d.event_id
	where type = 'delivery.given_up' and subject = (select max(subject) from events where type = 'delivery.given_up')")" \
	"$watcher given_up, $second given_up" '... though each was told'
psqlq "update webhooks set failures = 30, failing_since = now() - interval '1 year' where id in ($watcher, $second)"
event 14 | fulfil-notify - >/dev/null 2>&1
drain
is "$(psqlq "select string_agg(e.subject || ' to ' || d.webhook_id, ', ' order by e.id) from deliveries d join events e on e.id = d.event_id
	where type = 'webhook.disabled' and d.webhook_id = e.subject")" '' 'no webhook is told of itself'
for audit in delivery-missing delivery-stray event-overdue; do
	is "$(fulfil-scan --audit 2>/dev/null | jq -c "select(.rule? == \"$audit\" or .check? == \"$audit\")" | head -n 3)" '' "the audit finds nothing: $audit"
done

# --- who may ask for what

for types in '["webhook.disabled"]' '["webhook.recovered", "delivery.given_up", "order.*"]'; do
	request POST /api/webhooks "{\"url\": \"http://127.0.0.1:1025/$types\", \"event_types\": $types}"
	[ "$STATUS" = 201 ] || request POST /api/webhooks "{\"url\": \"http://127.0.0.1:1025/$(echo "$types" | cksum | tr -d ' ')\", \"event_types\": $types}"
	is "$STATUS" 201 "a webhook for $types"
done
request POST "/api/webhooks/$second/test"
is "$(answer '.request.body' | jq -c '[.event, .data]')" "[\"webhook.disabled\",{\"test\":true,\"webhook_id\":$second}]" 'a test says what it would say'
done_testing
