#!/bin/sh
# A try is one request, whatever becomes of the connection: one that the peer closed while it was
# idle is replaced before anything is sent; once something was, libcurl must not send it again.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

services_start
sink_start
ended() { [ "$(psqlq "select count(*) from deliveries where state <> 'waiting'")" = "$1" ]; }
change() { psqlq "insert into outbox (type, subjects, data) values ('order.completed', '{$1}', array['{}'::json])"; }

# Answers, and is gone a moment later.
hook quiet-close retry_count 0 >/dev/null
setpriv --pdeathsig=TERM fulfil-notify >out 2>err &
daemon=$!
for n in 1 2 3; do
	change $n
	ok "change $n is told" wait_until 20 ended $n
done
kill -TERM $daemon
wait $daemon
is "$(jq -r '[.attempt, .status] | join(" ")' out | uniq -c | tr -s ' ')" ' 3 1 delivered' 'an idle connection that was closed is replaced, and nobody notices'
is "$(told '.headers["webhook-id"]' | sort | uniq -c | awk '{ print $1 }' | tr '\n' ' ')" '1 1 1 ' '... each heard once'

# Answers once; then reads the next request of that connection, and closes or resets it.
for how in c r; do
	psqlq 'truncate webhooks, deliveries, attempts, events'
	: >requests
	hook "once?$how" retry_count 0 >/dev/null
	for n in $(seq 200); do event "$n"; done | timeout 60 fulfil-notify - >out 2>err
	# What was given up is tried again after the first success, so there are more tries than deliveries.
	is "$(jq -r .delivery_id out | sort -u | wc -l) $(told '.headers["webhook-id"]' | wc -l) $(told '.headers["webhook-id"]' | sort -u | wc -l)" \
		"200 $(wc -l <out) 200" "$how: one request for each try"
	is "$(jq -r '.status' out | sort -u | tr '\n' ' ')" 'delivered given_up ' '... of which some fail'
	unlike "$(jq -r 'select(.error).error' out | sort -u)" 'Connection died|callback' '... and say why in our words'
done
is "$(cat err)" '' 'nothing complained'
done_testing
