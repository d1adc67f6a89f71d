#!/bin/sh
# Deliveries to all webhooks and to one, found by event, order, SKU, status and time.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
psqlq "insert into webhooks (url, event_types) select 'https://h' || n || '.invalid/', '{*}' from generate_series(1, 3) n;
	insert into orders (shop, external_id, name, status)
		select 's.myshopify.com', 5000000 + n, '#' || 1000 + n, 'failed' from generate_series(1, 40) n;
	insert into products (sku, name) select 'S-' || n, 'n' from generate_series(1, 40) n;
	insert into events (sequence, type, subject, data, created_at)
		select n, case n % 4 when 0 then 'product.updated' when 1 then 'order.failed' when 2 then 'inventory.low' else 'order.completed' end,
			1 + n % 40, '{}', now() - (600 - n) * interval '1 hour' from generate_series(1, 600) n;
	insert into deliveries (event_id, webhook_id, state, due_at, ended_at, error, created_at)
		select e.id, w, s, case when s = 'waiting' then now() end, case when s <> 'waiting' then now() end,
			case when s in ('given_up', 'skipped') then 'x' end, e.created_at
		from events e, generate_series(1, 3) w,
			lateral (select case (e.id + w) % 9 when 0 then 'given_up' when 1 then 'skipped' when 2 then 'waiting' else 'delivered' end) x(s)
		order by e.id, w;
	update webhooks set deleted_at = now(), enabled = false where id = 3;
	update products set deleted_at = now() where id = 7;
	analyze deliveries, events"
# all QUERY: total, and ids in their order, of all pages.
all() {
	cursor='' ids=''
	while :; do
		request GET "$1page_size=70$cursor"
		[ "$STATUS" = 200 ] || break
		ids="$ids $(answer '[.deliveries[].id] | join(" ")')"
		[ -n "$cursor" ] || total=$(answer .total)
		next=$(answer '.next_cursor // ""')
		[ -n "$next" ] || break
		cursor="&cursor=$next"
	done
	echo "$STATUS $total$ids" | sed 's/ *$//'
}
# found QUERY WHERE: as SQL finds them.
found() {
	is "$(all "$1")" "$(psqlq "select '200 ' || count(*) || coalesce(' ' || string_agg(d.id::text, ' ' order by d.id desc), '')
		from deliveries d join events e on e.id = d.event_id where $2")" "$1"
}
found '/api/deliveries?' true
found '/api/webhooks/1/deliveries?' 'webhook_id = 1'
found '/api/deliveries?webhook_id=2&' 'webhook_id = 2'
for status in waiting delivered given_up skipped; do
	found "/api/deliveries?status=$status&" "state = '$status'"
	found "/api/webhooks/2/deliveries?status=$status&" "state = '$status' and webhook_id = 2"
	found "/api/deliveries?status=$status&event=order.failed&" "state = '$status' and e.type = 'order.failed'"
	found "/api/deliveries?status=$status&order=1005&" "state = '$status' and e.type like 'order.%' and subject = 5"
done
for type in product.updated order.failed inventory.low product.deleted; do
	found "/api/deliveries?event=$type&" "e.type = '$type'"
	found "/api/webhooks/1/deliveries?event=$type&" "e.type = '$type' and webhook_id = 1"
done
for order in 1005 %231005 5 5000005; do
	found "/api/deliveries?order=$order&" "e.type like 'order.%' and subject = 5"
done
found '/api/deliveries?order=1005&event=order.failed&webhook_id=1&' "e.type = 'order.failed' and subject = 5 and webhook_id = 1"
for sku in S-10 s-10 s-7; do
	found "/api/deliveries?sku=$sku&" "e.type not like 'order.%' and subject = ${sku#*-} + 0"
done
found '/api/deliveries?sku=S-10&event=inventory.low&' "e.type = 'inventory.low' and subject = 10"
found '/api/deliveries?sku=NONE&' false
found '/api/deliveries?order=none&' false
found '/api/deliveries?order=99999999999999999999&' false
found '/api/deliveries?order=1005&sku=S-5&' false
since=$(psqlq "select utc(now() - interval '100 hours')")
found "/api/deliveries?since=$since&" "d.created_at >= '$since'"
found "/api/deliveries?since=$since&status=given_up&" "d.created_at >= '$since' and state = 'given_up'"
found "/api/deliveries?since=$since&event=order.failed&" "d.created_at >= '$since' and e.type = 'order.failed'"
found "/api/webhooks/1/deliveries?since=$since&sku=S-3&" "d.created_at >= '$since' and webhook_id = 1 and subject = 3 and e.type not like 'order.%'"
found '/api/deliveries?since=2100-01-01T00:00:00Z&' false
event=$(psqlq "select format('evt_%s_%s', id, to_hex((extract(epoch from created_at) * 1000000)::bigint)) from events where id = 100")
found "/api/deliveries?event=$event&" 'e.id = 100'
found "/api/deliveries?event=$event&order=1021&" 'e.id = 100 and false'
request GET "/api/deliveries?event=$event"
is "$(answer '[.deliveries[] | .event_id, .webhook_id | tostring] | join(" ")')" "$event 3 $event 2 $event 1" \
	'an event is told each of them under its id, also one that is deleted'
for event in x evt_ order.lost product.\* evt_1_zz; do
	request GET "/api/deliveries?event=$event"
	refused 400 'event must be a type of events, or the id of one, evt_…' "event=$event"
done
request GET '/api/webhooks/9/deliveries'
is "$STATUS" 404 'a webhook that is not there'
request GET '/api/deliveries?webhook_id=9'
is "$STATUS $(answer .total)" '200 0' '... has no deliveries'
fulfil-token --scope orders,stock new clerk >made
TOKEN=$(jq -r .token made) request GET /api/deliveries
is "$STATUS" 403 'who may not see webhooks'

# The same after a statement was prepared and its plan is for any values; rows enough that a walk is dear.
psqlq "insert into events (sequence, type, subject, data, created_at)
		select n, 'order.completed', 1, '{}', now() from generate_series(1, 60000) n;
	insert into deliveries (event_id, webhook_id, state, ended_at)
		select id, 1, 'delivered', now() from events where id > 600"
psqlq 'vacuum analyze deliveries'
psqlq 'vacuum analyze events'
{
	echo "set plan_cache_mode = force_generic_plan; prepare f(bigint, bigint, bigint, bigint, bigint, text, timestamptz, bigint, text, text, text, timestamptz) as"
	grep -v '^--' "$TOP/sql/query/find-deliveries.sql"
	echo ";"
	while read -r webhook state event order sku type; do
		echo "explain (analyze, format json, timing off) execute f(9223372036854775807, 0, 50, 51, $webhook, $state, null, $event, $order, $sku, $type, 'infinity');"
	done <<-'END'
	1 'given_up' null null null null
	1 'skipped' null null null null
	null 'waiting' null null null null
	null null null null 's-10' null
	null null null '1005' null null
	null null 100 null null null
	null null null null null 'inventory.low'
	1 null null null null null
	END
} | psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$DATABASE_URL" >plans
is "$(grep -c '^\[' plans)" 8 'eight searches have a plan'
# How many rows of deliveries were looked at, however the plan does it.
# shellcheck disable=SC2016 # jq's
is "$(jq -c '[.. | objects | select(."Relation Name"? == "deliveries")
	| (."Actual Rows" + (."Rows Removed by Filter" // 0)) * ."Actual Loops"] | add // 0 | select(. >= 2500)' plans)" '' \
	'no search walks all deliveries'
done_testing
