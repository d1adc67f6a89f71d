#!/bin/sh
# Events that are fetched: in order, none skipped by a transaction that stays open, from a cursor on, by
# the API and by fulfil-notify --export.
# shellcheck disable=SC2317 # functions called by wait_until
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
export WEBHOOK_ALLOW_PRIVATE=yes
product() { # SKU
	request POST /api/products "{\"sku\": \"$1\", \"name\": \"n\"}"
	[ "$STATUS" = 201 ] || diag "$BODY"
}
expand() { fulfil-notify --drain >/dev/null 2>&1; }
fetch() { request GET "/api/events?${1-}"; }
skus() { answer '[.events[].data.sku] | join(" ")'; }

# --- what is kept

product NONE
expand
fetch
is "$STATUS $(answer -c .)" '200 {"events":[],"next":null,"more":false,"complete":true}' 'no webhook asks, nothing is kept'
EVENTS_KEPT='product.created, order.*' fulfil-notify --drain >/dev/null
product P-1
fulfil-notify --export >/dev/null
product P-2
request PUT /api/products/2 '{"name":"other"}'
fetch
is "$(skus)" 'P-1' 'what EVENTS_KEPT names is kept'
fulfil-notify --export >out
is "$(jq -r '"\(.event) \(.data.sku)"' out | tr '\n' ';')" 'product.created P-1;product.created P-2;' '... and --export makes events itself'
is "$(jq -c 'keys' out | sort -u)" '["created_at","data","event","event_id","sequence","subject","timestamp","type","v"]' '... as records'
fetch
is "$(skus)" 'P-1 P-2' '... which the API has then'
is "$(answer -r '.events[1].event_id')" "$(answer .next)" 'the last one is where to go on'
expand
product P-3
expand
fetch
is "$(skus)" 'P-1 P-2' 'an empty setting ends it'
exit_is 78 'a type that is none' -- env EVENTS_KEPT=order.lost fulfil-notify --drain
like "$ERR" 'EVENTS_KEPT has .*order.lost' '... is said'
psqlq "insert into webhooks (url, event_types, enabled) values ('https://hook.invalid/', '{*}', false)"
product P-4
expand
fetch
is "$(skus)" 'P-1 P-2 P-4' 'what a webhook asks for is kept'

# --- pages

fetch 'limit=2'
is "$(skus) $(answer .more)" 'P-1 P-2 true' 'a page'
next=$(answer .next)
fetch "since=$next"
is "$(skus) $(answer -c '[.more, .complete]')" 'P-4 [false,true]' '... and the next'
next=$(answer .next)
fetch "since=$next"
is "$(answer -c '[.events, .next == "'"$next"'", .more, .complete]')" '[[],true,false,true]' 'at the end the cursor stays'
request PUT /api/products/2 '{"name":"more"}'
request PUT /api/inventory/2 '{"quantity":2,"reason":"count"}'
request POST /api/inventory/2 '{"add":-2,"reason":"loss"}'
expand
fetch "since=$next"
is "$(answer -c '[.events[].event]')" '["product.updated","inventory.out"]' '... and continues from there'
fetch 'event=product.updated,inventory.*&limit=1'
is "$(answer -c '[.events[].event, .more]')" '["product.updated",true]' 'types that are asked for'
fetch "event=product.updated,inventory.*&since=$(answer .next)"
is "$(answer -c '[.events[].event]')" '["inventory.out"]' '... a page at a time'
last=$(answer .next)
fetch "event=order.*"
is "$(answer -c '[.events, .next]')" "[[],\"$last\"]" 'where no event has the type the cursor is past what was looked at'
fetch 'since=2000-01-01T00:00:00Z&limit=1'
is "$(skus)" P-1 'from a time on'
fetch 'since=2100-01-01T00:00:00Z'
is "$(answer -c '[.events, .next, .more]')" "[[],\"$last\",false]" '... of the future'
for since in x evt_ evt_1 evt_1_zz evt_1_5f_ 12 evt_99999999999999999999_5f 2026-13-01T00:00:00Z; do
	fetch "since=$since"
	refused 400 'since must be the id of an event, evt_…, or a time such as 2026-01-31T12:00:00Z' "since=$since"
	exit_is 64 '... and to the command' -- fulfil-notify --export --since "$since"
