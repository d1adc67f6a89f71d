#!/bin/sh
# What an answer, or none, means: for the delivery, for the webhook's other deliveries, and in words.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_start
reset() { psqlq 'truncate webhooks, deliveries, attempts, events, outbox' && : >requests; }
errors() { psqlq 'select distinct error from deliveries' | paste -sd ';'; }
pause() { psqlq "select coalesce(round(extract(epoch from paused_until - now()) / 60)::text, 'none') from webhooks"; }
events() { seq "$1" | while read -r n; do event "$n"; done; }

# --- Retry-After: of every try, the last one too; and of the answer alone

for status in 429 503; do
	for retries in 0 1; do
		reset
		hook "$status?300" retry_count $retries >/dev/null
		events 10 | fulfil-notify - >out
		is "$(pause)" 5 "Retry-After of $status with $retries retries pauses the webhook"
		is "$(told .request | wc -l)" 1 '... after one request: what was claimed with it is returned'
		is "$(psqlq 'select count(*) from deliveries where leased_until > now()')" 0 '... at once'
	done
done
is "$(psqlq "select count(*) from deliveries where state = 'waiting'")" 10 '... and the delivery waits, for it may be retried'
reset
hook '503?300' retry_count 0 >/dev/null
event | fulfil-notify - >out
is "$(jq -c '[.status, .retry_in]' out)" '["given_up",null]' '... a last try is given up nevertheless'
reset
hook '500?300' retry_count 0 >/dev/null
event | fulfil-notify - >out
is "$(pause)" none '... another status pauses nothing'
reset
hook early >/dev/null
event | fulfil-notify - >out
is "$(pause) $(jq -c '[.status, .http_status, .retry_in]' out)" 'none ["waiting",503,1]' \
	'Retry-After of an informational answer is not the answer'"'"'s'
reset
hook early-moved retry_count 0 >/dev/null
event | fulfil-notify - >out
is "$(errors)" 'answered 302' '... nor is its Location'
reset
hook 410 >/dev/null
events 10 | fulfil-notify - >out 2>err
is "$(told .request | wc -l)" 1 'a webhook that is gone is asked once'
is "$(psqlq 'select count(*) from deliveries where leased_until > now()')" 0 '... and nobody holds what was claimed'

# --- what is said

reset
hook hang2 'timeout, retry_count' '1, 0' >/dev/null
event | fulfil-notify - >out
event 2 | fulfil-notify - >>out
printf '%s\n' "$(event 3)" "$(event 4)" | fulfil-notify - >>out
is "$(jq -r 'select(.status != "delivered") | .error' out | sort -u)" 'no answer within 1 s' \
	'a receiver that hangs on a kept connection'
for mode in endless-line endless-status; do
	reset
	hook $mode 'timeout, retry_count' '5, 0' >/dev/null
	event | fulfil-notify - >out
	like "$(errors)" '^bad answer: ' "$mode is a bad answer"
	unlike "$(errors)" emory '... not a lack of memory here'
done
is "$(psqlq 'select count(*) from deliveries')" 1 '... of one delivery'
done_testing
