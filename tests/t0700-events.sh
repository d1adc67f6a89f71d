#!/bin/sh
# The event stream: each thing once, in whatever order transactions commit; figures; odd ids.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/services.sh
. "$TOP/tests/services.sh"
# shellcheck source=tests/cgi.sh
. "$TOP/tests/cgi.sh"

services_start
# stream ID [QUERY]: asks; leaves the id to come back with in $id.
stream() {
	request GET "/api/events/stream${2-}" '' HTTP_LAST_EVENT_ID="$1"
	id=$(sed -n 's/^id: //p' body)
}
kinds() { # of the last answer, with the ids of what happened
	sed -n '/^event: /{s///;h;n;s/^data: //;H;x;s/\n/ /;p}' body | while read -r kind data; do
		[ "$kind" = figures ] && echo figures || echo "$kind:$(printf %s "$data" | jq -r '.id // ""')"
	done | tr '\n' ' '
}
order() { # NUMBER: one arrives
	psqlq "INSERT INTO orders (shop, external_id, name) VALUES ('s.myshopify.com', $1, '#$1')"
}

stream ''
is "$STATUS" 200 'it answers'
like "$HEAD" '^Content-Type: text/event-stream$' '... with events'
like "$BODY" '^retry: 2000$' '... and when to come back'
is "$(kinds)" 'figures ' 'at first there are only figures'
is "$(sed -n 's/^data: //p' body | jq -c '[.health.database.status, .metrics.total_orders]')" '["up",0]' '... which are there'
order 1
order 2
stream "$id"
is "$(kinds)" 'order:1 order:2 figures ' 'what came since'
stream "$id"
is "$(kinds)" 'figures ' '... once'
request GET "/api/events/stream?last_event_id=1:1:&retry=60000"
is "$(kinds)" 'order:1 order:2 figures ' 'the id as a parameter'
like "$BODY" '^retry: 60000$' '... and when to come back'

# A transaction that began before others commits after them.
{
	echo "BEGIN; INSERT INTO orders (shop, external_id) VALUES ('s.myshopify.com', 3) RETURNING 'drawn';"
	while [ ! -e go ]; do sleep 0.05; done
	echo 'COMMIT;'
} | psql -X -q -A -t -d "$DATABASE_URL" >slow 2>&1 &
slow=$!
wait_until 10 grep -q drawn slow
order 4
stream "$id"
is "$(kinds)" 'order:4 figures ' 'an order that overtook another'
stream "$id"
is "$(kinds)" 'figures ' '... once'
touch go
wait $slow
stream "$id"
is "$(kinds)" 'order:3 figures ' '... and the other when it is there'
stream "$id"
is "$(kinds)" 'figures ' '... once'

# --- what a worker and a person do

psqlq "INSERT INTO products (sku, name) VALUES ('A', '<b>')" >/dev/null
request PUT /api/inventory/1 '{"quantity": 5, "reason": "count\u0007\n<script>"}'
stream "$id"
is "$(kinds)" 'stock:1 figures ' 'a change of stock'
is "$(sed -n '/^event: stock/{n;s/^data: //;p}' body | jq -c '[.delta, .note, .actor]')" '[5,"count\u0007\n<script>","api"]' '... as it was given, on one line'
psqlq "UPDATE orders SET next_attempt_at = now() WHERE id = 1" >/dev/null
fulfil-work --drain >/dev/null 2>&1
stream "$id"
is "$(kinds)" 'task:1 order:1 figures ' 'an attempt, and its order'
is "$(sed -n '/^event: order/{n;s/^data: //;p}' body | jq -r .status)" completed '... as it is then'

# --- imports and deliveries

psqlq "INSERT INTO uploads (filename) VALUES ('<b>.csv')" >/dev/null
psqlq "INSERT INTO webhooks (url, event_types) VALUES ('https://x.example/', '{order.*}')" >/dev/null
psqlq "WITH e AS (INSERT INTO events (sequence, type, subject, data, created_at) VALUES (1, 'order.completed', 1, '{}', now()) RETURNING id)
	INSERT INTO deliveries (event_id, webhook_id, due_at) SELECT id, 1, now() FROM e" >/dev/null
stream "$id"
is "$(kinds)" 'import: delivery:1 figures ' 'an import and a delivery'
is "$(sed -n '/^event: import/{n;s/^data: //;p}' body | jq -c '[.filename, .status, .percent]')" '["<b>.csv","receiving",0]' '... as far as it is'
psqlq "UPDATE deliveries SET state = 'delivered', due_at = NULL, ended_at = now(), tries = 1, http_status = 200" >/dev/null
stream "$id"
is "$(sed -n '/^event: delivery/{n;s/^data: //;p}' body | jq -c '[.event, .subject, .status, .http_status]')" '["order.completed",1,"delivered",200]' 'what became of it'

# --- too much, and nonsense

psqlq "INSERT INTO orders (shop, external_id) SELECT 'x.myshopify.com', i FROM generate_series(1, 300) i" >/dev/null
stream "$id"
is "$(kinds | tr ' ' '\n' | cut -d: -f1 | uniq -c | tr -s ' \n' ' ')" ' 100 order 1 gap 1 figures ' 'more than is kept: the newest, and that there was more'
stream "$id"
is "$(kinds)" 'figures ' '... once'
stream 999999999:999999999:
is "$(kinds)" 'gap: figures ' 'an id of another cluster starts again'
for odd in x 1 1:2 1:2:3:4 : :: '1::,' 1:2:x "1:2:$(seq -s, 2000)" 99999999999999999999999:1:; do
	stream "$odd"
	like "$STATUS $(kinds)" '^200 .*figures $' "the id $(printf %.30s "$odd")"
	ok '... gives a good one' test -n "$id"
done
request GET '/api/events/stream?retry=1'
refused 400 'retry must be a whole number from 1000 to 600000' 'too often'
TOKEN='' request GET /api/events/stream
is "$STATUS" 401 'a stranger'
pg_stop
stream "$id"
is "$STATUS" 503 'without PostgreSQL'
done_testing
