#!/bin/sh
# A webhook's rate holds for all senders together and slows no other; with in_order the events of one
# order are told one after another, also where some fail, a sender is killed, or the webhook is paused. A filter
# passes what its data say, and a CloudEvent is one.
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

# --- what the API takes

request POST /api/webhooks "{\"url\":\"$SINK/200\",\"event_types\":[\"order.*\"],\"rate\":10,\"in_order\":true}"
is "$STATUS $(answer '[.rate, .in_order] | @tsv')" '201 10	true' 'a webhook is made with a rate, in order'
request PUT /api/webhooks/1 '{"in_order":false}'
is "$(answer '[.rate, .in_order] | @tsv')" '10	false' '... and changed'
for value in -1 1001 1.5 null '"1"'; do
	request PUT /api/webhooks/1 "{\"rate\":$value}"
	like "$STATUS $BODY" '^400 .*a whole number from 0 to 1000' "a rate of $value is refused"
done
request PUT /api/webhooks/1 '{"in_order":1}'
is "$STATUS" 400 '... an order of 1, too'

# --- the rate

hook '200?free' >/dev/null
delivered() { [ "$(psqlq "select count(*) from deliveries where webhook_id = $1 and state = 'delivered'")" = "$2" ]; }
sender() {
	setpriv --pdeathsig=TERM fulfil-notify >>out 2>>err &
	sender=$!
}
psqlq "insert into outbox (type, subjects, data) select 'order.completed', array[n], array['{}'::json] from generate_series(1, 30) n"
sender
one=$sender
sender
ok 'two senders tell both' wait_until 30 delivered 1 30
ok '... the other as well' wait_until 10 delivered 2 30
rates() { # WEBHOOK: seconds from the first to the last, in tenths, and the most within a second
	psqlq "with a as (select started_at as t from attempts a join deliveries d on d.id = a.delivery_id where d.webhook_id = $1)
		select floor(extract(epoch from max(t) - min(t)) * 10),
			(select max(n) from (select count(*) over (order by t range between current row and '1 s' following) as n from a) w) from a"
}
paced=$(rates 1)
diag "$paced $(rates 2)"
ok '... at ten a second' test "${paced%|*}" -ge 24
ok '... in no second many more' test "${paced#*|}" -le 18
request PUT /api/webhooks/1 '{"enabled":false}'
psqlq 'delete from webhooks where id = 2'

# --- the order

psqlq 'truncate deliveries, attempts, events' && : >requests
ordered=$(hook 'flaky?1' 'in_order, retry_count' 'true, 10')
change() { # FROM TO: the changes with these numbers, of each of the orders 1 to 5
	psqlq "insert into outbox (type, subjects, data) select 'order.completed', array[o], array[json_build_object('n', n)]
		from generate_series($1, $2) n, generate_series(1, 5) o order by n"
}
change 1 6
begun() { [ "$(wc -l <requests)" -gt 10 ]; }
ok 'some of each order are told' wait_until 20 begun
change 7 12
kill -KILL "$one" "$sender"
psqlq 'update deliveries set leased_until = null'
request PUT "/api/webhooks/$ordered" '{"paused":true}'
change 13 16
sender
request PUT "/api/webhooks/$ordered" '{"paused":false}'
ok 'all are, though tries fail and a sender was killed' wait_until 60 delivered "$ordered" 80
is "$(psqlq "select count(*) from (select a.started_at,
	lag(a.started_at + a.duration_ms * interval '1 ms') over (partition by e.subject order by e.id, a.number) as before
	from attempts a join deliveries d on d.id = a.delivery_id join events e on e.id = d.event_id) x where started_at < before - interval '2 ms'")" 0 \
	'... each begun when the one before it had ended'
is "$(psqlq "select count(distinct lane), count(*) from deliveries where due_at is not null")" '0|0' '... and none is left'
ok '... some of them were tried again' test "$(psqlq 'select max(tries) from deliveries')" -gt 1

