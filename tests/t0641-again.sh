#!/bin/sh
# Deliveries that have ended, once more: by the API, and by the command, which ends.
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

id=$(hook 500 retry_count 0)
seq 3 | while read -r n; do event "$n"; done | fulfil-notify - >/dev/null
request PUT "/api/webhooks/$id" "{\"url\":\"$SINK/200?again\"}"
# Or the first success would bring all of them (t0645).
psqlq 'update webhooks set failures = 0, failing_since = null'
request GET "/api/webhooks/$id/deliveries?status=given_up"
is "$(answer '[.total, .deliveries[0].tries, .deliveries[0].attempts[0].http_status, .deliveries[0].attempts[0].answer] | @tsv')" \
	'3	1	500	ok\n' 'deliveries are listed with their attempts'
delivery=$(answer '.deliveries[0].id')
request POST "/api/deliveries/$delivery/replay"
is "$STATUS" 202 'one is replayed'
request POST "/api/deliveries/$delivery/replay"
is "$STATUS" 409 '... and not twice'
is "$(fulfil-notify --drain | jq -r '[.attempt, .status] | join(" ")')" '2 delivered' '... and delivered'
is "$(fulfil-notify --resend "$delivery" | jq -r '[.attempt, .status] | join(" ")')" '3 delivered' 'a delivered one can be sent again'
exit_is 65 'one that does not exist cannot' -- fulfil-notify --resend 999999
is "$(fulfil-notify --resend-failed --since 2100-01-01T00:00:00Z | wc -l)" 0 'nothing failed since 2100'
request POST "/api/webhooks/$id/replay?since=2100-01-01T00:00:00Z"
is "$(answer .replayed)" 0 '... says the API too'
is "$(fulfil-notify --resend-failed | jq -r .status | uniq -c | tr -s ' ')" ' 2 delivered' 'all that failed is sent again'
is "$(states)" 'delivered 3;' '... which leaves none'
psqlq 'truncate webhooks, deliveries, attempts, events, outbox'
refused=$(psqlq "insert into webhooks (url, event_types, retry_count) values ('http://169.254.1.1/', '{*}', 3) returning id")
hook '500?twice' retry_count 0 >/dev/null
event | fulfil-notify - >/dev/null
hook '200?later' >/dev/null
event 2 | WEBHOOK_RETRY_BASE=0 timeout 30 fulfil-notify - >/dev/null
psqlq "insert into outbox (type, subjects, data) values ('order.completed', '{3}', array['{}'::json])"
is "$(timeout 20 fulfil-notify --resend "$(psqlq "select min(id) from deliveries where webhook_id = $refused")" |
	jq -r '[.webhook_id, .attempt, .status] | join(" ")')" "$refused 2 given_up" 'one that fails again is sent once, and nothing else'
is "$(psqlq 'select count(*) from outbox')" 1 '... though there is more'
is "$(timeout 20 fulfil-notify --resend-failed | jq -r '[.subject, .attempt, .status] | join(" ")' | sort | tr '\n' ' ')" \
	'1 2 given_up 1 3 given_up 2 2 given_up 2 2 given_up 3 1 delivered 3 1 given_up 3 1 given_up ' 'what fails again is sent once more, and that ends'
done_testing
