#!/bin/sh
# When deliveries are tried again and for how long; what a webhook that is changed, disabled or
# deleted meanwhile makes of those that wait; what a receiver can verify.
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
settled() { [ "$(psqlq "select count(*) from deliveries where state = 'waiting'")" = 0 ]; }
settle() { # drains until nothing waits
	until settled; do timeout 30 fulfil-notify --drain >>out || return; done
}
# past SQL…: as if it were later.
later() { psqlq "update deliveries set due_at = now() where due_at is not null"; }
states() { psqlq "select state, count(*) from deliveries group by 1 order by 1" | tr '|\n' ' ;'; }
reset() { psqlq 'truncate webhooks, deliveries, attempts, events, outbox'; }

# --- the schedule

for n in 0 1 2 3 10; do hook "500?$n" 'retry_count' "$n" >/dev/null; done
event | WEBHOOK_RETRY_BASE=0 fulfil-notify - >/dev/null
WEBHOOK_RETRY_BASE=0 settle
is "$(psqlq "select retry_count, tries, state from deliveries join webhooks w on w.id = webhook_id order by 1" | tr '\n' ' ')" \
	'0|1|given_up 1|2|given_up 2|3|given_up 3|4|given_up 10|11|given_up ' 'as many retries as it says, and no more'
is "$(psqlq "select count(*) = count(distinct (delivery_id, number)) and count(*) = 21 from attempts")" t '... each recorded once'
is "$(told '.headers["webhook-id"]' | sort -u | wc -l) $(told .body | sort -u | wc -l)" '1 1' '... with the same id and the same bytes'
reset
hook 500 retry_count 5 >/dev/null
event | fulfil-notify - | jq -r .retry_in >waits
for _ in 1 2 3 4 5; do
	later
	WEBHOOK_RETRY_CAP=5 fulfil-notify --drain | jq -r .retry_in >>waits
done
is "$(tr '\n' ' ' <waits)" '1 2 4 5 5 null ' 'the waits double, up to the cap'
is "$(psqlq "select error, ended_at is not null from deliveries")" 'answered 500|t' 'then it is given up, with the reason'
reset
hook flaky?2 >/dev/null
event | fulfil-notify - >out
settle
is "$(jq -r '[.attempt, .status] | join(" ")' out | tr '\n' ' ')" '1 waiting 2 waiting 3 delivered ' 'one that recovers'
ok '... is tried after 1 and 2 s, no sooner' test "$(psqlq "select bool_and(gap >= number - 1) from (
	select number, extract(epoch from started_at - lag(started_at) over (order by number)) gap from attempts) a")" = t

# --- what it asks for

reset
hook 410 >/dev/null
printf '%s\n%s\n' "$(event)" "$(event 2)" | fulfil-notify - >out 2>err
is "$(psqlq 'select enabled, disabled_reason from webhooks')" 'f|it answered 410 Gone' '410 disables'
like "$(cat err)" 'webhook .* was disabled: it answered 410' '... and is said'
unlike "$(states)" waiting '... and nothing waits for it'
for after in 120 'Mon, 01 Jan 2046 00:00:00 GMT' 1000000000 0 -1 soon; do
	reset
	hook "503?$(echo "$after" | tr ' ' +)" >/dev/null
	event | fulfil-notify - >out
	echo "$(jq -r .retry_in out)/$(psqlq "select coalesce(round(extract(epoch from paused_until - now()) / 120)::text, '-') from webhooks")"
done >waits
is "$(tr '\n' ' ' <waits)" '120/1 86400/720 86400/720 1/- 1/- 1/- ' 'Retry-After is obeyed within a day, and only if it makes sense'
psqlq "update webhooks set paused_until = now() + interval '1 hour'"
later
event 2 | fulfil-notify - >out
is "$(cat out)" '' 'a webhook that paused is left alone'
psqlq "update webhooks set paused_until = now()"
timeout 20 fulfil-notify --drain >out
is "$(jq -s length out)" 2 '... until then'
reset
hook 500 retry_count 10 >/dev/null
psqlq "update webhooks set failures = 18, failing_since = now() - interval '6 days'"
seq 3 | while read -r n; do event "$n"; done | fulfil-notify - >out 2>err
like "$(psqlq 'select enabled, disabled_reason from webhooks')" '^f.failed 2[01] times in a row since' 'one that failed for days is disabled'
is "$(states)" 'skipped 3;' '... and what waits is skipped, with the reason'

# --- changed while retries wait

reset
id=$(hook 500 secret "'old'")
event | fulfil-notify - >/dev/null
request PUT "/api/webhooks/$id" "{\"url\":\"$SINK/200?new\",\"secret\":\"new\"}"
later
lines=$(told .request | wc -l)
fulfil-notify --drain >out
is "$(jq -r .status out)" delivered 'a new URL gets what waited'
is "$(told -s ".[$lines]"'.headers["webhook-signature"] | split(" ") | length')" 2 '... signed by both secrets'
is "$(told -s '[.[-2, -1].headers["webhook-id"]] | unique | length')" 1 '... with the same id'
tail -n 1 requests | jq -j .body >body
for key in new old; do
	signature=$(printf '%s.%s.%s' "$(told -s '.[-1].headers["webhook-id"]')" "$(told -s '.[-1].headers["webhook-timestamp"]')" "$(cat body)" |
		openssl dgst -sha256 -hmac $key -binary | base64)
	like "$(told -s '.[-1].headers["webhook-signature"]')" "(^| )v1,$(printf %s "$signature" | sed 's/[+]/\\+/g')( |$)" "... OpenSSL agrees on $key"
done
is "$(told -s '.[-1].headers["x-webhook-signature"]')" "sha256=$(openssl dgst -sha256 -hmac new <body | sed 's/.* //')" '... and on the body alone'
for how in 'PUT {"enabled":false}' 'DELETE '; do
	reset
	id=$(hook 500)
	event | fulfil-notify - >/dev/null
	request "${how%% *}" "/api/webhooks/$id" "${how#* }"
	later
	fulfil-notify --drain >out
	is "$(cat out)$(states)" 'skipped 1;' "after ${how%% *} what waited is skipped"
done
done_testing