request PUT "/api/webhooks/$ordered" "{\"url\":\"$SINK/500\",\"retry_count\":0,\"retry_for\":0}"
change 17 18
ok 'one that is given up lets the next go' wait_until 20 sh -c "test \"\$(psql -AtX \"\$DATABASE_URL\" -c \"select count(*) from deliveries where state = 'given_up'\")\" -ge 10"
request PUT "/api/webhooks/$ordered" '{"paused":true}'
change 19 20
waiting() { [ "$(psqlq "select count(*) filter (where due_at = '9999-01-01Z'), count(*) from deliveries where state = 'waiting'")" = "$1" ]; }
ok 'what waits behind another has no time' wait_until 10 waiting '5|10'
request GET "/api/webhooks/$ordered/deliveries?status=waiting"
is "$(answer '[.deliveries[].next_attempt_at | . == null] | sort | tojson')" \
	'[false,false,false,false,false,true,true,true,true,true]' '... nor does the API give it one'
exit_is 0 'the audit holds' -- fulfil-scan --audit
request PUT "/api/webhooks/$ordered" "{\"in_order\":false,\"paused\":false,\"url\":\"$SINK/200?last\"}"
ok 'without the order they are due at once' wait_until 20 waiting '0|0'
# --- what it is told, and how

psqlq 'truncate deliveries, attempts, events; update webhooks set enabled = false' && : >requests
request POST /api/webhooks "{\"url\":\"$SINK/200?chosen\",\"event_types\":[\"order.*\"],\"form\":\"cloudevents\",\"filter\":{\"status\":[\"failed\",\"waiting\"],\"items.sku\":[\"F-1\"]}}"
chosen=$(answer .id)
is "$STATUS $(answer '[.form, .filter] | tojson')" '201 ["cloudevents",{"status":["failed","waiting"],"items.sku":["F-1"]}]' 'a webhook is made with a filter, for CloudEvents'
for filter in '[]' '{"a":"b"}' '{"a":[]}' '{"a":[{}]}' '{"a\"b":["x"]}' '{".a":["x"]}' '{"a..b":["x"]}' '{"":["x"]}'; do
	request PUT "/api/webhooks/$chosen" "{\"filter\":$filter}"
	like "$STATUS $BODY" '^400 .*/filter' "a filter $filter is refused"
done
request PUT "/api/webhooks/$chosen" '{"form":"xml"}'
like "$STATUS $BODY" '^400 .*/form' '... a form of xml, too'
psqlq "insert into outbox (type, subjects, data) select 'order.failed', array[n], array[d::json] from (values
	(1, '{\"status\":\"failed\",\"items\":[{\"sku\":\"F-2\"},{\"sku\":\"F-1\"}]}'), (2, '{\"status\":\"failed\",\"items\":[{\"sku\":\"F-2\"}]}'),
	(3, '{\"status\":\"completed\",\"items\":[{\"sku\":\"F-1\"}]}'), (4, '{\"items\":[{\"sku\":\"F-1\"}]}'), (5, '{\"status\":\"waiting\",\"items\":{\"sku\":\"F-1\"}}'), (6, '{\"n\":1e999999}')) v(n, d)"
ok 'what passes the filter is told' wait_until 20 delivered "$chosen" 3
is "$(psqlq "select string_agg(e.subject::text, ' ' order by e.id) from deliveries d join events e on e.id = d.event_id where d.webhook_id = $chosen")" '1 5 6' \
	'... and what cannot be looked at, nothing else'
sent=$(psqlq "select min(id) from deliveries where webhook_id = $chosen")
psqlq "update events set created_at = now() - interval '1 h'; update webhooks set updated_at = now() - interval '2 h' where id = $chosen"
for cheap in parallel_setup_cost parallel_tuple_cost min_parallel_table_scan_size; do
	psqlq "alter database $(psqlq 'select quote_ident(current_database())') set $cheap = 0"
done
exit_is 0 '... which the audit knows, also where PostgreSQL looks in parallel' -- fulfil-scan --audit
request GET "/api/deliveries/$sent/request"
is "$(answer '[.request.headers[] | select(.name | startswith("ce-")) | .name] | join(" ")') $(answer '.request.headers[] | select(.name == "ce-subject" or .name == "ce-type") | .value' | paste -sd' ')" \
	'ce-specversion ce-id ce-source ce-type ce-subject ce-time order.failed order/1' 'a CloudEvent has its attributes as headers'
is "$(answer .request.body)" '{"items": [{"sku": "F-2"}, {"sku": "F-1"}], "status": "failed"}' '... and the data for its body'
request PUT "/api/webhooks/$chosen" '{"filter":{},"form":"plain"}'
is "$(answer '[.form, .filter] | tojson')" '["plain",{}]' 'a filter is taken off, and the form too'
kill -TERM "$sender"
wait "$sender"
is "$(cat err)" '' 'nothing complained'
done_testing
