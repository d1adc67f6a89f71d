#!/bin/sh
# fulfil-stat deliveries: what there is to tell webhooks, how each of them does, and whether anybody
# tells them, which is a part of health.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/fault/hooks.sh
. "$TOP/tests/fault/hooks.sh"

# figures FILTER: of the record of deliveries. health: status of deliveries, and of all.
figures() {
	fulfil-stat deliveries 2>/dev/null | jq -c "$1"
}
health() {
	fulfil-stat health 2>/dev/null | jq -r "$1"
}
has() { # FILTER: it is true of the record, sooner or later
	[ "$(figures "$1")" = true ]
}
outbox() { # COUNT: changes of one order each
	psqlq "insert into outbox (type, subjects, data) select 'order.completed', array[n], array[json_build_object('id', n)] from generate_series(1, $1) n"
}

services_start
fulfil-work >/dev/null 2>&1 &
workers=$!
is "$(figures 'del(.time) | .per_second |= . + 0')" '{"v":1,"type":"deliveries","webhooks_enabled":0,"webhooks_paused":0,"webhooks_disabled":0,"senders":0,"outbox":0,"outbox_events":0,"due":0,"oldest_due_seconds":0,"sending":0,"waiting":0,"delivered_last_hour":0,"given_up_last_hour":0,"per_second":0,"webhooks":[]}' \
	'nobody is to be told'
well() {
	[ "$(health .status)" = healthy ]
}
ok '... and all is well without a sender' wait_until 10 well
is "$(health '.deliveries | tojson')" '{"status":"up","senders":0,"oldest_due_seconds":0}' '... as that part says'

sink_start
good=$(hook 200) bad=$(hook 500 retry_count 5) once=$(hook '500?2' retry_count 0) paused=$(hook '200?2' paused_until "now() + interval '1 hour'")
hook '200?3' enabled false >/dev/null
is "$(health '"\(.status) \(.deliveries.status) \(.deliveries.senders)"')" 'degraded down 0' 'with a webhook and no sender it is not'
psqlq "insert into outbox (type, subjects, data) values ('order.completed', '{1,2,3}', (select array_agg(json_build_object('id', n)) from generate_series(1, 3) n))"
is "$(figures '[.webhooks_enabled, .webhooks_paused, .webhooks_disabled, .outbox, .outbox_events, .due, .waiting]')" '[4,1,1,1,3,0,0]' 'a change that nobody told of'

WEBHOOK_RETRY_BASE=600 fulfil-notify >/dev/null 2>&1 &
notify=$!
ok 'a sender' wait_until 20 has '.delivered_last_hour == 3 and .given_up_last_hour == 3 and .sending == 0'
is "$(figures '[.senders, .outbox, .outbox_events, .due, .sending, .waiting, .oldest_due_seconds]')" '[1,0,0,0,0,6,0]' '... leaves what waits'
is "$(figures '[.webhooks[] | [.id, .state, .queued, .failures]]')" "[[$bad,\"failing\",3,3],[$once,\"failing\",0,3],[$paused,\"paused\",3,0],[$good,\"up\",0,0]]" \
	'... as each webhook shows, those worst off first'