done
fetch 'event=order.lost'
is "$STATUS" 400 'a type that is none'
fetch "since=evt_1_abc"
is "$(answer .complete)" false 'a cursor of an event that is not there'
fulfil-notify --export --since evt_1_abc >out 2>err
like "$(cat err)" 'no longer kept' '... is said by the command'
fulfil-notify --export --since "$next" >out
is "$(jq -r .event out | tr '\n' ' ')" 'product.updated inventory.out ' 'the command continues from a cursor'
fulfil-token --scope webhooks:read new reader >made
echo '{"id":5,"customer":{"first_name":"Ann","last_name":"B"},"email":"ann@example.com","line_items":[{"id":1,"sku":"P-1","quantity":1}]}' |
	fulfil-recv >/dev/null
request POST /api/orders/1/cancel
expand
fetch 'event=order.cancelled'
is "$(answer '.events[0].data.customer_name')" 'Ann B' 'an order, with its customer'
TOKEN=$(jq -r .token made) fetch 'event=order.cancelled'
is "$(answer -c '[.events[0].data | .customer_name, .customer_email, .status]')" '[null,null,"cancelled"]' \
	'... for who may see people'
fulfil-token --scope catalogue,stock new other >made
TOKEN=$(jq -r .token made) fetch
is "$STATUS" 403 'who may not see webhooks sees no events'

# --- transactions that stay open

fetch
from=$(answer .next)
mkfifo hold
psql -X -q -d "$DATABASE_URL" >/dev/null 2>&1 <<'END' &
begin;
insert into products (sku, name) values ('LATE', 'n');
select product_events('product.created', array(select id from products where sku = 'LATE'));
\! cat hold
commit;
END
open=$!
written() { [ "$(psqlq "select count(*) from pg_stat_activity where state = 'idle in transaction' and query like '%product_events%'")" = 1 ]; }
ok 'a transaction has written an event and stays open' wait_until 10 written
product SOON
expand
fetch "since=$from"
is "$(skus)" SOON 'others are not held up by it'
middle=$(answer .next)
echo >hold
wait $open
expand
fetch "since=$middle"
is "$(skus)" LATE '... and it comes after them when it has ended'
fetch "since=$from"
is "$(skus)" 'SOON LATE' '... for everybody in that order'
# A process that makes events and stays in the middle of it: nobody goes past what it makes.
psql -X -q -d "$DATABASE_URL" >/dev/null 2>&1 <<END &
insert into products (sku, name) values ('HELD', 'n');
select product_events('product.created', array(select id from products where sku = 'HELD'));
begin;
$(sed "s/\$1::int/2000/" "$TOP/sql/query/expand-outbox.sql");
\\! cat hold
commit;
END
open=$!
making() { [ "$(psqlq "select count(*) from pg_locks where locktype = 'advisory' and granted")" -gt 0 ]; }
ok 'one makes events and stays in the middle' wait_until 10 making
product AFTER
expand
fetch "since=$middle&limit=10"
is "$(skus)" LATE '... others wait for their turn'
middle=$(answer .next)
echo >hold
wait $open
expand
fetch "since=$middle"
is "$(skus)" 'HELD AFTER' '... and nothing is skipped'

# Writers, two senders and a reader who continues from its cursor all the time.
fetch
from=$(answer .next) at=$from
for _ in 1 2; do
	setpriv --pdeathsig=TERM fulfil-notify >/dev/null 2>&1 &
	senders="${senders-} $!"
	at_exit "kill -KILL $! 2>/dev/null"
done
writers=''
for writer in 1 2 3; do
	for n in $(seq 60); do
		echo "begin; insert into products (sku, name) values ('W-$writer-$n', 'n');
			select product_events('product.created', array(select id from products where sku = 'W-$writer-$n'));
			select pg_sleep(random() / 50); commit;"
	done | psql -X -q -o /dev/null -d "$DATABASE_URL" &
	writers="$writers $!"
done
: >seen
reading() {
	fetch "since=$at&limit=7"
	at=$(answer .next)
	answer '.events[].data.sku' >>seen
	[ "$(wc -l <seen)" -ge 180 ]
}
ok 'a reader gets all that three writers do' wait_until 60 reading
for writer in $writers; do wait "$writer"; done
is "$(sort -u seen | wc -l) $(wc -l <seen)" '180 180' '... each once'
fetch "since=$from&limit=1000"
is "$(answer '.events[].data.sku')" "$(cat seen)" '... in the order in which they stay'
done_testing