is "$(figures '.per_second')" 0.1 '... and made 3 in a minute'
ok '... and all is well' wait_until 10 well
fulfil-stat -f prometheus deliveries >prom
is "$(grep -c "^fulfil_webhook_queued{webhook=\"[0-9]*\"} [0-9]*$" prom)" 4 'Prometheus has the queue of each'
is "$(grep -E "^fulfil_webhook_failures.*\"$bad\"" prom)" "fulfil_webhook_failures{webhook=\"$bad\"} 3" '... how each fails'
is "$(grep -c '^fulfil_webhook_oldest_due_seconds{webhook="[0-9]*"} [0-9]*$' prom)" 4 '... since when the first is due'
is "$(sed -n 's/^fulfil_webhook_attempts_total{webhook="\([0-9]*\)",outcome="\([a-z_]*\)"} \([1-9].*\)/\1 \2 \3/p' prom | tr '\n' ,)" \
	"$good delivered 3,$bad retried 3,$once given_up 3," '... and what became of all attempts'
is "$(grep -c '^# TYPE fulfil_webhook_attempts.*_total counter$' prom)" 2 '... which are counters'
is "$(grep -E '^fulfil_(deliveries|webhooks)\{' prom | tr '\n' ' ')" 'fulfil_webhooks{state="enabled"} 3 fulfil_webhooks{state="paused"} 1 fulfil_webhooks{state="disabled"} 1 fulfil_deliveries{state="due"} 0 fulfil_deliveries{state="sending"} 0 fulfil_deliveries{state="waiting"} 6 ' \
	'... and the states'
like "$(fulfil-stat -f table deliveries)" "^  webhook $bad +failing, 3 queued$" 'so has the table'

# What lies about is a reason to worry only if its webhook would take it.
kill -STOP $notify
psqlq "update deliveries set due_at = now() - interval '90 s' where webhook_id = $bad"
is "$(health '"\(.deliveries.status) \(.deliveries.oldest_due_seconds >= 90)"')" 'up true' 'a webhook that fails may be late'
psqlq "insert into deliveries (event_id, webhook_id, due_at) select 1, $good, now() - interval '90 s' from generate_series(1, 2)"
is "$(health '"\(.status) \(.deliveries.status) \(.deliveries.senders)"')" 'degraded overdue 1' 'one that is well, and left alone, may not'
psqlq "update deliveries set leased_until = now() + interval '1 minute' where id = (select max(id) from deliveries)"
is "$(health .deliveries.status)" up 'one that is being sent to is slow'
is "$(figures '[.due, .sending, (.webhooks[] | select(.state == "up") | .queued)]')" '[4,1,2]' '... with one claimed'
psqlq "update deliveries set leased_until = null"
kill -CONT $notify
ok '... until all is told' wait_until 20 has ".due == 0 and .sending == 0"
ok '... and well again' wait_until 10 well

# While it is watched.
fulfil-stat --watch 1 deliveries >watched 2>/dev/null &
watch=$!
wait_until 10 test -s watched
psqlq "delete from deliveries where webhook_id <> $good; update webhooks set enabled = id = $good"
outbox 50
fast() {
	jq -se '.[1:] | any(.per_second > 5)' watched
}
ok '--watch tells how fast' wait_until 20 fast
slow() {
	jq -se '.[-1].per_second == 0' watched
}
ok '... and that it is over' wait_until 20 slow
kill -TERM $watch $notify
wait $watch $notify
is $? 0 'both end'
ok 'without a sender' wait_until 10 has '.senders == 0'
is "$(health .deliveries.status)" down '... it is not well'

# Many of them are not counted to the end.
psqlq "insert into deliveries (event_id, webhook_id, due_at) select 1, $good, now() - interval '1 s' from generate_series(1, 12000);
	insert into deliveries (event_id, webhook_id, due_at) select 1, $good, now() + interval '1 hour' from generate_series(1, 12000);
	insert into deliveries (event_id, webhook_id, state, error, ended_at, tries) select 1, $good, s, 'x', now(), 1
	from generate_series(1, 12000), unnest('{delivered,given_up}'::text[]) s"
outbox 1200
is "$(figures '[.due, .waiting, .delivered_last_hour, .given_up_last_hour, .outbox, .outbox_events, .webhooks[0].queued]')" \
	'[10000,10000,10000,10000,1000,1000,10000]' 'figures stop where counting would take long'
is "$(figures '.per_second > 200')" true '... the speed continues'
plan=$(psqlq "set enable_bitmapscan = off; set plan_cache_mode = force_generic_plan; prepare q as $(cat "$TOP/sql/query/count-deliveries.sql"); explain execute q(1000)")
unlike "$plan" 'Seq Scan on deliveries' '... and no figure walks the table'

pg_stop_immediate
is "$(health '.deliveries | tojson')" '{"status":"unknown","senders":null,"oldest_due_seconds":null}' 'without PostgreSQL nobody knows'
kill $workers
wait $workers
done_testing
